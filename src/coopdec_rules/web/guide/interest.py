"""Which questions deserve to be asked, given what is answered so far.

What is asked up front is what the avis waits for (``needs``).  Presumptions are left out on
purpose: a presumed fact hides rules that an answer would bring back, so nothing that could change
the avis is ever judged useless.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from coopdec_rules.advice import answers
from coopdec_rules.advice.values import convert
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.rulebook.formula import U, V, evaluator
from coopdec_rules.rulebook.model import Fact, Value
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.guide.needs import Item, needed

#: ``main``: ask it; ``aside``: it may be left alone for now; ``none``: it has no object.
Place = Literal["main", "aside", "none"]


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
    places: Mapping[tuple[str, Item], Place]
    by_law: Mapping[tuple[str, Item], tuple[LegalBasis, ...]]
    doubts: frozenset[tuple[str, Item]]

    def doubtful(self, fact: Fact, item: Item) -> bool:
        """Whether it is not known yet that a fact has an object."""
        return (fact.id, item if fact.scope else None) in self.doubts

    def of(self, fact: Fact, item: Item) -> Place:
        """Where the question about a fact stands."""
        return self.places.get((fact.id, item if fact.scope else None), "main")


class Judge:
    """Tells, for documents of one vocabulary, which questions matter.  Shared by all requests."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.book = engine.rulebook
        self._explained = [f for f in self.book.facts.values() if f.by_law or f.settled_by]

    def judge(self, document: Mapping[str, Any], today: dt.date) -> Interest:
        """Interest of every question; what cannot be read in ``document`` counts as unknown."""
        known = _stated(document, self.book)
        day = known.scenario.get("date", today)
        if not isinstance(day, dt.date):
            raise TypeError("the fact « date » is not a date")
        base = self._base(known, day)
        law = self.engine.law(day)
        findings = self.engine.evaluate(day, base)
        waited = needed(law, findings)
        by_law, settled = self._by_law(law, day, base)
        places: dict[tuple[str, Item], Place] = {}
        doubts = set()
        for fact in self.book.facts.values():
            for item, reading in self._readings(fact, findings):
                relevant = fact.relevant_if
                if relevant is not None and evaluator(relevant)(reading.atoms) == U:
                    doubts.add((fact.id, item))
                places[fact.id, item] = _place(fact, item, reading, known, waited - settled, doubts)
        return Interest(day, places, by_law, frozenset(doubts))

    def _base(self, known: FactBase, day: dt.date) -> FactBase:
        """What is stated, with the date, and the usual answer to what is rarely asked."""
        usual = {
            fact.id: fact.presumed
            for fact in self.book.facts.values()
            if fact.presumed is not None
            and fact.scope is None
            and (fact.rare or fact.id == answers.READING)
        }
        return FactBase({**usual, **known.scenario, "date": day}, known.items)

    @staticmethod
    def _readings(fact: Fact, findings: Findings) -> Iterable[tuple[Item, Reading]]:
        if fact.scope is None:
            return [(None, findings.scenario)]
        return enumerate(findings.items[fact.scope])

    def _by_law(
        self, law: CompiledLaw, day: dt.date, base: FactBase
    ) -> tuple[dict[tuple[str, Item], tuple[LegalBasis, ...]], set[tuple[str, Item]]]:
        """What the law says by itself, read without the answers that it stands beside.

        Also the facts that it settles.
        """
        names = {fact.id for fact in self._explained}
        alone = FactBase(
            {name: value for name, value in base.scenario.items() if name not in names},
            {
                group: tuple({n: v for n, v in item.items() if n not in names} for item in items)
                for group, items in base.items.items()
            },
        )
        findings = self.engine.evaluate(day, alone)
        found = {}
        settled = set()
        for fact in self._explained:
            for item, reading in self._readings(fact, findings):
                if fact.relevant_if is not None and fact.id in reading.irrelevant:
                    continue
                said = [_basis(law, reading, findings.scenario, name) for name in fact.by_law]
                found[fact.id, item] = tuple(basis for basis in said if basis is not None)
                if fact.settled_by and _value_of(reading, findings.scenario, fact.settled_by):
                    settled.add((fact.id, item))
        return found, settled


def _stated(document: Mapping[str, Any], book: Rulebook) -> FactBase:
    """Facts that can be read in a document, wherever the others are wrong."""
    scenario: dict[str, Value] = {}
    items: dict[str, list[dict[str, Value]]] = {}
    for group in book.groups.values():
        if not group.repeated:
            continue
        entries = _get(document, group.path)
        count = len(entries) if isinstance(entries, list) else 1
        items[group.id] = [{} for _ in range(max(count, 1))]
    for fact in book.facts.values():
        if fact.scope is None:
            value = _value(_get(document, fact.path), fact)
            if value is not None:
                scenario[fact.id] = value
            continue
        entries = _get(document, fact.group.path)
        for index, entry in enumerate(entries if isinstance(entries, list) else [entries]):
            value = _value(_get(entry, fact.path), fact)
            if value is not None:
                items[fact.scope][index][fact.id] = value
    return FactBase(scenario, {group: tuple(found) for group, found in items.items()})


def _get(document: object, path: tuple[str, ...]) -> object:
    for key in path:
        if not isinstance(document, Mapping):
            return None
        document = document.get(key)
    return document


def _value(value: object, fact: Fact) -> Value | None:
    if value is None:
        return None
    try:
        found = convert(value, fact)
    except (ValueError, ArithmeticError):
        return None
    if found is None or found == "":
        return None
    for bound, wrong in ((fact.minimum, -1), (fact.maximum, 1)):
        if bound is not None and _side(found, bound) == wrong:
            return None
    return found


def _side(value: Any, bound: Any) -> int:
    return int(value > bound) - int(value < bound)


def _place(
    fact: Fact,
    item: Item,
    reading: Reading,
    known: FactBase,
    waited: set[tuple[str, Item]],
    doubts: set[tuple[str, Item]],
) -> Place:
    facts = known.items[fact.scope][item or 0] if fact.scope else known.scenario
    if fact.id in reading.irrelevant:
        return "none"
    if fact.id in facts or fact.required or fact.id == "date":
        return "main"
    if fact.rare or (fact.id, item) in doubts:
        return "aside"
    # No rule reads a text: it is there for people.
    return "main" if fact.type == "texte" or (fact.id, item) in waited else "aside"


def _basis(law: CompiledLaw, reading: Reading, scenario: Reading, name: str) -> LegalBasis | None:
    conclusion = law.state.rulebook.conclusions[name]
    found = _value_of(reading, scenario, name)
    if found is None:
        return None
    for index in law.concluding.get(name, ()):
        rule = law.rules[index]
        effective = (reading if rule.scope else scenario).effective.get(index)
        if effective == V and (name, found) in rule.concludes:
            value = conclusion.values.get(found, found)
            return LegalBasis(conclusion.label, value, str(rule.main_source))
    return None


def _value_of(reading: Reading, scenario: Reading, name: str) -> str | None:
    settled = reading.conclusions.get(name) or scenario.conclusions.get(name)
    return settled.value if settled is not None else None
