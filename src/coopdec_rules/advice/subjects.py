"""What questions are asked for: the answers of an avis, its conditions and its ceilings."""

from __future__ import annotations

from collections.abc import Iterator

from coopdec_rules.advice.readings import readings_of
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.reasoning.answers import Answer
from coopdec_rules.reasoning.bearing import Addition, Subject
from coopdec_rules.reasoning.places import Place
from coopdec_rules.rulebook.display import Place as Shown
from coopdec_rules.rulebook.formula import F, U, evaluator
from coopdec_rules.rulebook.model import Conclusion, Rule, facts_of
from coopdec_rules.rulebook.rulebook import Rulebook

#: Places of an avis where a conclusion is an answer: its head, its elements, its tables, and what
#: it says further on.  Whatever the rulebook shows there is asked about.
ANSWERED: tuple[Shown, ...] = ("tete", "element", "tableau", "suite")
#: Effects that ask something of someone: a fact that decides on one deserves a question.  Advice
#: and warnings only comment on what is known.
ASKED_OF_SOMEONE = ("condition", "formalite")


def answers_of(book: Rulebook, findings: Findings) -> list[Answer]:
    """The answers of an avis, each at every place where it is given: those of the action first."""
    places: dict[str | None, list[Place]] = {None: [None]}
    for group, items in findings.items.items():
        places[group] = [(group, item) for item in range(len(items))]
    return [(c.id, place) for c in answering(book) for place in places[c.scope]]


def answering(book: Rulebook) -> list[Conclusion]:
    """The conclusions that are answers of an avis, those of the action first."""
    shown = [c for place in ANSWERED for c in book.shown(place)]
    return sorted(shown, key=lambda conclusion: conclusion.scope is not None)


def open_subjects(law: CompiledLaw, findings: Findings) -> list[Subject]:
    """What questions are asked for in a scenario: open answers, conditions and ceilings."""
    return [
        *(a for a in answers_of(law.state.rulebook, findings) if _is_open(a, findings)),
        *open_additions(law, findings),
    ]


def _is_open(answer: Answer, findings: Findings) -> bool:
    """Whether facts may still settle an answer; a fault of the rulebook is no question."""
    name, place = answer
    reading = findings.scenario if place is None else findings.items[place[0]][place[1]]
    settled = reading.conclusions[name]
    return settled.value is None and not (settled.gap or settled.conflict)


def open_additions(law: CompiledLaw, findings: Findings) -> list[Subject]:
    """Conditions and ceilings that the known facts leave open, each where it is read."""
    return [
        (addition, None if group is None else (group, item or 0))
        for reading, group, item in readings_of(findings)
        for index, truth in reading.effective.items()
        if truth != F
        for addition in _open(law.rules[index], index, truth == U, reading, findings.scenario)
    ]


def _open(
    rule: Rule, index: int, undecided: bool, reading: Reading, scenario: Reading
) -> Iterator[Addition]:
    for number, effect in enumerate(rule.effects):
        if effect.kind not in ASKED_OF_SOMEONE:
            continue
        done_if = effect.done_if
        if undecided or (done_if is not None and evaluator(done_if)(reading.atoms) == U):
            yield Addition(index, number)
    if rule.ceiling is not None:
        numbers = ceiling_facts(rule)
        if undecided or any(n not in reading.facts and n not in scenario.facts for n in numbers):
            yield Addition(index, None)


def ceiling_facts(rule: Rule) -> tuple[str, ...]:
    """Facts whose amounts make the ceiling of a rule and what is held against it."""
    return () if rule.ceiling is None else (rule.ceiling.amount, *facts_of(rule.ceiling.limit))
