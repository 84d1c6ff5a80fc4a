"""The page of an avis: its routes, its view, its diagram, its links and downloads."""
