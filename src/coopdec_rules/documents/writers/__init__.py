"""Writes composed documents: Word, OpenDocument, the data of a PDF, a calendar file."""
