"""The logic programs of one moment, by shape, and what they are asked about a situation."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from cachetools import LRUCache

from coopdec_rules.reasoning.answers import Answer
from coopdec_rules.reasoning.bearing import Subject, states
from coopdec_rules.reasoning.places import Shape, Slot
from coopdec_rules.reasoning.program import Choices, Literal, Program, keep_possible, law_on
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.situation import Situation
from coopdec_rules.reasoning.variables import Variables
from coopdec_rules.rulebook.rulebook import LawState

#: Programs kept for all moments together: three or four megabytes each, half of them the solver's.
KEPT_PROGRAMS = 160


class Stated:
    """What a situation says, as assumptions; of the one last asked about, it is kept."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._last: tuple[Situation, dict[Slot, list[Literal]], list[Literal]] | None = None

    def by_variable(self, situation: Situation) -> Mapping[Slot, list[Literal]]:
        """What it says of each variable, for those of which it says something."""
        return self._read(situation)[0]

    def all(self, situation: Situation) -> list[Literal]:
        """All that it says, in a list of the caller's own."""
        return list(self._read(situation)[1])

    def _read(self, situation: Situation) -> tuple[dict[Slot, list[Literal]], list[Literal]]:
        if self._last is None or self._last[0] is not situation:
            found = by_variable(self._choices, situation)
            self._last = situation, found, [lit for lits in found.values() for lit in lits]
        return self._last[1:]


@dataclass
class Single:
    """One reading of the law: which values are possible, which facts suffice."""

    program: Program
    choices: Choices
    reading: Reading[Literal]
    stated: Stated
    _answers: dict[Answer, dict[str, Literal]] = field(default_factory=dict)
    _goals: dict[tuple[Answer, tuple[str, ...]], Literal] = field(default_factory=dict)

    @classmethod
    def of(cls, variables: Variables, law: LawState, shape: Shape) -> Single:
        program = Program(shape)
        choices = Choices(program, variables)
        reading = law_on(choices, law)
        keep_possible(choices, reading)
        return cls(program, choices, reading, Stated(choices))

    def answer(self, answer: Answer) -> dict[str, Literal]:
        """Literals of the answer's values, and of its having none."""
        found = self._answers.get(answer)
        if found is None:
            found = self._answers[answer] = states(self.reading, answer)
        return found

    def goal(self, answer: Answer, values: tuple[str, ...]) -> Literal:
        """The literal that holds when the answer has one of these values."""
        key = (answer, values)
        found = self._goals.get(key)
        if found is None:
            literals = self.answer(answer)
            found = self._goals[key] = self.program.any_of([literals[v] for v in values])
        return found


@dataclass
class Twin:
    """Two readings of the law that differ by at most one variable: what each one changes.

    ``changed`` has the literal that holds when a variable is the one that differs.  ``_asks`` has,
    for each subject asked about so far, a free literal; ``_goal`` holds when the readings differ on
    a subject whose literal does.
    """

    program: Program
    choices: Choices
    readings: tuple[Reading[Literal], Reading[Literal]]
    changed: Mapping[Slot, Literal]
    stated: Stated
    _differ: dict[Subject, Literal] = field(default_factory=dict)
    _asks: dict[Subject, Literal] = field(default_factory=dict)
    _goal: Literal = 0

    @classmethod
    def of(cls, variables: Variables, law: LawState, shape: Shape) -> Twin:
        program = Program(shape)
        choices, others = Choices(program, variables), Choices(program, variables)
        first, second = law_on(choices, law), law_on(others, law)
        keep_possible(choices, first)
        keep_possible(others, second)
        changed: dict[Slot, Literal] = {}
        for key, cells in choices.cells.items():
            if len(cells) > 1:
                changed[key] = program.free()
                for cell, other in zip(cells, others.cells[key], strict=True):
                    program.forbid([-changed[key], cell, -other])
        program.at_most_one(list(changed.values()))
        return cls(program, choices, (first, second), changed, Stated(choices), _goal=-program.true)

    def differ(self, subject: Subject) -> Literal:
        """The literal that holds when the readings do not say the same of the subject."""
        found = self._differ.get(subject)
        if found is None:
            mine, theirs = (states(reading, subject) for reading in self.readings)
            found = self._differ[subject] = self.program.any_of(
                [self.program.all_of([mine[state], -theirs[state]]) for state in mine]
            )
        return found

    def any_differ(self, subjects: Iterable[Subject]) -> list[Literal]:
        """Assumptions under which the readings differ on one of the subjects."""
        asked = dict.fromkeys(subjects)
        for subject in asked:
            if subject not in self._asks:
                ask = self._asks[subject] = self.program.free()
                shown = self.program.all_of([ask, self.differ(subject)])
                self._goal = self.program.any_of([self._goal, shown])
        return [self._goal, *(-ask for s, ask in self._asks.items() if s not in asked)]


_Made = TypeVar("_Made", Single, Twin)


class Kept:
    """Programs made, the least used dropped beyond ``most``; one for long lists counts for more."""

    def __init__(self, most: float = KEPT_PROGRAMS) -> None:
        self._found: LRUCache[Hashable, Single | Twin] = LRUCache(most, getsizeof=_weight)
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """What is kept under ``key``, made if need be."""
        with self._lock:
            found = self._found.get(key)
        if found is not None:
            return found  # type: ignore[return-value]
        made = make()
        with self._lock:
            if _weight(made) <= self._found.maxsize:
                self._found[key] = made
        return made


def _weight(made: Single | Twin) -> float:
    """1 for one item of each group; measured: seven of one group weigh twice as much."""
    return 1 + sum(count - 1 for _, count in made.program.shape.counts) / 6


class Solver:
    """Programs of one moment, made on first use.  Safe to share between threads."""

    def __init__(self, variables: Variables, law: LawState, kept: Kept | None = None) -> None:
        self.variables = variables
        self.law = law
        self.lock = threading.RLock()
        self._kept = kept or Kept()

    def single(self, shape: Shape) -> Single:
        """The program of one reading of the law."""
        return self._kept.get(
            (Single, self.variables.day, shape), lambda: Single.of(self.variables, self.law, shape)
        )

    def twin(self, shape: Shape) -> Twin:
        """The program of two readings of the law that differ by one variable."""
        return self._kept.get(
            (Twin, self.variables.day, shape), lambda: Twin.of(self.variables, self.law, shape)
        )

    # -- questions about a situation ---------------------------------------------------------

    def possible_values(
        self,
        situation: Situation,
        wanted: Mapping[Answer, Iterable[str]],
        also: tuple[Slot, int] | None = None,
    ) -> dict[Answer, set[str]]:
        """Those of the ``wanted`` values (``NOTHING``: none at all) that some completion gives.

        ``also`` supposes moreover that a variable stands in one of its cells.
        """
        with self.lock:
            single = self.single(situation.shape)
            known = single.stated.all(situation)
            if also is not None:
                known.append(single.choices.cells[also[0]][also[1]])
            found = {}
            for answer, values in wanted.items():
                literals = single.answer(answer)
                found[answer] = {
                    value for value in values if single.program.possible([*known, literals[value]])
                }
            return found

    def may_be_none_of(self, situation: Situation, answer: Answer, values: Sequence[str]) -> bool:
        """Whether some completion gives the answer none of these values."""
        with self.lock:
            single = self.single(situation.shape)
            goal = single.goal(answer, tuple(values))
            return single.program.possible([*single.stated.all(situation), -goal])

    def possible_state(self, situation: Situation, subject: Subject, state: str) -> bool:
        """Whether some completion gives a subject this state."""
        with self.lock:
            single = self.single(situation.shape)
            literal = states(single.reading, subject)[state]
            return single.program.possible([*single.stated.all(situation), literal])

    def sufficient(
        self,
        situation: Situation,
        answer: Answer,
        value: str,
        fixed: Iterable[Slot],
        first: Iterable[Slot],
    ) -> list[Slot] | None:
        """A minimal set of known variables that alone gives the answer this value.

        ``fixed`` are always supposed and never listed; ``first`` are dropped before the others when
        they can be.  ``None`` when even all that is known does not decide.
        """
        with self.lock:
            single = self.single(situation.shape)
            other = -single.answer(answer)[value]
            stated = dict(single.stated.by_variable(situation))
            kept_out = set(fixed)
            always = [lit for key in stated if key in kept_out for lit in stated[key]]
            kept = {key: lits for key, lits in stated.items() if key not in kept_out}
            core = single.program.core([other, *always, *_all(kept)])
            if core is None:
                return None
            bearing = set(core)
            order = dict.fromkeys([*(key for key in first if key in kept), *kept])
            # One fact after the other, in an order that depends on nothing else, so that the same
            # request always has the same reasons.  What the last proof did not use goes at once.
            for key in order:
                if not bearing.isdisjoint(kept[key]):
                    rest = [lit for name, lits in kept.items() if name != key for lit in lits]
                    core = single.program.core([other, *always, *rest])
                    if core is None:
                        continue
                    bearing = set(core)
                del kept[key]
            return list(kept)

    def least_changes(
        self,
        situation: Situation,
        answer: Answer,
        better: Iterable[str],
        changes: Iterable[tuple[Slot, tuple[int, ...]]],
        first: Iterable[tuple[Slot, int]],
    ) -> dict[Slot, int] | None:
        """Changes of variables, none of which can be spared, that allow a better answer.

        ``changes`` lists the cells that each variable may move to; ``first`` the variables to leave
        as they are if possible, in this order.  ``None`` when no set of changes helps.
        """
        with self.lock:
            single = self.single(situation.shape)
            goal = single.goal(answer, tuple(better))
            cells = single.choices.cells
            stated = dict(single.stated.by_variable(situation))
            targets: dict[Slot, set[int]] = {}
            for key, numbers in changes:
                targets.setdefault(key, set()).update(numbers)
            free = {key for key in targets if key in stated}
            fixed = [lit for key, lits in stated.items() if key not in free for lit in lits]
            for key, allowed in targets.items():
                if key not in stated:
                    continue  # unknown: it may be anything
                stay = set(situation.open[key])
                fixed.extend(
                    -cell for number, cell in enumerate(cells[key]) if number not in allowed | stay
                )
            for key, _ in first:
                if key in free and single.program.possible([goal, *fixed, *stated[key]]):
                    fixed.extend(stated[key])
                    free.discard(key)
            if not single.program.possible([goal, *fixed]):
                return None
            found = {}
            for key in (key for key in targets if key in free):
                # The first of its cells that does, so that the same request has the same levers.
                found[key] = next(
                    number
                    for number in sorted(targets[key])
                    if single.program.possible([goal, *fixed, cells[key][number]])
                )
                fixed.append(cells[key][found[key]])
            return found

    def influences(
        self,
        situation: Situation,
        shown: Mapping[Slot, set[Subject]],
        bounds: Mapping[Subject, Iterable[Slot]],
    ) -> dict[Slot, set[Subject]]:
        """Unknown variables that can change a subject all else equal, and which ones.

        ``shown`` is what is already known to be so; of the rest, only what ``bounds`` allows for
        each subject is looked for.
        """
        with self.lock:
            twin = self.twin(situation.shape)
            known = twin.stated.all(situation)
            found = {key: {s for s in seen if s in bounds} for key, seen in shown.items()}
            for subject, keys in bounds.items():
                wanted = {key for key in keys if key in found and subject not in found[key]}
                if wanted:
                    for key in self._changing(twin, [*known, twin.differ(subject)], wanted):
                        found[key].add(subject)
            return {key: seen for key, seen in found.items() if seen}

    def changing(
        self, situation: Situation, keys: Iterable[Slot], subjects: Sequence[Subject]
    ) -> set[Slot]:
        """Those of the variables that can change one of the subjects, all else equal."""
        with self.lock:
            twin = self.twin(situation.shape)
            known = twin.stated.all(situation)
            wanted = set(keys) & twin.changed.keys()
            goal = twin.any_differ(subjects)
            return set(self._changing(twin, [*known, *goal], wanted))

    def _changing(
        self, twin: Twin, supposed: Sequence[Literal], wanted: set[Slot]
    ) -> Iterator[Slot]:
        while wanted:
            others = [-literal for key, literal in twin.changed.items() if key not in wanted]
            showing = {twin.changed[key]: key for key in wanted}
            model = twin.program.solve([*supposed, *others], showing)
            if model is None:
                return
            key = showing[next(iter(model))]
            wanted = wanted - {key}
            yield key


def _all(groups: Mapping[Slot, Sequence[Literal]]) -> list[Literal]:
    return [literal for literals in groups.values() for literal in literals]


def by_variable(choices: Choices, situation: Situation) -> dict[Slot, list[Literal]]:
    """What the situation says of each variable, for those of which it says something."""
    found = {}
    for key, fits in situation.open.items():
        cells = choices.cells[key]
        if len(fits) == len(cells):
            continue
        if len(fits) == 1:
            found[key] = [cells[next(iter(fits))]]
        else:
            found[key] = [-cell for index, cell in enumerate(cells) if index not in fits]
    return found
