"""Random scenarios drawn from a vocabulary, complete or with unknowns, always from a seed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.model import Compare, Const, Fact, Shift, Value
from coopdec_rules.rulebook.rulebook import Rulebook

from . import oracle


class Scenarios:
    """Draws scenarios for one rulebook.

    Numbers and dates are drawn around those that its comparisons name, since that is where answers
    change.
    """

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self._thresholds: dict[str, list[int | Decimal | dt.date]] = {}
        for atom in book.atoms:
            if isinstance(atom.kind, Compare):
                right = atom.kind.right
                base = right.base if isinstance(right, Shift) else right
                if isinstance(base, Const):
                    self._thresholds.setdefault(atom.kind.fact, []).append(base.value)
        self._law = oracle.Law(book, dt.date.min)

    def day(self, rng: random.Random) -> dt.date:
        """A day near a change of the law, or any other."""
        if self.book.boundaries and rng.random() < 0.7:
            return rng.choice(self.book.boundaries) + dt.timedelta(days=rng.randint(-1, 1))
        return dt.date(1985, 1, 1) + dt.timedelta(days=rng.randrange(16_000))

    def value(self, rng: random.Random, fact: Fact) -> Value:
        """A value of the fact's type, within its limits."""
        value: Any = self._value(rng, fact)
        if fact.minimum is not None:
            value = max(value, type(value)(fact.minimum) if fact.type != "date" else fact.minimum)
        if fact.maximum is not None:
            value = min(value, type(value)(fact.maximum) if fact.type != "date" else fact.maximum)
        return value  # type: ignore[no-any-return]

    def _value(self, rng: random.Random, fact: Fact) -> Value:
        named = self._thresholds.get(fact.id)
        match fact.type:
            case "booleen":
                return rng.random() < 0.5
            case "choix":
                return rng.choice(list(fact.values))
            case "texte":
                return rng.choice(["dakar", "saint_louis", "autre"])
            case "date":
                if named and rng.random() < 0.7:
                    return rng.choice(named) + dt.timedelta(days=rng.randint(-1, 1))  # type: ignore[operator,return-value]
                return self.day(rng)
            case "nombre":
                if named and rng.random() < 0.8:
                    return int(rng.choice(named)) + rng.randint(-1, 1)  # type: ignore[call-overload,no-any-return]
                return rng.choice([0, 1, 2, 3, 5, 20_000, 60_000])
            case "montant":
                if named and rng.random() < 0.5:
                    return Decimal(rng.choice(named)) + rng.randint(-1, 1)  # type: ignore[arg-type]
                return Decimal(rng.choice([0, 1, 99, 100, 101, 2_300_000, 23_000_000])) / 100

    def partial(
        self,
        rng: random.Random,
        given: Mapping[str, Value] | None = None,
        known: float | None = None,
        counts: Mapping[str, int] | None = None,
    ) -> FactBase:
        """A scenario with unknown facts, relevant or not; ``known`` is their share.

        None that the rulebook declares impossible.  ``counts`` gives how many items some groups
        have; the others have any number.
        """
        counts = counts or {}
        if known is None:
            known = rng.choice([0.0, 0.3, 0.6, 0.9, 0.97, 1.0])
        while True:
            base = FactBase(
                {**self._draw(rng, None, known), **(given or {})},
                {
                    group.id: tuple(
                        self._draw(rng, group.id, known)
                        for _ in range(counts.get(group.id, rng.choice([0, 1, 1, 2, 3])))
                    )
                    for group in self.book.groups.values()
                    if group.repeated
                },
            )
            if self.possible(base):
                return base

    def complete(
        self,
        rng: random.Random,
        given: Mapping[str, Value] | None = None,
        counts: Mapping[str, int] | None = None,
    ) -> FactBase:
        """A possible scenario where every relevant fact is known and no irrelevant one is.

        ``counts`` as for ``partial``.
        """
        counts = counts or {}
        while True:
            scenario: dict[str, Value] = dict(given or {})
            self._fill(rng, scenario, None, scenario)
            items = {}
            for group in self.book.groups.values():
                if group.repeated:
                    items[group.id] = tuple(
                        self._fill(rng, scenario, group.id, {})
                        for _ in range(counts.get(group.id, rng.choice([1, 1, 2])))
                    )
            if self.possible(FactBase(scenario, items)):
                return FactBase(scenario, items)

    def possible(self, base: FactBase) -> bool:
        """Whether the scenario holds no combination that its day makes impossible."""
        day = base.scenario.get("date")
        reading = oracle.Reading(self._law, base.scenario, base.items)
        return not any(
            reading.holds(declared.formula, place)
            for declared in self.book.impossible
            if isinstance(day, dt.date) and declared.period.contains(day)
            for place in reading.places(declared.scope)
        )

    def _draw(self, rng: random.Random, scope: str | None, known: float) -> dict[str, Value]:
        return {
            name: self.value(rng, fact)
            for name, fact in self.book.facts.items()
            if fact.scope == scope and rng.random() < known
        }

    def _fill(
        self,
        rng: random.Random,
        scenario: dict[str, Value],
        group: str | None,
        facts: dict[str, Value],
    ) -> dict[str, Value]:
        place = None if group is None else (group, 0)
        for name in self.book.relevance_order:
            fact = self.book.facts[name]
            if fact.scope != group or name in facts:
                continue
            reading = oracle.Reading(self._law, scenario, {group: (facts,)} if group else {})
            if reading.relevant(name, place) is not False:
                facts[name] = self.value(rng, fact)
        return facts
