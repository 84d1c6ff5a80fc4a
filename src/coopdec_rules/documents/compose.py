"""Composes one document: its parts in order, its blanks, its cover, what each clause rests on."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coopdec_rules.documents.blocks import (
    Blank,
    Block,
    Break,
    Document,
    Heading,
    Items,
    Line,
    Mode,
    Paragraph,
    Run,
    Style,
    Support,
    Table,
    Text,
)
from coopdec_rules.documents.filler import Filler, Place
from coopdec_rules.documents.library import Clause, Model, Part
from coopdec_rules.documents.lists import AVIS_LISTS, Lists
from coopdec_rules.documents.loader import (
    ANNEX,
    COVER,
    DRAFT_MARK,
    KEEP_IF,
    PAST_MARK,
    PROJECT_MARK,
)
from coopdec_rules.documents.situation import Situation
from coopdec_rules.documents.template import Literal, Template
from coopdec_rules.documents.typography import set_text
from coopdec_rules.rulebook.formula import F, U, V

_STYLES: dict[str, Style] = {"titre": "titre_acte", "signatures": "signature"}
_MARKS: dict[Mode, str] = {
    "projet": PROJECT_MARK, "brouillon": DRAFT_MARK, "reconstitution": PAST_MARK,
}  # fmt: skip
#: Lists of which each entry belongs to an element of validity.
_DEMANDS = "exigence"
_BY_ELEMENT = ("element", _DEMANDS)
#: Most letters of a clause that the annex quotes.
_QUOTED = 70
_SLUG = re.compile(r"[^a-z0-9]+")
_MOST_SLUG = 40


@dataclass(frozen=True, slots=True)
class _Composed:
    blocks: list[Block]
    supports: list[Support]


class _Composition:
    """One document being composed."""

    def __init__(self, situation: Situation, lists: Lists, mode: Mode) -> None:
        self.situation = situation
        self.filler = Filler(situation, lists)
        self.lists = lists
        self.mode = mode
        self.article = 0
        self.supports: list[Support] = []
        #: Elements and rules that the document sees to by itself.
        self.covered: frozenset[str] = frozenset()

    def body(self, model: Model) -> Iterator[Block]:
        """The blocks of a document."""
        parts = [part for part in model.plan if self._has_place(part)]
        self.article = 0
        self.covered = frozenset(
            name
            for part in parts
            for names in (part.covers, *(c.meets for c in part.clauses if self._written(c)))
            for name in names
        )
        for part in parts:
            yield from self.part(part)

    def _written(self, clause: Clause) -> bool:
        """Whether a clause has its place somewhere in the document."""
        return any(True for _ in self._places(clause, marked=False))

    def _has_place(self, part: Part) -> bool:
        if part.to_sign and self.mode != "projet":
            return False
        return self.situation.truth(part.test) == V

    def part(self, part: Part) -> list[Block]:
        """The blocks of a part, with its heading when something is under it."""
        blocks: list[Block] = []
        rows: list[tuple[Line, ...]] = []
        listed: list[Line] = []
        for clause in part.clauses:
            for place, in_doubt in self._places(clause):
                if part.form == "tableau":
                    cells = [self._cell(cell, place) for cell in clause.cells]
                    if in_doubt:
                        cells[0] = (in_doubt, Text(" "), *cells[0])
                    rows.append(tuple(cells))
                    self._support(clause, _quoted(part, clause, cells[0]), place)
                    continue
                lines = self.filler.lines(clause.text, place)
                if in_doubt:
                    lines = [(in_doubt, Text(" "), *lines[0]), *lines[1:]]
                if part.form == "liste":
                    listed.extend(lines)
                    self._support(clause, _quoted(part, clause, lines[0]), place)
                else:
                    blocks.extend(self._paragraphs(part, clause, lines, place))
        if rows:
            blocks.append(Table(tuple(set_text(c) for c in part.columns), tuple(rows)))
        if listed:
            blocks.append(Items(tuple(listed)))
        if blocks and part.title:
            title = self.filler.lines(part.title)[0]
            blocks.insert(0, Heading(2, title))
        return blocks

    def _paragraphs(
        self, part: Part, clause: Clause, lines: list[Line], place: Place
    ) -> Iterator[Block]:
        if part.form == "articles":
            self.article += 1
            number = "1er" if self.article == 1 else str(self.article)
            title = self.filler.plain(clause.title, place) if clause.title else ""
            label = set_text(f"Article {number}") + (f" – {title}" if title else "")
            yield Heading(3 if part.title else 2, (Text(label),))
            self._support(clause, label, place)
        elif part.form == "objet":
            # One heading, whatever its lines: the title of the document.
            joined = tuple(run for line in lines for run in (*line, Text(" ")))[:-1]
            self._support(clause, _quoted(part, clause, joined), place)
            yield Heading(1, joined)
            return
        else:
            if clause.title:
                yield Heading(3 if part.title else 2, self.filler.lines(clause.title, place)[0])
            self._support(clause, _quoted(part, clause, lines[0]), place)
        for line in lines:
            yield Paragraph(line, _STYLES.get(part.form, "corps"))

    def _cell(self, template: Template, place: Place) -> Line:
        lines = self.filler.lines(template, place)
        return lines[0] if lines else ()

    def _places(self, clause: Clause, marked: bool = True) -> Iterator[tuple[Place, Run | None]]:
        """Where a clause is written; with the blank that asks whether it has its place there."""
        if not clause.period.contains(self.situation.day):
            return
        if clause.when_list and not any(self._listed(clause.when_list, clause.but)):
            return
        if clause.each in AVIS_LISTS:
            if self.situation.truth(clause.test) != V:
                return
            for entry in self._listed(str(clause.each), clause.but):
                yield Place(self.filler.scenario.reading, None, clause.each, entry), None
            return
        places = (
            [self.filler.scenario]
            if clause.each is None
            else [
                Place(reading, item, clause.each)
                for item, reading in self.situation.items(clause.each)
            ]
        )
        for place in places:
            found = self.situation.truth(clause.test, place.reading)
            if found == F or (found == U and clause.in_doubt == "omettre"):
                continue
            yield place, self._doubt(clause) if found == U and marked else None

    def _listed(self, name: str, but: frozenset[str]) -> Iterator[Mapping[str, str]]:
        """The entries of a list of the avis; what other parts see to is not asked again."""
        for entry in self.lists.items.get(name, ()):
            first = entry[AVIS_LISTS[name][0]]
            seen = name in _BY_ELEMENT and not self.covered.isdisjoint(
                (first, entry.get("regle", ""))
            )
            if first not in but and not seen:
                yield entry

    def _doubt(self, clause: Clause) -> Run:
        self.filler.extra["document.condition"] = clause.keep_if or self.situation.in_words(
            clause.test
        )
        return self.filler.blank(self.filler.word(KEEP_IF))

    def _support(self, clause: Clause, label: str, place: Place) -> None:
        texts = [str(ref) for ref in clause.cited.on(self.situation.day)]
        if clause.each == _DEMANDS and place.entry is not None:
            texts = [place.entry["source"] or texts[0]]
        texts += [f"règle {name}" for name in clause.rules]
        made = Support(label, set_text(" ; ".join(texts)), set_text(clause.to_confirm))
        if made not in self.supports:
            self.supports.append(made)


def compose(
    situation: Situation, lists: Lists, model: Model, mode: Mode, today: dt.date
) -> Document:
    """The document of a model, under an answer that allows it (``offers`` decides)."""
    library = situation.library
    made = _Composition(situation, lists, mode)
    situation.keep(library.gates[model.kind])
    body: list[Block] = [Heading(1, (Text(set_text(model.title)),))] if _titled(model) else []
    body += made.body(model)
    joined = list(_drafts(situation, made, model.attaches)) if model.attaches else []
    mark = made.filler.word(_MARKS[mode])
    blanks = tuple(made.filler.blanks)
    cover = _apart(situation, lists, made, COVER, model, blanks)
    annex = _apart(situation, lists, made, ANNEX, model, blanks)
    return Document(
        id=model.id,
        title=set_text(model.title),
        kind=model.kind,
        mode=mode,
        mark=mark,
        running=made.filler.plain(model.running),
        day=situation.day,
        cover=tuple(cover),
        body=tuple(body),
        annex=tuple(annex),
        joined=tuple(joined),
        joined_mark=made.filler.word(DRAFT_MARK) if joined else "",
        blanks=blanks,
        supports=tuple(made.supports),
        stem=stem(situation, model),
    )


def _quoted(part: Part, clause: Clause, line: Line) -> str:
    """The beginning of a line, its blanks left out, to tell which clause it is.

    What the avis lists, with its sources beside, goes under the heading of the part.
    """
    text = "".join("[…]" if isinstance(run, Blank) else run.text for run in line)
    listed = clause.each in AVIS_LISTS and clause.each != _DEMANDS
    if (text == "[…]" or listed) and part.title:
        text = " ".join(p.text for p in part.title.lines[0] if isinstance(p, Literal))
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED].rstrip()}…"


def _titled(model: Model) -> bool:
    """Whether the document's own title is printed: an act has its object instead."""
    return not any(part.form == "objet" for part in model.plan)


def _drafts(situation: Situation, made: _Composition, kind: str) -> Iterator[Block]:
    """The drafts of acts joined to a request: marked, without vote nor signature."""
    mode, made.mode = made.mode, "brouillon"
    first = True
    gate = situation.library.gates[kind]
    if situation.blocked(gate):
        return
    situation.keep(gate)
    for model in situation.library.ordered():
        if model.kind != kind or not model.period.contains(situation.day):
            continue
        if situation.truth(model.draft_test) != V:
            continue
        if not first:
            yield Break()
        first = False
        yield from made.body(model)
    made.mode = mode


def _apart(
    situation: Situation,
    lists: Lists,
    made: _Composition,
    name: str,
    model: Model,
    blanks: tuple[Blank, ...],
) -> list[Block]:
    """The cover or the annex, which are no part of the document: their blanks are not counted."""
    items = dict(lists.items)
    items["blanc"] = tuple(
        {
            "numero": str(blank.number),
            "texte": blank.hint + (f" (présumé : {blank.presumed})" if blank.presumed else ""),
        }
        for blank in blanks
    )
    items["appui"] = tuple(
        {"clause": s.clause, "source": s.source, "doute": s.doubt or "—"} for s in made.supports
    )
    words = {
        **lists.words,
        "document.titre": set_text(model.title),
        "document.blancs": str(len(blanks)),
    }
    apart = _Composition(situation, Lists(items, words), made.mode)
    blocks: list[Block] = []
    for part in situation.library.parts.values():
        if part.id == name or part.id.startswith(f"{name}-"):
            blocks += apart.part(part) if apart._has_place(part) else []
    return blocks


def stem(situation: Situation, model: Model) -> str:
    """Name of the file, in ASCII: who, what, which day."""
    return f"{slug(situation.actor)}_{model.short}_{situation.day.isoformat()}"


#: Letters that no decomposition writes in ASCII.
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o"})


def slug(text: str) -> str:
    """A text in ASCII, for the name of a file.

    >>> slug("Communauté d'agglomération du Pays Viennois")
    'communaute-d-agglomeration-du-pays'
    """
    letters = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    plain = letters.encode("ascii", "ignore").decode()
    whole = _SLUG.sub("-", plain.lower()).strip("-")
    if len(whole) > _MOST_SLUG:
        whole = whole[: _MOST_SLUG + 1].rpartition("-")[0] or whole[:_MOST_SLUG]
    return whole or "collectivite"
