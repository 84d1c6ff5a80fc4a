"""Reads a scenario as people write it into typed facts; every mistake is placed and explained.

The shape (which keys, where, of which type) comes from the vocabulary alone.  Missing is never
false: a fact that is absent, null or "inconnu" stays unknown, unless the vocabulary presumes it,
and what was presumed is kept apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coopdec_rules.advice.values import escape, show
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.errors import Problem, ScenarioError, suggest
from coopdec_rules.rulebook.model import Fact, Group, Value
from coopdec_rules.rulebook.paths import put, value_at
from coopdec_rules.rulebook.rulebook import Rulebook

#: Most items of a repeated group: what an avis costs, and its length, grow with them.
MAX_ITEMS = 24
MAX_PROBLEMS = 50
UNKNOWN = "inconnu"


@dataclass(frozen=True, slots=True)
class Presumed:
    """A fact that was not stated and that is presumed.

    ``origin``: the sentence, in French, that says what else than the vocabulary presumes it.
    """

    fact: Fact
    value: Value
    item: int | None
    origin: str = ""

    @property
    def pointer(self) -> str:
        """Where the fact would have been stated."""
        return pointer_of(self.fact, self.item)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario read: the day its law is read at, its facts, and what was presumed."""

    day: dt.date
    base: FactBase
    presumed: tuple[Presumed, ...]


class ScenarioReader:
    """Reads scenarios against one rulebook's vocabulary."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._root: dict[str, Any] = {}
        self._items: dict[str, dict[str, Any]] = {}
        for group in rulebook.groups.values():
            self._place(group)
        for fact in rulebook.facts.values():
            tree = self._items[fact.group.id] if fact.group.repeated else self._root
            put(tree, fact.path, fact)
        #: Facts with a presumption, by repeated group.
        self._presumable: dict[str | None, list[Fact]] = {None: []}
        for group in rulebook.groups.values():
            if group.repeated:
                self._presumable[group.id] = []
        for fact in rulebook.facts.values():
            if fact.presumed is not None:
                self._presumable[fact.scope].append(fact)
        #: Facts that a scenario, or an item it gives, must state.
        self._required: dict[str | None, list[Fact]] = {}
        for fact in rulebook.facts.values():
            if fact.required:
                self._required.setdefault(fact.scope, []).append(fact)
        self._by_leaf: dict[str, str] = {}
        for fact in rulebook.facts.values():
            self._by_leaf.setdefault(fact.key[-1], pointer_of(fact, 0 if fact.scope else None))

    def read(self, document: object, today: dt.date) -> Scenario:
        """Typed facts of ``document``; ``today`` is the date when none is given.

        Raises ``ScenarioError`` with every mistake found (at most 50).
        """
        scenario, problems = self.readable(document, today)
        if problems:
            raise ScenarioError(problems[:MAX_PROBLEMS])
        return scenario

    def readable(self, document: object, today: dt.date) -> tuple[Scenario, list[Problem]]:
        """What can be read of ``document``, the rest being unknown, and every mistake found."""
        problems: list[Problem] = []
        known: dict[str, Value] = {}
        items: dict[str, list[dict[str, Value]]] = {}
        if isinstance(document, Mapping):
            self._walk(document, self._root, "", known, items, problems)
            self._require(known, problems, None, "")
        else:
            problems.append(
                Problem("", "Le scénario n'est pas un objet.", show(document), "un objet")
            )
        self._unique(items, problems)
        presumed = list(self._presume(known, None))
        known.setdefault("date", today)
        for group in self.rulebook.groups.values():
            if group.repeated:
                entries = items.setdefault(group.id, [{}]) or [{}]
                items[group.id] = entries
                for index, facts in enumerate(entries):
                    presumed.extend(self._presume(facts, index, group))
        day = known["date"]
        if not isinstance(day, dt.date):  # the vocabulary's loader guarantees it
            raise TypeError("the fact « date » is not a date")
        base = FactBase(known, {name: tuple(entries) for name, entries in items.items()})
        return Scenario(day, base, tuple(presumed)), problems

    def too_long(self, document: object) -> list[Problem]:
        """The repeated groups of which a document gives too many items."""
        found = []
        for group in self.rulebook.groups.values():
            entries = value_at(document, group.path) if group.repeated else None
            if isinstance(entries, list):
                found.append(_too_long(entries, "".join(f"/{escape(key)}" for key in group.path)))
        return [problem for problem in found if problem is not None]

    def _require(
        self, known: Mapping[str, Value], problems: list[Problem], group: Group | None, at: str
    ) -> None:
        """Report what is missing of the scenario, or of an item that it gives, found ``at``."""
        told = {problem.pointer for problem in problems}
        for fact in self._required.get(group.id if group else None, ()):
            pointer = at + "".join(f"/{escape(key)}" for key in fact.path)
            if fact.id not in known and pointer not in told:
                problems.append(
                    Problem(
                        pointer,
                        "Ce renseignement est obligatoire.",
                        None,
                        fact.kind.expected(fact),
                    )
                )

    # -- shape -------------------------------------------------------------------------------

    def _place(self, group: Group) -> None:
        if group.repeated:
            self._items[group.id] = {}
            put(self._root, group.path, group)

    def _walk(
        self,
        value: Mapping[Any, Any],
        tree: Mapping[str, Any],
        pointer: str,
        known: dict[str, Value],
        items: dict[str, list[dict[str, Value]]],
        problems: list[Problem],
    ) -> None:
        for key, child in value.items():
            place = tree.get(key) if isinstance(key, str) else None
            if place is None:
                name = key if isinstance(key, str) else show(key)
                here = f"{pointer}/{escape(name)}"
                problems.append(self._unknown_key(name, here, tree))
                continue
            here = f"{pointer}/{key}"
            if isinstance(place, Fact):
                found = self.value(child, place, here, problems)
                if found is not None:
                    known[place.id] = found
            elif isinstance(place, Group):
                self._list(child, place, here, items, problems)
            elif child is None:
                continue
            elif isinstance(child, Mapping):
                self._walk(child, place, here, known, items, problems)
            else:
                problems.append(
                    Problem(here, "Un objet est attendu ici.", show(child), _keys(place))
                )

    def _unknown_key(self, key: str, pointer: str, tree: Mapping[str, Any]) -> Problem:
        near = suggest(key, tree)
        elsewhere = self._by_leaf.get(key)
        message = "Ce champ n'existe pas."
        if near is None and elsewhere:
            message = f"Ce champ n'existe pas ici ; il se place à {elsewhere}."
        return Problem(pointer, message, show(key), _keys(tree), near)

    def _list(
        self,
        value: object,
        group: Group,
        pointer: str,
        items: dict[str, list[dict[str, Value]]],
        problems: list[Problem],
    ) -> None:
        if value is None:
            return
        single = isinstance(value, Mapping)
        entries = [value] if single else value
        if not isinstance(entries, list):
            problems.append(
                Problem(pointer, "Une liste est attendue ici.", show(value), "une liste d'objets")
            )
            return
        if (long := _too_long(entries, pointer)) is not None:
            problems.append(long)
            return
        found = []
        for index, entry in enumerate(entries):
            here = pointer if single else f"{pointer}/{index}"
            facts: dict[str, Value] = {}
            if isinstance(entry, Mapping):
                self._walk(entry, self._items[group.id], here, facts, {}, problems)
                self._require(facts, problems, group, here)
            else:
                problems.append(
                    Problem(
                        here, "Un objet est attendu ici.", show(entry),
                        _keys(self._items[group.id]),
                    )
                )  # fmt: skip
            found.append(facts)
        if found:
            items[group.id] = found

    def _unique(self, items: Mapping[str, list[dict[str, Value]]], problems: list[Problem]) -> None:
        for group in self.rulebook.groups.values():
            if not group.unique_key:
                continue
            seen: dict[Value, int] = {}
            name = f"{group.id}.{group.unique_key}"
            fact = self.rulebook.facts[name]
            for index, facts in enumerate(items.get(group.id, ())):
                value = facts.get(name, fact.presumed)
                if value is None:
                    continue
                if value in seen:
                    problems.append(
                        Problem(
                            pointer_of(fact, index),
                            f"Deux lignes portent la même valeur ({fact.label}) : les réunir.",
                            show(value),
                        )
                    )
                seen[value] = index

    def _presume(
        self, facts: dict[str, Value], item: int | None, group: Group | None = None
    ) -> Iterator[Presumed]:
        for fact in self._presumable[group.id if group else None]:
            if fact.id not in facts and fact.presumed is not None:
                facts[fact.id] = fact.presumed
                yield Presumed(fact, fact.presumed, item)

    # -- values ------------------------------------------------------------------------------

    def value(
        self, value: object, fact: Fact, pointer: str, problems: list[Problem]
    ) -> Value | None:
        """One value as a scenario writes it; ``None`` when unknown, or refused in ``problems``."""
        kind = fact.kind
        if kind.unknown(value, UNKNOWN):
            return None
        found = kind.read(value, fact)
        if found is None:
            hint = kind.near(value, fact) if isinstance(value, str) else None
            told = kind.refusal(value, fact)
            problems.append(Problem(pointer, told, show(value), kind.expected(fact), hint))
            return None
        low, high = fact.minimum, fact.maximum
        below = low is not None and found < low  # type: ignore[operator]
        if below or (high is not None and found > high):  # type: ignore[operator]
            limits = [f"au moins {low}"] if low is not None else []
            limits += [f"au plus {high}"] if high is not None else []
            problems.append(
                Problem(pointer, "Valeur hors limites.", show(value), " et ".join(limits))
            )
            return None
        return found


def pointer_of(fact: Fact, item: int | None) -> str:
    """JSON pointer of a fact in a scenario; ``item`` is its place in its repeated group.

    >>> from coopdec_rules.rulebook.model import Group
    >>> volet = Group("volet", ("action", "volets"), "Volets", repeated=True)
    >>> pointer_of(Fact("volet.domaine", volet, ("domaine",), "choix", "", ""), 1)
    '/action/volets/1/domaine'
    """
    parts = [*fact.group.path, *([str(item or 0)] if fact.group.repeated else []), *fact.key]
    return "/" + "/".join(escape(p) for p in parts)


def _too_long(entries: Sequence[object], pointer: str) -> Problem | None:
    if len(entries) <= MAX_ITEMS:
        return None
    return Problem(
        pointer,
        f"Cette liste compte {len(entries)} éléments, c'est trop : scindez l'action.",
        f"{len(entries)} éléments",
        f"{MAX_ITEMS} éléments au plus",
    )


def _keys(tree: Mapping[str, Any]) -> str:
    return "l'un des champs " + ", ".join(tree)
