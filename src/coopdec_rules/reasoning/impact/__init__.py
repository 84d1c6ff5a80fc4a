"""What a change of the rulebook does to the answers: two laws read on the same scenarios."""
