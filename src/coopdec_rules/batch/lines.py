"""Scenarios written in JSON, one a line, answered a few lines at a time.

What a line is answered depends on nothing but that line: not on those beside it, nor on how many
are answered together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from coopdec_rules.advice import answers
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import parse_json
from coopdec_rules.advice.scenario import ScenarioReader
from coopdec_rules.batch.answering import Answered, BatchAnswers
from coopdec_rules.batch.choices import DEFAULT
from coopdec_rules.batch.columns import ID, Headings, Vocabulary
from coopdec_rules.batch.files import flat
from coopdec_rules.batch.output import Outline
from coopdec_rules.batch.parsing import TableReader
from coopdec_rules.batch.presuming import SheetPresumptions
from coopdec_rules.batch.reasoned import BatchReasoning
from coopdec_rules.errors import Problem, ScenarioError, suggest
from coopdec_rules.territories import load_directory

#: Names of what is added to the answers of a line.
LINE, ERRORS = "ligne", "erreurs"
_WRAPPED = "scenario"
_NO_OBJECT = Problem("", "Un objet est attendu : un scénario par ligne.", None, "un objet JSON")


@dataclass(frozen=True)
class Line:
    """A line that is answered, or refused in ``problems``, each with its column."""

    number: int
    ident: str | None
    answers: Mapping[str, Any]
    problems: Sequence[tuple[str, Problem]] = ()

    def written(self) -> bytes:
        """The line as it is sent back."""
        told: dict[str, Any] = {LINE: self.number, ID: self.ident, **self.answers}
        if self.problems:
            told[ERRORS] = [
                {
                    "colonne": column or None,
                    "message": problem.message,
                    "trouve": problem.found,
                    "attendu": problem.expected,
                    "suggestion": problem.suggestion,
                }
                for column, problem in self.problems
            ]
        return orjson.dumps(told, default=_plain) + b"\n"


@dataclass(frozen=True)
class _Row:
    number: int
    ident: str | None
    cells: Mapping[str, Any]


class LineAdvisor:
    """Answers lines with one advisor, all asked the same.  For one thread at a time."""

    def __init__(
        self,
        advisor: Advisor,
        day: dt.date,
        choices: Sequence[str] = DEFAULT,
        words: bool = False,
        reasoning: bool = True,
    ) -> None:
        """``day``: that of the scenarios that give none; the rest as ``coopdec lot`` takes it."""
        self.advisor, self.book, self.day = advisor, advisor.rulebook, day
        self.choices, self.words = tuple(choices), words
        self._vocabulary = Vocabulary(self.book)
        self._groups = self._vocabulary.groups()
        self._reader = TableReader(self.book, self._vocabulary, day)
        self._scenarios = ScenarioReader(self.book)
        self._reasoning = BatchReasoning(advisor.reasoner) if reasoning else None
        self._rules = {rule.id: place for place, rule in enumerate(self.book.rules)}
        self._conclusions = {name: place for place, name in enumerate(self.book.conclusions)}
        self._plain = self._answers(None)
        self._placed: BatchAnswers | None = None
        #: Names of what holds facts: an empty one says nothing.
        self._holders = {
            ".".join(path[:length])
            for path in (fact.path for fact in self.book.facts.values() if not fact.scope)
            for length in range(len(path))
        } | {".".join(group.path[:n]) for group in self.book.groups.values()
             for n in range(1, len(group.path) + 1)}  # fmt: skip

    def answer(self, lines: Sequence[tuple[int, bytes]]) -> list[Line]:
        """What is answered to each line that is not blank, in their order.

        A line is its number in the whole, from 1 on, and its text.
        """
        found: dict[int, Line] = {}
        rows: dict[frozenset[tuple[str, type]], list[_Row]] = {}
        mixed = _Kinds()
        read: list[_Row] = []
        for number, text in lines:
            if not text.strip():
                continue
            row = self._row(number, text)
            if isinstance(row, Line):
                found[number] = row
            else:
                read.append(row)
                mixed.see(row.cells)
        for row in read:
            rows.setdefault(mixed.of(row.cells), []).append(row)
        for alike in rows.values():
            for line in self._answered(alike):
                found[line.number] = line
        return [found[number] for number in sorted(found)]

    # -- reading -----------------------------------------------------------------------------

    def _row(self, number: int, text: bytes) -> _Row | Line:
        """One line as a row of a table, or refused."""
        try:
            document = parse_json(text)
        except ScenarioError as error:
            return Line(number, None, {}, [("", problem) for problem in error.problems])
        if not isinstance(document, dict):
            return Line(number, None, {}, [("", _NO_OBJECT)])
        ident = document.pop(ID, None)
        if isinstance(ident, dict | list):
            problem = Problem("", "Un identifiant est un texte ou un nombre.")
            return Line(number, None, {}, [(ID, problem)])
        name = None if ident is None else str(ident)
        wrapped = document.get(_WRAPPED)
        if wrapped is not None and not isinstance(wrapped, dict):
            return Line(number, name, {}, [(_WRAPPED, _NO_OBJECT)])
        flattened = flat(document, self._groups)
        # An object or a list that is null says nothing, as one that is not there.
        cells = {
            column: value for column, value in flattened.items()
            if value is not None or column not in self._holders
        }  # fmt: skip
        if any(self._unplaced(column) for column in cells) or any(self._lost(document)):
            return Line(number, name, {}, self._misplaced(document, cells))
        return _Row(number, name, cells)

    def _unplaced(self, column: str) -> bool:
        place = self._vocabulary.place(column)
        return place is None or place.spread

    def _lost(self, document: Mapping[str, Any]) -> Iterator[str]:
        """Names of objects and lists that are not where there may be some, empty ones included."""

        def walk(value: object, path: tuple[str, ...]) -> Iterator[str]:
            name = ".".join(path)
            if isinstance(value, list):
                if path not in self._groups:
                    yield name
                for child in value:
                    yield from walk(child, path)
            elif isinstance(value, Mapping):
                if path and name not in self._holders:
                    yield name
                for key, child in value.items():
                    yield from walk(child, (*path, str(key)))

        yield from walk({key: v for key, v in document.items() if key != _WRAPPED}, ())
        yield from walk(document.get(_WRAPPED) or {}, ())

    def _misplaced(
        self, document: Mapping[str, Any], cells: Mapping[str, Any]
    ) -> list[tuple[str, Problem]]:
        """Why a document is not a scenario, as the API says it of one alone."""
        whole = {key: value for key, value in document.items() if key != _WRAPPED}
        _, problems = self._scenarios.readable(
            {**whole, **(document.get(_WRAPPED) or {})}, self.day
        )
        told = [(column_at(problem.pointer), problem) for problem in problems]
        if told:
            return told
        names = [name for name in cells if self._unplaced(name)] or list(self._lost(document))
        known = self._vocabulary.names()
        return [
            (name, Problem("", "Ce champ n'existe pas.", name, None, suggest(name, known)))
            for name in names
        ]

    # -- answering ---------------------------------------------------------------------------

    def _answered(self, rows: Sequence[_Row]) -> Iterator[Line]:
        """Rows whose cells are of the same types, answered together."""
        names = list(dict.fromkeys(name for row in rows for name in row.cells))
        columns = {name: _array([row.cells.get(name) for row in rows]) for name in names}
        places = {name: place for name in names if (place := self._vocabulary.place(name))}
        parsed = self._reader.read(columns, Headings(places), len(rows))
        placed = any(place.fact.id == answers.ACTOR_CODE for place in places.values())
        asked = self._with_places() if placed else self._plain
        found = asked.answer(parsed, "conditions" in self.choices, "plafonds" in self.choices)
        questions = []
        if "questions" in self.choices:
            documents = (parsed.document(self.book, int(row)) for row in np.flatnonzero(found.good))
            questions = [self._questions(document) for document in documents]
        counts = {
            group: parsed.sheet.counts[group] for group in (answers.PART, answers.CONTRIBUTION)
        }
        most = {group: int(count.max(initial=1)) for group, count in counts.items()}
        outline = Outline(
            self.book, self.choices, (), most[answers.PART], most[answers.CONTRIBUTION], self.words
        )
        written = iter(outline.batch(found, {}, questions).to_pylist())
        refused = _problems(found)
        for here, row in enumerate(rows):
            if not found.good[here]:
                yield Line(row.number, row.ident, {}, refused[here])
                continue
            mine = {group: int(count[here]) for group, count in counts.items()}
            told = _own(next(written), mine)
            # In the order of the rulebook: that of the rows depends on those answered together.
            for name, order in (("conditions", self._rules), ("doutes", self._conclusions)):
                if name in told:
                    told[name] = sorted(told[name], key=order.__getitem__)
            yield Line(row.number, row.ident, told)

    def _questions(self, document: Mapping[str, Any]) -> list[str]:
        """The columns that would tell what the answers wait for."""
        avis = self.advisor.advise(document, self.day, reasoning=False).avis
        return [
            self._vocabulary.name(self.book.facts[question["fait"]], question["element"])
            for question in avis["questions"]
        ]

    def _answers(self, presumptions: SheetPresumptions | None) -> BatchAnswers:
        moments = self.advisor.reasoner.moments
        return BatchAnswers(self.book, moments, presumptions, self._reasoning)

    def _with_places(self) -> BatchAnswers:
        """What answers when a territory is named: its directory is only read then."""
        if self._placed is None:
            self._placed = self._answers(SheetPresumptions(self.book, load_directory()))
        return self._placed


def column_at(pointer: str) -> str:
    """The name of the column that a JSON pointer points at: items are counted from 1 on.

    >>> column_at("/action/volets/0/domaine")
    'action.volets.1.domaine'
    """
    parts = pointer.split("/")[1:]
    return ".".join(str(int(part) + 1) if part.isdigit() else part for part in parts)


class _Kinds:
    """The types of the values of each name, among some rows."""

    def __init__(self) -> None:
        self._seen: dict[str, set[type]] = {}

    def see(self, cells: Mapping[str, Any]) -> None:
        """Count in the values of a row."""
        for name, value in cells.items():
            if value is not None:
                self._seen.setdefault(name, set()).add(type(value))

    def of(self, cells: Mapping[str, Any]) -> frozenset[tuple[str, type]]:
        """What tells a row from those whose values are of other types: a column has only one."""
        return frozenset(
            (name, type(value))
            for name, value in cells.items()
            if value is not None and len(self._seen[name]) > 1
        )


def _array(cells: Sequence[Any]) -> pa.Array:
    try:
        return pa.array(cells)
    except (pa.ArrowInvalid, OverflowError):
        # A whole number that no column holds, hence no fact either.
        return pa.array([None if cell is None else float(cell) for cell in cells])


def _problems(found: Answered) -> dict[int, list[tuple[str, Problem]]]:
    told: dict[int, list[tuple[str, Problem]]] = {}
    for reject in found.rejects:
        for row in reject.rows:
            here = told.setdefault(int(row), [])
            # What is wrong in a column is said once: a wrong value is also a missing one.
            if not any(column == reject.column for column, _ in here):
                here.append((reject.column, reject.problem))
    return told


def _own(row: Mapping[str, Any], counts: Mapping[str, int]) -> dict[str, Any]:
    """The answers of a row, without those of items that only others have."""
    ends = {"volet": counts[answers.PART]} | dict.fromkeys(
        ("plafond", "depassement"), counts[answers.CONTRIBUTION]
    )
    found = {}
    for name, value in row.items():
        start, _, rest = name.partition(".")
        number = rest.partition(".")[0]
        if start in ends and number.isdigit() and int(number) > ends[start]:
            continue
        found[name] = value
    return found


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"a {type(value).__name__} is answered")
