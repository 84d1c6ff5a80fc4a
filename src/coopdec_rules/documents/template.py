"""The texts of models: literal words, ``{names}`` to fill, ``[? blanks]`` left to people.

A text is cut once, when it is loaded; what fills it is data and is never cut again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: ``{name}``, ``{name:filter}``, ``{name|hint}``, ``[? hint]``.
_PIECE = re.compile(
    r"\{(?P<name>[a-z_][a-z0-9_.]*|@[a-z0-9-]+)(?::(?P<filter>[a-z_]+))?(?:\|(?P<hint>[^{}]+))?\}"
    r"|\[\? (?P<blank>[^\[\]]+)\]"
)
#: What looks like a piece and is none: a mistake of whoever wrote the text.
_STRAY = re.compile(r"[{}]|\[\?")

#: How a value may be written: an amount in letters or added up over a list, a name after « de »…
FILTERS = ("lettres", "total", "de", "majuscule", "commune", "groupement", "article")


@dataclass(frozen=True, slots=True)
class Literal:
    text: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A fact, a conclusion, a word of the models, an article (``@name``) or a word of the avis."""

    name: str
    filter: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Hole:
    """A blank that nothing in the scenario could fill."""

    hint: str


Piece = Literal | Ref | Hole
#: One paragraph; a text has one or several.
Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A text of a model, paragraph by paragraph."""

    lines: tuple[Line, ...]

    def refs(self) -> Iterator[Ref]:
        """Every name it fills in."""
        return (piece for line in self.lines for piece in line if isinstance(piece, Ref))

    def __bool__(self) -> bool:
        return bool(self.lines)


class TemplateError(Exception):
    """The text has a brace or a bracket that opens nothing."""


def parse(text: str) -> Template:
    """Cut a text.  Raises ``TemplateError``, which tells the place.

    >>> parse("Vu {fondement} ; [? date]").lines[0][1]
    Ref(name='fondement', filter='', hint='')
    """
    lines = (" ".join(line.split()) for line in text.splitlines())
    return Template(tuple(tuple(_cut(line)) for line in lines if line))


def _cut(line: str) -> Iterator[Piece]:
    end = 0
    for found in _PIECE.finditer(line):
        yield from _literal(line[end : found.start()])
        end = found.end()
        if found["blank"] is not None:
            yield Hole(found["blank"].strip())
        else:
            if found["filter"] and found["filter"] not in FILTERS:
                raise TemplateError(
                    f"« {found['filter']} » n'est pas une façon d'écrire ({', '.join(FILTERS)})"
                )
            yield Ref(found["name"], found["filter"] or "", (found["hint"] or "").strip())
    yield from _literal(line[end:])


def _literal(text: str) -> Iterator[Literal]:
    stray = _STRAY.search(text)
    if stray is not None:
        near = text[stray.start() : stray.start() + 24]
        raise TemplateError(
            f"« {near} » n'est pas lisible : écrire {{nom}}, {{nom:façon}}, {{nom|indication}} "
            "ou [? indication]"
        )
    if text:
        yield Literal(text)
