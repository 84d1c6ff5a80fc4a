"""The reading room: the rulebook as pages for those who read law and no code."""
