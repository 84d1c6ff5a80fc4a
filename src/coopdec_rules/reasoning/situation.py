"""A partial scenario as the reasoner sees it: for each variable, the cells still open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from coopdec_rules.engine.facts import FactBase, Facts
from coopdec_rules.reasoning.places import Place, Shape, Slot
from coopdec_rules.reasoning.scenario import known_at, shape_of
from coopdec_rules.reasoning.variables import Cell, Variables
from coopdec_rules.rulebook.model import Value


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known (``known``, fact by fact) and what that leaves open, at each place."""

    variables: Variables
    day: dt.date
    shape: Shape
    known: Mapping[Place, Facts]
    open: Mapping[Slot, Mapping[int, Cell]]

    def unknown(self, place: Place, variable: int) -> list[str]:
        """Facts of a variable that are not known there."""
        known = self.known[place]
        return [name for name in self.variables.all[variable].facts if name not in known]

    def with_facts(self, place: Place, changed: Mapping[str, Value]) -> Situation:
        """The same situation, these facts being given other values at one place."""
        known = {**self.known, place: {**self.known[place], **changed}}
        touched = {self.variables.index_of[name] for name in changed}
        fits = {
            (place, index): self.variables.fitting(
                self.variables.all[index], known[place], self.day
            )
            for index in touched
        }
        return Situation(self.variables, self.day, self.shape, known, {**self.open, **fits})

    def without(self, group: str, index: int) -> Situation:
        """The same situation without one item of a repeated group."""
        last = dict(self.shape.counts)[group] - 1

        def kept(place: Place) -> Place:
            if place is None or place[0] != group or place[1] < index:
                return place
            return (group, place[1] - 1)

        gone = (group, index)
        return Situation(
            self.variables,
            self.day,
            Shape.of({**dict(self.shape.counts), group: last}),
            {kept(place): facts for place, facts in self.known.items() if place != gone},
            {(kept(p), number): fits for (p, number), fits in self.open.items() if p != gone},
        )


def situation_of(variables: Variables, day: dt.date, base: FactBase) -> Situation:
    """The situation of a scenario on a day of the moment that ``variables`` describe."""
    shape = shape_of(variables.book, base)
    known = {place: known_at(base, place) for place in shape.every()}
    fits = {
        (place, index): variables.fitting(variable, known[place], day)
        for index, variable in enumerate(variables.all)
        for place in shape.places(variable.scope)
    }
    return Situation(variables, day, shape, known, fits)
