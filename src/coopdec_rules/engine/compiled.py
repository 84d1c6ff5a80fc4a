"""One state of the law, compiled: panels by step and scope, exceptions, conclusions.

Compiled once for each distinct state and kept; a request only evaluates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coopdec_rules.engine.matcher import Panel, make_panels
from coopdec_rules.rulebook.formula import And, Formula, literals
from coopdec_rules.rulebook.model import Among, Atom, Compare, Concluded, IsTrue, Quantified, Rule
from coopdec_rules.rulebook.rulebook import LawState
from coopdec_rules.rulebook.strata import conclusions_read


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one scope: rules to read, rules whose effect is then known, conclusions."""

    scope: str | None
    always: tuple[int, ...]
    read: tuple[int, ...]
    certain: tuple[Panel, ...]
    possible: tuple[Panel, ...]
    settle: tuple[int, ...]
    conclude: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactAtoms:
    """A fact, the condition under which it is relevant, and the comparisons made with it."""

    fact: str
    relevant_if: Formula | None
    atoms: tuple[tuple[int, IsTrue | Among | Compare], ...]


class CompiledLaw:
    """The engine's form of a law state.  Thread-safe to use, not to close."""

    def __init__(self, state: LawState) -> None:
        self.state = state
        self.rules: tuple[Rule, ...] = state.rules
        book = state.rulebook
        self.atoms = book.atoms
        #: For each scope, its facts in the order their relevance is settled, with their atoms.
        self.fact_atoms: dict[str | None, list[FactAtoms]] = {}
        self.quantified: list[tuple[int, int]] = []
        self.conclusion_atoms: dict[str, list[int]] = {}
        for atom in book.atoms:
            kind = atom.kind
            if isinstance(kind, Concluded):
                self.conclusion_atoms.setdefault(kind.conclusion, []).append(atom.index)
            elif isinstance(kind, Quantified):
                needed = conclusions_read(kind.formula, book.atoms)
                level = max((book.strata.conclusion.get(c, 0) for c in needed), default=0)
                self.quantified.append((level, atom.index))
        self._gather_facts()
        by_id: dict[str, list[int]] = {}
        for index, rule in enumerate(self.rules):
            by_id.setdefault(rule.id, []).append(index)
        #: For each rule, the rules that may set it aside.
        self.exceptions: dict[int, tuple[int, ...]] = {}
        for index, rule in enumerate(self.rules):
            for target in rule.sets_aside:
                for other in by_id.get(target, ()):
                    self.exceptions[other] = (*self.exceptions.get(other, ()), index)
        #: For each rule, the facts its conditions read.
        self.facts_of: tuple[frozenset[str], ...] = tuple(
            frozenset(_facts_read(rule.formula, book.atoms)) for rule in self.rules
        )
        self.scopes: list[str | None] = [None, *(g.id for g in book.groups.values() if g.repeated)]
        self.steps = [self._steps(level) for level in range(book.strata.steps + 1)]

    def _gather_facts(self) -> None:
        """Sort facts so that what decides whether one is relevant comes before it."""
        book = self.state.rulebook
        atoms_of: dict[tuple[str | None, str], list[tuple[int, IsTrue | Among | Compare]]] = {}
        for atom in book.atoms:
            kind = atom.kind
            if isinstance(kind, IsTrue | Among | Compare):
                atoms_of.setdefault((atom.scope, kind.fact), []).append((atom.index, kind))
        for scope in (None, *(g.id for g in book.groups.values() if g.repeated)):
            self.fact_atoms[scope] = [
                FactAtoms(name, book.facts[name].relevant_if, tuple(atoms_of[scope, name]))
                if (scope, name) in atoms_of
                else FactAtoms(name, book.facts[name].relevant_if, ())
                for name in book.relevance_order
                if book.facts[name].scope == scope or (scope, name) in atoms_of
            ]

    def _steps(self, level: int) -> list[Step]:
        strata = self.state.rulebook.strata
        conclusions = self.state.rulebook.conclusions
        found = []
        for scope in self.scopes:
            read = [
                (i, r.formula)
                for i, r in enumerate(self.rules)
                if r.scope == scope and strata.read[r.key] == level
            ]
            always = tuple(i for i, f in read if f == And(()))
            matched = [(i, f) for i, f in read if f != And(())]
            settle = [
                i
                for i, r in enumerate(self.rules)
                if r.scope == scope and strata.settled[r.key] == level
            ]
            conclude = tuple(
                name
                for name, c in conclusions.items()
                if c.scope == scope and strata.conclusion.get(name, 0) == level
            )
            if read or settle or conclude:
                found.append(
                    Step(
                        scope=scope,
                        always=always,
                        read=tuple(i for i, _ in matched),
                        certain=tuple(make_panels(matched, possible=False)),
                        possible=tuple(make_panels(matched, possible=True)),
                        settle=self._in_order(settle),
                        conclude=conclude,
                    )
                )
        return found

    def _in_order(self, rules: Sequence[int]) -> tuple[int, ...]:
        """Rules so that what may set one aside comes before it."""
        ordered: list[int] = []
        waiting = set(rules)

        def add(index: int) -> None:
            if index not in waiting:
                return
            waiting.discard(index)
            for other in self.exceptions.get(index, ()):
                add(other)
            ordered.append(index)

        for index in rules:
            add(index)
        return tuple(ordered)

    def close(self) -> None:
        """Free what the extension holds for this state."""
        for steps in self.steps:
            for step in steps:
                for panel in (*step.certain, *step.possible):
                    panel.close()


def _facts_read(formula: Formula, atoms: Sequence[Atom]) -> Iterator[str]:
    for literal in literals(formula):
        kind = atoms[literal.atom].kind
        if isinstance(kind, IsTrue | Among | Compare):
            yield kind.fact
        elif isinstance(kind, Quantified):
            yield from _facts_read(kind.formula, atoms)
