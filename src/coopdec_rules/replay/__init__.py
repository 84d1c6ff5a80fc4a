"""Receipts of avis: made, signed, read again, replayed on another rulebook, and explained."""
