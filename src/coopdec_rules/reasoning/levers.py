"""The nearest scenarios with a better answer: fewest changes, over facts that someone can change.

A *lever* is a set of changes none of which can be spared.  Every single change and every pair is
tried, all at once (``batch``); when none helps, the solver looks for a larger set.  Only changes
that the vocabulary words (``faire``) are tried: a lever is always something to do.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from coopdec_rules.reasoning.answers import NOTHING, Answer
from coopdec_rules.reasoning.batch import BatchReader, Choice
from coopdec_rules.reasoning.places import Place, Slot
from coopdec_rules.reasoning.situation import Situation
from coopdec_rules.reasoning.solver import Solver
from coopdec_rules.reasoning.variables import Cell
from coopdec_rules.rulebook.model import WHO_ACTS, Fact, Value
from coopdec_rules.rulebook.rulebook import Rulebook

#: More candidates than this are not combined by pairs.
MOST_PAIRED = 160


@dataclass(frozen=True, slots=True)
class Step:
    """One fact to change; ``before`` is ``None`` when it was unknown."""

    fact: Fact
    place: Place
    before: Value | None
    after: Value


@dataclass(frozen=True, slots=True)
class Lever:
    """Changes that together give the answer ``value``.

    ``dropped`` is an item to do without.  ``sure`` is false when unknown facts could spoil it, or
    decide between several better answers: ``value`` is then the least of them.
    """

    steps: tuple[Step, ...]
    value: str
    sure: bool = True
    dropped: Place = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    step: Step
    key: Slot
    fits: dict[int, Cell]


class LeverFinder:
    """Looks for levers on the situations of one moment."""

    def __init__(self, book: Rulebook, reader: BatchReader, solver: Solver) -> None:
        self.reader = reader
        self.solver = solver
        self._facts = [
            fact
            for fact in book.facts.values()
            if fact.to_do and fact.changed_by not in ("", "personne")
        ]

    def find(
        self,
        situation: Situation,
        answer: Answer,
        value: str,
        limit: int,
        wanted: Container[str] | None = None,
        same_action: bool | None = None,
    ) -> tuple[Lever, ...]:
        """The nearest levers of an answer that has this ``value``; none when it is the best.

        An order of the answer's values must be declared in the vocabulary.  ``wanted`` are the
        values that count as a way out (every better one when omitted); ``same_action`` keeps the
        changes that leave the action what it is, or else those that make another action of it.
        """
        order = situation.variables.book.conclusions[answer[0]].order
        better = order[order.index(value) + 1 :] if value in order else ()
        better = tuple(v for v in better if wanted is None or v in wanted)
        if not better:
            return ()
        candidates = [
            c
            for c in self._candidates(situation)
            if not (same_action is True and c.step.fact.identity)
        ]
        found = [*self._dropping(situation, answer, better)] if same_action is not False else []
        found.extend(self._near(situation, answer, better, candidates))
        if not found:
            found.extend(self._far(situation, answer, better, candidates))
        rank = {value: place for place, value in enumerate(reversed(order))}
        if same_action is False:
            found = [lever for lever in found if any(s.fact.identity for s in lever.steps)]
        found.sort(
            key=lambda lever: (
                len(lever.steps) + (lever.dropped is not None),
                rank[lever.value],
                max((WHO_ACTS.index(s.fact.changed_by) for s in lever.steps), default=0),
            )
        )
        return tuple(found[:limit])

    # -- what may be changed -----------------------------------------------------------------

    def _candidates(self, situation: Situation) -> Iterator[_Candidate]:
        variables = situation.variables
        for fact in self._facts:
            index = variables.index_of[fact.id]
            for place in situation.shape.places(fact.scope):
                known = situation.known[place]
                before = known.get(fact.id)
                for after in self._targets(situation, fact, place):
                    if after == before:
                        continue
                    fits = variables.fitting(
                        variables.all[index], {**known, fact.id: after}, situation.day
                    )
                    if fits and fits.keys() != situation.open[place, index].keys():
                        yield _Candidate(Step(fact, place, before, after), (place, index), fits)

    def _targets(self, situation: Situation, fact: Fact, place: Place) -> list[Value]:
        if fact.kind.each_apart:
            named = (fact.kind.read(name, fact) for name in fact.to_do)
            return [value for value in named if value is not None]
        return situation.variables.alternatives(fact.id, situation.known[place])

    # -- one or two changes ------------------------------------------------------------------

    def _near(
        self,
        situation: Situation,
        answer: Answer,
        better: Sequence[str],
        candidates: Sequence[_Candidate],
    ) -> Iterator[Lever]:
        count = len(candidates)
        if not count:
            return
        pairs = count <= MOST_PAIRED
        # Scenario ``i * count + j`` has candidates i and j applied; on the diagonal, i alone.
        size = count * count if pairs else count
        full = (1 << size) - 1
        row = (1 << count) - 1
        column = full // row if pairs else 0
        applied: dict[Slot, list[tuple[_Candidate, int]]] = {}
        for number, candidate in enumerate(candidates):
            bits = (row << (number * count)) | (column << number) if pairs else 1 << number
            applied.setdefault(candidate.key, []).append((candidate, bits))
        better_in, may_be = self._outcomes(situation, answer, better, applied, full)
        alone = set()
        for number, candidate in enumerate(candidates):
            bit = number * (count + 1) if pairs else number
            value = _value_at(better_in, bit)
            if value is None and (may_be >> bit) & 1:
                value = self._in_the_end(situation, answer, better, candidate.step)
            if value is not None:
                alone.add(number)
                yield Lever((candidate.step,), value)
        if not pairs:
            return
        for first in range(count):
            for second in range(first + 1, count):
                if first in alone or second in alone:
                    continue
                one, two = candidates[first], candidates[second]
                if one.key == two.key:
                    continue
                value = _value_at(better_in, first * count + second)
                if value is not None:
                    yield Lever((one.step, two.step), value)

    def _outcomes(
        self,
        situation: Situation,
        answer: Answer,
        better: Sequence[str],
        applied: dict[Slot, list[tuple[_Candidate, int]]],
        full: int,
    ) -> tuple[dict[str, int], int]:
        """For each better value, the possible scenarios that certainly have it; then those that may
        have one of them."""
        columns: dict[Place, dict[int, list[Choice]]] = {place: {} for place in situation.known}
        for (place, index), fits in situation.open.items():
            rest = full
            choices = []
            for candidate, mask in applied.get((place, index), ()):
                choices.append(Choice(tuple(candidate.fits.values()), mask & rest))
                rest &= ~mask
            choices.append(Choice(tuple(fits.values()), rest))
            columns[place][index] = choices
        read = self.reader.read(columns, full)
        allowed = full & ~read.impossible(situation.day)
        state = read.state(*answer)
        may_be = 0
        for value in better:
            may_be |= state.possible.get(value, 0)
        certain = {value: state.value.get(value, 0) & allowed for value in reversed(better)}
        return certain, may_be & allowed

    def _in_the_end(
        self, situation: Situation, answer: Answer, better: Sequence[str], step: Step
    ) -> str | None:
        """The better value that a change gives in every completion, though a reading that takes one
        doubt at a time could not tell."""
        changed = situation.with_facts(step.place, {step.fact.id: step.after})
        if self.solver.may_be_none_of(changed, answer, better):
            return None
        found = self.solver.possible_values(changed, {answer: better})[answer]
        return next(iter(found)) if len(found) == 1 else None

    def _dropping(
        self, situation: Situation, answer: Answer, better: Sequence[str]
    ) -> Iterator[Lever]:
        """Doing without one item of a group that has several."""
        if answer[1] is not None:
            return
        for group, count in situation.shape.counts:
            for index in range(count) if count > 1 else ():
                smaller = situation.without(group, index)
                value = _value_at(self._outcomes(smaller, answer, better, {}, 1)[0], 0)
                if value is not None:
                    yield Lever((), value, dropped=(group, index))

    # -- more changes ------------------------------------------------------------------------

    def _far(
        self,
        situation: Situation,
        answer: Answer,
        better: Sequence[str],
        candidates: Sequence[_Candidate],
    ) -> Iterator[Lever]:
        """A set of changes none of which can be spared, found by the solver."""
        chosen = self.solver.least_changes(
            situation,
            answer,
            better,
            [(c.key, tuple(c.fits)) for c in candidates],
            sorted(
                {c.key: WHO_ACTS.index(c.step.fact.changed_by) for c in candidates}.items(),
                key=lambda item: -item[1],
            ),
        )
        if chosen is None:
            return
        steps, changed = [], situation
        for key, number in chosen.items():
            candidate = next(c for c in candidates if c.key == key and number in c.fits)
            steps.append(candidate.step)
            changed = changed.with_facts(
                candidate.step.place, {candidate.step.fact.id: candidate.step.after}
            )
        order = situation.variables.book.conclusions[answer[0]].order
        open_ = self.solver.possible_values(changed, {answer: [*order, NOTHING]})[answer]
        reached = [value for value in better if value in open_]
        if reached:
            # The least of what may follow; sure when nothing else may.
            yield Lever(tuple(steps), reached[0], sure=open_ == {reached[0]})


def _value_at(values: dict[str, int], bit: int) -> str | None:
    return next((value for value, mask in values.items() if (mask >> bit) & 1), None)
