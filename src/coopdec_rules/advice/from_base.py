"""Presumes what the national base on groupings supports, where a scenario says nothing.

The vocabulary says what a citation lets presume, and of which fact (``presume_par_la_base``); the
base says which domains it cites, never which it does not (``territories.competences``).  What the
scenario states, « inconnu » included, is never replaced.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from coopdec_rules.advice import answers
from coopdec_rules.advice.scenario import UNKNOWN, Presumed, Scenario
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Reading, Settled
from coopdec_rules.rulebook.formula import V
from coopdec_rules.rulebook.model import BaseCase, Fact, Rule
from coopdec_rules.rulebook.paths import value_at
from coopdec_rules.territories import Competences, Directory, Said, Word, exercising

#: How the vocabulary says that a domain is cited as a whole, or for a part.
CITED = {True: "tout", False: "partie"}
_EXTENT = {
    True: "en entier",
    False: "pour une part, sans dire si le reste en est",
}


class BasePresumptions:
    """What the base lets presume, for the scenarios of one rulebook.  Shared between threads."""

    def __init__(self, engine: Engine, load: Callable[[], Directory]) -> None:
        """``load`` gives the directory, when a scenario first names a territory."""
        self._engine, self._load = engine, load
        self._facts = [fact for fact in engine.rulebook.facts.values() if fact.by_base]

    def added(self, scenario: Scenario, document: object) -> Scenario:
        """``scenario``, read from ``document``, with what the base lets presume.

        Nothing is added when no territory is named, when what is stated of it is not what the
        directory knows, or when the scenario is older than the base.
        """
        facts = scenario.base.scenario
        waiting = list(self._waiting(scenario, document))
        code = facts.get(answers.ACTOR_CODE)
        if not waiting or not isinstance(code, str):
            return scenario
        directory = self._load()
        base = directory.base
        if base.year is None or scenario.day.year < base.year:
            return scenario
        grouping = exercising(
            directory,
            code,
            str(facts.get(answers.ACTOR_NATURE)),
            text_of(facts, answers.GROUPING_NATURE),
            text_of(facts, answers.GROUPING_NAME),
        )
        if grouping is None:
            return scenario
        told = directory.competences(grouping)
        cited = [
            (fact, item, word)
            for fact, item in waiting
            if (word := _word(told, scenario, fact, item)) is not None
        ]
        if not cited:
            return scenario
        law = self._engine.law(scenario.day)
        findings = self._engine.evaluate(scenario.day, scenario.base)
        found = []
        for fact, item, word in cited:
            readings = (findings.items[fact.group.id][item], findings.scenario)
            case = case_of(fact, word, readings)
            if case is not None:
                since = _changed(law, readings, case, base.year)
                origin = _sentence(grouping.name, told, word, since, self._domain(word.domain))
                found.append(Presumed(fact, case.value, item, origin))
        return _with(scenario, found)

    def _waiting(self, scenario: Scenario, document: object) -> Iterator[tuple[Fact, int]]:
        """The facts that may be presumed, with their items, of which nothing is stated."""
        for fact in self._facts:
            given = value_at(document, fact.group.path)
            entries = [given] if isinstance(given, Mapping) else given
            for item, facts in enumerate(scenario.base.items[fact.group.id]):
                entry = entries[item] if isinstance(entries, list) and item < len(entries) else None
                if fact.id not in facts and value_at(entry, fact.key) != UNKNOWN:
                    yield fact, item

    def _domain(self, code: str) -> str:
        return self._engine.rulebook.facts[answers.PART_DOMAIN].values.get(code, code)


def text_of(facts: Mapping[str, object], name: str) -> str | None:
    """A fact that is a text; ``None`` when it is not known."""
    value = facts.get(name)
    return value if isinstance(value, str) else None


def _word(told: Competences, scenario: Scenario, fact: Fact, item: int) -> Word | None:
    """What proves something in the base of an item's domain; ``None`` when nothing does."""
    domain = scenario.base.items[fact.group.id][item].get(answers.PART_DOMAIN)
    if not isinstance(domain, str):
        return None
    return proving_word(told, domain)


def proving_word(told: Competences, domain: str) -> Word | None:
    """What the base says of a domain, when that proves something."""
    word = told.on(domain)
    return word if word.said is Said.PRESENT else None


def case_of(fact: Fact, word: Word, readings: tuple[Reading, ...]) -> BaseCase | None:
    """The first case of the vocabulary that certainly holds for what the base says of a domain.

    ``readings``: the law on the scenario without the fact, of its item first.
    """

    def holds(case: BaseCase) -> bool:
        return case.cited == CITED[word.whole] and all(
            _among(_settled(readings, name), values) for name, values in case.when.items()
        )

    return next(filter(holds, fact.by_base), None)


def _settled(readings: tuple[Reading, ...], name: str) -> Settled | None:
    return next((r.conclusions[name] for r in readings if name in r.conclusions), None)


def _among(settled: Settled | None, values: frozenset[str]) -> bool:
    """Whether every value still possible is one of those."""
    if settled is None or settled.conflict or settled.gap:
        return False
    return bool(settled.possible) and values.issuperset(settled.possible)


def _changed(
    law: CompiledLaw, readings: tuple[Reading, ...], case: BaseCase, year: int
) -> dt.date | None:
    """The day on which the law that a case reads changed, if the base may be older."""
    rules: list[Rule] = [
        law.rules[index]
        for name in case.when
        for index in law.concluding.get(name, ())
        if any(reading.effective.get(index) == V for reading in readings)
    ]
    starts = [rule.period.start for rule in rules if rule.period.start]
    return max((day for day in starts if day.year >= year), default=None)


def _sentence(
    grouping: str, told: Competences, word: Word, since: dt.date | None, domain: str
) -> str:
    """Where a presumption comes from, in French."""
    text = (
        f"Base nationale sur l'intercommunalité (Banatic), état de {told.vintage} : "
        f"« {domain} » y est cité pour {grouping}, {_EXTENT[word.whole]}. À vérifier dans les "
        "statuts."
    )
    if since is not None:
        text += f" La loi a changé le {since:%d/%m/%Y}, et la base peut ne pas en tenir compte."
    return text


def _with(scenario: Scenario, found: list[Presumed]) -> Scenario:
    if not found:
        return scenario
    items = {group: list(entries) for group, entries in scenario.base.items.items()}
    for presumed in found:
        group, item = presumed.fact.group.id, presumed.item or 0
        items[group][item] = {**items[group][item], presumed.fact.id: presumed.value}
    base = FactBase(scenario.base.scenario, {group: tuple(e) for group, e in items.items()})
    return replace(scenario, base=base, presumed=(*scenario.presumed, *found))
