"""Finds the fenced YAML blocks (rules, tables) of a literate Markdown text, with their lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.yamlmarks import Reader

BLOCK_KINDS = ("regle", "table")
#: The first line of a rule or table; anywhere but in a block it is a rule that would be lost.
_ENTRY = re.compile(r"\s*(?:regle|table): *\S")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its kind, text, first line in the file and the heading above it."""

    kind: str
    text: str
    file: str
    line: int
    heading: str


def blocks(text: str, file: str, reader: Reader) -> list[Block]:
    """Every rule or table block of the text.

    Only fences opened by ``yaml`` and a kind are read; another word after ``yaml`` is reported,
    so that a mistyped fence never drops a rule silently.
    """
    found = []
    covered: set[int] = set()
    heading = ""
    tokens = MarkdownIt("commonmark").parse(text)
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = tokens[position + 1].content
        if token.type != "fence" or token.map is None:
            continue
        words = token.info.split()
        line = token.map[0] + 1
        inside = range(token.map[0], token.map[1])
        if not words:
            continue
        if words[0] != "yaml":
            meant = words[0] if words[0] in BLOCK_KINDS else suggest(words[0], BLOCK_KINDS)
            if meant:
                reader.report((file, line), f"Écrire « ```yaml {meant} » pour ouvrir un bloc.")
                covered.update(inside)
            continue
        covered.update(inside)
        if len(words) == 1:
            reader.report((file, line), "Bloc YAML sans genre : écrire « ```yaml regle ».")
        elif words[1] not in BLOCK_KINDS:
            reader.report(
                (file, line),
                f"Le genre de bloc « {words[1]} » n'existe pas ({', '.join(BLOCK_KINDS)}).",
                suggest(words[1], BLOCK_KINDS),
            )
        else:
            found.append(Block(words[1], token.content, file, line + 1, heading))
    for number, written in enumerate(text.splitlines()):
        if number not in covered and _ENTRY.match(written):
            reader.report(
                (file, number + 1),
                "Cette règle n'est pas lue : ouvrir son bloc, sans retrait, par « ```yaml regle ».",
            )
    return found
