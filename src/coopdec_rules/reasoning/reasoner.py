"""What can be said of a partial scenario by looking at all its completions."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Findings, Settled
from coopdec_rules.reasoning.answers import NOTHING, Answer
from coopdec_rules.reasoning.batch import BatchReader
from coopdec_rules.reasoning.levers import Lever, LeverFinder
from coopdec_rules.reasoning.moments import DATE, Moment, moment_of, moments
from coopdec_rules.reasoning.places import Place, Slot
from coopdec_rules.reasoning.sampling import Drawn, draw
from coopdec_rules.reasoning.situation import Situation, situation_of
from coopdec_rules.reasoning.solver import Kept, Solver
from coopdec_rules.reasoning.variables import Cell, Variables
from coopdec_rules.rulebook.model import Value
from coopdec_rules.rulebook.rulebook import Rulebook

#: The effects of a question with more values than this are not told.
MOST_EFFECTS = 13


@dataclass(frozen=True, slots=True)
class Outlook:
    """An answer over all completions: ``value`` when they agree, else what remains ``possible``.

    ``established`` tells that three-valued evaluation had left open what is settled here.
    """

    value: str | None
    possible: tuple[str, ...]
    established: bool


@dataclass(frozen=True, slots=True)
class Question:
    """An unknown fact that can still change an answer.

    ``gain`` is the share (0 to 1) of the doubt that its answer lifts on average; ``effects`` gives,
    for each value it may take, the values that each open answer may then have.
    """

    fact: str
    place: Place
    answers: tuple[Answer, ...]
    gain: float
    effects: tuple[tuple[Value, Mapping[Answer, tuple[str, ...]]], ...]


@dataclass(frozen=True, slots=True)
class Examination:
    """All that the reasoner found on one situation."""

    outlook: Mapping[Answer, Outlook]
    questions: tuple[Question, ...]


class MomentReasoner:
    """The reasoner of one moment.  Safe to share between threads."""

    def __init__(self, moment: Moment, kept: Kept | None = None) -> None:
        self.moment = moment
        self.variables = Variables(moment.state.rulebook, moment.day)
        self.reader = BatchReader(moment.state, self.variables)
        self.solver = Solver(self.variables, moment.state, kept)
        self._levers = LeverFinder(moment.state.rulebook, self.reader, self.solver)

    def situation(self, day: dt.date, base: FactBase) -> Situation:
        """A scenario of a day of this moment."""
        return situation_of(self.variables, day, base)

    def examine(
        self,
        situation: Situation,
        findings: Findings,
        answers: Sequence[Answer],
        effects: int | None = 3,
    ) -> Examination:
        """Exact answers and questions; ``effects`` questions get the effect of each value.

        With ``None``, no question is looked for.

        ``findings`` are the engine's on the same scenario: what it settles is settled.
        """
        kleene = {answer: _settled(findings, answer) for answer in answers}
        open_ = [a for a, s in kleene.items() if s.value is None and not (s.gap or s.conflict)]
        outlook = {
            a: Outlook(s.value, s.possible if s.value is None else (s.value,), False)
            for a, s in kleene.items()
        }
        if not open_:
            return Examination(outlook, ())
        drawn = draw(self.reader, situation, open_)
        for answer in open_:
            outlook[answer] = self._outlook(situation, answer, kleene[answer], drawn)
        unsettled = [a for a in open_ if outlook[a].value is None]
        # What is unsettled of an item matters through the whole, unless the whole is settled.
        whole = [answer for answer in unsettled if answer[1] is None]
        asked = whole or unsettled
        if not asked or effects is None:
            return Examination(outlook, ())
        among = [a for a in answers if a[1] is None] if whole else answers
        return Examination(
            outlook, self._questions(situation, asked, among, outlook, drawn, effects)
        )

    def _outlook(
        self, situation: Situation, answer: Answer, settled: Settled, drawn: Drawn
    ) -> Outlook:
        seen = set(drawn.values[answer])
        rest = [value for value in settled.possible if value not in seen]
        found = self.solver.possible_values(situation, {answer: [*rest, NOTHING]})[answer]
        if NOTHING in found:
            # The rulebook has a gap somewhere there: nothing is concluded by elimination.
            return Outlook(None, settled.possible, False)
        possible = tuple(v for v in settled.possible if v in seen or v in found)
        if len(possible) == 1:
            return Outlook(possible[0], possible, True)
        return Outlook(None, possible, False)

    def _questions(
        self,
        situation: Situation,
        unsettled: Sequence[Answer],
        answers: Sequence[Answer],
        outlook: Mapping[Answer, Outlook],
        drawn: Drawn,
        effects: int,
    ) -> tuple[Question, ...]:
        bearing = self.solver.influences(
            situation, drawn.cells, drawn.flipped, answers, set(unsettled)
        )
        ranked = sorted(
            ((drawn.gain(key, unsettled), key) for key in bearing),
            key=lambda item: -item[0],
        )
        found: list[Question] = []
        for gain, key in ranked:
            place, index = key
            on = tuple(answer for answer in unsettled if answer in bearing[key])
            for fact in situation.unknown(place, index):
                told = (
                    self._effects(situation, key, fact, on, outlook, drawn)
                    if len(found) < effects
                    else ()
                )
                found.append(Question(fact, place, on, gain, told))
        return tuple(found)

    def _effects(
        self,
        situation: Situation,
        key: Slot,
        fact: str,
        on: Sequence[Answer],
        outlook: Mapping[Answer, Outlook],
        drawn: Drawn,
    ) -> tuple[tuple[Value, Mapping[Answer, tuple[str, ...]]], ...]:
        variable = self.variables.all[key[1]]
        if len(variable.facts) > 1 or len(situation.open[key]) > MOST_EFFECTS:
            return ()
        told = []
        for number, cell in situation.open[key].items():
            here = drawn.cells[key].get(number, 0) & drawn.possible
            seen = {
                answer: {v for v, mask in drawn.values[answer].items() if mask & here}
                for answer in on
            }
            rest = {
                answer: [v for v in outlook[answer].possible if v not in seen[answer]]
                for answer in on
            }
            proved = self.solver.possible_values(situation, rest, (key, number))
            values = {
                answer: tuple(
                    v for v in outlook[answer].possible if v in seen[answer] or v in proved[answer]
                )
                for answer in on
            }
            if all(values.values()):  # else the rulebook declares this value impossible here
                told.append((cell.values[0], values))
        return tuple(told)

    def reasons(
        self,
        situation: Situation,
        answer: Answer,
        value: str,
        presumed: Iterable[Slot],
        fixed: Iterable[Slot],
    ) -> list[tuple[str, Place]] | None:
        """A minimal set of known facts that alone gives the answer; ``None`` if all do not.

        ``presumed`` are left out first; ``fixed`` are supposed and never listed.
        """
        keys = self.solver.sufficient(situation, answer, value, fixed, presumed)
        if keys is None:
            return None
        return [
            (fact, place)
            for place, number in sorted(keys, key=_reading_order)
            for fact in self.variables.all[number].facts
            if fact in situation.known[place]
        ]

    def levers(
        self, situation: Situation, answer: Answer, value: str, limit: int
    ) -> tuple[Lever, ...]:
        """The nearest changes that give a better answer than ``value``."""
        return self._levers.find(situation, answer, value, limit)


class Reasoner:
    """Reasons on one rulebook, one moment at a time, each made on first use and kept."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.moments = moments(book)
        self._kept = Kept()
        self._made: dict[dt.date, MomentReasoner] = {}
        self._lock = threading.Lock()

    def at(self, day: dt.date) -> MomentReasoner:
        """The reasoner of the moment a day belongs to."""
        moment = moment_of(self.moments, day)
        with self._lock:
            found = self._made.get(moment.day)
            if found is None:
                found = self._made[moment.day] = MomentReasoner(moment, self._kept)
            return found


def _settled(findings: Findings, answer: Answer) -> Settled:
    name, place = answer
    reading = findings.scenario if place is None else findings.items[place[0]][place[1]]
    return reading.conclusions[name]


def _reading_order(key: Slot) -> tuple[str, int, int]:
    place, number = key
    return (place[0], place[1], number) if place else ("", 0, number)


__all__ = ["DATE", "Cell", "Examination", "MomentReasoner", "Outlook", "Question", "Reasoner"]
