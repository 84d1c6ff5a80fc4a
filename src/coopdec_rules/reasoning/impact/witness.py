"""A scenario that shows a difference between two laws, without the facts that it does not need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from coopdec_rules.reasoning.answers import NOTHING, Answer
from coopdec_rules.reasoning.impact.joint import Joint
from coopdec_rules.reasoning.impact.shared import SIDES, Shared, Side, owner, plain
from coopdec_rules.reasoning.places import Place, Slot, focus
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.variables import Cell
from coopdec_rules.reasoning.witness import Examiner, Stated, document

#: An answer that the facts stated do not settle.
OPEN = "?"


@dataclass(frozen=True)
class Witness:
    """A scenario as each side reads it; one document unless the vocabularies differ.

    ``answers`` gives, by side, the answers compared: ``NOTHING`` when the rulebook is at fault,
    ``OPEN`` when the facts stated, or the fault of another conclusion, do not settle them.
    """

    day: dt.date
    documents: Mapping[Side, Mapping[str, Any]]
    answers: Mapping[Side, Mapping[Answer, str]]


@dataclass(frozen=True)
class _Shown:
    """What a scenario shows: answers by side, where a rule applies, how each side reads it."""

    answers: Mapping[Side, Mapping[Answer, str]]
    rule: tuple[tuple[Side, bool], ...]
    readings: Mapping[Side, Reading[bool]]

    def pairs(self) -> list[tuple[str, str]]:
        """Each answer that both sides have, under the old law and under the new one."""
        old, new = (self.answers[side] for side in SIDES)
        return [(old[key], new[key]) for key in old if key in new]

    def faults(self) -> set[tuple[Side, str, Place]]:
        """Conclusions that certainly have no value, or two."""
        return {
            (side, name, place)
            for side, reading in self.readings.items()
            for name, conclusion in reading.book.conclusions.items()
            for place in reading.shape.places(conclusion.scope)
            for state in [reading.state(name, place)]
            if state.gap or state.conflict
        }


class Witnesses:
    """Makes the witnesses of one moment."""

    def __init__(self, shared: Shared, day: dt.date, names: tuple[str, ...]) -> None:
        self.shared = shared
        self.day = day
        self.names = names
        self._examiners: dict[Side, Examiner] = {}

    def _examiner(self, side: Side) -> Examiner:
        found = self._examiners.get(side)
        if found is None:
            law = self.shared.side(side).at(self.day)
            found = self._examiners[side] = Examiner(law, self.day)
        return found

    def of(self, joint: Joint, model: Mapping[Slot, Cell], rule: str | None = None) -> Witness:
        """The scenario of a model, reduced to the facts that show the difference.

        That is every answer that is not the same and, when ``rule`` is given, whether it applies.
        """
        full = {side: self._stated(joint, side, model) for side in SIDES}
        shown = self._shown(joint, full, rule)
        open_ = any(OPEN in pair for pair in shown.pairs())
        faults = shown.faults() if open_ else set()

        def shows(stated: Mapping[Side, Stated]) -> bool:
            if not all(self._readable(side, stated[side]) for side in SIDES):
                return False
            found = self._shown(joint, stated, rule)
            if found.rule != shown.rule:
                return False
            # Downstream of a fault an answer is open though every fact is known: the fault itself
            # must then be certain, or the answer would be open for want of facts.
            if faults and not faults <= found.faults():
                return False
            return all(
                now == before if before[0] != before[1] else now[0] == now[1]
                for now, before in zip(found.pairs(), shown.pairs(), strict=True)
            )

        current = _fewest(full, self._droppable(joint, full), shows)
        current = self._fewest_items(joint, current, shows)
        documents = {
            side: document(joint.shared.side(side), self.day, current[side]) for side in SIDES
        }
        return Witness(self.day, documents, self._shown(joint, current, rule).answers)

    def _fewest_items(
        self,
        joint: Joint,
        stated: dict[Side, Stated],
        shows: Callable[[Mapping[Side, Stated]], bool],
    ) -> dict[Side, Stated]:
        """The scenario without the last items of groups that no answer is about."""
        about = {
            conclusion.scope
            for side in SIDES
            for conclusion in joint.shared.side(side).conclusions.values()
            if conclusion.id in self.names
        }
        for group, count in joint.shape.counts:
            last = (group, count - 1)
            if count > 1 and group not in about:
                fewer = {
                    side: {place: facts for place, facts in mine.items() if place != last}
                    for side, mine in stated.items()
                }
                if shows(fewer):
                    stated = fewer
        return stated

    def _readable(self, side: Side, stated: Stated) -> bool:
        """Whether no two items of a group bear the same key, stated or presumed."""
        book = self.shared.side(side)
        for group in book.groups.values():
            if group.unique_key and group.repeated:
                fact = book.facts[f"{group.id}.{group.unique_key}"]
                keys = [
                    facts.get(fact.id, fact.presumed)
                    for place, facts in stated.items()
                    if place is not None and place[0] == group.id
                ]
                known = [key for key in keys if key is not None]
                if len(set(known)) < len(known):
                    return False
        return True

    def _stated(self, joint: Joint, side: Side, model: Mapping[Slot, Cell]) -> Stated:
        book = joint.shared.side(side)
        stated: Stated = {place: {} for place in joint.shape.every()}
        for (place, index), cell in model.items():
            variable = joint.variables.all[index]
            for name, value in zip(variable.facts, cell.values, strict=True):
                mine = owner(name) in (None, side)
                if mine and not (
                    book.facts[plain(name)].kind.free_text and value not in _named(joint, name)
                ):
                    stated[place][plain(name)] = value
        return stated

    def _shown(self, joint: Joint, stated: Mapping[Side, Stated], rule: str | None) -> _Shown:
        answers: dict[Side, dict[Answer, str]] = {}
        applies = []
        readings: dict[Side, Reading[bool]] = {}
        for side in SIDES:
            examiner = self._examiner(side)
            reading = readings[side] = examiner.read(stated[side])
            answers[side] = {}
            for name in self.names:
                conclusion = joint.shared.side(side).conclusions.get(name)
                for place in joint.shape.places(conclusion.scope) if conclusion else ():
                    state = reading.state(name, place)
                    none = NOTHING if state.gap or state.conflict else OPEN
                    value = next((v for v, holds in state.value.items() if holds), none)
                    answers[side][name, place] = value
            for index in examiner.law.index.by_id.get(rule or "", ()):
                first = focus(examiner.law.rules[index].scope)
                applies.append((side, reading.rule(index, first)[0]))
        return _Shown(answers, tuple(applies), readings)

    def _droppable(self, joint: Joint, full: Mapping[Side, Stated]) -> list[tuple[Place, str]]:
        """Stated facts, those that the vocabulary presumes so first, then the last of the form."""
        found: dict[tuple[Place, str], tuple[int, ...]] = {}
        for side in SIDES:
            book = joint.shared.side(side)
            for place, facts in full[side].items():
                for name, value in facts.items():
                    fact = book.facts[name]
                    if not fact.required:
                        usual = 0 if fact.presumed == value else 1
                        found[place, name] = (usual, -fact.group.order, -fact.line)
        return sorted(found, key=lambda key: (found[key], key[1], str(key[0])))


def _named(joint: Joint, name: str) -> frozenset[object]:
    """Texts that some comparison names."""
    index = joint.variables.index_of[name]
    return frozenset(cell.values[0] for cell in joint.variables.all[index].cells if cell.holds)


def _without(stated: Stated, dropped: set[tuple[Place, str]]) -> Stated:
    return {
        place: {name: value for name, value in facts.items() if (place, name) not in dropped}
        for place, facts in stated.items()
    }


def _fewest(
    stated: dict[Side, Stated],
    droppable: list[tuple[Place, str]],
    shows: Callable[[Mapping[Side, Stated]], bool],
) -> dict[Side, Stated]:
    """The facts without those of ``droppable`` that can go, tried together, then by halves."""
    if not droppable:
        return stated
    fewer = {side: _without(facts, set(droppable)) for side, facts in stated.items()}
    if shows(fewer):
        return fewer
    if len(droppable) == 1:
        return stated
    half = len(droppable) // 2
    first = _fewest(stated, droppable[:half], shows)
    return _fewest(first, droppable[half:], shows)
