"""A scenario in which a rule decides, found by the solver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coopdec_rules.reasoning.places import Place, focus
from coopdec_rules.reasoning.program import Literal
from coopdec_rules.reasoning.proofs.models import stated_in, wanted_of
from coopdec_rules.reasoning.proofs.space import Layout, Space
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.witness import Examiner, Stated, document, smallest
from coopdec_rules.rulebook.model import Value


@dataclass(frozen=True, slots=True)
class Taste:
    """What makes a good example: ``settled`` conclusions are told by it, ``prefer`` gives facts
    their usual values, ``avoid`` values of conclusions that teach little."""

    settled: tuple[str, ...]
    prefer: Mapping[str, Value]
    avoid: Mapping[str, str]


def example(space: Space, key: str, taste: Taste) -> dict[str, Any] | None:
    """A scenario in which the rule ``key`` applies, as ``coopdec avis`` reads it.

    Where possible, one in which no other rule concludes the same, to the given taste.  Facts that
    neither the rule nor the settled conclusions need are left out.  ``None`` when the rule is not
    in force or applies nowhere.
    """
    moment = space.moment
    rules = moment.state.rules
    index = moment.state.index.by_key.get(key)
    if index is None:
        return None
    examiner = Examiner(moment.state, moment.day)
    for shape in space.small():
        layout = space.exact(shape)
        place = focus(rules[index].scope)
        effective = layout.reading.rule(index, place)[0]
        wanted = wanted_of(layout)
        for wishes in _wishes(layout, index, taste):
            held = layout.program.solve([effective, *wishes], wanted)
            if held is None:
                continue
            stated = stated_in(layout, held)
            before = _values(examiner.read(stated), taste)

            def shows(
                _: Stated,
                reading: Reading[bool],
                place: Place = place,
                before: list[frozenset[str]] = before,
            ) -> bool:
                return reading.rule(index, place)[0] and _values(reading, taste) == before

            found = smallest(examiner, stated, shows)
            if found is not None:
                return document(space.book, moment.day, found)
    return None


def _values(reading: Reading[bool], taste: Taste) -> list[frozenset[str]]:
    """What each settled conclusion certainly is."""
    return [
        frozenset(v for v, holds in reading.state(name, None).value.items() if holds)
        for name in taste.settled
    ]


def _wishes(layout: Layout, index: int, taste: Taste) -> list[list[Literal]]:
    """What is asked of the scenario besides the rule's applying, the most demanding first."""
    reading, variables = layout.reading, layout.variables
    law = reading.law
    alone = [
        reading.rule(other, focus(law.rules[other].scope))[1]
        for name, value in law.rules[index].concludes
        for other, claimed in law.index.claims[name]
        if other != index and claimed == value
    ]
    usual = [
        literal
        for fact, value in taste.prefer.items()
        for cell, literal in zip(
            variables.all[variables.index_of[fact]].cells,
            layout.choices.cells[None, variables.index_of[fact]],
            strict=True,
        )
        if cell.values == (value,)
    ]
    telling = [-reading.value(name, value, None) for name, value in taste.avoid.items()]
    return [[*alone, *usual, *telling], [*usual, *telling], usual, []]
