"""Which unknown facts stand between the scenario and its answers.

Walks back from every unsettled answer through the undecided rules.  It is sound (a fact that is not
listed cannot be reached by any undecided rule of an answer) but may list a fact that another
undecided one makes useless.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from coopdec_rules.advice.model_parts import Question
from coopdec_rules.advice.scenario import pointer_of
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.rulebook.formula import Formula, U, literals
from coopdec_rules.rulebook.model import (
    Among,
    Compare,
    Concluded,
    Fact,
    IsTrue,
    Quantified,
    facts_of,
)

Key = tuple[str, int | None]
#: A rule, and the item it is read on.
Place = tuple[int, int | None]


class _Walk:
    def __init__(self, law: CompiledLaw, findings: Findings) -> None:
        self.law = law
        self.findings = findings
        self.counts: dict[Key, int] = {}
        self.rules: set[Place] = set()
        self._seen: set[tuple[str, str | None, int | None]] = set()

    def conclusion(self, name: str, group: str | None, item: int | None) -> None:
        scope = self.law.state.rulebook.conclusions[name].scope
        if scope is None:
            group = item = None
        if scope is not None and group is None:
            for position in range(len(self.findings.items[scope])):
                self.conclusion(name, scope, position)
            return
        if (name, group, item) in self._seen:
            return
        self._seen.add((name, group, item))
        reading = self._reading(group, item)
        settled = reading.conclusions.get(name)
        if settled is None or settled.value is not None:
            return
        for index in self.law.concluding.get(name, ()):
            self._rule(index, reading, group, item)

    def _reading(self, group: str | None, item: int | None) -> Reading:
        if group is None:
            return self.findings.scenario
        return self.findings.items[group][item or 0]

    def _rule(self, index: int, reading: Reading, group: str | None, item: int | None) -> None:
        if reading.effective.get(index) != U:
            return
        self.rules.add((index, item))
        self._atoms(self.law.atoms_of[index], reading, group, item)
        for other in self.law.exceptions.get(index, ()):
            if self.law.rules[other].scope is None:
                self._rule(other, self.findings.scenario, None, None)
            else:
                self._rule(other, reading, group, item)

    def _formula(
        self, formula: Formula, reading: Reading, group: str | None, item: int | None
    ) -> None:
        self._atoms([literal.atom for literal in literals(formula)], reading, group, item)

    def _atoms(
        self, atoms: Iterable[int], reading: Reading, group: str | None, item: int | None
    ) -> None:
        for atom in atoms:
            if reading.atoms[atom] != U:
                continue
            kind = self.law.atoms[atom].kind
            if isinstance(kind, Concluded):
                self.conclusion(kind.conclusion, group, item)
            elif isinstance(kind, Quantified):
                for position, inner in enumerate(self.findings.items[kind.group]):
                    self._formula(kind.formula, inner, kind.group, position)
            else:
                self._facts(kind, reading, group, item)

    def _facts(
        self,
        kind: IsTrue | Among | Compare,
        reading: Reading,
        group: str | None,
        item: int | None,
    ) -> None:
        names = [kind.fact]
        if isinstance(kind, Compare):
            names.extend(facts_of(kind.right))
        scenario = self.findings.scenario
        for name in names:
            if name in reading.irrelevant or name in scenario.irrelevant:
                continue
            fact = self.law.state.rulebook.facts[name]
            if fact.relevant_if is not None:
                # Whether it has an object may be what is missing.
                self._formula(fact.relevant_if, reading, group, item)
            if name in reading.facts or name in scenario.facts:
                continue
            key = (name, item if fact.scope is not None else None)
            self.counts[key] = self.counts.get(key, 0) + 1


def open_questions(
    law: CompiledLaw, findings: Findings, answers: Iterable[str]
) -> tuple[dict[str, list[Key]], set[Place]]:
    """For each unsettled answer, the unknown facts it hangs on, the most read first.

    Also the undecided rules met on the way: those that may still change an answer.
    """
    found = {}
    rules: set[Place] = set()
    for answer in answers:
        if findings.scenario.conclusions[answer].value is not None:
            continue
        walk = _Walk(law, findings)
        walk.conclusion(answer, None, None)
        rules |= walk.rules
        if walk.counts:
            found[answer] = sorted(walk.counts, key=lambda key: -walk.counts[key])
    return found, rules


def questions(law: CompiledLaw, asked: Mapping[str, Sequence[Key]]) -> list[Question]:
    """Questions as the avis shows them, those of the first answers first.

    Used where no reasoning is asked for: ``advice.reasoned`` gives the exact ones.
    """
    order: dict[Key, list[str]] = {}
    for answer, keys in asked.items():
        for key in keys:
            order.setdefault(key, []).append(answer)
    found = []
    for (name, item), on in order.items():
        fact = law.state.rulebook.facts[name]
        found.append(asked_of(fact, item, on))
    return found


def asked_of(fact: Fact, item: int | None, answers: Sequence[str]) -> Question:
    """A question as the avis shows it, before anything is known of what its answers would do."""
    return {
        "fait": fact.id,
        "question": fact.question,
        "aide": fact.help or None,
        "type": fact.type,
        "valeurs": dict(fact.values),
        "pointeur": pointer_of(fact, item),
        "element": item,
        "pour": list(answers),
        "apport": None,
        "effets": [],
    }
