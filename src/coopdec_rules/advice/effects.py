"""What the rules in play add to the avis: conditions, formalities, advice, warnings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coopdec_rules.advice.readings import readings_of
from coopdec_rules.advice.trace import Tracer
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.rulebook.formula import F, Truth, U, evaluator
from coopdec_rules.rulebook.model import Effect, Rule

_LISTS = {
    "condition": "conditions",
    "formalite": "formalites",
    "modalite": "modalites",
    "conseil": "conseils",
    "piste": "pistes",
    "avertissement": "avertissements",
}


def effects(law: CompiledLaw, tracer: Tracer, findings: Findings) -> dict[str, list[Any]]:
    """Conditions, formalities and the like of every rule that applies (or may apply)."""
    lists: dict[str, list[Any]] = {name: [] for name in _LISTS.values()}
    for reading, group, position in readings_of(findings):
        readings = (reading,) if group is None else (reading, findings.scenario)
        for index, effect in reading.effective.items():
            rule = law.rules[index]
            if effect == F or not rule.effects:
                continue
            for item in rule.effects:
                # Only what is asked of someone is worth showing while still uncertain.
                if effect == U and item.kind != "condition":
                    continue
                lists[_LISTS[item.kind]].append(
                    effect_of(rule, item, effect, tracer, reading, readings, group, position)
                )
    for name, entries in lists.items():
        lists[name] = merged(entries)
    return lists


def effect_of(
    rule: Rule,
    effect: Effect,
    certainty: Truth,
    tracer: Tracer,
    reading: Reading,
    readings: Sequence[Reading],
    group: str | None,
    position: int | None,
) -> dict[str, Any]:
    """One effect of a rule as the avis shows it, on one reading."""
    entry: dict[str, Any] = {
        "texte": tracer.wording.fill(effect.text, *readings),
        "regle": rule.id,
        "rang": rule.rank,
        "source": tracer.wording.fill(str(rule.main_source), *readings),
        "groupe": group,
        "elements": [] if position is None else [position],
    }
    if effect.kind in ("condition", "formalite"):
        entry["qui"] = effect.who or None
        entry["quand"] = effect.when or None
        entry["etat"] = _state(effect, certainty, reading)
    return entry


def _state(effect: Effect, certainty: Truth, reading: Reading) -> str:
    if certainty == U:
        return "eventuelle"
    if effect.done_if is None:
        return "a_remplir"
    done = evaluator(effect.done_if)(reading.atoms)
    return {"v": "remplie", "f": "a_remplir", "u": "inconnue"}[done]


def merged(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same text said of several items is said once, with their places."""
    seen: dict[tuple[Any, ...], dict[str, Any]] = {}
    for entry in entries:
        key = (entry["texte"], entry["regle"], entry.get("etat"))
        if key in seen:
            seen[key]["elements"].extend(entry["elements"])
        else:
            seen[key] = entry
    return list(seen.values())
