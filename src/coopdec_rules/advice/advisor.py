"""Scenario in, avis out."""

from __future__ import annotations

import datetime as dt
import math
import threading
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from cachetools import LRUCache

from coopdec_rules.advice import answers
from coopdec_rules.advice.avis import build_avis
from coopdec_rules.advice.contract import check_contract
from coopdec_rules.advice.course import Course, course
from coopdec_rules.advice.deduced import NOT_ASKED, Deduced, deduce
from coopdec_rules.advice.effects import effects
from coopdec_rules.advice.from_base import BasePresumptions
from coopdec_rules.advice.from_lists import ListPresumptions
from coopdec_rules.advice.levers import levers, next_tier
from coopdec_rules.advice.models import Avis, Interrogation, Pistes
from coopdec_rules.advice.questions import QuestionWriter, inquire
from coopdec_rules.advice.reasoned import established, examine, out_of_reach, within_reach
from coopdec_rules.advice.scenario import Scenario, ScenarioReader
from coopdec_rules.advice.space import Space
from coopdec_rules.advice.standing import Standing, standing
from coopdec_rules.advice.states import States
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.advice.trace import Cards, Tracer
from coopdec_rules.advice.wording import Wording
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.engine import KEPT_STATES, Engine
from coopdec_rules.engine.evaluation import Evaluation, Prepared
from coopdec_rules.engine.findings import Findings
from coopdec_rules.errors import ScenarioError
from coopdec_rules.reasoning.proofs.example import Taste, example
from coopdec_rules.reasoning.proofs.space import Space as Layouts
from coopdec_rules.reasoning.reasoner import KEPT_MOMENTS, FactAt, MomentReasoner, Reasoner
from coopdec_rules.reasoning.solver import KEPT_PROGRAMS
from coopdec_rules.rulebook.model import Rule
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.situations import Situation
from coopdec_rules.territories import load_directory

#: A good example of a rule settles the answers, under the law's own reading.
_TASTE = Taste(
    settled=(answers.POWER, answers.OWNER),
    prefer={answers.READING: answers.LAW},
    avoid={answers.POWER: answers.UNDETERMINED},
)
#: Questions whose effects are told value by value: in an avis, and when questions are asked for.
_EFFECTS, _EVERY = 3, 8
#: Moments of its force, at most, at which an example of a rule is looked for.
_EXAMPLE_MOMENTS = 4
#: Moments of which the layouts are kept, to make up one example after another.
_LAYOUTS = 4


@dataclass(frozen=True, slots=True)
class Advice:
    """What is answered on a scenario: the avis, and what it was drawn from.

    Made once and never changed: it may be kept, and shared between threads.
    """

    scenario: Scenario
    findings: Findings
    reasoning: Deduced
    avis: Avis


@dataclass(frozen=True, slots=True)
class Memory:
    """How many states of the law, moments of the reasoner and programs an advisor keeps ready.

    By default, enough for every date: three quarters of a gigabyte once all were asked about.
    """

    states: int = KEPT_STATES
    moments: int = KEPT_MOMENTS
    programs: int = KEPT_PROGRAMS


_MEMORY = Memory()


class Advisor:
    """Advises on one rulebook.  Safe to share between threads.

    With ``answering`` (the usual case), the rulebook must have what an avis is made of
    (``contract``); otherwise it is only read aloud, and asking for an avis is an error.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        answering: bool = True,
        memory: Memory = _MEMORY,
    ) -> None:
        """Raises ``RulebookError`` when ``answering`` and the rulebook breaks the contract."""
        self.answers = answering
        if answering:
            check_contract(rulebook)
        self.rulebook = rulebook
        self.reader = ScenarioReader(rulebook)
        self.wording = Wording(rulebook)
        self.engine = Engine(rulebook, memory.states)
        self.reasoner = Reasoner(rulebook, memory.moments, memory.programs)
        self._from_base = BasePresumptions(self.engine, load_directory)
        self._from_lists = ListPresumptions(rulebook)
        self._space = Space(rulebook)
        self._spaces = lru_cache(maxsize=_LAYOUTS)(Layouts)
        self._cards = Cards(self.wording, rulebook.reviews)
        self._tracers: LRUCache[tuple[str, str], Tracer] = LRUCache(memory.states)
        self._lock = threading.Lock()
        self._examples = threading.Lock()

    def read(self, document: object, today: dt.date) -> Scenario:
        """The scenario of a document, with what the national base lets presume.

        Raises ``ScenarioError`` as ``advise`` does.
        """
        return self._presumed(self.reader.read(document, today), document)

    def readable(self, document: object, today: dt.date) -> Scenario:
        """The same of a document being written: what cannot be read counts as unknown."""
        return self._presumed(self.reader.readable(document, today)[0], document)

    def _presumed(self, scenario: Scenario, document: object) -> Scenario:
        """With what the rulebook's lists, then the national base, let presume."""
        listed = self._from_lists.added(scenario, document)
        return self._from_base.added(listed, document)

    def advise(
        self,
        document: object,
        today: dt.date | None = None,
        complete: bool = False,
        reasoning: bool = True,
    ) -> Advice:
        """The advice on a scenario document (nested mappings and lists, as JSON or YAML give).

        ``today`` is the date of the law when the scenario gives none (the machine's date if
        omitted); ``complete`` adds to the reasons the rules whose conditions are not met; without
        ``reasoning`` (or for longer lists than ``reasoned.MOST_MORE``), answers and questions are
        the engine's alone: sound, quicker, less exact.
        Raises ``ScenarioError`` when the document cannot be read or describes what cannot be.
        """
        scenario = self.read(document, today or paris_today())
        return self.advise_scenario(scenario, complete, reasoning)

    def advise_scenario(
        self, scenario: Scenario, complete: bool = False, reasoning: bool = True
    ) -> Advice:
        """The advice on a scenario already read."""
        law, evaluation, prepared = self._prepared(scenario)
        findings = evaluation.read(prepared)
        study = None
        if scenario.base.scenario.get(answers.READING) == answers.LAW:
            study = evaluation.read(evaluation.with_fact(prepared, answers.READING, answers.STUDY))
        tracer = self._tracer(law)
        reasoner = self._reasoner(scenario) if reasoning else None
        asked = inquire(law, findings, scenario, reasoner, _EFFECTS)
        deduced, cautions = NOT_ASKED, []
        if asked.reasoned is not None:
            deduced = deduce(evaluation, tracer, asked.reasoned, findings, scenario.presumed)
        elif reasoning:
            cautions = [out_of_reach(self.rulebook)]
        avis = build_avis(
            law, tracer, scenario, findings, study, asked, deduced, complete, cautions
        )
        return Advice(scenario, findings, deduced, avis)

    def questions(self, document: object, today: dt.date | None = None) -> Interrogation:
        """The questions that can still change an answer, best first, with the effects of the first.

        Raises ``ScenarioError`` as ``advise`` does.
        """
        scenario = self.read(document, today or paris_today())
        law, evaluation, prepared = self._prepared(scenario)
        findings = evaluation.read(prepared)
        asked = inquire(law, findings, scenario, self._reasoner(scenario), _EVERY)
        reasoned = asked.reasoned
        states = States(findings, {} if reasoned is None else reasoned.examination.outlook)
        writer = QuestionWriter(law, self.wording)
        return {
            "reponses": {
                name: {"valeur": value, "possibles": list(possible)}
                for name in answers.ANSWERS
                for value, possible in [states.state(name)]
            },
            "raisonnement": reasoned is not None,
            "etablies": [] if reasoned is None else established(reasoned),
            "questions": [writer.data(question, findings) for question in asked.questions],
            "droit_au": scenario.day.isoformat(),
        }

    def ways_out(self, document: object, today: dt.date | None = None) -> Pistes:
        """The nearest changes that give a better answer, and what the rules themselves suggest.

        Raises ``ScenarioError`` as ``advise`` does.
        """
        scenario = self.read(document, today or paris_today())
        law, evaluation, prepared = self._prepared(scenario)
        findings = evaluation.read(prepared)
        reasoner = self._reasoner(scenario)
        reasoned = None if reasoner is None else examine(reasoner, scenario, findings)
        tracer = self._tracer(law)
        states = States(findings, {} if reasoned is None else reasoned.examination.outlook)
        return {
            "habilitation": states.answer(answers.POWER),
            "raisonnement": reasoned is not None,
            "pistes": effects(law, tracer, findings).ways,
            "leviers": [] if reasoned is None else levers(evaluation, tracer, reasoned, findings),
            "pour_palier_suivant": None if reasoned is None else next_tier(reasoned, findings),
            "droit_au": scenario.day.isoformat(),
        }

    def example(self, rule: Rule) -> dict[str, object] | None:
        """A scenario in which this version of the rule decides, on its last day of force at most.

        ``None`` when none is found at a few moments of its force (each takes a second or two to
        search), or when the rulebook is not one to answer with.
        """
        if not self.answers:
            return None
        with self._examples:
            return self._example(rule)

    def _example(self, rule: Rule) -> dict[str, object] | None:
        last = rule.period.end or paris_today()
        moments = [m for m in self.reasoner.moments if rule.period.contains(m.day)]
        tried = sorted(moments, key=lambda m: (m.day > last, -m.day.toordinal()))
        for moment in tried[:: max(math.ceil(len(tried) / _EXAMPLE_MOMENTS), 1)]:
            found = example(self._spaces(moment), rule.key, _TASTE)
            if found is not None:
                return found
        return None

    def standing(self, scenario: Scenario) -> Standing:
        """Which questions matter in a scenario, and which presumed facts deserve an answer.

        Of a scenario that the rulebook declares impossible too: whoever writes it is still asked.
        """
        law = self.engine.law(scenario.day)
        evaluation = Evaluation(law)
        prepared = evaluation.prepare(scenario.base)
        possible = not self._space.problems(scenario, prepared)
        reasoner = self._reasoner(scenario) if possible else None
        return standing(law, evaluation.read(prepared), scenario, reasoner)

    def course(
        self, scenario: Scenario, situation: Situation | None, seen: Collection[FactAt] = ()
    ) -> Course:
        """What to ask next of someone who comes with a situation, and what is settled.

        Of a scenario that the rulebook declares impossible too; ``seen``: facts asked already.
        """
        law = self.engine.law(scenario.day)
        prepared = Evaluation(law).prepare(scenario.base)
        possible = not self._space.problems(scenario, prepared)
        reasoner = self._reasoner(scenario) if possible else None
        return course(law, scenario, reasoner, situation, seen)

    def _reasoner(self, scenario: Scenario) -> MomentReasoner | None:
        """What looks at every completion of a scenario; ``None`` when they are out of reach."""
        return self.reasoner.at(scenario.day) if within_reach(scenario) else None

    def _prepared(self, scenario: Scenario) -> tuple[CompiledLaw, Evaluation, Prepared]:
        """Facts settled, and refused when the rulebook declares that they cannot go together."""
        if not self.answers:
            check_contract(self.rulebook)
        law = self.engine.law(scenario.day)
        evaluation = Evaluation(law)
        prepared = evaluation.prepare(scenario.base)
        problems = self._space.problems(scenario, prepared)
        if problems:
            raise ScenarioError(problems)
        return law, evaluation, prepared

    def _tracer(self, law: CompiledLaw) -> Tracer:
        with self._lock:
            found = self._tracers.get(law.state.key)
            if found is None:
                found = self._tracers[law.state.key] = Tracer(law, self._cards)
        return found

    def close(self) -> None:
        """Free the engine; the advisor must not be used again."""
        self.engine.close()
