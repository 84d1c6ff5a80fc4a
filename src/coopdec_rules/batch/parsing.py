"""Tables read as scenarios, a column at a time; a row with a mistake is put aside, with why.

What is read is what ``ScenarioReader`` reads in a document: same values, same presumptions, same
refusals.  Each value is read once, however many rows have it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from coopdec_rules.advice.scenario import UNKNOWN as UNKNOWN_WORD
from coopdec_rules.advice.scenario import ScenarioReader
from coopdec_rules.batch.columns import Headings, Place, Vocabulary
from coopdec_rules.batch.listed import fill, presume_listed
from coopdec_rules.batch.numbers import Cents, Numbers, cents_of, read_plain
from coopdec_rules.batch.sheet import UNKNOWN, Codes, Column, Flags, Sheet
from coopdec_rules.errors import Problem
from coopdec_rules.reasoning.moments import DATE
from coopdec_rules.reasoning.reasoner import FactAt
from coopdec_rules.rulebook.model import Fact, Group, Value
from coopdec_rules.rulebook.paths import put
from coopdec_rules.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True, eq=False)
class Reject:
    """Why some rows, counted from 0 in their batch, are put aside.

    ``column``: "" when what is wrong is no column's alone.
    """

    rows: NDArray[np.intp]
    column: str
    problem: Problem


#: Values of one column whose reading is remembered from one batch to the next.
_REMEMBERED = 100_000
#: Up to so many values, each is read on its own.
_FEW = 64
_MOST_CENTS = 2**62


@dataclass(frozen=True)
class Parsed:
    """A batch read: all its rows as scenarios, those with a mistake told in ``rejects``.

    ``stated`` is what the table says, before anything is presumed; ``unknown`` tells, for the
    facts that the national base may presume, where "inconnu" is written.
    """

    sheet: Sheet
    good: Flags
    rejects: Sequence[Reject]
    unknown: Mapping[FactAt, Flags]
    stated: Mapping[FactAt, Column]

    def document(self, book: Rulebook, row: int) -> dict[str, Any]:
        """What one row states, as a scenario written as nested objects."""
        found: dict[str, Any] = {}
        items: dict[str, list[dict[str, Any]]] = {}
        for (name, item), column in self.stated.items():
            fact, value = book.facts[name], column.value(row)
            tree = found
            if item is not None:
                entries = items.setdefault(fact.group.id, [])
                count = int(self.sheet.counts[fact.group.id][row])
                entries.extend({} for _ in range(count - len(entries)))
                if item >= count:
                    continue
                tree = entries[item]
            if value is not None:
                put(tree, fact.path, value)
            elif (name, item) in self.unknown and self.unknown[name, item][row]:
                put(tree, fact.path, UNKNOWN_WORD)
        for group, entries in items.items():
            put(found, book.groups[group].path, entries)
        return found


class TableReader:
    """Reads batches of one table."""

    def __init__(self, book: Rulebook, vocabulary: Vocabulary, today: dt.date) -> None:
        """``today``: the day of the scenarios that give none."""
        self.book, self.vocabulary, self.today = book, vocabulary, today
        self._reader = ScenarioReader(book)
        self._presumable = {fact.id for fact in book.facts.values() if fact.by_base}
        self._presumable |= {presumption.fact for presumption in book.presumptions}
        self._known: dict[str, dict[object, Value | Problem | None]] = {}

    def read(self, columns: Mapping[str, pa.Array], headings: Headings, size: int) -> Parsed:
        """The scenarios of a batch of rows, a row each."""
        rejects: list[Reject] = []
        found: dict[FactAt, Column] = {}
        said: dict[FactAt, Flags] = {}
        given: dict[tuple[str, int], Flags] = {}
        for name, place in headings.facts.items():
            at = (place.fact.id, place.item)
            column, present, unknown, wrong = self._column(name, place, columns[name])
            found[at] = column
            rejects.extend(wrong)
            if place.fact.id in self._presumable:
                said[at] = unknown
            if place.item is not None:
                here = (place.fact.group.id, place.item)
                given[here] = given.get(here, np.zeros(size, np.bool_)) | present
        counts = {
            group.id: _count(group, given, size)
            for group in self.book.groups.values()
            if group.repeated
        }
        rejects.extend(self._missing(found, counts, size))
        rejects.extend(self._twice(found, counts, size))
        stated = dict(found)
        presume_listed(self.book, self.today, found, said, counts)
        self._presume(found, counts, size)
        good = np.ones(size, np.bool_)
        for reject in rejects:
            good[reject.rows] = False
        return Parsed(Sheet(size, found, counts), good, rejects, said, stated)

    # -- one column --------------------------------------------------------------------------

    def _column(
        self, name: str, place: Place, array: pa.Array
    ) -> tuple[Column, Flags, Flags, list[Reject]]:
        """The fact; the rows that say something, those that say "inconnu", those refused."""
        coded = _coded(array)
        rows: Codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
        size = len(coded.dictionary)
        plain, cents = np.zeros(size, np.bool_), np.zeros(size, np.int64)
        if size > _FEW:
            plain, cents = read_plain(coded.dictionary, place.fact)
        others = np.flatnonzero(~plain)
        values: list[Value] = []
        codes = np.full(size + 1, UNKNOWN, np.int32)
        present = np.append(plain, False)
        unknown, refused = np.zeros(size + 1, np.bool_), dict[int, Problem]()
        left = coded.dictionary
        texts = (left if len(others) == size else left.take(pa.array(others))).to_pylist()
        for number, text in zip(others.tolist(), texts, strict=True):
            value = self._remembered(name, text, place.fact)
            present[number] = not _empty(text)
            unknown[number] = isinstance(text, str) and text.strip() == UNKNOWN_WORD
            if isinstance(value, Problem):
                refused[number] = value
            elif value is not None:
                codes[number] = len(values)
                values.append(value)
        column = Column(codes[rows], values)
        if plain.any():
            column = _numbered(codes, values, plain, cents, rows, place.fact)
        wrong = [
            Reject(where, name, refused[number])
            for number, where in _rows_of(rows, list(refused), size)
        ]
        # Only what is said of an item tells that there is one.
        said = column.known() if place.item is None else present[rows]
        return column, said, _picked(unknown, rows), wrong

    def _remembered(self, name: str, text: object, fact: Fact) -> Value | Problem | None:
        known = self._known.setdefault(name, {})
        key = (type(text), text)
        if key not in known:
            if len(known) >= _REMEMBERED:
                known.clear()
            known[key] = self._value(text, fact)
        return known[key]

    def _value(self, found: object, fact: Fact) -> Value | Problem | None:
        """One value as a table writes it: read, refused, or ``None`` when nothing is known."""
        if _empty(found):
            return None
        written = self._written(found, fact)
        if isinstance(written, Problem):
            return written
        problems: list[Problem] = []
        value = self._reader.value(written, fact, "", problems)
        return problems[0] if problems else value

    def _written(self, found: object, fact: Fact) -> object:
        """A cell as a scenario writes it: spreadsheets give whole numbers a point, days an hour."""
        if isinstance(found, float):
            found = int(found) if found.is_integer() else Decimal(repr(found))
        if isinstance(found, dt.datetime) and found.time() == dt.time():
            found = found.date()
        if not isinstance(found, str):
            number = isinstance(found, int | Decimal) and not isinstance(found, bool)
            if number and fact.kind.free_text:
                return Problem(
                    "",
                    "Un nombre est écrit là où un texte est attendu : le tableur a pu lui ôter ses "
                    "zéros de tête.",
                    str(found),
                    "mettre la colonne au format texte",
                    f"{found:05}" if isinstance(found, int) else None,
                )
            return str(found) if number and fact.kind.listed else found
        text = found.strip()
        whole, point, rest = text.replace(",", ".").partition(".")
        if fact.kind.counted and point and whole.isdigit() and not rest.strip("0"):
            text = whole
        if text not in fact.values and text.lower() in ("oui", "non", *fact.values):
            text = text.lower()
        if fact.kind.assumed(text):
            # Nobody is there to say which day is meant.
            return Problem(
                "", "Cette valeur n'est pas assez précise.", text, fact.kind.expected(fact)
            )
        return fact.kind.parse(text, fact, self.today)

    # -- rows --------------------------------------------------------------------------------

    def _missing(
        self, found: Mapping[FactAt, Column], counts: Mapping[str, Codes], size: int
    ) -> Iterable[Reject]:
        """The rows that lack what is compulsory."""
        for fact in self.book.facts.values():
            if not fact.required:
                continue
            items = [None] if fact.scope is None else range(int(counts[fact.scope].max(initial=0)))
            for item in items:
                column = found.get((fact.id, item))
                lacking = np.ones(size, np.bool_) if column is None else ~column.known()
                if item is not None and fact.scope is not None:
                    if not any(
                        key[0].startswith(fact.scope + ".") and key[1] == item for key in found
                    ):
                        continue
                    lacking &= counts[fact.scope] > item
                problem = Problem(
                    "", "Ce renseignement est obligatoire.", None, fact.kind.expected(fact)
                )
                if lacking.any():
                    yield Reject(np.flatnonzero(lacking), self.vocabulary.name(fact, item), problem)

    def _twice(
        self, found: Mapping[FactAt, Column], counts: Mapping[str, Codes], size: int
    ) -> Iterable[Reject]:
        """The rows in which two items that must differ are alike."""
        for group in self.book.groups.values():
            if not group.unique_key:
                continue
            fact = self.book.facts[f"{group.id}.{group.unique_key}"]
            for row in np.flatnonzero(counts[group.id] > 1):
                seen: set[Value] = set()
                for item in range(int(counts[group.id][row])):
                    column = found.get((fact.id, item))
                    value = None if column is None else column.value(int(row))
                    value = fact.presumed if value is None else value
                    if value is not None and value in seen:
                        yield Reject(
                            np.array([row]),
                            self.vocabulary.name(fact, item),
                            Problem(
                                "",
                                f"Deux éléments portent la même valeur ({fact.label}) : "
                                "les réunir.",
                                fact.said(value),
                            ),
                        )
                    elif value is not None:
                        seen.add(value)

    def _presume(self, found: dict[FactAt, Column], counts: Mapping[str, Codes], size: int) -> None:
        """Put what the vocabulary presumes where nothing is known; today where no day is given."""
        for fact in self.book.facts.values():
            value = self.today if fact.id == DATE else fact.presumed
            if value is None:
                continue
            if fact.scope is None:
                fill(found, (fact.id, None), value, np.ones(size, np.bool_))
                continue
            for item in range(int(counts[fact.scope].max(initial=1))):
                fill(found, (fact.id, item), value, counts[fact.scope] > item)


def _empty(found: object) -> bool:
    return (
        found is None
        or (isinstance(found, str) and not found.strip())
        or (isinstance(found, float) and found != found)
    )


def _coded(array: pa.Array) -> pa.DictionaryArray:
    """A column as codes into the values it has: no more of them than rows."""
    if not pa.types.is_dictionary(array.type):
        return array.dictionary_encode()
    if len(array.dictionary) <= len(array):
        return array
    return array.dictionary_decode().dictionary_encode()


def _picked(flags: Flags, rows: Codes) -> Flags:
    """A truth of each value, row by row; nearly always true of none."""
    return flags[rows] if flags.any() else np.zeros(len(rows), np.bool_)


def _numbered(
    codes: Codes,
    values: Sequence[Value],
    plain: Flags,
    cents: Cents,
    rows: Codes,
    fact: Fact,
) -> Column:
    """A column of numbers: those read all at once after those read one by one."""
    where = np.flatnonzero(plain)
    codes[where] = np.arange(len(values), len(values) + len(where))
    slow = cents_of(values, _MOST_CENTS)
    if slow is None:
        units = fact.type == "nombre"
        return Column(codes[rows], [*values, *Numbers(cents[where], units)])
    return Column(codes[rows], Numbers(np.concatenate([slow, cents[where]]), fact.type == "nombre"))


def _rows_of(
    rows: Codes, numbers: Sequence[int], size: int
) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """The rows that have each of these codes, out of ``size``."""
    if not numbers:
        return
    wanted = np.zeros(size + 1, np.bool_)
    wanted[list(numbers)] = True
    where = np.flatnonzero(wanted[rows])
    if not len(where):  # the codes of a batch may have values that none of its rows has
        return
    where = where[np.argsort(rows[where], kind="stable")]
    turns = np.flatnonzero(np.diff(rows[where])) + 1
    for part in np.split(where, turns):
        yield int(rows[part[0]]), part


def _count(group: Group, given: Mapping[tuple[str, int], Flags], size: int) -> Codes:
    """How many items each row gives: up to the last that says something; one at least."""
    found = np.ones(size, np.int32)
    for (name, item), flags in given.items():
        if name == group.id:
            found = np.maximum(found, np.where(flags, item + 1, 1))
    return found.astype(np.int32)
