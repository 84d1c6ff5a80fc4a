"""Presumes what the rulebook's lists let presume, where a scenario says nothing.

What the scenario states, « inconnu » included, is never replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from coopdec_rules.advice.scenario import UNKNOWN, Presumed, Scenario
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.paths import value_at
from coopdec_rules.rulebook.presumptions import VALUE, Presumption
from coopdec_rules.rulebook.rulebook import Rulebook


class ListPresumptions:
    """What the lists of one rulebook let presume.  Shared between threads."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book

    def added(self, scenario: Scenario, document: object) -> Scenario:
        """``scenario``, read from ``document``, with what the lists let presume."""
        found = [
            presumed
            for presumption in self._book.presumptions
            for presumed in self._presumed(presumption, scenario, document)
        ]
        return _with(scenario, found) if found else scenario

    def _presumed(
        self, presumption: Presumption, scenario: Scenario, document: object
    ) -> Iterator[Presumed]:
        fact, by = self._book.facts[presumption.fact], self._book.facts[presumption.by]
        base = scenario.base
        assumed = {(p.fact.id, p.item) for p in scenario.presumed}
        scope = fact.scope
        for item, facts in enumerate(base.items[scope] if scope else (base.scenario,)):
            at = item if scope else None
            value = facts.get(by.id, base.scenario.get(by.id))
            since = presumption.since.get(value) if isinstance(value, str) else None
            if since is None or scenario.day < since or (by.id, at) in assumed:
                continue
            silent = fact.id not in facts or (fact.id, at) in assumed
            if silent and not _said_unknown(document, fact.group.path, fact.key, at):
                origin = presumption.sentence.replace(VALUE, by.said(str(value)))
                sources = " ; ".join(map(str, presumption.sources))
                yield Presumed(fact, presumption.value, at, f"{origin} ({sources})")


def _said_unknown(
    document: object, path: tuple[str, ...], key: tuple[str, ...], item: int | None
) -> bool:
    """Whether a document says that a fact is not known."""
    group = value_at(document, path)
    if item is not None and not isinstance(group, Mapping):
        group = group[item] if isinstance(group, list) and item < len(group) else None
    return value_at(group, key) == UNKNOWN


def _with(scenario: Scenario, found: list[Presumed]) -> Scenario:
    """The scenario with these facts presumed, in the place of what the vocabulary presumes."""
    known = dict(scenario.base.scenario)
    items = {group: [dict(entry) for entry in e] for group, e in scenario.base.items.items()}
    for one in found:
        target = known if one.item is None else items[one.fact.group.id][one.item]
        target[one.fact.id] = one.value
    gone = {(one.fact.id, one.item) for one in found}
    kept = (p for p in scenario.presumed if (p.fact.id, p.item) not in gone)
    base = FactBase(known, {group: tuple(entries) for group, entries in items.items()})
    return replace(scenario, base=base, presumed=(*kept, *found))
