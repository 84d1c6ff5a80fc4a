"""The scenario that a model of a layout stands for."""

from __future__ import annotations

from coopdec_rules.reasoning.places import Place
from coopdec_rules.reasoning.program import Literal
from coopdec_rules.reasoning.proofs.space import Layout
from coopdec_rules.reasoning.witness import Stated
from coopdec_rules.rulebook.model import Value


def stated_in(layout: Layout, held: set[Literal]) -> Stated:
    """Facts of the scenario that a model gives, those that have no object left out."""
    book = layout.variables.book
    places: dict[Place, dict[str, Value]] = {place: {} for place in layout.shape.every()}
    for (place, index), number, literal in layout.chosen():
        if _true(literal, held):
            variable = layout.variables.all[index]
            for name, value in zip(variable.facts, variable.cells[number].values, strict=True):
                if not book.facts[name].kind.free_text and _true(
                    layout.reading.relevant(name, place)[0], held
                ):
                    places[place][name] = value
    return places


def wanted_of(layout: Layout) -> list[Literal]:
    """Literals whose truth ``stated_in`` reads in a model."""
    book = layout.variables.book
    wanted = {abs(literal) for _, _, literal in layout.chosen()}
    for (place, index), _, _ in layout.chosen():
        for name in layout.variables.all[index].facts:
            if not book.facts[name].kind.free_text:
                wanted.add(abs(layout.reading.relevant(name, place)[0]))
    return sorted(wanted)


def _true(literal: Literal, held: set[Literal]) -> bool:
    return (abs(literal) in held) == (literal > 0)
