"""From findings to an avis: the one place that knows both shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coopdec_rules.advice import answers
from coopdec_rules.advice.caveats import faults, presumed_facts, weak_sources
from coopdec_rules.advice.ceilings import ceilings
from coopdec_rules.advice.divergences import divergences
from coopdec_rules.advice.effects import effects
from coopdec_rules.advice.elements import elements
from coopdec_rules.advice.questions import open_questions, questions
from coopdec_rules.advice.reviewed import review_warnings
from coopdec_rules.advice.said import words_of
from coopdec_rules.advice.scenario import Scenario
from coopdec_rules.advice.summary import summary
from coopdec_rules.advice.support import Support
from coopdec_rules.advice.tier import tier_context
from coopdec_rules.advice.trace import APPLIED, Tracer
from coopdec_rules.advice.wording import label
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.reasoning.answers import Answer
from coopdec_rules.reasoning.reasoner import Outlook
from coopdec_rules.rulebook.formula import V

#: What is known of each answer once every completion was looked at.
Outlooks = Mapping[Answer, Outlook]


def build_avis(
    law: CompiledLaw,
    tracer: Tracer,
    scenario: Scenario,
    findings: Findings,
    study: Findings | None,
    outlooks: Outlooks | None = None,
    complete: bool = False,
) -> dict[str, Any]:
    """The avis of one scenario.

    ``study`` are the findings of the same scenario under the 2006 study's reading, compared to show
    the divergences; ``outlooks`` the exact state of each answer, which otherwise is what the engine
    found; ``complete`` adds the rules whose conditions are not met.
    """
    book = law.state.rulebook
    main = findings.scenario
    support = Support(law, findings)
    asked, bearing = open_questions(law, findings, answers.ANSWERS)
    seen = _Seen(findings, outlooks or {})
    avis: dict[str, Any] = {
        "habilitation": seen.answer(answers.POWER),
        "habilitation_possibles": seen.possible(answers.POWER),
        "appui": support.rank(answers.POWER, main, None),
        "maitrise_ouvrage": {
            "titulaire": seen.answer(answers.OWNER),
            "possibles": seen.possible(answers.OWNER),
        },
        "palier": {
            "actuel": seen.answer(answers.TIER_NOW),
            "actuel_possibles": seen.possible(answers.TIER_NOW),
            "apres_action": seen.answer(answers.TIER_AFTER),
            "apres_action_possibles": seen.possible(answers.TIER_AFTER),
        },
        "volets": [
            _part(law, reading, position, support, seen)
            for position, reading in enumerate(findings.items[answers.PART])
        ],
    }
    avis["palier"].update(tier_context(law, tracer.wording, findings))
    avis.update(effects(law, tracer, findings))
    avis["plafonds"] = ceilings(law, findings)
    avis["motifs"] = tracer.reasons(findings, bearing, complete)
    avis["divergences"] = (
        divergences(law, tracer, findings, study, seen.established) if study else []
    )
    avis["avertissements"].extend(weak_sources(avis["volets"]))
    avis["avertissements"].extend(faults(law, findings))
    if tracer.warned:
        avis["avertissements"].extend(review_warnings(law, tracer.warned, findings, tracer.wording))
    avis["presumes"] = presumed_facts(law, scenario, findings)
    avis["questions"] = questions(law, asked)
    avis |= {"raisonnement": False, "etablies": [], "raisons": [], "leviers": []}
    avis["palier"]["pour_suivant"] = None
    basis = main.conclusions[answers.LEGAL_BASIS].value
    regime = main.conclusions[answers.REGIME].value
    avis["fondement"] = {
        "code": basis,
        "libelle": book.conclusions[answers.LEGAL_BASIS].values.get(basis or "", None),
    }
    avis["regime"] = {
        "code": regime,
        "libelle": book.conclusions[answers.REGIME].values.get(regime or "", None),
    }
    avis["elements"] = elements(law, tracer, findings, seen, words_of(main.facts))
    avis["droit_au"] = scenario.day.isoformat()
    avis["lecture"] = main.facts.get(answers.READING)
    applied = [m for m in avis["motifs"] if m["etat"] == APPLIED]
    avis["recueil"] = {
        "version": book.version,
        "empreinte": book.fingerprint,
        "regles_relues": {
            "relues": len({m["regle"] for m in applied if m["relue"]}),
            "total": len({m["regle"] for m in applied}),
        },
    }
    avis["resume"] = summary(avis, book, main.facts)
    return avis


class _Seen:
    """The state of every answer, as far as it is known."""

    def __init__(self, findings: Findings, outlooks: Outlooks) -> None:
        self._findings = findings
        self._outlooks = outlooks
        self.established: dict[Answer, str] = {
            answer: outlook.value
            for answer, outlook in outlooks.items()
            if outlook.established and outlook.value is not None
        }

    def answer(self, name: str, item: int | None = None) -> str:
        return self._state(name, item)[0] or answers.UNDETERMINED

    def possible(self, name: str, item: int | None = None) -> list[str]:
        value, possible = self._state(name, item)
        return [] if value is not None else list(possible)

    def _state(self, name: str, item: int | None) -> tuple[str | None, tuple[str, ...]]:
        return self.state(name, None if item is None else answers.PART, item)

    def state(
        self, name: str, group: str | None, item: int | None
    ) -> tuple[str | None, tuple[str, ...]]:
        """The value of a conclusion if it is known, and the values still possible."""
        place = None if group is None or item is None else (group, item)
        outlook = self._outlooks.get((name, place))
        if outlook is not None:
            return outlook.value, outlook.possible
        reading = (
            self._findings.scenario if place is None else self._findings.items[place[0]][place[1]]
        )
        settled = reading.conclusions[name]
        return settled.value, settled.possible


def _part(
    law: CompiledLaw, reading: Reading, position: int, support: Support, seen: _Seen
) -> dict[str, Any]:
    facts = law.state.rulebook.facts
    domain = reading.facts.get(answers.PART_DOMAIN)
    return {
        "rang": position,
        "intitule": reading.facts.get(answers.PART_TITLE),
        "domaine": domain,
        "domaine_libelle": label(domain, facts[answers.PART_DOMAIN].values) if domain else None,
        "habilitation": seen.answer(answers.PART_POWER, position),
        "habilitation_possibles": seen.possible(answers.PART_POWER, position),
        "maitre_ouvrage": seen.answer(answers.PART_OWNER, position),
        "maitre_ouvrage_possibles": seen.possible(answers.PART_OWNER, position),
        "detenteur": reading.conclusions[answers.PART_HOLDER].value,
        "appui": support.rank(answers.PART_POWER, reading, position),
        "motifs": [
            law.rules[index].id for index, effect in reading.effective.items() if effect == V
        ],
    }
