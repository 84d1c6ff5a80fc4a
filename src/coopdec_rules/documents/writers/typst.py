"""The data of a PDF, for the template ``document.typ``: no text becomes an instruction."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import orjson

from coopdec_rules.documents.blocks import (
    Blank,
    Block,
    Break,
    Document,
    Heading,
    Items,
    Line,
    Paragraph,
    Table,
)
from coopdec_rules.documents.writers.package import widths_of

MEDIA = "application/pdf"


@cache
def template() -> str:
    """The template, in Typst's language."""
    return resources.files(__package__).joinpath("document.typ").read_text("utf-8")


def data(document: Document) -> str:
    """What the template reads, in JSON."""
    found = {
        "titre": document.title,
        "parties": [
            {"marque": mark, "blocs": [_block(block) for block in blocks]}
            for blocks, mark in document.sections
        ],
    }
    return orjson.dumps(found).decode()


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(level, line):
            return {"genre": "titre", "niveau": level, "ligne": _line(line)}
        case Paragraph(line, style):
            return {"genre": "paragraphe", "style": style, "ligne": _line(line)}
        case Items(lines):
            return {"genre": "liste", "lignes": [_line(line) for line in lines]}
        case Table(columns, rows):
            return {
                "genre": "tableau",
                "colonnes": list(columns),
                "largeurs": widths_of(columns, rows),
                "rangs": [[_line(line) for line in row] for row in rows],
            }
        case Break():
            return {"genre": "saut"}


def _line(line: Line) -> list[dict[str, Any]]:
    return [{"texte": run.text, "blanc": isinstance(run, Blank)} for run in line]
