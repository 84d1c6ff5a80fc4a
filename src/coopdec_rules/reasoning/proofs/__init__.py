"""Proves, over every possible scenario, that the rulebook holds together; shows why when not."""
