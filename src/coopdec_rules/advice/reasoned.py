"""What reasoning over every completion adds to an avis: exact answers, questions, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.advice import answers
from coopdec_rules.advice.model_parts import Avertissement, Etablie, FaitSuffisant, RaisonSuffisante
from coopdec_rules.advice.scenario import Presumed, Scenario, pointer_of
from coopdec_rules.advice.subjects import answers_of
from coopdec_rules.advice.waiting import Waiting
from coopdec_rules.engine.findings import Findings
from coopdec_rules.reasoning.bearing import Subject
from coopdec_rules.reasoning.places import Place
from coopdec_rules.reasoning.reasoner import Examination, MomentReasoner
from coopdec_rules.reasoning.situation import Situation
from coopdec_rules.rulebook.model import Fact
from coopdec_rules.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Reasoned:
    """One scenario, examined over all its completions."""

    reasoner: MomentReasoner
    situation: Situation
    examination: Examination


#: More repeated items than this, beyond the first of each group, are not reasoned on: it would
#: take seconds.
MOST_MORE = 6


def within_reach(scenario: Scenario) -> bool:
    """Whether the scenario is small enough to look at all its completions for a request."""
    return sum(len(items) - 1 for items in scenario.base.items.values()) <= MOST_MORE


def out_of_reach(book: Rulebook) -> Avertissement:
    """The warning of an avis that could not be reasoned on."""
    groups = ", ".join(f"« {group.title} »" for group in book.groups.values() if group.repeated)
    return {
        "texte": f"Les listes du scénario ({groups}) ont en tout plus de {MOST_MORE} éléments "
        "après le premier de chacune : toutes les suites possibles ne sont pas examinées, les "
        "questions peuvent être trop nombreuses, et les changements qui aideraient ne sont pas "
        "cherchés. Scinder l'action.",
        "regle": None,
        "rang": "methode",
        "source": "Méthode du recueil",
        "groupe": None,
        "elements": [],
        "portee": "reponse",
    }


def examine(
    reasoner: MomentReasoner,
    scenario: Scenario,
    findings: Findings,
    effects: int | None = None,
    waits: Mapping[Subject, Waiting] | None = None,
) -> Reasoned:
    """Examine a scenario; ``effects`` questions get the effect of each of their values.

    ``None``: no question is looked for; they are about what ``waits`` for a fact.
    """
    situation = reasoner.situation(scenario.day, scenario.base)
    asked = answers_of(reasoner.variables.book, findings)
    within = {subject: wait.facts for subject, wait in (waits or {}).items() if wait.facts}
    examination = reasoner.examine(situation, findings, asked, effects, within)
    return Reasoned(reasoner, situation, examination)


def established(reasoned: Reasoned) -> list[Etablie]:
    """Answers settled by every completion though the facts known do not decide them one by one."""
    return [
        {"pour": name, "element": item_of(place), "valeur": outlook.value}
        for (name, place), outlook in reasoned.examination.outlook.items()
        if outlook.established and outlook.value is not None
    ]


def reasons(reasoned: Reasoned, presumed: Sequence[Presumed]) -> list[RaisonSuffisante]:
    """For each settled answer of the action, a minimal set of facts that alone decides it."""
    # In their order: which facts are left out first must not depend on the process.
    assumed = dict.fromkeys((p.fact.id, _place(p.fact, p.item)) for p in presumed)
    index = reasoned.situation.variables.index_of
    keys = [(place, index[fact]) for fact, place in assumed if fact in index]
    fixed = [(None, index[answers.READING])]
    found: list[RaisonSuffisante] = []
    for name in answers.ANSWERS:
        value = reasoned.examination.outlook[name, None].value
        if value is None:
            continue
        facts = reasoned.reasoner.reasons(reasoned.situation, (name, None), value, keys, fixed)
        if facts is None:
            continue
        found.append(
            {
                "pour": name,
                "element": None,
                "valeur": value,
                "faits": [
                    _fact(reasoned, fact, place, (fact, place) in assumed) for fact, place in facts
                ],
            }
        )
    return found


def _fact(reasoned: Reasoned, name: str, place: Place, presumed: bool) -> FaitSuffisant:
    fact = reasoned.situation.variables.book.facts[name]
    value = reasoned.situation.known[place][name]
    item = item_of(place)
    return {
        "fait": name,
        "libelle": fact.label,
        "valeur": value,
        "valeur_libelle": fact.said(value),
        "pointeur": pointer_of(fact, item),
        "element": item,
        "presume": presumed,
    }


def item_of(place: Place) -> int | None:
    """Place of an item in its repeated group; ``None`` for the scenario."""
    return place[1] if place else None


def _place(fact: Fact, item: int | None) -> Place:
    return (fact.scope, item or 0) if fact.scope else None
