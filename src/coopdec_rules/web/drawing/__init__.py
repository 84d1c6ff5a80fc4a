"""Draws graphs: boxes in columns, arrows from left to right.  One way for every page."""
