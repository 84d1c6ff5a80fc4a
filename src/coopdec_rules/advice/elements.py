"""The elements of validity that the rulebook declares, each with its state and its reasons.

Which they are, what they ask and how each value is said is in ``rules/vocabulaire``; nothing here
names one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from coopdec_rules.advice.effects import effect_of, merged
from coopdec_rules.advice.readings import readings_of
from coopdec_rules.advice.said import Words, open_conditions, said_of
from coopdec_rules.advice.trace import Tracer
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.rulebook.formula import F, U, V
from coopdec_rules.rulebook.model import Conclusion, Rule
from coopdec_rules.rulebook.rulebook import Rulebook

_TIED = ("condition", "formalite")


class States(Protocol):
    """The value of a conclusion, and the values still possible while it has none."""

    def state(
        self, name: str, group: str | None, item: int | None
    ) -> tuple[str | None, tuple[str, ...]]: ...


def elements(
    law: CompiledLaw, tracer: Tracer, findings: Findings, states: States, words: Words
) -> list[dict[str, Any]]:
    """Every declared element, at each place where it is asked, in the order of the rulebook."""
    book = law.state.rulebook
    if not book.elements:
        return []
    ties = _ties(law, tracer, findings)
    return [
        _element(law, tracer, findings, conclusion, place, states, words, ties)
        for conclusion in book.elements
        for place in _places(conclusion, findings)
    ]


_Place = tuple[Reading, str | None, int | None]


def _places(conclusion: Conclusion, findings: Findings) -> Iterator[_Place]:
    for reading, group, position in readings_of(findings):
        if group == conclusion.scope:
            yield reading, group, position


def _element(
    law: CompiledLaw,
    tracer: Tracer,
    findings: Findings,
    conclusion: Conclusion,
    place: _Place,
    states: States,
    words: Words,
    ties: Mapping[str, list[tuple[str, dict[str, Any]]]],
) -> dict[str, Any]:
    reading, group, item = place
    value, possible = states.state(conclusion.id, group, item)
    tied = {
        kind: merged(
            [
                dict(entry)
                for written, entry in ties.get(conclusion.id, ())
                if written == kind
                and (group is None or entry["groupe"] is None or entry["elements"] == [item])
            ]
        )
        for kind in _TIED
    }
    readings = (reading,) if group is None else (reading, findings.scenario)
    said = said_of(
        conclusion,
        value,
        tracer.wording,
        readings,
        {**words, "conditions": open_conditions(tied["condition"])},
    )
    display = conclusion.display
    return {
        "code": conclusion.id,
        "titre": display.heading if display else conclusion.label,
        "question": display.question if display else "",
        "groupe": group,
        "rang": item,
        "valeur": value,
        "valeur_libelle": said.label,
        "possibles": [] if value is not None else list(possible),
        "phrase": said.sentence,
        "ton": said.tone,
        "motifs": [
            {
                "regle": rule.id,
                "texte": tracer.wording.fill(rule.explanation, *readings),
                "source": tracer.wording.fill(str(rule.main_source), *readings),
                "rang": rule.rank,
            }
            for rule, readings in _giving(law, findings, conclusion, item, value)
        ],
        "conditions": tied["condition"],
        "formalites": tied["formalite"],
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


def _ties(
    law: CompiledLaw, tracer: Tracer, findings: Findings
) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """What is asked of someone for the sake of each element, by element, with its kind."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for reading, group, position in readings_of(findings):
        readings = (reading,) if group is None else (reading, findings.scenario)
        for index, effect in reading.effective.items():
            rule = law.rules[index]
            if effect == F or not rule.effects:
                continue
            for item in rule.effects:
                # As in the avis: only a condition is worth showing while still uncertain.
                if item.kind not in _TIED or (effect == U and item.kind != "condition"):
                    continue
                for name in _elements_of(law.state.rulebook, rule, item.element):
                    entry = effect_of(
                        rule, item, effect, tracer, reading, readings, group, position
                    )
                    found.setdefault(name, []).append((item.kind, entry))
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
