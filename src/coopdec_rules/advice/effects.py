"""What the rules in play add to the avis: conditions, formalities, advice, warnings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, get_args

from coopdec_rules.advice.model_parts import (
    Avertissement,
    Condition,
    EffectState,
    Effet,
    WarningReach,
)
from coopdec_rules.advice.readings import readings_of
from coopdec_rules.advice.trace import Tracer
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.rulebook.formula import F, Truth, U, evaluator
from coopdec_rules.rulebook.model import WARNING, Effect, Rule

#: Effects that ask something of someone.
TASKS = ("condition", "formalite")
_REACH: dict[str, WarningReach] = {
    "": "action",
    **{reach: reach for reach in get_args(WarningReach)},
}
_STATES: dict[Truth, EffectState] = {"v": "remplie", "f": "a_remplir", "u": "inconnue"}

_Told = TypeVar("_Told", bound=Effet)


@dataclass(frozen=True, slots=True)
class Effects:
    """Effects by kind, each text once with its places."""

    conditions: list[Condition] = field(default_factory=list)
    formalities: list[Condition] = field(default_factory=list)
    terms: list[Effet] = field(default_factory=list)
    advice: list[Effet] = field(default_factory=list)
    ways: list[Effet] = field(default_factory=list)
    warnings: list[Avertissement] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class InPlay:
    """An effect of a rule that applies, or (a condition) may apply, on one reading."""

    rule: Rule
    effect: Effect
    certainty: Truth
    reading: Reading
    group: str | None
    position: int | None


def in_play(law: CompiledLaw, findings: Findings) -> Iterator[InPlay]:
    """Every effect of the scenario, in the order in which the law was read."""
    for reading, group, position in readings_of(findings):
        for index, certainty in reading.effective.items():
            rule = law.rules[index]
            if certainty == F or not rule.effects:
                continue
            for effect in rule.effects:
                # Only what is asked of someone is worth showing while still uncertain.
                if certainty != U or effect.kind == "condition":
                    yield InPlay(rule, effect, certainty, reading, group, position)


def effects(law: CompiledLaw, tracer: Tracer, findings: Findings) -> Effects:
    """Conditions, formalities and the like of every rule that applies (or may apply)."""
    tasks: dict[str, list[Condition]] = {kind: [] for kind in TASKS}
    others: dict[str, list[Effet]] = {kind: [] for kind in ("modalite", "conseil", "piste")}
    warnings: list[Avertissement] = []
    for found in in_play(law, findings):
        kind = found.effect.kind
        if kind in TASKS:
            tasks[kind].append(task_of(tracer, findings, found))
        elif kind == WARNING:
            warnings.append(warned(_effect(tracer, findings, found), _REACH[found.effect.reach]))
        else:
            others[kind].append(_effect(tracer, findings, found))
    terms, advice, ways = (_merged(found) for found in others.values())
    return Effects(
        merged_tasks(tasks["condition"]),
        merged_tasks(tasks["formalite"]),
        terms,
        advice,
        ways,
        _merged(warnings),
    )


def warned(effect: Effet, reach: WarningReach) -> Avertissement:
    """An effect as a warning that bears on ``reach``."""
    return {**effect, "portee": reach}


def _effect(tracer: Tracer, findings: Findings, found: InPlay) -> Effet:
    readings = _readings(findings, found)
    return {
        "texte": tracer.wording.fill(found.effect.text, *readings),
        "regle": found.rule.id,
        "rang": found.rule.rank,
        "source": tracer.wording.fill(str(found.rule.main_source), *readings),
        "groupe": found.group,
        "elements": [] if found.position is None else [found.position],
    }


def task_of(tracer: Tracer, findings: Findings, found: InPlay) -> Condition:
    """A condition or a formality as the avis shows it, on one reading."""
    return {
        **_effect(tracer, findings, found),
        "qui": found.effect.who or None,
        "quand": found.effect.when or None,
        "etat": _state(found.effect, found.certainty, found.reading),
    }


def _readings(findings: Findings, found: InPlay) -> Sequence[Reading]:
    if found.group is None:
        return (found.reading,)
    return (found.reading, findings.scenario)


def _state(effect: Effect, certainty: Truth, reading: Reading) -> EffectState:
    if certainty == U:
        return "eventuelle"
    if effect.done_if is None:
        return "a_remplir"
    return _STATES[evaluator(effect.done_if)(reading.atoms)]


def merged_tasks(entries: Sequence[Condition]) -> list[Condition]:
    """The same task, in the same state, said of several items is said once, with their places."""
    seen: dict[tuple[str, str | None, str], Condition] = {}
    for entry in entries:
        key = (entry["texte"], entry["regle"], entry["etat"])
        before = seen.get(key)
        seen[key] = (
            entry
            if before is None
            else {**before, "elements": [*before["elements"], *entry["elements"]]}
        )
    return list(seen.values())


def _merged(entries: Sequence[_Told]) -> list[_Told]:
    seen: dict[tuple[str, str | None], _Told] = {}
    for entry in entries:
        key = (entry["texte"], entry["regle"])
        before = seen.get(key)
        if before is None:
            seen[key] = entry
        else:
            before["elements"] = [*before["elements"], *entry["elements"]]
    return list(seen.values())
