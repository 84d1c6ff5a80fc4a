"""Where each question of the form stands, given what is answered so far.

What is asked up front is what the avis asks (``advice.questions``), the presumed facts on which
something would turn, and the texts that name things for people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.names import how_read
from coopdec_rules.advice.scenario import Presumed, Scenario
from coopdec_rules.advice.standing import Standing
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.reasoning.reasoner import FactAt
from coopdec_rules.rulebook.formula import V
from coopdec_rules.rulebook.model import Fact
from coopdec_rules.web.kept import Kept
from coopdec_rules.web.serving import Limits

#: An item of a repeated group; ``None``: the scenario itself.
Item = int | None
#: ``main``: ask it; ``aside``: it may be left alone for now; ``none``: it has no object.
Prominence = Literal["main", "aside", "none"]
#: What one question takes in memory, in bytes (measured: 240 to 310).
_QUESTION = 310
#: Drafts longer than this, in bytes, are judged anew at each step.
_LONGEST = 16 * 1024


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """What the law says of a conclusion, and the source that says it."""

    label: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Interest:
    """Where each question stands, and what the law says beside some of them."""

    day: dt.date
    prominence: Mapping[FactAt, Prominence]
    by_law: Mapping[FactAt, tuple[LegalBasis, ...]]
    doubts: frozenset[FactAt]
    later: frozenset[FactAt]
    from_base: Mapping[FactAt, Presumed]

    def presumed(self, fact: Fact, item: Item) -> Presumed | None:
        """What the national base lets presume of a fact that is not stated."""
        return self.from_base.get((fact.id, item if fact.scope else None))

    def doubtful(self, fact: Fact, item: Item) -> bool:
        """Whether it is not known yet that a fact has an object."""
        return (fact.id, item if fact.scope else None) in self.doubts

    def waits(self, fact: Fact, item: Item) -> bool:
        """Whether a question speaks of what is to be said first."""
        return (fact.id, item if fact.scope else None) in self.later

    def of(self, fact: Fact, item: Item) -> Prominence:
        """Where the question about a fact stands."""
        return self.prominence.get((fact.id, item if fact.scope else None), "main")


class Judge:
    """Tells, for documents of one vocabulary, which questions matter.  Shared by all requests."""

    def __init__(self, advisor: Advisor, limits: Limits | None = None) -> None:
        self.advisor = advisor
        self.book = advisor.rulebook
        self._explained = [f for f in self.book.facts.values() if f.by_law]
        # Each step of the form is judged again, just after.
        self._kept: Kept[tuple[bytes, dt.date], Interest] = Kept(
            (limits or Limits()).interest_bytes, lambda kept: _QUESTION * len(kept.prominence)
        )

    def judge(self, document: Mapping[str, Any], today: dt.date) -> Interest:
        """Interest of every question; what cannot be read in ``document`` counts as unknown."""
        body = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
        if len(body) > _LONGEST:
            return self._judge(body, today)
        return self._kept.made((body, today), lambda: self._judge(body, today))

    def _judge(self, body: bytes, today: dt.date) -> Interest:
        scenario = self.advisor.readable(orjson.loads(body), today)
        stands = self.advisor.standing(scenario)
        presumed = {(p.fact.id, p.item) for p in scenario.presumed}
        prominence: dict[FactAt, Prominence] = {}
        for fact in self.book.facts.values():
            entries = [scenario.base.scenario]
            if fact.scope is not None:
                entries = list(scenario.base.items[fact.scope])
            for number, facts in enumerate(entries):
                at = (fact.id, None if fact.scope is None else number)
                stated = fact.id in facts and at not in presumed
                if at in stands.idle:
                    prominence[at] = "none"
                elif stated or at in stands.asked or self._always(fact, at, stands):
                    prominence[at] = "main"
                else:
                    prominence[at] = "aside"
        law = self.advisor.engine.law(scenario.day)
        return Interest(
            scenario.day,
            prominence,
            self._by_law(law, scenario),
            stands.doubtful,
            stands.later,
            {(p.fact.id, p.item): p for p in scenario.presumed if p.origin},
        )

    def beside(self, scenario: Scenario) -> dict[FactAt, tuple[LegalBasis, ...]]:
        """What the law says by itself beside some questions."""
        return self._by_law(self.advisor.engine.law(scenario.day), scenario)

    def _always(self, fact: Fact, at: FactAt, stands: Standing) -> bool:
        """Whether a fact is asked whatever turns on it: the date, and the names of things."""
        if fact.required or fact.id == "date":
            return True
        # No rule reads a text: it is there for people.
        return fact.kind.free_text and not fact.rare and at not in stands.doubtful

    @staticmethod
    def _readings(fact: Fact, findings: Findings) -> Iterable[tuple[Item, Reading]]:
        if fact.scope is None:
            return [(None, findings.scenario)]
        return enumerate(findings.items[fact.scope])

    def _by_law(self, law: CompiledLaw, scenario: Scenario) -> dict[FactAt, tuple[LegalBasis, ...]]:
        """What the law says by itself, read without the answers that it stands beside."""
        names = {fact.id for fact in self._explained}
        alone = FactBase(
            {name: value for name, value in scenario.base.scenario.items() if name not in names},
            {
                group: tuple({n: v for n, v in item.items() if n not in names} for item in items)
                for group, items in scenario.base.items.items()
            },
        )
        findings = self.advisor.engine.evaluate(scenario.day, alone)
        found = {}
        for fact in self._explained:
            for item, reading in self._readings(fact, findings):
                if fact.id not in reading.irrelevant:
                    said = [_basis(law, reading, findings.scenario, name) for name in fact.by_law]
                    found[fact.id, item] = tuple(basis for basis in said if basis is not None)
        return found


def _basis(law: CompiledLaw, reading: Reading, scenario: Reading, name: str) -> LegalBasis | None:
    conclusion = law.state.rulebook.conclusions[name]
    found = _value_of(reading, scenario, name)
    if found is None or found in conclusion.unsaid:
        return None
    for index in law.concluding.get(name, ()):
        rule = law.rules[index]
        effective = (reading if rule.scope else scenario).effective.get(index)
        if effective == V and (name, found) in rule.concludes:
            if law.state.rulebook.ranks[rule.rank].method:
                return None  # how the rulebook answers: no law says it
            value = conclusion.values.get(found, found)
            return LegalBasis(conclusion.label, value, f"{rule.main_source}{how_read(rule)}")
    return None


def _value_of(reading: Reading, scenario: Reading, name: str) -> str | None:
    settled = reading.conclusions.get(name) or scenario.conclusions.get(name)
    return settled.value if settled is not None else None
