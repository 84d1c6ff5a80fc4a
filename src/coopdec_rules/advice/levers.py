"""The nearest changes that would give a better answer, worded as something to do."""

from __future__ import annotations

from coopdec_rules.advice import answers
from coopdec_rules.advice.model_parts import (
    Changement,
    Levier,
    PalierSuivant,
    RegleTouchee,
    Renoncement,
)
from coopdec_rules.advice.names import name_of
from coopdec_rules.advice.reasoned import Reasoned, item_of
from coopdec_rules.advice.scenario import pointer_of
from coopdec_rules.advice.trace import Tracer
from coopdec_rules.engine.evaluation import Evaluation
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.reasoning.levers import Lever, Step
from coopdec_rules.rulebook.formula import V
from coopdec_rules.rulebook.model import Value

#: Ways out shown, steps of each at the most, and other actions told after them.
SHOWN, MOST_STEPS, OTHER_ACTIONS = 3, 3, 1
#: Tones of the answers that let an action go ahead.
_WAYS = ("favorable", "reserve")
#: Ways to the next tier looked at, of which the nearest are kept.
_TO_NEXT_TIER = 12
#: Rules told for each lever, on each side.
_RULES = 3


def levers(
    evaluation: Evaluation, tracer: Tracer, reasoned: Reasoned, findings: Findings
) -> list[Levier]:
    """Ways out of a refusal, the nearest first; another action comes last, told as such.

    None when the answer already lets the action go ahead: what is then to be done is listed as
    conditions.
    """
    outlook = reasoned.examination.outlook[answers.POWER, None]
    display = tracer.book.conclusions[answers.POWER].display
    if outlook.value is None or display is None or not display.said[outlook.value].ways:
        return []
    wanted = {value for value, said in display.said.items() if said.tone in _WAYS}
    found = [
        lever
        for lever in reasoned.reasoner.levers(
            reasoned.situation,
            (answers.POWER, None),
            outlook.value,
            SHOWN,
            wanted,
            OTHER_ACTIONS,
            findings,
        )
        if len(lever.steps) <= MOST_STEPS
    ]
    return [_lever(evaluation, tracer, reasoned, findings, lever) for lever in found]


def next_tier(reasoned: Reasoned, findings: Findings) -> PalierSuivant | None:
    """What the actor lacks for the next tier of engagement, if something worded leads there."""
    outlook = reasoned.examination.outlook[answers.TIER_NOW, None]
    if outlook.value is None:
        return None
    answer = (answers.TIER_NOW, None)
    found = reasoned.reasoner.levers(
        reasoned.situation, answer, outlook.value, _TO_NEXT_TIER, findings=findings
    )
    order = reasoned.situation.variables.book.conclusions[answers.TIER_NOW].order
    reached = sorted({lever.value for lever in found}, key=order.index)
    if not reached:
        return None
    nearest = [lever for lever in found if lever.value == reached[0]]
    fewest = min(len(lever.steps) for lever in nearest)
    labels = reasoned.situation.variables.book.conclusions[answers.TIER_NOW].values
    return {
        "palier": reached[0],
        "libelle": labels[reached[0]],
        "voies": [
            [_step(step) for step in lever.steps] for lever in nearest if len(lever.steps) == fewest
        ],
    }


def _lever(
    evaluation: Evaluation,
    tracer: Tracer,
    reasoned: Reasoned,
    findings: Findings,
    lever: Lever,
) -> Levier:
    after = evaluation.run(_changed(reasoned, lever))
    removed, added = _rules(tracer, findings, after), _rules(tracer, after, findings)
    return {
        "changements": [_step(step) for step in lever.steps],
        "sans": _dropped(tracer, lever),
        "habilitation": lever.value,
        "habilitation_libelle": reasoned.situation.variables.book.conclusions[answers.POWER].values[
            lever.value
        ],
        "certain": lever.sure,
        "autre_action": lever.other_action,
        "leve": removed,
        "applique": added,
    }


def _step(step: Step) -> Changement:
    fact, item = step.fact, item_of(step.place)
    return {
        "fait": fact.id,
        "libelle": fact.label,
        "pointeur": pointer_of(fact, item),
        "element": item,
        "de": step.before,
        "de_libelle": None if step.before is None else fact.said(step.before),
        "vers": step.after,
        "vers_libelle": fact.said(step.after),
        "faire": fact.to_do.get(_written(step.after), "") or fact.to_do.get("", ""),
        "qui": fact.changed_by,
        "qui_libelle": name_of("qui", fact.changed_by),
    }


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return value if isinstance(value, str) else ""


def _dropped(tracer: Tracer, lever: Lever) -> Renoncement | None:
    if lever.dropped is None:
        return None
    group, item = lever.dropped
    noun = tracer.book.groups[group].noun
    return {"groupe": group, "element": item, "faire": f"renoncer à {noun.this}"}


def _changed(reasoned: Reasoned, lever: Lever) -> FactBase:
    known = reasoned.situation.known
    scenario = dict(known[None])
    items = {
        group: [dict(known[group, index]) for index in range(count)]
        for group, count in reasoned.situation.shape.counts
    }
    for step in lever.steps:
        target = scenario if step.place is None else items[step.place[0]][step.place[1]]
        target[step.fact.id] = step.after
    if lever.dropped is not None:
        del items[lever.dropped[0]][lever.dropped[1]]
    return FactBase(scenario, {group: tuple(facts) for group, facts in items.items()})


def _rules(tracer: Tracer, here: Findings, there: Findings) -> list[RegleTouchee]:
    """Rules of law that apply here and no longer (or not yet) there, those that conclude first."""
    rules = tracer.law.rules
    mine, theirs = _applied(here), _applied(there)
    found = [
        (index, reading)
        for index, reading in mine.items()
        if index not in theirs and not tracer.book.ranks[rules[index].rank].method
    ]
    found.sort(key=lambda pair: (not rules[pair[0]].concludes, pair[0]))
    return [
        {
            "regle": rules[index].id,
            "explication": tracer.wording.fill(rules[index].explanation, reading, here.scenario),
            "source": tracer.wording.fill(str(rules[index].main_source), reading, here.scenario),
            "rang": rules[index].rank,
        }
        for index, reading in found[:_RULES]
    ]


def _applied(findings: Findings) -> dict[int, Reading]:
    found: dict[int, Reading] = {}
    for reading in (findings.scenario, *(r for items in findings.items.values() for r in items)):
        for index, effect in reading.effective.items():
            if effect == V:
                found.setdefault(index, reading)
    return found
