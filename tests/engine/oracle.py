"""What the engine must answer, written a second time as plainly as possible.

Nothing of ``coopdec_rules.engine`` is used: only the rulebook's model and the shape of formulas.
Where the engine goes up through strata with a matcher, the oracle goes down by recursion from what
is asked.  Truth is ``True``, ``False`` or ``None`` (unknown).
"""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
import math
import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from coopdec_rules.rulebook.formula import And, Formula, Lit, Or, literals
from coopdec_rules.rulebook.model import (
    Among,
    Compare,
    Concluded,
    Const,
    Expr,
    FactRef,
    IsTrue,
    Percent,
    Quantified,
    Rule,
    Shift,
    Value,
)
from coopdec_rules.rulebook.rulebook import Rulebook

Kleene = bool | None
#: Where something is read: ``None`` for the scenario, else a repeated group and one of its items.
Place = tuple[str, int] | None
Facts = Mapping[str, Value]

_UNREAD = object()
_ORDER = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def every(values: Iterable[Kleene]) -> Kleene:
    """Kleene conjunction."""
    seen = list(values)
    if any(v is False for v in seen):
        return False
    return None if any(v is None for v in seen) else True


def some(values: Iterable[Kleene]) -> Kleene:
    """Kleene disjunction."""
    seen = list(values)
    if any(v is True for v in seen):
        return True
    return None if any(v is None for v in seen) else False


def moved(day: dt.date, years: int, months: int, days: int) -> dt.date:
    """A date moved by years and months (to the last day of a month too short), then by days."""
    month = day.month - 1 + months
    year = day.year + years + month // 12
    month = month % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, min(day.day, last)) + dt.timedelta(days=days)


@dataclass(frozen=True)
class State:
    """State of a conclusion; ``possible`` is meant as a set."""

    value: str | None
    possible: frozenset[str]
    conflict: bool = False
    gap: bool = False


class Law:
    """The rules of one day, indexed for the recursion."""

    def __init__(self, book: Rulebook, day: dt.date) -> None:
        self.book = book
        self.rules: list[Rule] = [r for r in book.rules if r.period.contains(day)]
        self.concluding: dict[str, list[tuple[int, str]]] = {}
        aside: dict[str, list[int]] = {}
        for index, rule in enumerate(self.rules):
            for name, value in rule.concludes:
                self.concluding.setdefault(name, []).append((index, value))
            for target in dict.fromkeys(rule.sets_aside):
                aside.setdefault(target, []).append(index)
        self.against: list[list[int]] = [aside.get(rule.id, []) for rule in self.rules]


class Reading:
    """One scenario under one law; every answer is computed when asked, and kept."""

    def __init__(self, law: Law, scenario: Facts, items: Mapping[str, tuple[Facts, ...]]) -> None:
        self.law = law
        self.book = law.book
        self.scenario = scenario
        self.items = {
            group.id: tuple(items.get(group.id) or ({},))
            for group in law.book.groups.values()
            if group.repeated
        }
        self._atoms: dict[tuple[int, Place], Kleene] = {}
        self._raw: dict[tuple[int, Place], Kleene] = {}
        self._effective: dict[tuple[int, Place], Kleene] = {}
        self._conclusions: dict[tuple[str, Place], State] = {}
        self._relevant: dict[tuple[str, Place], Kleene] = {}

    def places(self, scope: str | None) -> list[Place]:
        """Every place where something of this scope is read."""
        return [None] if scope is None else [(scope, i) for i in range(len(self.items[scope]))]

    # -- facts -----------------------------------------------------------------------------------

    def fact(self, name: str, place: Place) -> Value | None:
        """Value of a fact; ``None`` when it is unknown."""
        if self.book.facts[name].scope is None:
            return self.scenario.get(name)
        assert place is not None
        return self.items[place[0]][place[1]].get(name)

    def relevant(self, name: str, place: Place) -> Kleene:
        """Whether the fact has an object."""
        fact = self.book.facts[name]
        if fact.relevant_if is None:
            return True
        key = (name, None if fact.scope is None else place)
        found = self._relevant.get(key, _UNREAD)
        if found is _UNREAD:
            found = self._relevant[key] = self.holds(fact.relevant_if, key[1])
        return found  # type: ignore[return-value]

    def quantity(self, expr: Expr, place: Place) -> int | Decimal | dt.date | None:
        match expr:
            case Const(value):
                return value
            case FactRef(name):
                return self.fact(name, place)  # type: ignore[return-value]
            case Percent(rate, name):
                base = self.fact(name, place)
                return None if base is None else Decimal(base) * rate / Decimal(100)
            case Shift(base, years, months, days):
                start = self.quantity(base, place)
                return None if start is None else moved(start, years, months, days)

    # -- conditions ------------------------------------------------------------------------------

    def holds(self, formula: Formula, place: Place) -> Kleene:
        match formula:
            case Lit(index, positive):
                value = self.atom(index, place)
                return value if positive or value is None else not value
            case And(parts):
                return every(self.holds(p, place) for p in parts)
            case Or(parts):
                return some(self.holds(p, place) for p in parts)

    def atom(self, index: int, place: Place) -> Kleene:
        where = None if self.book.atoms[index].scope is None else place
        found = self._atoms.get((index, where), _UNREAD)
        if found is _UNREAD:
            found = self._atoms[index, where] = self._atom(index, where)
        return found  # type: ignore[return-value]

    def _atom(self, index: int, place: Place) -> Kleene:
        kind = self.book.atoms[index].kind
        match kind:
            case Quantified(quantifier, group, formula):
                values = [self.holds(formula, item) for item in self.places(group)]
                return some(values) if quantifier == "un" else every(values)
            case Concluded(name, wanted):
                state = self.conclusion(name, place)
                if state.value is not None:
                    return state.value in wanted
                if state.gap or state.conflict or wanted & state.possible:
                    return None
                return False
        # A comparison holds when its facts have an object and it is true: with a fact that has none
        # it never holds, on whichever side it stands, and with a doubtful one never for certain.
        relevance = every(self.relevant(name, place) for name in facts_compared(kind))
        if relevance is False:
            return False
        return every([relevance, self._compared(kind, place)])

    def _compared(self, kind: IsTrue | Among | Compare, place: Place) -> Kleene:
        value = self.fact(kind.fact, place)
        if value is None:
            return None
        match kind:
            case IsTrue():
                return value is True
            case Among(_, values):
                return value in values
            case Compare(_, op, right):
                other = self.quantity(right, place)
                return None if other is None else _ORDER[op](value, other)

    # -- rules and conclusions -------------------------------------------------------------------

    def raw(self, index: int, place: Place) -> Kleene:
        """Whether the conditions of a rule hold."""
        key = (index, place)
        if key not in self._raw:
            self._raw[key] = self.holds(self.law.rules[index].formula, place)
        return self._raw[key]

    def effective(self, index: int, place: Place) -> Kleene:
        """Whether a rule applies: its conditions hold and no rule that applies sets it aside."""
        key = (index, place)
        if key not in self._effective:
            value = self.raw(index, place)
            for other in self.law.against[index]:
                if value is False:
                    break
                where = place if self.law.rules[other].scope is not None else None
                against = self.effective(other, where)
                value = every([value, None if against is None else not against])
            self._effective[key] = value
        return self._effective[key]

    def conclusion(self, name: str, place: Place) -> State:
        where = None if self.book.conclusions[name].scope is None else place
        key = (name, where)
        if key not in self._conclusions:
            self._conclusions[key] = self._conclusion(name, where)
        return self._conclusions[key]

    def suppose(self, name: str, place: Place, value: str) -> None:
        """Take a conclusion for settled."""
        self._conclusions[name, place] = State(value, frozenset({value}))

    def _conclusion(self, name: str, place: Place) -> State:
        claims = [
            (value, self.effective(index, place))
            for index, value in self.law.concluding.get(name, ())
        ]
        certain = frozenset(value for value, effect in claims if effect is True)
        possible = frozenset(value for value, effect in claims if effect is not False)
        if self.book.conclusions[name].type == "drapeau":
            if certain:
                return State("oui", certain)
            if possible:
                return State(None, frozenset({"oui", "non"}))
            return State("non", frozenset({"non"}))
        if len(certain) == 1:
            return State(next(iter(certain)), certain)
        if certain:
            return State(None, certain, conflict=True)
        return State(None, possible, gap=not possible)


def narrowest(reading: Reading, name: str, limit: int = 700) -> frozenset[str] | None:
    """Values that an unsettled conclusion takes for some combination of its items' own values.

    Only for a conclusion that reads nothing but one conclusion of one repeated group, through
    quantifiers: the items are then given each of their possible values in turn.  ``None`` for any
    other, and when there are more combinations than ``limit``.
    """
    book = reading.book
    kinds = [
        book.atoms[literal.atom].kind
        for index, _ in reading.law.concluding.get(name, ())
        for literal in literals(reading.law.rules[index].formula)
    ]
    quantified = [kind for kind in kinds if isinstance(kind, Quantified)]
    inner = [book.atoms[lit.atom].kind for kind in quantified for lit in literals(kind.formula)]
    read = {kind.conclusion if isinstance(kind, Concluded) else None for kind in inner}
    if not kinds or len(quantified) < len(kinds) or len(read) != 1 or None in read:
        return None
    (conclusion,) = read
    groups = {kind.group for kind in quantified}
    if conclusion is None or book.conclusions[conclusion].scope not in groups or len(groups) > 1:
        return None
    places = reading.places(groups.pop())
    states = [reading.conclusion(conclusion, place) for place in places]
    if any(state.gap or state.conflict for state in states):
        return None
    if math.prod(len(state.possible) for state in states) > limit:
        return None
    found: set[str] = set()
    for values in itertools.product(*(state.possible for state in states)):
        given = Reading(reading.law, reading.scenario, reading.items)
        for place, value in zip(places, values, strict=True):
            given.suppose(conclusion, place, value)
        found |= given.conclusion(name, None).possible
    return frozenset(found)


def facts_compared(kind: IsTrue | Among | Compare) -> list[str]:
    """Facts on both sides of a comparison."""
    names = [kind.fact]
    if isinstance(kind, Compare):
        right = kind.right.base if isinstance(kind.right, Shift) else kind.right
        if isinstance(right, FactRef | Percent):
            names.append(right.fact)
    return names
