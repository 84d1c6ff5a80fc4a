"""Where the 2006 study's reading of the same scenario gives another answer than the law."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coopdec_rules.advice import answers
from coopdec_rules.advice.trace import Tracer
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.rulebook.formula import V

_COMPARED = (*answers.ANSWERS, answers.LEGAL_BASIS)


def divergences(
    law: CompiledLaw, tracer: Tracer, ours: Findings, study: Findings
) -> list[dict[str, Any]]:
    """Every answer, and every condition, that the two readings do not share.

    Each entry carries what both say, with the rules that make the difference and their reasons.
    """
    found: list[dict[str, Any]] = []
    causes = _causes(law, tracer, ours, study)
    for name in _COMPARED:
        found.extend(_difference(name, None, ours.scenario, study.scenario, law, causes))
    for position, (mine, theirs) in enumerate(
        zip(ours.items[answers.PART], study.items[answers.PART], strict=True)
    ):
        for name in answers.PART_ANSWERS:
            found.extend(_difference(name, position, mine, theirs, law, causes))
    if not found and (causes["droit"] or causes["etude_2006"]):
        found.append(
            {
                "objet": "motifs",
                "libelle": "conditions et avertissements",
                "element": None,
                "droit": None,
                "etude_2006": None,
                **_explained(causes),
            }
        )
    return found


def _difference(
    name: str,
    position: int | None,
    mine: Reading,
    theirs: Reading,
    law: CompiledLaw,
    causes: dict[str, list[dict[str, Any]]],
) -> Iterable[dict[str, Any]]:
    ours, study = mine.conclusions[name], theirs.conclusions[name]
    if (ours.value, set(ours.possible)) == (study.value, set(study.possible)):
        return
    conclusion = law.state.rulebook.conclusions[name]
    yield {
        "objet": name,
        "libelle": conclusion.label,
        "element": position,
        "droit": ours.value or answers.UNDETERMINED,
        "etude_2006": study.value or answers.UNDETERMINED,
        **_explained(causes),
    }


def _explained(causes: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {"dit_le_droit": causes[answers.LAW], "dit_l_etude": causes[answers.STUDY]}


def _causes(
    law: CompiledLaw, tracer: Tracer, ours: Findings, study: Findings
) -> dict[str, list[dict[str, Any]]]:
    """Rules that read the reading itself and apply in one only, or that such a rule sets aside."""
    mine, theirs = (_applied(f, tracer.around_reading) for f in (ours, study))
    found: dict[str, list[dict[str, Any]]] = {}
    for side, own, other, findings in (
        (answers.LAW, mine, theirs, ours),
        (answers.STUDY, theirs, mine, study),
    ):
        entries = {}
        for index, reading in own.items():
            if index not in other:
                rule = law.rules[index]
                text = tracer.wording.fill(rule.explanation, reading, findings.scenario)
                entries[rule.id] = {
                    "regle": rule.id,
                    "texte": text,
                    "source": str(rule.main_source),
                    "rang": rule.rank,
                }
        found[side] = list(entries.values())
    return found


def _applied(findings: Findings, rules: Iterable[int]) -> dict[int, Reading]:
    readings = [findings.scenario, *(r for items in findings.items.values() for r in items)]
    found = {}
    for index in rules:
        for reading in readings:
            if reading.effective.get(index) == V:
                found[index] = reading
                break
    return found
