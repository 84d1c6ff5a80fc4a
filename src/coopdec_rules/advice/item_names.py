"""What the items of repeated groups are called: the name or the role that the scenario gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from coopdec_rules.advice.scenario import Scenario
from coopdec_rules.rulebook.model import Group, Value
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.words import capital

#: A repeated group and a place in it, from 0.
Item = tuple[str, int]
#: No item has a name: each is told by its place.
NO_NAMES: Mapping[Item, str] = MappingProxyType({})


def item_names(book: Rulebook, scenario: Scenario) -> dict[Item, str]:
    """How each item is told apart from the others of its group.

    By the first fact of ``designe_par`` (vocabulary) that the scenario states, when no other item
    has the same; with its place otherwise ("Contribution 2, de l'argent").  An item alone in its
    group needs no name: "".  One of which nothing is known is left out.
    """
    presumed = {(p.fact.id, p.item) for p in scenario.presumed}
    found: dict[Item, str] = {}
    for group in book.groups.values():
        items = scenario.base.items[group.id] if group.repeated else ()
        if len(items) == 1:
            found[group.id, 0] = ""
            continue
        said = [
            _said(book, group, {n: v for n, v in known.items() if (n, place) not in presumed})
            for place, known in enumerate(items)
        ]
        alike = Counter(said)
        for place, text in enumerate(said):
            if text:
                numbered = group.noun.numbered(place)
                found[group.id, place] = text if alike[text] == 1 else f"{numbered}, {text}"
    return found


def _said(book: Rulebook, group: Group, known: Mapping[str, Value]) -> str:
    """The name of an item; "" when nothing stated names it."""
    for name in group.named_by:
        if name in known:
            return capital(book.facts[name].said(known[name]))
    return ""
