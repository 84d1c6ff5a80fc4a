"""A composed document: typed blocks that every writer sets in its own format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

#: What a document is made for: an act or a letter to send, a draft joined to a request, or the
#: reconstruction of an act of the past.
Mode = Literal["projet", "brouillon", "reconstitution"]
#: How a paragraph is set.
Style = Literal["corps", "titre_acte", "marque", "signature", "note"]


@dataclass(frozen=True, slots=True)
class Text:
    """Words of the model, of the rulebook or of the scenario."""

    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """What somebody has to fill in, numbered from 1; ``presumed``: what is presumed of it."""

    number: int
    hint: str
    presumed: str = ""

    @property
    def text(self) -> str:
        """The blank as it is printed."""
        presumed = f" (présumé : {self.presumed})" if self.presumed else ""
        return f"[À\u00a0COMPLÉTER {self.number}\u00a0: {self.hint}{presumed}]"


Run = Text | Blank
Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is the title of the document."""

    level: int
    line: Line


@dataclass(frozen=True, slots=True)
class Paragraph:
    line: Line
    style: Style = "corps"


@dataclass(frozen=True, slots=True)
class Items:
    """A list of short texts."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its row of headings."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Break:
    """The next block begins a page."""


Block = Heading | Paragraph | Items | Table | Break


@dataclass(frozen=True, slots=True)
class Support:
    """What one clause of the document rests on."""

    clause: str
    source: str
    doubt: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document, ready to be written.

    ``mark`` is printed on every page of ``body``, ``joined_mark`` on those of the drafts joined to
    it; ``running`` is at the top of each of its pages; ``cover`` and ``annex`` are no part of the
    act.
    """

    id: str
    title: str
    kind: str
    mode: Mode
    mark: str
    running: str
    day: dt.date
    cover: tuple[Block, ...]
    body: tuple[Block, ...]
    annex: tuple[Block, ...]
    joined: tuple[Block, ...]
    joined_mark: str
    blanks: tuple[Blank, ...]
    supports: tuple[Support, ...]
    stem: str

    @property
    def sections(self) -> tuple[tuple[tuple[Block, ...], str], ...]:
        """Cover, document, drafts and annex with what is at the top of their pages.

        Those that are empty are left out; each begins a page.
        """
        top = f"{self.running} – {self.mark}" if self.running else self.mark
        every = (
            (self.cover, ""),
            (self.body, top),
            (self.joined, self.joined_mark),
            (self.annex, ""),
        )
        return tuple(section for section in every if section[0])

    @property
    def pages(self) -> tuple[tuple[Block, ...], ...]:
        """The blocks of each section."""
        return tuple(blocks for blocks, _ in self.sections)


def lines_of(block: Block) -> Iterator[Line]:
    """Every line of a block, in reading order."""
    match block:
        case Heading(_, line) | Paragraph(line):
            yield line
        case Items(lines):
            yield from lines
        case Table(_, rows):
            for row in rows:
                yield from row


def words_of(line: Line) -> str:
    """A line as plain text."""
    return "".join(run.text for run in line)
