"""The facts that an answer, or anything shown beside it, still waits for.

Walks back from the unsettled answers, and from every rule in play that adds something to the avis
(a condition, a ceiling…), through the undecided rules.  A fact that this walk does not meet cannot
change the avis while the others stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coopdec_rules.advice import answers
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.rulebook.formula import F, Formula, U, literals
from coopdec_rules.rulebook.model import Concluded, Quantified, facts_of

#: An item of a repeated group; ``None``: the scenario itself.
Item = int | None


def needed(law: CompiledLaw, findings: Findings) -> set[tuple[str, Item]]:
    """Unknown facts that something in the avis waits for, each with its item."""
    walk = _Walk(law, findings)
    for name in answers.ANSWERS:
        walk.conclusion(name, None, None)
    for name in answers.PART_ANSWERS:
        for part in range(len(findings.items[answers.PART])):
            walk.conclusion(name, answers.PART, part)
    for group, item, reading in _readings(findings):
        for index, truth in reading.effective.items():
            rule = law.rules[index]
            if truth == F or not (rule.effects or rule.ceiling):
                continue
            walk.rule(index, group, item)
            for effect in rule.effects:
                if effect.done_if is not None:
                    walk.formula(effect.done_if, group, item)
            if rule.ceiling is not None:
                names = (rule.ceiling.amount, *facts_of(rule.ceiling.limit))
                walk.facts(names, reading, item)
    return walk.found


def _readings(findings: Findings) -> Iterator[tuple[str | None, Item, Reading]]:
    yield None, None, findings.scenario
    for group, items in findings.items.items():
        for item, reading in enumerate(items):
            yield group, item, reading


class _Walk:
    def __init__(self, law: CompiledLaw, findings: Findings) -> None:
        self.law = law
        self.findings = findings
        self.found: set[tuple[str, Item]] = set()
        self._seen: set[tuple[str | int, Item]] = set()

    def conclusion(self, name: str, group: str | None, item: Item) -> None:
        scope = self.law.state.rulebook.conclusions[name].scope
        if scope is None:
            group = item = None
        if (name, item) in self._seen:
            return
        self._seen.add((name, item))
        settled = self._reading(group, item).conclusions.get(name)
        if settled is not None and settled.value is None:
            for index in self.law.concluding.get(name, ()):
                self.rule(index, group, item)

    def rule(self, index: int, group: str | None, item: Item) -> None:
        """What an undecided rule, and those that may set it aside, wait for."""
        if self.law.rules[index].scope is None:
            group = item = None
        if (index, item) in self._seen:
            return
        self._seen.add((index, item))
        if self._reading(group, item).effective.get(index) != U:
            return
        self._atoms(self.law.atoms_of[index], group, item)
        for other in self.law.exceptions.get(index, ()):
            self.rule(other, group, item)

    def formula(self, formula: Formula, group: str | None, item: Item) -> None:
        self._atoms([literal.atom for literal in literals(formula)], group, item)

    def facts(self, names: Iterable[str], reading: Reading, item: Item) -> None:
        """Facts, and what decides whether they have an object."""
        facts = self.law.state.rulebook.facts
        for name in names:
            fact = facts[name]
            if name in reading.irrelevant or name in self.findings.scenario.irrelevant:
                continue
            key = (name, item if fact.scope is not None else None)
            if key in self.found:
                continue
            self.found.add(key)
            if fact.relevant_if is not None:
                self.formula(fact.relevant_if, fact.scope, key[1])

    def _atoms(self, atoms: Iterable[int], group: str | None, item: Item) -> None:
        reading = self._reading(group, item)
        for atom in atoms:
            if reading.atoms[atom] != U:
                continue
            kind = self.law.atoms[atom].kind
            if isinstance(kind, Concluded):
                self._concluded(kind.conclusion, group, item)
            elif isinstance(kind, Quantified):
                for position in range(len(self.findings.items[kind.group])):
                    self.formula(kind.formula, kind.group, position)
            else:
                self.facts((kind.fact, *_right(kind)), reading, item)

    def _concluded(self, name: str, group: str | None, item: Item) -> None:
        scope = self.law.state.rulebook.conclusions[name].scope
        if scope is not None and scope != group:
            for position in range(len(self.findings.items[scope])):
                self.conclusion(name, scope, position)
        else:
            self.conclusion(name, group, item)

    def _reading(self, group: str | None, item: Item) -> Reading:
        if group is None:
            return self.findings.scenario
        return self.findings.items[group][item or 0]


def _right(kind: object) -> tuple[str, ...]:
    right = getattr(kind, "right", None)
    return facts_of(right) if right is not None else ()
