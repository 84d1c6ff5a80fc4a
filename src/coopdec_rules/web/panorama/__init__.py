"""The page of the panorama."""
