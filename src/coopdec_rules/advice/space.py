"""Refuses scenarios that the rulebook declares impossible."""

from __future__ import annotations

from collections.abc import Iterable

from coopdec_rules.advice.scenario import Scenario, pointer_of
from coopdec_rules.engine.evaluation import Prepared
from coopdec_rules.errors import Problem
from coopdec_rules.rulebook.formula import Truth, V, evaluator, literals
from coopdec_rules.rulebook.model import Among, Compare, Fact, Impossible, IsTrue, facts_of
from coopdec_rules.rulebook.rulebook import Rulebook


class Space:
    """The combinations of facts that a rulebook declares impossible."""

    def __init__(self, book: Rulebook) -> None:
        self._declared = [
            (declared, evaluator(declared.formula), tuple(_facts(book, declared)))
            for declared in book.impossible
        ]

    def problems(self, scenario: Scenario, prepared: Prepared) -> list[Problem]:
        """One problem for each combination that the facts certainly hold, where one is stated."""
        found = []
        for declared, read, facts in self._declared:
            if not declared.period.contains(scenario.day):
                continue
            places: Iterable[tuple[int | None, list[Truth]]] = (
                [(None, prepared.scenario[1])]
                if declared.scope is None
                else [(n, atoms) for n, (_, atoms, _) in enumerate(prepared.items[declared.scope])]
            )
            for item, atoms in places:
                if read(atoms) == V:
                    found.append(_problem(declared, facts, item))
        return found


def _facts(book: Rulebook, declared: Impossible) -> Iterable[Fact]:
    seen: dict[str, None] = {}
    for literal in literals(declared.formula):
        kind = book.atoms[literal.atom].kind
        if isinstance(kind, IsTrue | Among | Compare):
            seen[kind.fact] = None
            if isinstance(kind, Compare):
                seen.update(dict.fromkeys(facts_of(kind.right)))
    # What the declaration is about comes last in it; the day is changed more rarely.
    return [book.facts[name] for name in reversed(seen) if name != "date"]


def _problem(declared: Impossible, facts: tuple[Fact, ...], item: int | None) -> Problem:
    labels = ", ".join(fact.label for fact in reversed(facts))
    pointer = pointer_of(facts[0], item if facts[0].scope else None) if facts else "/date"
    return Problem(
        pointer,
        f"Ces réponses ne vont pas ensemble ({labels}). {declared.explanation}",
        None,
        "changer l'une d'elles, ou la date",
    )
