"""What can be said of a partial scenario by looking at all its completions."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cachetools import LRUCache

from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Findings, Settled
from coopdec_rules.reasoning.answers import NOTHING, Answer
from coopdec_rules.reasoning.batch import BatchReader
from coopdec_rules.reasoning.bearing import DUE, Subject
from coopdec_rules.reasoning.levers import Lever, LeverFinder
from coopdec_rules.reasoning.moments import DATE, Moment, moment_of, moments
from coopdec_rules.reasoning.places import Place, Slot
from coopdec_rules.reasoning.sampling import Drawn, draw
from coopdec_rules.reasoning.situation import Situation, situation_of
from coopdec_rules.reasoning.solver import KEPT_PROGRAMS, Kept, Solver
from coopdec_rules.reasoning.variables import Cell, Variables
from coopdec_rules.rulebook.model import Value, facts_of
from coopdec_rules.rulebook.rulebook import Rulebook

#: A fact, and the item it is about (``None``: the scenario).
FactAt = tuple[str, int | None]
#: For each subject, the only unknown facts that may change it.
Within = Mapping[Subject, Collection[FactAt]]
#: The effects of a question with more values than this are not told.
MOST_EFFECTS = 13
#: Moments kept ready, beside their programs.
KEPT_MOMENTS = 200


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
    """An unknown fact that can still change an answer, or what a rule adds to the avis.

    ``gain`` is the share (0 to 1) of the doubt on the answers that its own answer lifts on average;
    ``effects`` gives, for each value it may take, the values that each open answer may then have.
    """

    fact: str
    place: Place
    subjects: tuple[Subject, ...]
    gain: float
    effects: tuple[tuple[Value, Mapping[Answer, tuple[str, ...]]], ...]


@dataclass(frozen=True, slots=True)
class Examination:
    """All that the reasoner found on one situation."""

    outlook: Mapping[Answer, Outlook]
    questions: tuple[Question, ...]


class MomentReasoner:
    """The reasoner of one moment.  Safe to share between threads."""

    def __init__(
        self, moment: Moment, kept: Kept | None = None, like: Variables | None = None
    ) -> None:
        """``like``: the variables of another moment, to share what the day does not change."""
        self.moment = moment
        self.variables = Variables(moment.state.rulebook, moment.day, like)
        self.reader = BatchReader(moment.state, self.variables)
        self.solver = Solver(self.variables, moment.state, kept)
        self._levers = LeverFinder(moment.state, self.reader, self.solver)

    def situation(self, day: dt.date, base: FactBase) -> Situation:
        """A scenario of a day of this moment."""
        return situation_of(self.variables, day, base)

    def examine(
        self,
        situation: Situation,
        findings: Findings,
        answers: Sequence[Answer],
        effects: int | None,
        within: Within,
    ) -> Examination:
        """Exact answers and questions; ``effects`` questions get the effect of each value.

        With ``None``, no question is looked for.  ``within`` gives, for what may be asked about
        (the answers, and what rules add), the only unknown facts that may change it.

        ``findings`` are the engine's on the same scenario: what it settles is settled.
        """
        kleene = {answer: _settled(findings, answer) for answer in answers}
        open_ = [a for a, s in kleene.items() if s.value is None and not (s.gap or s.conflict)]
        outlook = {
            a: Outlook(s.value, s.possible if s.value is None else (s.value,), False)
            for a, s in kleene.items()
        }
        bounds = {} if effects is None else {s: self._keys(facts) for s, facts in within.items()}
        added = [subject for subject in bounds if subject not in kleene]
        if not open_ and not added:
            return Examination(outlook, ())
        among = {key for keys in bounds.values() for key in keys}
        drawn = draw(self.reader, situation, [*open_, *added], among, findings)
        for answer in open_:
            outlook[answer] = self._outlook(situation, answer, kleene[answer], drawn)
        unsettled = [a for a in open_ if outlook[a].value is None]
        if effects is None or not (unsettled or added):
            return Examination(outlook, ())
        return Examination(
            outlook, self._questions(situation, unsettled, within, bounds, outlook, drawn, effects)
        )

    def bearing(
        self, situation: Situation, subjects: Sequence[Subject], among: Collection[FactAt]
    ) -> set[FactAt]:
        """Unknown facts of ``among`` that can change one of the subjects, all else equal.

        The same facts as the questions of ``examine``, without telling what each one changes.
        """
        keys = self._keys(among)
        drawn = draw(self.reader, situation, subjects, set(keys))
        found = {key for key in drawn.cells if drawn.flipped[key]}
        for subject in subjects:
            found.update(key for key in self._amounts(situation, subject, drawn) if key in keys)
        found |= self.solver.changing(situation, drawn.cells.keys() - found, subjects)
        # One variable may hold two amounts compared with each other: each is asked on its own.
        facts = {
            (name, None if place is None else place[1])
            for place, index in found
            for name in situation.unknown(place, index)
        }
        return facts.intersection(among)

    def _keys(self, facts: Iterable[FactAt]) -> dict[Slot, None]:
        """The variables that facts belong to, each at its place."""
        book, index = self.variables.book, self.variables.index_of
        return {
            ((book.facts[name].scope or "", item) if item is not None else None, index[name]): None
            for name, item in facts
            if name in index
        }

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
        within: Within,
        bounds: Mapping[Subject, Collection[Slot]],
        outlook: Mapping[Answer, Outlook],
        drawn: Drawn,
        effects: int,
    ) -> tuple[Question, ...]:
        subjects = [s for s in bounds if s in unsettled or s not in outlook]
        wanted = {subject: bounds[subject] for subject in subjects}
        bearing = self.solver.influences(situation, drawn.flipped, wanted)
        for subject in subjects:
            for key in self._amounts(situation, subject, drawn):
                bearing.setdefault(key, set()).add(subject)
        # What is unsettled of an item matters through the whole, unless the whole is settled.
        weighed = [answer for answer in unsettled if answer[1] is None] or unsettled
        # What bears on an answer first, then what only bears on a condition or a ceiling.
        ranked = sorted(
            bearing,
            key=lambda key: (
                bearing[key].isdisjoint(unsettled),
                -drawn.gain(key, weighed),
                -len(bearing[key]),
            ),
        )
        found: list[Question] = []
        for key in ranked:
            place, index = key
            on = [answer for answer in weighed if answer in bearing[key]]
            for fact in situation.unknown(place, index):
                at = fact, None if place is None else place[1]
                about = tuple(s for s in subjects if s in bearing[key] and at in within[s])
                if not about:
                    continue  # Two amounts are one variable: this one has no object here.
                told = (
                    self._effects(situation, key, fact, on, outlook, drawn)
                    if on and len(found) < effects
                    else ()
                )
                found.append(Question(fact, place, about, drawn.gain(key, weighed), told))
        return tuple(found)

    def _amounts(self, situation: Situation, subject: Subject, drawn: Drawn) -> Iterator[Slot]:
        """Unknown amounts of a ceiling that some completion sets: any other makes another one."""
        name, place = subject
        if isinstance(name, str) or name.effect is not None:
            return
        drawn_due = DUE in drawn.values[subject]
        if not drawn_due and not self.solver.possible_state(situation, subject, DUE):
            return
        ceiling = self.moment.state.rules[name.rule].ceiling
        facts = self.variables.book.facts
        for fact in () if ceiling is None else (ceiling.amount, *facts_of(ceiling.limit)):
            at = place if facts[fact].scope is not None else None
            key = (at, self.variables.index_of[fact])
            if fact in situation.unknown(*key):
                yield key

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
        self,
        situation: Situation,
        answer: Answer,
        value: str,
        limit: int,
        wanted: Container[str] | None = None,
        others: int | None = None,
        findings: Findings | None = None,
    ) -> tuple[Lever, ...]:
        """The nearest changes that give a better answer than ``value`` (``LeverFinder.find``)."""
        return self._levers.find(situation, answer, value, limit, wanted, others, findings)


class Reasoner:
    """Reasons on one rulebook, one moment at a time, each made on first use.

    The ``most`` moments last used are kept, and the ``programs`` last used of all of them.
    """

    def __init__(
        self, book: Rulebook, most: int = KEPT_MOMENTS, programs: int = KEPT_PROGRAMS
    ) -> None:
        self.book = book
        self.moments = moments(book)
        self._kept = Kept(programs)
        self._made: LRUCache[dt.date, MomentReasoner] = LRUCache(most)
        self._like: Variables | None = None
        self._lock = threading.Lock()

    def at(self, day: dt.date) -> MomentReasoner:
        """The reasoner of the moment a day belongs to."""
        moment = moment_of(self.moments, day)
        with self._lock:
            found = self._made.get(moment.day)
            if found is None:
                found = MomentReasoner(moment, self._kept, self._like)
                self._made[moment.day] = found
                self._like = self._like or found.variables
            return found


def _settled(findings: Findings, answer: Answer) -> Settled:
    name, place = answer
    reading = findings.scenario if place is None else findings.items[place[0]][place[1]]
    return reading.conclusions[name]


def _reading_order(key: Slot) -> tuple[str, int, int]:
    place, number = key
    return (place[0], place[1], number) if place else ("", 0, number)


__all__ = ["DATE", "Cell", "Examination", "MomentReasoner", "Outlook", "Question", "Reasoner"]
