"""The law read on facts, whatever truths are made of: the one place that says what rules mean.

A truth is a pair, "certainly" and "certainly not", of what an ``Algebra`` combines.  What is asked
is worked out then, with what it needs, and kept.  Nothing recurses along a chain of rules: a
conclusion is read after all that it rests on (``LawIndex.path``), a rule after its exceptions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, Protocol, TypeVar
from weakref import ref

from coopdec_rules.reasoning.algebra import Algebra, Comparison, Truth
from coopdec_rules.reasoning.dependence import Moved
from coopdec_rules.reasoning.places import Place, Shape
from coopdec_rules.rulebook.flat import Flat, flat
from coopdec_rules.rulebook.formula import Formula
from coopdec_rules.rulebook.model import Concluded, Quantified
from coopdec_rules.rulebook.rulebook import LawState

T = TypeVar("T")
N = TypeVar("N", str, int)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class State(Generic[T]):
    """What a conclusion is.

    ``value`` tells where it has each value; ``possible`` where each is still open, or certain;
    ``conflict`` and ``gap`` where the rulebook is at fault: two values are certain, or none is
    possible.  Only values that some rule gives are there.
    """

    value: Mapping[str, T]
    possible: Mapping[str, T]
    conflict: T
    gap: T


class Known(Protocol[T]):
    """What is settled already, so that it need not be read; ``None`` for what is not."""

    def atom(self, index: int, place: Place, /) -> Truth[T] | None:
        """The truth of an atom."""

    def rule(self, index: int, place: Place, /) -> Truth[T] | None:
        """Whether a rule applies."""

    def claims(self, conclusion: str, place: Place, /) -> dict[str, Truth[T]] | None:
        """What rules give a conclusion."""


def _there(reading: ref[Reading[T]]) -> Reading[T]:
    """The reading, which lasts as long as what it keeps.

    What it keeps only points at it: it goes, with the programs it holds, when its last user goes,
    without waiting for a search of garbage.
    """
    found = reading()
    if found is None:
        raise ReferenceError("a reading is over: what it kept cannot be worked out any more")
    return found


class _Rails(dict[int, T]):
    """Sides of every atom at one place, each worked out when it is first read."""

    __slots__ = ("_place", "_reading")

    def __init__(self, reading: Reading[T], place: Place) -> None:
        self._reading = ref(reading)
        self._place = place

    def __missing__(self, rail: int) -> T:
        truth = _there(self._reading)._atom(rail >> 1, self._place)
        self[rail & ~1], self[rail | 1] = truth
        return truth[rail & 1]


class _Effects(dict[int, Truth[T]]):
    """Whether each rule applies at one place, worked out when it is first read."""

    __slots__ = ("_place", "_reading")

    def __init__(self, reading: Reading[T], place: Place) -> None:
        self._reading = ref(reading)
        self._place = place

    def __missing__(self, index: int) -> Truth[T]:
        found = self[index] = _there(self._reading)._rule(index, self._place)
        return found


class Reading(Generic[T]):
    """One state of the law on facts given by ``comparison``.

    ``faulty`` are the conclusions that may lack a value or have two; by default any may.  Of the
    others it is supposed that they never do: what is not claimed is then certainly not.  With none
    at fault, every comparison must be settled by the facts, and so is all the rest.
    ``beyond`` gives, for an atom over all items, its formula's truth over those of which the shape
    says nothing.  ``variants`` are other conditions for a rule, each with where it is read so.
    ``known`` is what another reading of the same facts settled: all these facts leave as it is.
    """

    def __init__(
        self,
        law: LawState,
        algebra: Algebra[T],
        shape: Shape,
        comparison: Comparison[T],
        *,
        faulty: Collection[str] | None = None,
        beyond: Callable[[int], Truth[T] | None] | None = None,
        variants: Mapping[int, Sequence[tuple[T, Flat]]] | None = None,
        known: Known[T] | None = None,
    ) -> None:
        self.law = law
        self.book = law.rulebook
        self.algebra = algebra
        self.shape = shape
        self.faulty = faulty
        self.variants = variants or {}
        self._true = algebra.true
        self._crisp = faulty is not None and not faulty
        self._all_of, self._any_of, self._no = algebra.all_of, algebra.any_of, algebra.no
        self._comparison = comparison
        self._beyond = beyond
        self._known = known
        self._index, self._atoms = law.index, law.rulebook.index
        self._places: dict[str | None, Sequence[Place]] = {
            scope: shape.places(scope) for scope in (None, *dict(shape.counts))
        }
        self._here = {place: _Rails(self, place) for place in shape.every()}
        self._relevant: dict[tuple[str, Place], Truth[T]] = {}
        self._rules = {place: _Effects(self, place) for place in shape.every()}
        self._claims: dict[tuple[str, Place], dict[str, Truth[T]]] = {}
        self._states: dict[tuple[str, Place], State[T]] = {}

    def after(
        self,
        comparison: Comparison[T],
        moved: Moved,
        beyond: Callable[[int], Truth[T] | None] | None,
    ) -> Reading[T]:
        """The same law read after a change of facts, sharing all that it cannot move."""
        other = Reading(
            self.law,
            self.algebra,
            self.shape,
            comparison,
            faulty=self.faulty,
            beyond=beyond,
            variants=self.variants,
        )
        for place, here in self._here.items():
            other._here[place].update(
                {rail: side for rail, side in here.items() if rail >> 1 not in moved.atoms}
            )
            other._rules[place].update(
                {n: truth for n, truth in self._rules[place].items() if n not in moved.rules}
            )
        other._relevant.update(_kept(self._relevant, moved.relevance))
        other._claims.update(_kept(self._claims, moved.conclusions))
        other._states.update(_kept(self._states, moved.conclusions))
        return other

    # -- formulas ----------------------------------------------------------------------------

    def formula(self, formula: Formula | Flat, place: Place) -> Truth[T]:
        """Where a formula certainly holds, and where it certainly does not."""
        compiled = formula if isinstance(formula, Flat) else flat(formula)
        return self._truth(compiled, self._here[place])

    def atom(self, index: int, place: Place) -> Truth[T]:
        """The truth of an atom at a place."""
        here = self._here[place]
        return here[2 * index], here[2 * index + 1]

    def relevant(self, fact: str, place: Place) -> Truth[T]:
        """Where a fact has an object; with one that has none, no comparison holds."""
        if fact not in self._atoms.relevance:
            return self.algebra.true, self.algebra.false
        facts = self.book.facts
        for name in self._atoms.relevance_before(fact):
            key = (name, place if facts[name].scope else None)
            if key not in self._relevant:
                self._relevant[key] = self.formula(self._atoms.relevance[name], key[1])
        return self._relevant[key]

    def impossible(self, day: dt.date) -> T:
        """Where a combination that the rulebook declares impossible on this day certainly is."""
        return self._any_of(
            [
                self._side(formula, self._here[place], 0)
                for declared, formula in self.book.impossible_formulas
                if declared.period.contains(day)
                for place in self._places[declared.scope]
            ]
        )

    # -- rules -------------------------------------------------------------------------------

    def conditions(self, index: int, place: Place) -> Truth[T]:
        """The truth of a rule's own conditions."""
        found = self._truth(self._index.formulas[index], self._here[place])
        variants = self.variants.get(index) if self.variants else None
        if not variants:
            return found
        plainly = self._no(self._any_of([where for where, _ in variants]))
        read = [(plainly, found), *((w, self.formula(f, place)) for w, f in variants)]
        sides = [
            self._any_of([self._all_of([where, truth[side]]) for where, truth in read])
            for side in (0, 1)
        ]
        return sides[0], sides[1]

    def rule(self, index: int, place: Place) -> Truth[T]:
        """Where a rule applies: its conditions hold, and no rule that applies sets it aside."""
        return self._rules[place if self.law.rules[index].scope else None][index]

    def _rule(self, index: int, place: Place) -> Truth[T]:
        if self._known is not None and (settled := self._known.rule(index, place)) is not None:
            return settled
        exceptions = self._index.exceptions.get(index)
        if exceptions is None:
            return self.conditions(index, place)
        for other in self._index.lineage(index)[:-1]:
            self.rule(other, place)
        against = [self.rule(other, place) for other in exceptions]
        own = self.conditions(index, place)
        return self._join([own, *((no, yes) for yes, no in against)], True)

    # -- conclusions -------------------------------------------------------------------------

    def claims(self, conclusion: str, place: Place) -> Mapping[str, Truth[T]]:
        """For each value that rules give: where one does, and where none can."""
        scopes = self.book.conclusions
        key = (conclusion, place if scopes[conclusion].scope else None)
        found = self._claims.get(key)
        if found is None and self._known is not None:
            found = self._known.claims(*key)
            if found is not None:
                self._claims[key] = found
        if found is None:
            for name, everywhere in self._index.path(conclusion):
                scope = scopes[name].scope
                for where in self._places[scope] if everywhere or scope is None else (place,):
                    if (name, where) not in self._claims:
                        self._claims[name, where] = self._claimed(name, where)
            found = self._claims[key]
        return found

    def value(self, conclusion: str, value: str, place: Place) -> T:
        """Where some rule gives the conclusion this value."""
        found = self.claims(conclusion, place).get(value)
        return self.algebra.false if found is None else found[0]

    def state(self, conclusion: str, place: Place) -> State[T]:
        """What the conclusion is: exactly one certain value, or a fault, or still open."""
        key = (conclusion, place if self.book.conclusions[conclusion].scope else None)
        found = self._states.get(key)
        if found is None:
            claims = self.claims(*key)
            flag = self.book.conclusions[conclusion].type == "drapeau"
            found = self._states[key] = self._flag(claims) if flag else self._choice(claims)
        return found

    def _claimed(self, conclusion: str, place: Place) -> dict[str, Truth[T]]:
        settled = None if self._known is None else self._known.claims(conclusion, place)
        if settled is not None:
            return settled
        # A rule has the scope of what it concludes.
        rules = self._rules[place]
        found = {
            value: self._join([rules[index] for index in giving], False)
            for value, giving in self._index.giving.get(conclusion, ())
        }
        if self.book.conclusions[conclusion].type == "drapeau":
            yes, no = found.get("oui", (self.algebra.false, self.algebra.true))
            found = {"oui": (yes, no), "non": (no, yes)}
        return found

    def _flag(self, claims: Mapping[str, Truth[T]]) -> State[T]:
        return State(
            {value: yes for value, (yes, _) in claims.items()},
            {value: self._no(no) for value, (_, no) in claims.items()},
            self.algebra.false,
            self.algebra.false,
        )

    def _choice(self, claims: Mapping[str, Truth[T]]) -> State[T]:
        once = twice = self.algebra.false
        for yes, _ in claims.values():
            twice = self._any_of([twice, self._all_of([once, yes])])
            once = self._any_of([once, yes])
        alone, unclaimed = self._no(twice), self._no(once)
        # A certain value leaves no other open.
        possible = {
            value: self._any_of([yes, self._all_of([unclaimed, self._no(no)])])
            for value, (yes, no) in claims.items()
        }
        return State(
            {value: self._all_of([yes, alone]) for value, (yes, _) in claims.items()},
            possible,
            twice,
            self._no(self._any_of(list(possible.values()))),
        )

    # -- atoms -------------------------------------------------------------------------------

    def _atom(self, index: int, place: Place) -> Truth[T]:
        atom = self.book.all_atoms[index]
        if atom.scope is None and place is not None:
            return self.atom(index, None)
        if self._known is not None and (settled := self._known.atom(index, place)) is not None:
            return settled
        kind = atom.kind
        if isinstance(kind, Concluded):
            return self._concluded(kind.conclusion, self._atoms.accepted[index], place)
        if isinstance(kind, Quantified):
            inner = self._atoms.inner[index]
            parts = [self.formula(inner, item) for item in self._places[kind.group]]
            beyond = self._beyond(index) if self._beyond else None
            return self._join(
                parts if beyond is None else [*parts, beyond], kind.quantifier != "un"
            )
        found = self._comparison(index, place)
        doubtful = self._atoms.doubtful[index]
        if not doubtful:
            return found
        return self._join([found, *(self.relevant(name, place) for name in doubtful)], True)

    def _concluded(self, name: str, accepted: Sequence[str], place: Place) -> Truth[T]:
        flag = self.book.conclusions[name].type == "drapeau"
        if flag or (self.faulty is not None and name not in self.faulty):
            claims = self.claims(name, place)
            named = [claims[value] for value in accepted if value in claims]
            if flag:
                return self._join(named, False)
            holds = self._any_of([yes for yes, _ in named])
            return holds, self._no(holds)
        state = self.state(name, place)
        given = [value for value in accepted if value in state.value]
        # False when no value still possible fits, unless the rulebook is at fault; never true by
        # elimination, so that a gap cannot become an answer.
        return self._any_of([state.value[value] for value in given]), self._no(
            self._any_of([state.conflict, state.gap, *(state.possible[value] for value in given)])
        )

    # -- parts -------------------------------------------------------------------------------

    def _truth(self, formula: Flat, here: _Rails[T]) -> Truth[T]:
        holds = self._side(formula, here, 0)
        if self._crisp or holds is self._true:
            return holds, self._no(holds)
        return holds, self._side(formula, here, 1)

    def _side(self, formula: Flat, here: _Rails[T], side: int) -> T:
        if formula.only is not None:
            return here[formula.only ^ side]
        found: Iterable[T] = formula.take[side](here)
        if formula.parts:
            # Read one after the other: an algebra may stop at the first that decides.
            found = chain(found, (self._side(part, here, side) for part in formula.parts))
        return self._all_of(found) if formula.conjunction != side else self._any_of(found)

    def _join(self, parts: Sequence[Truth[T]], conjunction: bool) -> Truth[T]:
        if len(parts) == 1:
            return parts[0]
        first, second = [yes for yes, _ in parts], [no for _, no in parts]
        holds = self._all_of(first) if conjunction else self._any_of(first)
        if self._crisp:
            return holds, self._no(holds)
        return holds, self._any_of(second) if conjunction else self._all_of(second)


def _kept(known: Mapping[tuple[N, Place], V], moved: frozenset[N]) -> dict[tuple[N, Place], V]:
    return {key: value for key, value in known.items() if key[0] not in moved}
