"""From findings to an avis: the one place that knows both shapes."""

from __future__ import annotations

from collections.abc import Iterable

from coopdec_rules.advice import answers
from coopdec_rules.advice.caveats import faults, presumed_facts, weak_sources
from coopdec_rules.advice.ceilings import ceilings
from coopdec_rules.advice.deduced import NOT_ASKED, Deduced
from coopdec_rules.advice.divergences import divergences
from coopdec_rules.advice.effects import effects
from coopdec_rules.advice.elements import elements
from coopdec_rules.advice.model_parts import Avertissement, Motif
from coopdec_rules.advice.models import Avis, Fondement, Recueil, Volet
from coopdec_rules.advice.questions import Inquiry, QuestionWriter
from coopdec_rules.advice.replies import replies, resume
from coopdec_rules.advice.reviewed import review_warnings
from coopdec_rules.advice.said import words_of
from coopdec_rules.advice.scenario import Scenario
from coopdec_rules.advice.states import States
from coopdec_rules.advice.support import Support
from coopdec_rules.advice.tier import tier_context
from coopdec_rules.advice.trace import APPLIED, Tracer
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.rulebook.formula import V
from coopdec_rules.rulebook.rulebook import Rulebook


def build_avis(
    law: CompiledLaw,
    tracer: Tracer,
    scenario: Scenario,
    findings: Findings,
    study: Findings | None,
    asked: Inquiry,
    deduced: Deduced = NOT_ASKED,
    complete: bool = False,
    cautions: Iterable[Avertissement] = (),
) -> Avis:
    """The avis of one scenario.

    ``study`` are the findings of the same scenario under the 2006 study's reading, compared to show
    the divergences; ``asked`` are its questions, ``deduced`` what reasoning over every completion
    adds; ``complete`` adds the rules whose conditions are not met; ``cautions`` are warnings about
    this very avis.
    """
    book = law.state.rulebook
    main = findings.scenario
    support = Support(law, findings)
    states = States(findings, deduced.outlooks)
    bearing = {
        rule
        for (name, place), wait in asked.waits.items()
        if place is None and name in answers.ANSWERS
        for rule in wait.rules
    }
    told = effects(law, tracer, findings)
    parts = [
        _part(law, reading, position, support, states)
        for position, reading in enumerate(findings.items[answers.PART])
    ]
    reasons = tracer.reasons(findings, bearing, complete)
    writer = QuestionWriter(law, tracer.wording)
    still = [writer.data(question, findings) for question in asked.questions]
    words = words_of(book, main.facts)
    limits = ceilings(law, findings)
    shown = replies(tracer.wording, states, words, told.conditions, still, limits)
    return {
        "habilitation": states.answer(answers.POWER),
        "habilitation_possibles": states.open(answers.POWER),
        "appui": support.rank(answers.POWER, main, None),
        "maitrise_ouvrage": {
            "titulaire": states.answer(answers.OWNER),
            "possibles": states.open(answers.OWNER),
        },
        "palier": {
            "actuel": states.answer(answers.TIER_NOW),
            "actuel_possibles": states.open(answers.TIER_NOW),
            "apres_action": states.answer(answers.TIER_AFTER),
            "apres_action_possibles": states.open(answers.TIER_AFTER),
            **tier_context(law, tracer.wording, findings),
            "pour_suivant": deduced.next_tier,
        },
        "volets": parts,
        "reponses": shown,
        "elements": elements(law, tracer, states, words, still),
        "conditions": told.conditions,
        "formalites": told.formalities,
        "modalites": told.terms,
        "conseils": told.advice,
        "pistes": told.ways,
        "avertissements": [
            *told.warnings,
            *weak_sources(book, parts),
            *faults(law, findings),
            *review_warnings(law, tracer.warned, findings, tracer.wording),
            *cautions,
        ],
        "plafonds": limits,
        "motifs": reasons,
        "divergences": (
            divergences(law, tracer, findings, study, states.established) if study else []
        ),
        "presumes": presumed_facts(law, scenario, findings),
        "questions": still,
        "raisonnement": deduced.reasoned,
        "etablies": deduced.established,
        "raisons": deduced.reasons,
        "leviers": deduced.levers,
        "fondement": _named(book, main, answers.LEGAL_BASIS),
        "regime": _named(book, main, answers.REGIME),
        "droit_au": scenario.day.isoformat(),
        "lecture": str(main.facts[answers.READING]),
        "recueil": _rulebook(book, reasons),
        "resume": resume(book, shown),
    }


def _named(book: Rulebook, reading: Reading, name: str) -> Fondement:
    """The value of a conclusion with its name; what tells the regime has the same keys."""
    code = reading.conclusions[name].value
    return {"code": code, "libelle": book.conclusions[name].values.get(code or "")}


def _rulebook(book: Rulebook, reasons: Iterable[Motif]) -> Recueil:
    applied = [reason for reason in reasons if reason["etat"] == APPLIED]
    return {
        "version": book.version,
        "empreinte": book.fingerprint,
        "regles_relues": {
            "relues": len({reason["regle"] for reason in applied if reason["relue"]}),
            "total": len({reason["regle"] for reason in applied}),
        },
    }


def _part(
    law: CompiledLaw, reading: Reading, position: int, support: Support, states: States
) -> Volet:
    facts = law.state.rulebook.facts
    domain, title = (reading.facts.get(n) for n in (answers.PART_DOMAIN, answers.PART_TITLE))
    here = (answers.PART, position)
    return {
        "rang": position,
        "intitule": title if isinstance(title, str) else None,
        "domaine": domain if isinstance(domain, str) else None,
        "domaine_libelle": facts[answers.PART_DOMAIN].said(domain) if domain else None,
        "habilitation": states.answer(answers.PART_POWER, *here),
        "habilitation_possibles": states.open(answers.PART_POWER, *here),
        "maitre_ouvrage": states.answer(answers.PART_OWNER, *here),
        "maitre_ouvrage_possibles": states.open(answers.PART_OWNER, *here),
        "detenteur": states.state(answers.PART_HOLDER, *here)[0],
        "appui": support.rank(answers.PART_POWER, reading, position),
        "motifs": [
            law.rules[index].id for index, effect in reading.effective.items() if effect == V
        ],
    }
