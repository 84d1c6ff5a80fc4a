"""A scenario that shows a fault: found in a model, stripped of what does not matter to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from coopdec_rules.engine.facts import FactBase
from coopdec_rules.reasoning.moments import DATE
from coopdec_rules.reasoning.places import Place
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.scenario import read
from coopdec_rules.rulebook.model import Value
from coopdec_rules.rulebook.paths import put
from coopdec_rules.rulebook.rulebook import LawState, Rulebook

#: Facts of a scenario, at each place.
Stated = dict[Place, dict[str, Value]]


class Examiner:
    """Reads the law of a day on one scenario, partial or not, as an avis would."""

    def __init__(self, law: LawState, day: dt.date) -> None:
        self.law = law
        self.day = day
        self.book = law.rulebook

    def read(self, stated: Stated) -> Reading[bool]:
        """The law on the stated facts, those that the vocabulary presumes being added."""
        return self.read_base(self.base(stated))

    def read_base(self, base: FactBase) -> Reading[bool]:
        """The law on these facts, nothing being added."""
        return read(self.law, base)

    def base(self, stated: Stated) -> FactBase:
        """The facts, presumptions included, as the engine reads them."""
        known: dict[Place, dict[str, Value]] = {p: dict(facts) for p, facts in stated.items()}
        known[None][DATE] = self.day
        for fact in self.book.facts.values():
            if fact.presumed is not None:
                for place, facts in known.items():
                    if fact.scope == (place[0] if place else None):
                        facts.setdefault(fact.id, fact.presumed)
        items: dict[str, list[dict[str, Value]]] = {}
        for place in sorted(p for p in known if p is not None):
            items.setdefault(place[0], []).append(known[place])
        return FactBase(known[None], {name: tuple(found) for name, found in items.items()})


def smallest(
    examiner: Examiner,
    stated: Stated,
    shows: Callable[[Stated, Reading[bool]], bool],
    kept: Iterable[tuple[Place, str]] = (),
) -> Stated | None:
    """The scenario without the facts that it does not need to show what it shows.

    ``None`` when even the whole of it does not show it.  Compulsory facts and ``kept`` stay.
    """
    book = examiner.book
    if not shows(stated, examiner.read(stated)):
        return None
    fixed = {*kept, *((None, name) for name, fact in book.facts.items() if fact.required)}
    current = {place: dict(facts) for place, facts in stated.items()}
    droppable = [(p, n) for p, facts in stated.items() for n in facts if (p, n) not in fixed]
    # Most facts do not matter: they go many at once, and only what resists is looked at closer.
    pending = [droppable]
    while pending:
        some = pending.pop()
        fewer = {
            place: {k: v for k, v in facts.items() if (place, k) not in some}
            for place, facts in current.items()
        }
        if shows(fewer, examiner.read(fewer)):
            current = fewer
        elif len(some) > 1:
            half = len(some) // 2
            pending += [some[half:], some[:half]]
    for place, facts in current.items():
        # A presumption that plays a part is written: who reads the scenario must see it.
        known = examiner.base(current)
        for name, fact in book.facts.items():
            if fact.presumed is None or name in facts or fact.scope != (place and place[0]):
                continue
            without = _with(known, place, name, None)
            if not shows(current, examiner.read_base(without)):
                facts[name] = fact.presumed
    return current


def _with(base: FactBase, place: Place, name: str, value: Value | None) -> FactBase:
    def changed(facts: Mapping[str, Value]) -> dict[str, Value]:
        found = {k: v for k, v in facts.items() if k != name}
        return found if value is None else {**found, name: value}

    if place is None:
        return FactBase(changed(base.scenario), base.items)
    group, number = place
    items = [changed(f) if n == number else f for n, f in enumerate(base.items[group])]
    return FactBase(base.scenario, {**base.items, group: tuple(items)})


def document(book: Rulebook, day: dt.date, stated: Stated) -> dict[str, Any]:
    """The scenario as ``coopdec avis`` reads it."""
    root: dict[str, Any] = {}
    put(root, book.facts[DATE].path, day.isoformat())
    for fact in book.facts.values():
        if fact.scope is None and fact.id in stated[None]:
            put(root, fact.path, fact.kind.plain(stated[None][fact.id]))
    for group in book.groups.values():
        places = sorted(p for p in stated if p is not None and p[0] == group.id)
        items = []
        for place in places:
            item: dict[str, Any] = {}
            for fact in book.facts.values():
                if fact.scope == group.id and fact.id in stated[place]:
                    put(item, fact.path, fact.kind.plain(stated[place][fact.id]))
            items.append(item)
        if len(items) > 1 or any(items):
            put(root, group.path, items)
    return root
