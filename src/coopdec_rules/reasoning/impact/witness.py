"""A scenario that shows a difference between two laws, without the facts that it does not need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coopdec_rules.reasoning.batch import Place
from coopdec_rules.reasoning.impact.joint import Joint
from coopdec_rules.reasoning.impact.rails import NOTHING
from coopdec_rules.reasoning.impact.shared import SIDES, Shared, Side, owner, plain
from coopdec_rules.reasoning.moments import Moment
from coopdec_rules.reasoning.proofs.witness import Examiner, Stated, document
from coopdec_rules.reasoning.variables import Cell, Variables


@dataclass(frozen=True)
class Witness:
    """A scenario as each side reads it; one document unless the vocabularies differ.

    ``answers`` gives, by side, the answers compared, "" when there is none.
    """

    day: dt.date
    documents: Mapping[Side, Mapping[str, Any]]
    answers: Mapping[Side, Mapping[tuple[str, Place], str]]


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
            book = self.shared.side(side)
            moment = Moment(self.day, self.day, book.at(self.day))
            found = self._examiners[side] = Examiner(moment, Variables(book, self.day))
        return found

    def of(self, joint: Joint, model: Mapping[tuple[Place, int], Cell]) -> Witness:
        """The scenario of a model, reduced to the facts that its answers need."""
        full = {side: self._stated(joint, side, model) for side in SIDES}
        shown = self._answers(joint, full)
        current = self._fewest(joint, full, shown, self._droppable(joint, full))
        documents = {
            side: document(joint.shared.side(side), self.day, current[side]) for side in SIDES
        }
        return Witness(self.day, documents, shown)

    def _fewest(
        self,
        joint: Joint,
        stated: dict[Side, Stated],
        shown: Mapping[Side, Mapping[tuple[str, Place], str]],
        droppable: list[tuple[Place, str]],
    ) -> dict[Side, Stated]:
        """The facts without those of ``droppable`` that can go, tried together, then by halves."""
        if not droppable:
            return stated
        fewer = {side: _without(facts, set(droppable)) for side, facts in stated.items()}
        if self._answers(joint, fewer) == shown:
            return fewer
        if len(droppable) == 1:
            return stated
        half = len(droppable) // 2
        first = self._fewest(joint, stated, shown, droppable[:half])
        return self._fewest(joint, first, shown, droppable[half:])

    def _stated(
        self, joint: Joint, side: Side, model: Mapping[tuple[Place, int], Cell]
    ) -> Stated:
        book = joint.shared.side(side)
        stated: Stated = {place: {} for place in joint.shape.every()}
        for (place, index), cell in model.items():
            variable = joint.variables.all[index]
            for name, value in zip(variable.facts, cell.values, strict=True):
                mine = owner(name) in (None, side)
                if mine and not (book.facts[plain(name)].type == "texte" and value not in _named(joint, name)):
                    stated[place][plain(name)] = value
        return stated

    def _answers(
        self, joint: Joint, stated: Mapping[Side, Stated]
    ) -> dict[Side, dict[tuple[str, Place], str]]:
        found: dict[Side, dict[tuple[str, Place], str]] = {}
        for side in SIDES:
            readings = self._examiner(side).read(stated[side])
            found[side] = {}
            for name in self.names:
                scope = joint.shared.side(side).conclusions.get(name)
                for place in joint.shape.places(scope.scope) if scope else ():
                    value = readings[place].conclusions[name].value
                    found[side][name, place] = next((v for v in value if value[v]), NOTHING)
        return found

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
    return frozenset(
        cell.values[0] for cell in joint.variables.all[index].cells if cell.holds
    )


def _without(stated: Stated, dropped: set[tuple[Place, str]]) -> Stated:
    return {
        place: {name: value for name, value in facts.items() if (place, name) not in dropped}
        for place, facts in stated.items()
    }
