"""The facts that two rulebooks share, and one table of comparisons over both.

A fact known to both, with the same type at the same place, is chosen once for the two laws, cut by
the comparisons of both.  A fact that only one knows, or that they understand differently, is free
for that law alone and bears the name of its side.  Values, and ends of ranges, that only one of
them accepts are left out: the other has no answer to compare.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from coopdec_rules.errors import EngineError
from coopdec_rules.rulebook.formula import Formula
from coopdec_rules.rulebook.meaning import Meaning
from coopdec_rules.rulebook.model import (
    Among,
    Atom,
    Compare,
    Expr,
    Fact,
    FactRef,
    IsTrue,
    Percent,
    Rule,
    Shift,
    Value,
)
from coopdec_rules.rulebook.rulebook import Rulebook, make_rulebook

Side = Literal["ancien", "nouveau"]
SIDES: tuple[Side, Side] = ("ancien", "nouveau")


def private(side: Side, name: str) -> str:
    """The name of a fact that only one side has; no vocabulary may hold a colon."""
    return f"{side}:{name}"


def owner(name: str) -> Side | None:
    """The only side that has the fact, ``None`` when both do."""
    for side in SIDES:
        if name.startswith(f"{side}:"):
            return side
    return None


def plain(name: str) -> str:
    """The name of the fact in its own rulebook."""
    return name.partition(":")[2] if owner(name) else name


@dataclass(frozen=True)
class Shared:
    """Both vocabularies as one.

    ``book`` holds the facts and the comparisons of both and no more: ``Variables`` and ``moments``
    read it.  ``atoms`` gives, for each side, the place there of each of its own comparisons.
    ``excluded`` are the values of shared facts that only one side accepts.
    """

    old: Rulebook
    new: Rulebook
    book: Rulebook
    atoms: Mapping[Side, Mapping[int, int]]
    excluded: Mapping[str, frozenset[Value]]

    def side(self, side: Side) -> Rulebook:
        return self.old if side == "ancien" else self.new

    def logic(self, side: Side) -> Logic:
        return Logic(self.side(side))

    @property
    def same_facts(self) -> bool:
        """Whether both vocabularies say the same of what scenarios may hold."""
        return Logic(self.old).space() == Logic(self.new).space()


class Logic:
    """What a rulebook decides, in one spelling, whatever its prose and its sources."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book
        self._meaning = Meaning(book.all_atoms)

    def formula(self, formula: Formula | None) -> str:
        return "" if formula is None else self._meaning.formula(formula)

    def rule(self, rule: Rule) -> tuple[object, ...]:
        """Equal for two rules that always decide alike, in the same days."""
        conditions = tuple(sorted(self.formula(c.formula) for c in rule.conditions))
        return (
            rule.id,
            rule.scope,
            conditions,
            tuple(sorted(rule.concludes)),
            tuple(sorted(rule.sets_aside)),
        )

    def fact(self, fact: Fact) -> tuple[object, ...]:
        return (
            fact.type,
            fact.scope,
            fact.group.path + fact.key,
            fact.required,
            sorted(fact.values),
            fact.minimum,
            fact.maximum,
            self.formula(fact.relevant_if),
        )

    def space(self) -> tuple[object, ...]:
        facts = tuple(sorted((name, *self.fact(f)) for name, f in self._book.facts.items()))
        keys = tuple(sorted((g.id, g.unique_key or "") for g in self._book.groups.values()))
        conclusions = tuple(
            sorted(
                (c.id, c.type, c.scope or "", *c.values) for c in self._book.conclusions.values()
            )
        )
        impossible = tuple(
            sorted(
                (str(i.period), i.scope or "", self.formula(i.formula))
                for i in self._book.impossible
            )
        )
        return repr(facts), keys, conclusions, impossible


def share(old: Rulebook, new: Rulebook) -> Shared:
    """Put two rulebooks on the same facts."""
    facts: dict[str, Fact] = {}
    excluded: dict[str, frozenset[Value]] = {}
    names: dict[Side, dict[str, str]] = {"ancien": {}, "nouveau": {}}
    for name in {**new.facts, **old.facts}:
        mine, theirs = old.facts.get(name), new.facts.get(name)
        common = _common(mine, theirs) if mine and theirs else None
        if common is not None and mine and theirs:
            facts[name] = common
            excluded[name] = frozenset(set(mine.values) ^ set(theirs.values))
            continue
        for side, fact in zip(SIDES, (mine, theirs), strict=True):
            if fact is not None:
                own = private(side, name)
                names[side][name] = own
                facts[own] = dataclasses.replace(fact, id=own)
    atoms: list[Atom] = []
    known: dict[tuple[object, str | None], int] = {}
    numbers: dict[Side, dict[int, int]] = {"ancien": {}, "nouveau": {}}
    for side, book in zip(SIDES, (old, new), strict=True):
        for atom in book.atoms:
            if isinstance(atom.kind, IsTrue | Among | Compare):
                kind = _renamed(atom.kind, names[side])
                key = (kind, atom.scope)
                if key not in known:
                    known[key] = len(atoms)
                    atoms.append(Atom(len(atoms), kind, atom.scope, atom.text))
                numbers[side][atom.index] = known[key]
    book = make_rulebook(
        version="",
        fingerprint=f"{old.fingerprint}+{new.fingerprint}",
        groups={**old.groups, **new.groups},
        facts=facts,
        conclusions={},
        sources={},
        norms={},
        ranks={**old.ranks, **new.ranks},
        rules=(*old.rules, *new.rules),
        atoms=atoms,
        strata=new.strata,
        relevance_order=(),
        themes={},
        impossible=(*old.impossible, *new.impossible),
    )
    return Shared(old, new, book, numbers, excluded)


def _common(mine: Fact, theirs: Fact) -> Fact | None:
    """A fact as both accept it; ``None`` when they do not understand it alike."""
    if mine.type != theirs.type or mine.scope != theirs.scope or mine.path != theirs.path:
        return None
    if mine.scope and mine.group.path != theirs.group.path:
        return None
    values = {key: text for key, text in theirs.values.items() if key in mine.values}
    low = _end(max, mine.minimum, theirs.minimum)
    high = _end(min, mine.maximum, theirs.maximum)
    if (mine.kind.listed and not values) or (
        low is not None and high is not None and low > high  # type: ignore[operator]
    ):
        return None
    return dataclasses.replace(theirs, values=values, minimum=low, maximum=high)


def _end(
    choose: Callable[[Iterable[Decimal | dt.date]], Decimal | dt.date],
    *ends: Decimal | dt.date | None,
) -> Decimal | dt.date | None:
    known = [end for end in ends if end is not None]
    return choose(known) if known else None


def _renamed(kind: IsTrue | Among | Compare, names: Mapping[str, str]) -> IsTrue | Among | Compare:
    if isinstance(kind, Compare):
        return Compare(names.get(kind.fact, kind.fact), kind.op, _renamed_in(kind.right, names))
    return dataclasses.replace(kind, fact=names.get(kind.fact, kind.fact))


def _renamed_in(expr: Expr, names: Mapping[str, str]) -> Expr:
    match expr:
        case FactRef(fact):
            return FactRef(names.get(fact, fact))
        case Percent(rate, fact):
            return Percent(rate, names.get(fact, fact))
        case Shift(base, years, months, days):
            moved = _renamed_in(base, names)
            if isinstance(moved, FactRef):
                return Shift(moved, years, months, days)
    return expr


def repeated_groups(books: Sequence[Rulebook]) -> list[str]:
    """Repeated groups of these rulebooks, in alphabetical order."""
    return sorted({g.id for book in books for g in book.groups.values() if g.repeated})


def check_comparable(old: Rulebook, new: Rulebook) -> None:
    """Raise ``EngineError`` when the two have no day in common to be compared at."""
    if _common(old.facts["date"], new.facts["date"]) is None:
        raise EngineError("Les deux recueils n'ont aucune date en commun.")
