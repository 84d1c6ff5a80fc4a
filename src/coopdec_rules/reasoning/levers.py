"""The nearest scenarios with a better answer: fewest changes, over facts that someone can change.

A *lever* is a set of changes none of which can be spared.  Every single change is tried, all at
once (``batch``), then every pair if that is not enough; when none helps, the solver looks for a
larger set.  Only changes that the vocabulary words (``faire``) are tried: a lever is always
something to do.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from coopdec_rules.engine.findings import Findings
from coopdec_rules.reasoning.answers import NOTHING, Answer
from coopdec_rules.reasoning.batch import BatchReader, Choice
from coopdec_rules.reasoning.dependence import Dependence, Moved
from coopdec_rules.reasoning.places import Place, Slot
from coopdec_rules.reasoning.situation import Situation
from coopdec_rules.reasoning.solver import Solver
from coopdec_rules.reasoning.variables import Cell
from coopdec_rules.rulebook.model import WHO_ACTS, Fact, Value
from coopdec_rules.rulebook.rulebook import LawState

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

    @property
    def other_action(self) -> bool:
        """Whether it makes another action of it."""
        return any(step.fact.identity for step in self.steps)


@dataclass(frozen=True, slots=True)
class _Candidate:
    step: Step
    key: Slot
    fits: dict[int, Cell]


#: For each variable, the changes of it and the scenarios that they are applied in.
_Applied = dict[Slot, list[tuple[_Candidate, int]]]


@dataclass(frozen=True, slots=True)
class _Search:
    """What better answer is looked for, from where."""

    situation: Situation
    answer: Answer
    better: Sequence[str]
    findings: Findings | None


class LeverFinder:
    """Looks for levers on the situations of one moment."""

    def __init__(self, law: LawState, reader: BatchReader, solver: Solver) -> None:
        book = law.rulebook
        self.reader = reader
        self.solver = solver
        self._facts = [
            fact
            for fact in book.facts.values()
            if fact.to_do and fact.changed_by not in ("", "personne")
        ]
        self._dependence = Dependence(law)

    @cached_property
    def _moved(self) -> Moved:
        """All that any change tried here may move."""
        return self._dependence.moved_together(fact.id for fact in self._facts)

    def find(
        self,
        situation: Situation,
        answer: Answer,
        value: str,
        limit: int,
        wanted: Container[str] | None = None,
        others: int | None = None,
        findings: Findings | None = None,
    ) -> tuple[Lever, ...]:
        """The ``limit`` nearest levers of an answer that has this ``value``; none when it is best.

        An order of the answer's values must be declared in the vocabulary.  ``wanted`` are the
        values that count as a way out (every better one when omitted).  With ``others``, changes
        that make another action come apart: after those that leave it what it is, so many at most.
        ``findings`` are the engine's on the same scenario, if they are known.
        """
        order = situation.variables.book.conclusions[answer[0]].order
        better = order[order.index(value) + 1 :] if value in order else ()
        better = tuple(v for v in better if wanted is None or v in wanted)
        if not better:
            return ()
        search = _Search(situation, answer, better, findings)
        candidates = list(self._candidates(situation))
        rank = {value: place for place, value in enumerate(reversed(order))}

        def first(levers: Iterable[Lever], most: int) -> list[Lever]:
            return sorted(
                levers,
                key=lambda lever: (
                    len(lever.steps) + (lever.dropped is not None),
                    rank[lever.value],
                    max((WHO_ACTS.index(s.fact.changed_by) for s in lever.steps), default=0),
                ),
            )[:most]

        if others is None:
            found = [*self._dropping(search), *self._near(search, candidates, (limit, 0))]
            return tuple(first(found or self._far(search, candidates), limit))
        found = [*self._dropping(search), *self._near(search, candidates, (limit, others))]
        same = [lever for lever in found if not lever.other_action]
        if not same:
            kept = [c for c in candidates if not c.step.fact.identity]
            same = list(self._far(search, kept))
        other = found or list(self._far(search, candidates))
        other = [lever for lever in other if lever.other_action]
        return (*first(same, limit), *first(other, others))

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
        self, search: _Search, candidates: Sequence[_Candidate], enough: tuple[int, int]
    ) -> Iterator[Lever]:
        """Single changes; pairs of the others unless ``enough`` of each kind were found."""
        if not candidates:
            return
        better_in, may_be = self._outcomes(search, *_singles(candidates))
        rest: list[_Candidate] = []
        counts = [0, 0]
        for number, candidate in enumerate(candidates):
            value = _value_at(better_in, number)
            if value is None and (may_be >> number) & 1:
                value = self._in_the_end(search, candidate.step)
            if value is None:
                rest.append(candidate)
                continue
            counts[candidate.step.fact.identity] += 1
            yield Lever((candidate.step,), value)
        if counts[0] >= enough[0] and counts[1] >= enough[1]:
            return
        if 1 < len(rest) <= MOST_PAIRED:
            yield from self._pairs(search, rest)

    def _pairs(self, search: _Search, candidates: Sequence[_Candidate]) -> Iterator[Lever]:
        count = len(candidates)
        applied, full = _paired(candidates)
        better_in, _ = self._outcomes(search, applied, full)
        left = 0
        for mask in better_in.values():
            left |= mask
        while left:
            bit = (left & -left).bit_length() - 1
            left &= left - 1
            first, second = divmod(bit, count)
            one, two = candidates[first], candidates[second]
            value = _value_at(better_in, bit)
            if first < second and one.key != two.key and value is not None:
                yield Lever((one.step, two.step), value)

    def _outcomes(
        self, search: _Search, applied: _Applied, full: int
    ) -> tuple[dict[str, int], int]:
        """For each better value, the possible scenarios that certainly have it; then those that may
        have one of them."""
        situation, answer, better = search.situation, search.answer, search.better
        columns: dict[Place, dict[int, list[Choice]]] = {place: {} for place in situation.known}
        for (place, index), fits in situation.open.items():
            rest = full
            choices = []
            for candidate, mask in applied.get((place, index), ()):
                choices.append(Choice(tuple(candidate.fits.values()), mask & rest))
                rest &= ~mask
            choices.append(Choice(tuple(fits.values()), rest))
            columns[place][index] = choices
        read = self.reader.read(columns, full, search.findings, self._moved)
        allowed = full & ~read.impossible(situation.day)
        state = read.state(*answer)
        may_be = 0
        for value in better:
            may_be |= state.possible.get(value, 0)
        certain = {value: state.value.get(value, 0) & allowed for value in reversed(better)}
        return certain, may_be & allowed

    def _in_the_end(self, search: _Search, step: Step) -> str | None:
        """The better value that a change gives in every completion, though a reading that takes one
        doubt at a time could not tell."""
        changed = search.situation.with_facts(step.place, {step.fact.id: step.after})
        if self.solver.may_be_none_of(changed, search.answer, search.better):
            return None
        found = self.solver.possible_values(changed, {search.answer: search.better})[search.answer]
        return next(iter(found)) if len(found) == 1 else None

    def _dropping(self, search: _Search) -> Iterator[Lever]:
        """Doing without one item of a group that has several."""
        if search.answer[1] is not None:
            return
        for group, count in search.situation.shape.counts:
            for index in range(count) if count > 1 else ():
                smaller = replace(
                    search, situation=search.situation.without(group, index), findings=None
                )
                value = _value_at(self._outcomes(smaller, {}, 1)[0], 0)
                if value is not None:
                    yield Lever((), value, dropped=(group, index))

    # -- more changes ------------------------------------------------------------------------

    def _far(self, search: _Search, candidates: Sequence[_Candidate]) -> Iterator[Lever]:
        """A set of changes none of which can be spared, found by the solver."""
        situation, answer = search.situation, search.answer
        chosen = self.solver.least_changes(
            situation,
            answer,
            search.better,
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
        reached = [value for value in search.better if value in open_]
        if reached:
            # The least of what may follow; sure when nothing else may.
            yield Lever(tuple(steps), reached[0], sure=open_ == {reached[0]})


def _singles(candidates: Sequence[_Candidate]) -> tuple[_Applied, int]:
    """Scenario ``i`` has candidate i applied."""
    applied: _Applied = {}
    for number, candidate in enumerate(candidates):
        applied.setdefault(candidate.key, []).append((candidate, 1 << number))
    return applied, (1 << len(candidates)) - 1


def _paired(candidates: Sequence[_Candidate]) -> tuple[_Applied, int]:
    """Scenario ``i * count + j`` has candidates i and j applied."""
    count = len(candidates)
    full, row = (1 << count * count) - 1, (1 << count) - 1
    column = full // row
    applied: _Applied = {}
    for number, candidate in enumerate(candidates):
        bits = (row << (number * count)) | (column << number)
        applied.setdefault(candidate.key, []).append((candidate, bits))
    return applied, full


def _value_at(values: dict[str, int], bit: int) -> str | None:
    return next((value for value, mask in values.items() if (mask >> bit) & 1), None)
