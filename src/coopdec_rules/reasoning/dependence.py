"""What formulas and conclusions depend on, through rules; what a change of facts may move."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coopdec_rules.rulebook.formula import Formula, literals
from coopdec_rules.rulebook.model import Concluded, Quantified
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


class Dependence:
    """What formulas and conclusions of a state of the law depend on."""

    def __init__(self, law: LawState) -> None:
        self.law = law
        self._moved: dict[str, Moved] = {}

    def formulas(self, conclusion: str) -> list[Formula]:
        """Conditions of the rules that conclude, and of those that set them aside."""
        return [self.law.rules[index].formula for index in self.law.index.bearing(conclusion)]

    def quantified(self, formulas: Iterable[Formula], depth: int) -> set[int]:
        """Atoms over all items that the formulas read, through ``depth`` scenario conclusions."""
        found: set[int] = set()
        for formula in formulas:
            for literal in literals(formula):
                atom = self.law.rulebook.all_atoms[literal.atom]
                if isinstance(atom.kind, Quantified):
                    found.add(atom.index)
                elif isinstance(atom.kind, Concluded) and atom.scope is None and depth:
                    found |= self.quantified(self.formulas(atom.kind.conclusion), depth - 1)
        return found

    def moved(self, fact: str, scope: str | None) -> Moved:
        """All that may move with a fact of the scenario, or of the first item of ``scope``."""
        found = self._moved.get(fact)
        if found is None:
            here = self._closure({fact}, set())
            inner = self.law.rulebook.index.inner
            far = here.atoms
            if scope is not None:
                # The other items only move through what looks at all items.
                far = self._closure(set(), {n for n in here.atoms if n in inner}).atoms
            elsewhere = {n for n, formula in inner.items() if not far.isdisjoint(formula.atoms)}
            found = self._moved[fact] = Moved(
                here.atoms, here.relevance, here.rules, here.conclusions, frozenset(elsewhere)
            )
        return found

    def moved_together(self, facts: Iterable[str]) -> Moved:
        """All that may move, anywhere, with these facts."""
        return self._closure(set(facts), set())

    def _closure(self, facts: set[str], atoms: set[int]) -> Moved:
        law, index = self.law.index, self.law.rulebook.index
        relevance: set[str] = set()
        rules: set[int] = set()
        conclusions: set[str] = set()
        before = -1
        while before != (size := len(atoms) + len(relevance) + len(rules) + len(conclusions)):
            before = size
            relevance |= {n for n, f in index.relevance.items() if not atoms.isdisjoint(f.atoms)}
            for atom in index.atoms:
                if isinstance(atom.kind, Concluded):
                    moves = atom.kind.conclusion in conclusions
                elif isinstance(atom.kind, Quantified):
                    moves = not atoms.isdisjoint(index.inner[atom.index].atoms)
                else:
                    moves = not (facts | relevance).isdisjoint(index.compared[atom.index])
                if moves:
                    atoms.add(atom.index)
            for number, formula in enumerate(law.formulas):
                if not atoms.isdisjoint(formula.atoms) or not rules.isdisjoint(
                    law.exceptions.get(number, ())
                ):
                    rules.add(number)
                    conclusions.update(name for name, _ in law.rules[number].concludes)
        return Moved(
            frozenset(atoms),
            frozenset(relevance),
            frozenset(rules),
            frozenset(conclusions),
            frozenset(),
        )
