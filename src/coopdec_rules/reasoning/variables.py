"""What a scenario may vary, cut into the cells that the law can tell apart.

A choice or a yes/no question has one cell per value.  Numbers, amounts and dates are cut by the
comparisons made with them; those compared with each other (``contribution.montant`` and
``contribution.ressources_service``) are cut together, so that a cell always stands for values that
exist: its ``values`` are an example of them.  The day is fixed: reasoning is about one moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from coopdec_rules.engine.facts import truth
from coopdec_rules.errors import EngineError
from coopdec_rules.reasoning.moments import DATE, shifted_day
from coopdec_rules.rulebook.formula import U, V
from coopdec_rules.rulebook.model import (
    Among,
    Atom,
    Compare,
    Const,
    Fact,
    FactRef,
    IsTrue,
    Percent,
    Shift,
    Value,
    facts_of,
)
from coopdec_rules.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Cell:
    """Values that no comparison tells apart: an example of them, and the atoms that hold.

    ``holds`` supposes that every fact read is relevant.
    """

    values: tuple[Value, ...]
    holds: frozenset[int]


@dataclass(frozen=True, slots=True)
class Variable:
    """Facts that are chosen together, with the atoms that depend on them alone."""

    facts: tuple[str, ...]
    scope: str | None
    atoms: tuple[int, ...]
    cells: tuple[Cell, ...]


class Variables:
    """Everything that a scenario of one day may vary."""

    def __init__(self, book: Rulebook, day: dt.date, like: Variables | None = None) -> None:
        """``like``: those of the same rulebook for another day, shared where no day is read."""
        self.book = book
        self.day = day
        #: Atoms that the day alone decides.
        self.fixed: dict[int, bool] = {}
        self._tests: dict[frozenset[str], list[tuple[int, Atom]]] = {}
        self._named: dict[str, set[Value]] = {name: set() for name in book.facts}
        self._links: list[Compare] = []
        self._read_atoms()
        dated = self._dated()
        shared = {v.facts: v for v in like.all if dated.isdisjoint(v.facts)} if like else {}
        self.all: list[Variable] = [
            shared.get(facts) or self._variable(facts)
            for facts in self._clusters()
            if DATE not in facts
        ]
        #: Place in ``all`` of the variable that each fact belongs to.
        self.index_of: dict[str, int] = {
            name: index for index, variable in enumerate(self.all) for name in variable.facts
        }
        #: Place in ``all`` of the variable that decides each comparison.
        self.variable_of: dict[int, int] = {
            atom: index for index, variable in enumerate(self.all) for atom in variable.atoms
        }

    def _dated(self) -> set[str]:
        """Facts that are compared with the date: their cells depend on the day."""
        found: set[str] = set()
        for kind in self._links:
            read = {kind.fact, *facts_of(kind.right)}
            if DATE in read:
                found |= read
        return found

    def fitting(
        self, variable: Variable, known: Mapping[str, Value], day: dt.date | None = None
    ) -> dict[int, Cell]:
        """Cells of the variable that the known facts leave open, each with values that fit them.

        ``day`` is any day of the moment (by default the one the variables were made for).
        """
        stated = {name: known[name] for name in variable.facts if name in known}
        # A date that stands for a cell on one day of the moment may be in another on the next.
        moved = day not in (None, self.day) and any(
            "jour" in self.book.facts[name].kind.operands for name in variable.facts
        )
        if not stated and not moved:
            return dict(enumerate(variable.cells))
        if stated and len(variable.facts) == 1:
            (value,) = stated.values()
            for index, cell in enumerate(variable.cells):
                same = cell.values == (value,) and type(cell.values[0]) is type(value)
                if same and not moved:
                    return {index: cell}
            holds = self._holding(variable.facts, (value,), day)
            cells: Iterable[Cell] = [Cell((value,), holds)]
        else:
            cells = self._cells(variable.facts, stated, day)
        places = {cell.holds: index for index, cell in enumerate(variable.cells)}
        return {places[cell.holds]: cell for cell in cells if cell.holds in places}

    def alternatives(self, fact: str, known: Mapping[str, Value]) -> list[Value]:
        """Other values of a number, one per cell it can move to: the nearest to the known one."""
        variable = self.all[self.index_of[fact]]
        others = {n: v for n, v in known.items() if n in variable.facts and n != fact}
        if len(others) < len(variable.facts) - 1:
            return []
        here = known.get(fact)
        place = variable.facts.index(fact)
        found: dict[frozenset[int], Value] = {}
        for values in product(*self._candidates(variable.facts, others)):
            holds = self._holding(variable.facts, values)
            best = found.get(holds)
            if best is None or _distance(values[place], here) < _distance(best, here):
                found[holds] = values[place]
        return list(found.values())

    # -- atoms -------------------------------------------------------------------------------

    def _read_atoms(self) -> None:
        for atom in self.book.all_atoms:
            kind = atom.kind
            if isinstance(kind, IsTrue):
                self._tests.setdefault(frozenset((kind.fact,)), []).append((atom.index, atom))
            elif isinstance(kind, Among):
                self._tests.setdefault(frozenset((kind.fact,)), []).append((atom.index, atom))
                self._named[kind.fact].update(kind.values)
            elif isinstance(kind, Compare):
                read = frozenset((kind.fact, *facts_of(kind.right))) - {DATE}
                if read:
                    self._tests.setdefault(read, []).append((atom.index, atom))
                    self._links.append(kind)
                else:
                    self.fixed[atom.index] = truth(kind, {DATE: self.day}, {}) == V

    def _clusters(self) -> list[tuple[str, ...]]:
        """Facts of the vocabulary, those compared with each other together."""
        owner = {name: name for name in self.book.facts}

        def root(name: str) -> str:
            while owner[name] != name:
                name = owner[name]
            return name

        for read in self._tests:
            first, *others = sorted(read)
            for other in others:
                owner[root(other)] = root(first)
        groups: dict[str, list[str]] = {}
        for name in self.book.facts:
            groups.setdefault(root(name), []).append(name)
        return [tuple(names) for names in groups.values()]

    def _variable(self, facts: tuple[str, ...]) -> Variable:
        scopes = {self.book.facts[name].scope for name in facts}
        if len(scopes) > 1:
            listed = ", ".join(facts)
            raise EngineError(
                f"Le raisonnement ne sait pas comparer un fait du scénario à un fait d'un groupe "
                f"répété ({listed})."
            )
        atoms = tuple(
            index for read, tests in self._tests.items() if read <= set(facts) for index, _ in tests
        )
        return Variable(facts, scopes.pop(), atoms, tuple(self._cells(facts, {})))

    # -- cells -------------------------------------------------------------------------------

    def _cells(
        self, facts: tuple[str, ...], stated: Mapping[str, Value], day: dt.date | None = None
    ) -> list[Cell]:
        found: dict[frozenset[int], Cell] = {}
        single = len(facts) == 1 and self.book.facts[facts[0]].kind.each_apart
        cells = []
        for values in product(*self._candidates(facts, stated, day)):
            holds = self._holding(facts, values, day)
            if single:
                # Values that no rule tells apart stay apart: each can be asked and answered.
                cells.append(Cell(values, holds))
            else:
                found.setdefault(holds, Cell(values, holds))
        return cells or list(found.values())

    def _holding(
        self, facts: Sequence[str], values: Sequence[Value], day: dt.date | None = None
    ) -> frozenset[int]:
        known: dict[str, Value] = {
            DATE: day or self.day,
            **dict(zip(facts, values, strict=True)),
        }
        return frozenset(
            index
            for read, tests in self._tests.items()
            if read <= known.keys()
            for index, atom in tests
            if _holds(atom, known)
        )

    def _candidates(
        self, facts: tuple[str, ...], stated: Mapping[str, Value], day: dt.date | None = None
    ) -> list[list[Value]]:
        """Values to try for each fact: enough to meet every cell."""
        values: dict[str, set[Value]] = {}
        for name in facts:
            fact = self.book.facts[name]
            if name in stated:
                values[name] = {stated[name]}
            elif (every := fact.kind.every(fact, self._named[name])) is not None:
                return [list(every)]
            else:
                values[name] = set(fact.kind.limits(fact)) | self._thresholds(name, day or self.day)
        for _ in facts[1:]:
            for kind in self._links:
                self._across(kind, values, stated)
        return [
            sorted(self._kept(self.book.facts[name], values[name]), key=_sort_key) for name in facts
        ]

    def _thresholds(self, name: str, day: dt.date) -> set[Value]:
        """Values named in comparisons of a fact with what is fixed, and their neighbours."""
        fact = self.book.facts[name]
        found: set[Value] = set()
        for kind in self._links:
            right = kind.right
            base = right.base if isinstance(right, Shift) else right
            if kind.fact == name and isinstance(base, Const):
                constant = right if isinstance(right, Shift) else Shift(base)
                moved = (
                    shifted_day(base, constant, 1)
                    if isinstance(base.value, dt.date)
                    else base.value
                )
                found.update(fact.kind.around(moved))
            elif kind.fact == DATE and isinstance(base, FactRef) and base.fact == name:
                shift = right if isinstance(right, Shift) else Shift(base)
                found.update(fact.kind.around(shifted_day(Const(day), shift, -1)))
            elif kind.fact == name and isinstance(base, FactRef) and base.fact == DATE:
                shift = right if isinstance(right, Shift) else Shift(base)
                found.update(fact.kind.around(shifted_day(Const(day), shift, 1)))
        for value in self._named[name]:
            if isinstance(value, int):
                found.update(fact.kind.around(value))
        return found

    def _across(
        self, kind: Compare, values: dict[str, set[Value]], stated: Mapping[str, Value]
    ) -> None:
        """Values of one fact that stand around a value of another it is compared with."""
        right = kind.right
        base = right.base if isinstance(right, Shift) else right
        if not isinstance(base, FactRef | Percent):
            return
        here, there = kind.fact, base.fact
        if here not in values or there not in values:
            return
        rate = base.rate / 100 if isinstance(base, Percent) else Decimal(1)
        shift = right if isinstance(right, Shift) else None
        for name, other, forward in ((here, there, True), (there, here, False)):
            if name in stated:
                continue
            fact = self.book.facts[name]
            for value in list(values[other]):
                if isinstance(value, dt.date):
                    moved: Value = (
                        shifted_day(Const(value), shift, 1 if forward else -1) if shift else value
                    )
                elif isinstance(value, int | Decimal) and rate:
                    exact = value * rate if forward else value / rate
                    moved = fact.kind.nearest(exact)
                else:
                    continue
                values[name].update(fact.kind.around(moved))

    def _kept(self, fact: Fact, values: Iterable[Value]) -> list[Value]:
        """Values within the limits that the vocabulary sets."""
        low, high = fact.minimum, fact.maximum
        return [
            value
            for value in values
            if (low is None or value >= low)  # type: ignore[operator]
            and (high is None or value <= high)  # type: ignore[operator]
        ]


def _holds(atom: Atom, known: Mapping[str, Value]) -> bool:
    kind = atom.kind
    if isinstance(kind, IsTrue):
        return known[kind.fact] is True
    if isinstance(kind, Among):
        return known[kind.fact] in kind.values
    if not isinstance(kind, Compare):
        raise TypeError(f"not a comparison of facts: {atom.text}")
    found = truth(kind, known, known)
    if found == U:
        raise TypeError(f"undecided: {atom.text}")
    return found == V


def _distance(value: Value, other: Value | None) -> float:
    if isinstance(value, dt.date) and isinstance(other, dt.date):
        return abs((value - other).days)
    if isinstance(value, int | Decimal) and isinstance(other, int | Decimal):
        return abs(float(value) - float(other))
    return 0.0


def _sort_key(value: Value) -> tuple[int, float]:
    """Plain values first, so that examples are not extreme ones when another fits."""
    if isinstance(value, dt.date):
        return abs((value - dt.date(2004, 1, 1)).days), value.toordinal()
    number = float(value) if isinstance(value, int | Decimal) else 0.0
    return (0 if 0 <= number <= 10**8 else 1), number
