"""What formulas and conclusions depend on, through rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coopdec_rules.rulebook.formula import Formula, literals
from coopdec_rules.rulebook.model import Compare, Concluded, Quantified, facts_of
from coopdec_rules.rulebook.rulebook import LawState


@dataclass(frozen=True)
class Moved:
    """What a change of one fact may move.

    ``elsewhere``: atoms over all items that may also move through the items that did not change.
    """

    atoms: frozenset[int]
    relevance: frozenset[str]
    rules: frozenset[int]
    conclusions: frozenset[str]
    elsewhere: frozenset[int]


class Reading:
    """What formulas and conclusions depend on, through rules."""

    def __init__(self, law: LawState) -> None:
        self.law = law
        self.atoms = law.rulebook.all_atoms
        by_id: dict[str, list[int]] = {}
        for index, rule in enumerate(law.rules):
            by_id.setdefault(rule.id, []).append(index)
        against: dict[int, list[int]] = {}
        for index, rule in enumerate(law.rules):
            for target in rule.sets_aside:
                for other in by_id.get(target, ()):
                    against.setdefault(other, []).append(index)
        self._against = against
        self._rules = [frozenset(lit.atom for lit in literals(r.formula)) for r in law.rules]
        self._inner = {
            atom.index: frozenset(lit.atom for lit in literals(atom.kind.formula))
            for atom in self.atoms
            if isinstance(atom.kind, Quantified)
        }
        self._relevance = {
            name: frozenset(lit.atom for lit in literals(fact.relevant_if))
            for name, fact in law.rulebook.facts.items()
            if fact.relevant_if is not None
        }
        self._moved: dict[str, Moved] = {}
        self._concluding: dict[str, list[int]] = {}
        for index, rule in enumerate(law.rules):
            for name, _ in rule.concludes:
                self._concluding.setdefault(name, []).append(index)

    def formulas(self, conclusion: str) -> list[Formula]:
        """Conditions of the rules that conclude, and of those that set them aside."""
        indexes = dict.fromkeys(self._concluding.get(conclusion, ()))
        todo = list(indexes)
        while todo:
            for other in self._against.get(todo.pop(), ()):
                if other not in indexes:
                    indexes[other] = None
                    todo.append(other)
        return [self.law.rules[index].formula for index in indexes]

    def behind(self, conclusion: str) -> set[str]:
        """Conclusions that this one rests on, through rules."""
        found: set[str] = set()
        todo = self.formulas(conclusion)
        while todo:
            for literal in literals(todo.pop()):
                kind = self.atoms[literal.atom].kind
                if isinstance(kind, Quantified):
                    todo.append(kind.formula)
                elif isinstance(kind, Concluded) and kind.conclusion not in found:
                    found.add(kind.conclusion)
                    todo += self.formulas(kind.conclusion)
        return found

    def quantified(self, formulas: Iterable[Formula], depth: int) -> set[int]:
        """Atoms over all items that the formulas read, through ``depth`` scenario conclusions."""
        found: set[int] = set()
        for formula in formulas:
            for literal in literals(formula):
                atom = self.atoms[literal.atom]
                if isinstance(atom.kind, Quantified):
                    found.add(atom.index)
                elif isinstance(atom.kind, Concluded) and atom.scope is None and depth:
                    found |= self.quantified(self.formulas(atom.kind.conclusion), depth - 1)
        return found

    def moved(self, fact: str, scope: str | None) -> Moved:
        """All that may move with a fact of the scenario, or of the first item of ``scope``."""
        if fact in self._moved:
            return self._moved[fact]
        here = self._closure({fact}, set())
        if scope is None:
            far = here.atoms
        else:
            # The other items only move through what looks at all items.
            seeds = {n for n in here.atoms if isinstance(self.atoms[n].kind, Quantified)}
            far = self._closure(set(), seeds).atoms
        self._moved[fact] = Moved(
            here.atoms,
            here.relevance,
            here.rules,
            here.conclusions,
            frozenset(
                atom.index
                for atom in self.atoms
                if isinstance(atom.kind, Quantified) and not far.isdisjoint(self._inner[atom.index])
            ),
        )
        return self._moved[fact]

    def _closure(self, facts: set[str], atoms: set[int]) -> Moved:
        book = self.law.rulebook
        relevance: set[str] = set()
        rules: set[int] = set()
        conclusions: set[str] = set()
        before = -1
        while before != (size := len(atoms) + len(relevance) + len(rules) + len(conclusions)):
            before = size
            for name, fact in book.facts.items():
                if fact.relevant_if is not None and not atoms.isdisjoint(self._relevance[name]):
                    relevance.add(name)
            for atom in self.atoms:
                kind = atom.kind
                if isinstance(kind, Concluded):
                    moves = kind.conclusion in conclusions
                elif isinstance(kind, Quantified):
                    moves = not atoms.isdisjoint(self._inner[atom.index])
                else:
                    read = {kind.fact, *(facts_of(kind.right) if isinstance(kind, Compare) else ())}
                    moves = not read.isdisjoint(facts | relevance)
                if moves:
                    atoms.add(atom.index)
            for index, rule in enumerate(self.law.rules):
                if not atoms.isdisjoint(self._rules[index]) or any(
                    other in rules for other in self._against.get(index, ())
                ):
                    rules.add(index)
                    conclusions.update(name for name, _ in rule.concludes)
        return Moved(
            frozenset(atoms),
            frozenset(relevance),
            frozenset(rules),
            frozenset(conclusions),
            frozenset(),
        )
