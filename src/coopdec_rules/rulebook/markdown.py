"""Finds the fenced YAML blocks (rules, tables) of a literate Markdown text, with their lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.yamlmarks import Reader

BLOCK_KINDS = ("regle", "table")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its kind, text, first line in the file and the heading above it."""

    kind: str
    text: str
    file: str
    line: int
    heading: str


def blocks(text: str, file: str, reader: Reader, kinds: Sequence[str] = BLOCK_KINDS) -> list[Block]:
    """Every block of the text of one of these kinds.

    Only fences opened by ``yaml`` and a kind are read; another word after ``yaml`` is reported,
    so that a mistyped fence never drops a rule silently.
    """
    #: The first line of a block; anywhere but in one it is a rule that would be lost.
    entry = re.compile(rf"\s*(?:{'|'.join(kinds)}): *\S")
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
            meant = words[0] if words[0] in kinds else suggest(words[0], kinds)
            if meant:
                reader.report((file, line), f"Écrire « ```yaml {meant} » pour ouvrir un bloc.")
                covered.update(inside)
            continue
        covered.update(inside)
        if len(words) == 1:
            reader.report((file, line), f"Bloc YAML sans genre : écrire « ```yaml {kinds[0]} ».")
        elif words[1] not in kinds:
            reader.report(
                (file, line),
                f"Le genre de bloc « {words[1]} » n'existe pas ({', '.join(kinds)}).",
                suggest(words[1], kinds),
            )
        else:
            found.append(Block(words[1], token.content, file, line + 1, heading))
    for number, written in enumerate(text.splitlines()):
        if number not in covered and entry.match(written):
            reader.report(
                (file, number + 1),
                f"Ce bloc n'est pas lu : l'ouvrir, sans retrait, par « ```yaml {kinds[0]} ».",
            )
    return found
