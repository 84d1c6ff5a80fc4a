"""The law read on one scenario, partial or not, as the engine reads it, without its matcher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coopdec_rules.engine.facts import FactBase, Facts, truth
from coopdec_rules.reasoning.algebra import Booleans, Comparison, Truth
from coopdec_rules.reasoning.places import Place, Shape
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.rulebook.flat import Flat
from coopdec_rules.rulebook.formula import F, V
from coopdec_rules.rulebook.model import Among, Compare, IsTrue
from coopdec_rules.rulebook.rulebook import LawState, Rulebook

_NOTHING: Facts = {}
_BOOLEANS = Booleans()
_OPEN = (False, False)


def shape_of(book: Rulebook, base: FactBase) -> Shape:
    """Items of each group; one of which nothing is known where nothing is said."""
    return Shape.of(
        {
            group.id: len(base.items.get(group.id) or (_NOTHING,))
            for group in book.groups.values()
            if group.repeated
        }
    )


def known_at(base: FactBase, place: Place) -> Facts:
    """Facts of the scenario, or of one item."""
    if place is None:
        return base.scenario
    items = base.items.get(place[0]) or (_NOTHING,)
    return items[place[1]]


def comparisons(book: Rulebook, base: FactBase) -> Comparison[bool]:
    """Truth of every comparison of facts in a scenario; in doubt when one is unknown."""

    def comparison(atom: int, place: Place) -> Truth[bool]:
        kind = book.all_atoms[atom].kind
        facts = known_at(base, place)
        if isinstance(kind, Compare):
            found = truth(kind, facts, base.scenario)
            return found == V, found == F
        if not isinstance(kind, IsTrue | Among):
            raise TypeError(f"not a comparison of facts: {book.all_atoms[atom].text}")
        value = facts.get(kind.fact)
        if value is None:
            return _OPEN
        holds = value is True if isinstance(kind, IsTrue) else value in kind.values
        return holds, not holds

    return comparison


def read(
    law: LawState, base: FactBase, variants: Mapping[int, Sequence[tuple[bool, Flat]]] | None = None
) -> Reading[bool]:
    """The law on the facts of one scenario; ``variants``: other conditions for some rules."""
    book = law.rulebook
    comparison = comparisons(book, base)
    return Reading(law, _BOOLEANS, shape_of(book, base), comparison, variants=variants)
