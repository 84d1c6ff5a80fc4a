"""What a scenario states, fact by fact, in the order in which facts are asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coopdec_rules.advice.scenario import Scenario, pointer_of
from coopdec_rules.rulebook.model import Fact, Value
from coopdec_rules.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that the scenario states; ``item`` is its place in a repeated group."""

    fact: Fact
    item: int | None
    value: Value

    @property
    def pointer(self) -> str:
        """Where the scenario states it."""
        return pointer_of(self.fact, self.item)

    @property
    def text(self) -> str:
        """Its value as people read it."""
        return self.fact.said(self.value)


def told_facts(book: Rulebook, scenario: Scenario) -> Iterator[Told]:
    """The facts of a scenario but those presumed.

    ``date`` is among them even when the scenario leaves it out: it is then the day of reading.
    """
    presumed = {(p.fact.id, p.item) for p in scenario.presumed}
    for group in sorted(book.groups.values(), key=lambda g: g.order):
        facts = [fact for fact in book.facts.values() if fact.group.id == group.id]
        readings = scenario.base.items[group.id] if group.repeated else (scenario.base.scenario,)
        for index, known in enumerate(readings):
            item = index if group.repeated else None
            for fact in facts:
                if fact.id in known and (fact.id, item) not in presumed:
                    yield Told(fact, item, known[fact.id])
