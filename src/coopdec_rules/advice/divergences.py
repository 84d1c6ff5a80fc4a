"""Where the 2006 study's reading of the same scenario gives another answer than the law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from typing_extensions import TypedDict

from coopdec_rules.advice import answers
from coopdec_rules.advice.model_parts import Divergence, Raison
from coopdec_rules.advice.trace import Tracer
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.rulebook.formula import V

_COMPARED = (*answers.ANSWERS, answers.LEGAL_BASIS)


def divergences(
    law: CompiledLaw,
    tracer: Tracer,
    ours: Findings,
    study: Findings,
    established: Mapping[tuple[str, tuple[str, int] | None], str] | None = None,
) -> list[Divergence]:
    """Every answer that the two readings do not share, and what else sets them apart.

    Each entry carries what both say, with the rules that make the difference and their reasons; an
    entry ``motifs`` carries the differences that change no answer (a condition, a warning).
    ``established`` are answers of ours that every completion gives.
    """
    causes = _causes(law, tracer, ours, study)
    places: list[tuple[str, int | None, Reading, Reading]] = [
        (name, None, ours.scenario, study.scenario) for name in _COMPARED
    ]
    for item, (part, read) in enumerate(
        zip(ours.items[answers.PART], study.items[answers.PART], strict=True)
    ):
        places.extend((name, item, part, read) for name in answers.PART_ANSWERS)
    found: list[Divergence] = []
    upstream_told = False
    for name, position, mine, theirs in places:
        settled, other = mine.conclusions[name], theirs.conclusions[name]
        if (settled.value, set(settled.possible)) == (other.value, set(other.possible)):
            continue
        mine_is = settled.value or (established or {}).get(
            (name, None if position is None else (answers.PART, position))
        )
        if mine_is is not None and mine_is == other.value:
            continue
        direct = _bearing_on(causes, name)
        upstream_told = upstream_told or direct is None
        shown = direct or _bearing_on(causes, None) or causes
        found.append(
            {
                "objet": name,
                "libelle": law.state.rulebook.conclusions[name].label,
                "element": position,
                "droit": mine_is or answers.UNDETERMINED,
                "etude_2006": other.value or answers.UNDETERMINED,
                "dit_le_droit": _told(shown, answers.LAW),
                "dit_l_etude": _told(shown, answers.STUDY),
            }
        )
    upstream = _bearing_on(causes, None)
    if upstream is not None and not upstream_told:
        found.append(
            {
                "objet": "motifs",
                "libelle": "conditions et avertissements",
                "element": None,
                "droit": None,
                "etude_2006": None,
                "dit_le_droit": _told(upstream, answers.LAW),
                "dit_l_etude": _told(upstream, answers.STUDY),
            }
        )
    return found


class _Cause(TypedDict):
    """A rule that sets the readings apart, and the conclusions it gives."""

    reason: Raison
    concludes: tuple[str, ...]


_Causes = dict[str, list[_Cause]]


def _bearing_on(causes: _Causes, name: str | None) -> _Causes | None:
    """Causes that conclude ``name`` themselves; with ``None``, those that conclude no answer."""
    compared = {*_COMPARED, *answers.PART_ANSWERS}
    kept = {
        side: [
            cause
            for cause in entries
            if (name in cause["concludes"] if name else not compared & set(cause["concludes"]))
        ]
        for side, entries in causes.items()
    }
    return kept if any(kept.values()) else None


def _told(causes: _Causes, side: str) -> list[Raison]:
    return [cause["reason"] for cause in causes[side]]


def _causes(law: CompiledLaw, tracer: Tracer, ours: Findings, study: Findings) -> _Causes:
    """Rules that read the reading itself and apply in one only, or that such a rule sets aside."""
    mine, theirs = (_applied(f, tracer.around_reading) for f in (ours, study))
    found: _Causes = {}
    for side, own, other, findings in (
        (answers.LAW, mine, theirs, ours),
        (answers.STUDY, theirs, mine, study),
    ):
        entries: dict[str, _Cause] = {}
        for index, reading in own.items():
            if index not in other:
                rule = law.rules[index]
                readings = (reading, findings.scenario)
                entries[rule.id] = {
                    "reason": {
                        "regle": rule.id,
                        "texte": tracer.wording.fill(rule.explanation, *readings),
                        "source": tracer.wording.fill(str(rule.main_source), *readings),
                        "rang": rule.rank,
                    },
                    "concludes": tuple(name for name, _ in rule.concludes),
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
