"""Scenario in, avis out."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

from coopdec_rules.advice import answers
from coopdec_rules.advice.avis import build_avis
from coopdec_rules.advice.scenario import Scenario, ScenarioReader
from coopdec_rules.advice.trace import Tracer
from coopdec_rules.advice.wording import Wording
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.engine import Engine
from coopdec_rules.rulebook.rulebook import Rulebook


class Advisor:
    """Advises on one rulebook.  Safe to share between threads."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.reader = ScenarioReader(rulebook)
        self.wording = Wording(rulebook)
        self.engine = Engine(rulebook)
        self._tracers: dict[tuple[str, str], Tracer] = {}
        self._lock = threading.Lock()

    def advise(
        self, document: object, today: dt.date | None = None, complete: bool = False
    ) -> dict[str, Any]:
        """The avis for a scenario document (nested mappings and lists, as JSON or YAML give).

        ``today`` is the date of the law when the scenario gives none (the machine's date if
        omitted); ``complete`` adds to the reasons the rules whose conditions are not met.  Raises
        ``ScenarioError`` when the document cannot be read.
        """
        return self.advise_scenario(self.reader.read(document, today or dt.date.today()), complete)

    def advise_scenario(self, scenario: Scenario, complete: bool = False) -> dict[str, Any]:
        """The avis for a scenario already read."""
        law = self.engine.law(scenario.day)
        evaluation = self.engine.evaluation(scenario.day)
        prepared = evaluation.prepare(scenario.base)
        findings = evaluation.read(prepared)
        study = None
        if scenario.base.scenario.get(answers.READING) == answers.LAW:
            study = evaluation.read(evaluation.with_fact(prepared, answers.READING, answers.STUDY))
        return build_avis(law, self._tracer(law), scenario, findings, study, complete)

    def _tracer(self, law: CompiledLaw) -> Tracer:
        key = law.state.key
        found = self._tracers.get(key)
        if found is None:
            with self._lock:
                found = self._tracers.setdefault(key, Tracer(law, self.wording))
        return found

    def close(self) -> None:
        """Free the engine; the advisor must not be used again."""
        self.engine.close()
