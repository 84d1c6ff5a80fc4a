"""What reasoning over every completion adds to an avis: exact answers, questions, reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.advice import answers
from coopdec_rules.advice.model_parts import Effet, Etablie, FaitSuffisant, RaisonSuffisante
from coopdec_rules.advice.model_parts import Question as QuestionOuverte
from coopdec_rules.advice.questions import asked_of
from coopdec_rules.advice.readings import readings_of
from coopdec_rules.advice.scenario import Presumed, Scenario, pointer_of
from coopdec_rules.advice.wording import label
from coopdec_rules.engine.findings import Findings
from coopdec_rules.reasoning.answers import Answer
from coopdec_rules.reasoning.places import Place
from coopdec_rules.reasoning.reasoner import Examination, MomentReasoner, Question
from coopdec_rules.reasoning.situation import Situation
from coopdec_rules.rulebook.model import Fact, Value
from coopdec_rules.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Reasoned:
    """One scenario, examined over all its completions."""

    reasoner: MomentReasoner
    situation: Situation
    examination: Examination


#: More items than this (volets and budgets together) are not reasoned on: it would take seconds.
MOST_ITEMS = 8


def within_reach(scenario: Scenario) -> bool:
    """Whether the scenario is small enough to look at all its completions for a request."""
    return sum(len(items) for items in scenario.base.items.values()) <= MOST_ITEMS


def out_of_reach() -> Effet:
    """The warning of an avis that could not be reasoned on."""
    return {
        "texte": f"Au-delà de {MOST_ITEMS} volets et budgets, toutes les suites possibles ne sont "
        "pas examinées : les questions peuvent être trop nombreuses, et les changements qui "
        "aideraient ne sont pas cherchés. Scinder l'action.",
        "regle": None,
        "rang": "methode",
        "source": "Méthode du recueil",
        "groupe": None,
        "elements": [],
    }


def answers_of(book: Rulebook, findings: Findings) -> list[Answer]:
    """The answers of an avis: those of the action, those of each volet, then the elements."""
    parts = range(len(findings.items[answers.PART]))
    return [
        *((name, None) for name in answers.ANSWERS),
        *(
            (name, (answers.PART, item))
            for item in parts
            for name in (answers.PART_POWER, answers.PART_OWNER)
        ),
        *(
            (element.id, None if group is None or item is None else (group, item))
            for element in book.elements
            for _, group, item in readings_of(findings)
            if group == element.scope
        ),
    ]


def examine(
    reasoner: MomentReasoner, scenario: Scenario, findings: Findings, effects: int | None
) -> Reasoned:
    """Examine a scenario; ``effects`` questions get the effect of each of their values.

    ``None``: no question is looked for.
    """
    situation = reasoner.situation(scenario.day, scenario.base)
    book = situation.variables.book
    examination = reasoner.examine(situation, findings, answers_of(book, findings), effects)
    return Reasoned(reasoner, situation, examination)


def established(reasoned: Reasoned) -> list[Etablie]:
    """Answers settled by every completion though the facts known do not decide them one by one."""
    return [
        {"pour": name, "element": item_of(place), "valeur": outlook.value}
        for (name, place), outlook in reasoned.examination.outlook.items()
        if outlook.established and outlook.value is not None
    ]


def questions(reasoned: Reasoned) -> list[QuestionOuverte]:
    """Open questions, the one that lifts most of the doubt first."""
    return [_question(reasoned, question) for question in reasoned.examination.questions]


def _question(reasoned: Reasoned, question: Question) -> QuestionOuverte:
    fact = reasoned.situation.variables.book.facts[question.fact]
    item = item_of(question.place)
    main = [name for name, place in question.answers if place is None]
    return {
        **asked_of(fact, item, main or [name for name, _ in question.answers]),
        "apport": round(question.gain, 4),
        "effets": [
            {
                "valeur": value,
                "valeur_libelle": label(value, fact.values),
                "reponses": {
                    name: list(possible)
                    for (name, place), possible in then.items()
                    if place is None
                },
            }
            for value, then in _shown(fact, question.effects)
        ],
    }


def _shown(
    fact: Fact, effects: Sequence[tuple[Value, Mapping[Answer, tuple[str, ...]]]]
) -> Sequence[tuple[Value, Mapping[Answer, tuple[str, ...]]]]:
    """Effects of values that can be named: a number's cells cannot."""
    return effects if fact.type in ("choix", "booleen") else ()


def reasons(reasoned: Reasoned, presumed: Sequence[Presumed]) -> list[RaisonSuffisante]:
    """For each settled answer of the action, a minimal set of facts that alone decides it."""
    assumed = {(p.fact.id, _place(p.fact, p.item)) for p in presumed}
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
        "valeur_libelle": label(value, fact.values),
        "pointeur": pointer_of(fact, item),
        "element": item,
        "presume": presumed,
    }


def item_of(place: Place) -> int | None:
    """Place of an item in its repeated group; ``None`` for the scenario."""
    return place[1] if place else None


def _place(fact: Fact, item: int | None) -> Place:
    return (fact.scope, item or 0) if fact.scope else None
