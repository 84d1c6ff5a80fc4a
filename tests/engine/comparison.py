"""Compares what the engine found with what the oracle says, rule by rule."""

from __future__ import annotations

import datetime as dt

from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Findings
from coopdec_rules.engine.findings import Reading as Found
from coopdec_rules.rulebook.rulebook import Rulebook

from . import oracle

_LETTERS = {True: "v", False: "f", None: "u"}


class Laws:
    """The oracle's laws of a rulebook, made once for each state."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book
        self._laws: dict[tuple[str, str], oracle.Law] = {}

    def at(self, day: dt.date) -> oracle.Law:
        key = self._book.at(day).key
        if key not in self._laws:
            self._laws[key] = oracle.Law(self._book, day)
        return self._laws[key]


def reading_at(findings: Findings, place: oracle.Place) -> Found:
    """The engine's reading of the scenario, or of one item."""
    return findings.scenario if place is None else findings.items[place[0]][place[1]]


def differences(engine: Engine, law: oracle.Law, day: dt.date, base: FactBase) -> list[str]:
    """Every rule, conclusion and relevance on which engine and oracle disagree; none is right."""
    findings = engine.evaluate(day, base)
    expected = oracle.Reading(law, base.scenario, base.items)
    found: list[str] = []
    rules = engine.law(day).rules
    if [r.key for r in rules] != [r.key for r in law.rules]:
        return [f"not the same rules in force on {day}"]
    for index, rule in enumerate(rules):
        for place in expected.places(rule.scope):
            reading = reading_at(findings, place)
            for what, mine, theirs in (
                ("raw", reading.raw, expected.raw(index, place)),
                ("effective", reading.effective, expected.effective(index, place)),
            ):
                if mine.get(index, "f") != _LETTERS[theirs]:
                    found.append(
                        f"{what} of {rule.id} at {place}: {mine.get(index, 'f')}, "
                        f"expected {_LETTERS[theirs]}"
                    )
    for name, conclusion in law.book.conclusions.items():
        for place in expected.places(conclusion.scope):
            settled = reading_at(findings, place).conclusions[name]
            state = expected.conclusion(name, place)
            possible = frozenset(settled.possible)
            least = state.possible
            if state.value is None and possible != state.possible and place is None:
                # The engine may leave out values that no combination of the items gives.
                least = oracle.narrowest(expected, name) or state.possible
            same = (settled.value, settled.conflict, settled.gap) == (
                state.value,
                state.conflict,
                state.gap,
            )
            if not same or not least <= possible <= state.possible:
                found.append(f"{name} at {place}: {settled}, expected {state}")
    for name, fact in law.book.facts.items():
        for place in expected.places(fact.scope):
            irrelevant = name in reading_at(findings, place).irrelevant
            if irrelevant != (expected.relevant(name, place) is False):
                found.append(f"irrelevance of {name} at {place}: {irrelevant}")
    return found
