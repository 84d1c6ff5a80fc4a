"""The elements of validity that the rulebook declares, each with its state and its reasons.

Which they are, what they ask and how each value is said is in ``rules/vocabulaire``; nothing here
names one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from coopdec_rules.advice.effects import TASKS, in_play, merged_tasks, task_of
from coopdec_rules.advice.model_parts import Condition, Question, Raison
from coopdec_rules.advice.models import Element
from coopdec_rules.advice.readings import readings_of
from coopdec_rules.advice.said import Words, open_conditions, open_questions_of, said_of
from coopdec_rules.advice.states import States
from coopdec_rules.advice.trace import Tracer
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.rulebook.display import Display
from coopdec_rules.rulebook.formula import V
from coopdec_rules.rulebook.model import Conclusion, Rule
from coopdec_rules.rulebook.rulebook import Rulebook

#: Tasks of one kind, by the element they belong to.
_Ties = Mapping[str, list[tuple[str, Condition]]]


def elements(
    law: CompiledLaw,
    tracer: Tracer,
    states: States,
    words: Words,
    questions: Sequence[Question],
) -> list[Element]:
    """Every declared element, at each place where it is asked, in the order of the rulebook."""
    book = law.state.rulebook
    if not book.elements:
        return []
    ties = _ties(law, tracer, states)
    return [
        _element(law, tracer, states, conclusion, conclusion.display, place, ties, asked)
        for conclusion in book.elements
        if conclusion.display is not None
        for waits in [open_questions_of(book.wordbook, conclusion.id, questions)]
        for asked in [{**words, "questions": waits}]
        for place in readings_of(states.findings)
        if place[1] == conclusion.scope
    ]


def _element(
    law: CompiledLaw,
    tracer: Tracer,
    states: States,
    conclusion: Conclusion,
    display: Display,
    place: tuple[Reading, str | None, int | None],
    ties: _Ties,
    words: Words,
) -> Element:
    reading, group, item = place
    value, possible = states.state(conclusion.id, group, item)
    tied = {
        kind: merged_tasks(
            [
                task
                for written, task in ties.get(conclusion.id, ())
                if written == kind
                and (group is None or task["groupe"] is None or task["elements"] == [item])
            ]
        )
        for kind in TASKS
    }
    readings = (reading,) if group is None else (reading, states.findings.scenario)
    wordbook = tracer.book.wordbook
    known = {**words, "conditions": open_conditions(wordbook, tied["condition"])}
    said = said_of(conclusion, value, tracer.wording, readings, known)
    return {
        "code": conclusion.id,
        "titre": display.heading,
        "question": display.question,
        "groupe": group,
        "rang": item,
        "valeur": value,
        "valeur_libelle": said.label,
        "possibles": [] if value is not None else list(possible),
        "phrase": said.sentence,
        "ton": said.tone,
        "motifs": [
            _reason(tracer, rule, readings)
            for rule, readings in _giving(law, states.findings, conclusion, item, value)
        ],
        "conditions": tied["condition"],
        "formalites": tied["formalite"],
    }


def _reason(tracer: Tracer, rule: Rule, readings: Sequence[Reading]) -> Raison:
    return {
        "regle": rule.id,
        "texte": tracer.wording.fill(rule.explanation, *readings),
        "source": tracer.wording.fill(str(rule.main_source), *readings),
        "rang": rule.rank,
    }


def _giving(
    law: CompiledLaw,
    findings: Findings,
    element: Conclusion,
    item: int | None,
    value: str | None,
) -> Iterator[tuple[Rule, tuple[Reading, ...]]]:
    """The applied rules that give the element its value, with what they were read on.

    They are those of its points that weigh: the ones that have the element's own value, or all that
    are known while it has none.
    """
    for point in law.state.rulebook.points[element.id]:
        for reading, group, position in readings_of(findings):
            if group != point.scope or (element.scope is not None and position != item):
                continue
            readings = (reading,) if group is None else (reading, findings.scenario)
            for index in law.concluding.get(point.id, ()):
                if reading.effective.get(index) == V and (
                    value is None or dict(law.rules[index].concludes)[point.id] == value
                ):
                    yield law.rules[index], readings


def _ties(law: CompiledLaw, tracer: Tracer, states: States) -> _Ties:
    """What is asked of someone for the sake of each element, by element, with its kind."""
    found: dict[str, list[tuple[str, Condition]]] = {}
    for played in in_play(law, states.findings):
        kind = played.effect.kind
        if kind not in TASKS:
            continue
        for name in _elements_of(law.state.rulebook, played.rule, played.effect.element):
            task = task_of(tracer, states.findings, played)
            found.setdefault(name, []).append((kind, task))
    return found


def _elements_of(book: Rulebook, rule: Rule, named: str) -> tuple[str, ...]:
    """The element that an effect names, else those whose points its rule concludes."""
    if named:
        return (named,)
    return tuple(
        dict.fromkeys(
            element for name, _ in rule.concludes for element in book.elements_of.get(name, ())
        )
    )
