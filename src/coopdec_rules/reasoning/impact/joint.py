"""Two laws of one moment on the same facts, and everything that they do not say alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from coopdec_rules.reasoning.algebra import Truth
from coopdec_rules.reasoning.answers import NOTHING, Answer
from coopdec_rules.reasoning.impact.shared import SIDES, Shared, Side, private
from coopdec_rules.reasoning.places import Place, Shape
from coopdec_rules.reasoning.program import Choices, Literal, Program, keep_possible
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.variables import Variables
from coopdec_rules.rulebook.rulebook import LawState


@dataclass(frozen=True, slots=True)
class Transition:
    """An answer that is ``before`` under the old law and ``after`` under the new one."""

    answer: Answer
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Context:
    """What both laws conclude alike: rules that they share give (or not) a conclusion this value.

    ``whole`` tells that all the rules which do so are shared; otherwise others may, in one law.
    """

    conclusion: str
    value: str
    place: Place
    whole: bool


class Joint:
    """A moment and a shape: the program, the facts, each law, and their differences."""

    def __init__(self, shared: Shared, day: dt.date, shape: Shape, variables: Variables) -> None:
        self.shared = shared
        self.shape = shape
        self.variables = variables
        self.program = Program(shape)
        self.choices = Choices(self.program, variables)
        self.laws: dict[Side, LawState] = {side: shared.side(side).at(day) for side in SIDES}
        self.readings = {side: self._reading(side) for side in SIDES}
        for reading in self.readings.values():
            keep_possible(self.choices, reading)
        self._keep_keys_apart()
        #: By side, conclusions that rules read and that may lack a value or have two.
        self.faulty: dict[Side, frozenset[str]] = {}
        for side in SIDES:
            faulty = self._faulty(side)
            if faulty:
                self.faulty[side] = faulty
                self.readings[side] = self._reading(side, faulty)

    def _reading(self, side: Side, faulty: frozenset[str] = frozenset()) -> Reading[Literal]:
        numbers = self.shared.atoms[side]

        def comparison(atom: int, place: Place) -> Truth[Literal]:
            return self.choices.comparison(numbers[atom], place)

        return Reading(self.laws[side], self.program, self.shape, comparison, faulty=faulty)

    def _faulty(self, side: Side) -> frozenset[str]:
        """Conclusions at fault, and all that are settled after the first of them.

        The reading without faults is exact as far as there is none.
        """
        faults = self._faults(side)
        if not self.possible([self.program.any_of(list(faults.values()))]):
            return frozenset()
        level = self.shared.side(side).strata.conclusion
        first = min(level.get(name, 0) for name in faults if self.possible([faults[name]]))
        return frozenset(name for name in faults if level.get(name, 0) >= first)

    def _faults(self, side: Side) -> dict[str, Literal]:
        """For each conclusion that a rule reads: somewhere it has no value, or two."""
        conclusions = self.shared.side(side).conclusions
        read = {name for names in self.laws[side].index.conclusions_of for name in names}
        return {
            name: self.program.any_of(
                [
                    self.answer(side, name, place)[NOTHING]
                    for place in self.shape.places(conclusions[name].scope)
                ]
            )
            for name in sorted(read)
        }

    def answer(self, side: Side, conclusion: str, place: Place) -> dict[str, Literal]:
        """The literal of each value that rules may give the conclusion, and of its having none."""
        found = dict(self.readings[side].state(conclusion, place).value)
        found[NOTHING] = self.program.all_of([-literal for literal in found.values()])
        return found

    def _keep_keys_apart(self) -> None:
        """No two items of a group bear the same key: such a scenario is refused when read."""
        for side in SIDES:
            for group in self.shared.side(side).groups.values():
                name = f"{group.id}.{group.unique_key}"
                if not group.unique_key or not group.repeated:
                    continue
                index = self.variables.index_of.get(name)
                if index is None:
                    index = self.variables.index_of[private(side, name)]
                if not self.variables.book.facts[self.variables.all[index].facts[0]].kind.listed:
                    continue
                places = self.shape.places(group.id)
                for first, second in combinations(places, 2):
                    cells = (self.choices.cells[first, index], self.choices.cells[second, index])
                    for pair in zip(*cells, strict=True):
                        self.program.forbid(pair)

    def possible(self, assumptions: Sequence[Literal]) -> bool:
        """Whether some scenario verifies these; what is never so is seen without a search."""
        kept = {literal for literal in assumptions if literal != self.program.true}
        if self.program.false in kept or any(-literal in kept for literal in kept):
            return False
        return self.program.possible(sorted(kept))

    # -- differences -------------------------------------------------------------------------

    def places(self, conclusion: str) -> list[Place]:
        """Where a conclusion that both laws have is compared.

        Items are alike, so the first speaks for all; none when the laws do not have it alike.
        """
        found = [self.shared.side(side).conclusions.get(conclusion) for side in SIDES]
        if any(c is None for c in found) or found[0].scope != found[1].scope:  # type: ignore[union-attr]
            return []
        return self.shape.places(found[0].scope)[:1]  # type: ignore[union-attr]

    def transitions(self, names: Sequence[str]) -> Iterator[tuple[Transition, Literal]]:
        """Every change of these answers that some scenario shows, with its literal."""
        for name in names:
            for place in self.places(name):
                old, new = (self.answer(side, name, place) for side in SIDES)
                pairs = {
                    (before, after): self.program.all_of([old[before], new[after]])
                    for before in self._ordered(name, old)
                    for after in self._ordered(name, new)
                    if before != after
                }
                if self.possible([self.program.any_of(list(pairs.values()))]):
                    for (before, after), literal in pairs.items():
                        if self.possible([literal]):
                            yield Transition((name, place), before, after), literal

    def _ordered(self, name: str, answer: Mapping[str, Literal]) -> list[str]:
        values = list(self.shared.new.conclusions[name].values)
        rank = {value: position for position, value in enumerate(values)}
        return sorted(answer, key=lambda value: (rank.get(value, len(rank)), value))

    def same(self, names: Sequence[str]) -> Literal:
        """Holds where all these answers, at every place, are the same under both laws."""
        equal = []
        for name in names:
            for place in self.places(name) and self.shape.places(
                self.shared.new.conclusions[name].scope
            ):
                old, new = (self.answer(side, name, place) for side in SIDES)
                equal.append(
                    self.program.any_of(
                        [self.program.all_of([old[v], new[v]]) for v in sorted(old) if v in new]
                    )
                )
        return self.program.all_of(equal)

    def applied(self) -> Iterator[tuple[str, Literal, Literal]]:
        """Rules that do not apply alike: each with where it no longer applies, and newly does."""
        found: dict[str, dict[Side, Literal]] = {}
        for side in SIDES:
            for index, rule in enumerate(self.laws[side].rules):
                places = self.shape.places(rule.scope)[:1]
                found.setdefault(rule.id, {})[side] = self.readings[side].rule(index, places[0])[0]
        never = self.program.false
        for name, literals in sorted(found.items()):
            old, new = literals.get("ancien", never), literals.get("nouveau", never)
            if old != new:
                yield (
                    name,
                    self.program.all_of([old, -new]),
                    self.program.all_of([new, -old]),
                )

    # -- what both laws conclude alike -------------------------------------------------------

    def contexts(self, below: str) -> dict[Context, Literal]:
        """Conclusions settled before ``below``, as far as shared rules give them; lowest first."""
        levels = [self.shared.side(side).strata.conclusion for side in SIDES]
        top = min(level.get(below, 0) for level in levels)
        read = {name for side in SIDES for name in self.laws[side].index.behind(below)}
        names = [
            name
            for name in self.shared.new.conclusions
            if name in read
            and self.places(name)
            and max(level.get(name, 0) for level in levels) < top
        ]
        names.sort(key=lambda name: (levels[1].get(name, 0), name))
        found: dict[Context, Literal] = {}
        for name in names:
            conclusion = self.shared.new.conclusions[name]
            for place in self.shape.places(conclusion.scope):
                for value in conclusion.values if conclusion.type == "choix" else ("oui",):
                    old, new = (self._claiming(side, name, value, place) for side in SIDES)
                    literal = self.program.any_of(sorted(old & new))
                    if abs(literal) != self.program.true:
                        found[Context(name, value, place, old == new)] = literal
        return found

    def _claiming(self, side: Side, name: str, value: str, place: Place) -> set[Literal]:
        reading = self.readings[side]
        return {
            reading.rule(index, place)[0]
            for index, given in self.laws[side].index.claims.get(name, ())
            if given == value
        } - {self.program.false}


def shapes(groups: Sequence[str]) -> list[Shape]:
    """One item in each repeated group, then two in each."""
    return [Shape.of(dict.fromkeys(groups, count)) for count in ((1, 2) if groups else (1,))]
