"""One state of the law, compiled: what is read at each step and scope, exceptions, conclusions.

Made once for each distinct state and kept, on the panels that all states share (``panels``); a
request only evaluates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.engine.findings import Settled
from coopdec_rules.engine.panels import PanelBook, Panels
from coopdec_rules.engine.refine import Narrowing, narrowings
from coopdec_rules.rulebook.formula import (
    And,
    Evaluator,
    F,
    Truth,
    U,
    V,
    evaluator,
    literals,
)
from coopdec_rules.rulebook.model import (
    Among,
    Compare,
    Fact,
    IsTrue,
    Quantified,
    Rule,
    Value,
)
from coopdec_rules.rulebook.rulebook import LawState

#: What a step fired is remembered for this many distinct inputs, then forgotten.
MEMORY = 2048

Outcomes = tuple[tuple[int, Truth], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step of one scope: rules to read, then conclusions that may be read after it."""

    scope: str | None
    always: tuple[int, ...]
    inputs: tuple[int, ...]
    panels: Panels
    conclude: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactAtoms:
    """A fact, what tells whether it is relevant, and the comparisons made with it.

    ``by_value`` gives, for a value, the truth of every comparison to fixed values; ``otherwise`` is
    for a value that no comparison names; ``compares`` are those that need arithmetic, with the
    facts they read, each placed at the last of these facts.
    """

    fact: str
    relevant: Evaluator | None
    indexes: tuple[int, ...]
    by_value: Mapping[Value, Outcomes]
    otherwise: Outcomes
    compares: tuple[tuple[int, Compare, tuple[str, ...]], ...]


class CompiledLaw:
    """The engine's form of a law state.  Thread-safe."""

    def __init__(self, state: LawState, panels: PanelBook) -> None:
        self.state = state
        self.rules: tuple[Rule, ...] = state.rules
        self._panels = panels
        #: Place in this state of each rule in force, by its place in the rulebook.
        self._places = {panels.place[rule.key]: i for i, rule in enumerate(self.rules)}
        book = state.rulebook
        self.atoms = book.atoms
        self.flags = frozenset(n for n, c in book.conclusions.items() if c.type == "drapeau")
        self.scopes: list[str | None] = [None, *(g.id for g in book.groups.values() if g.repeated)]
        self.index = state.index
        #: For each conclusion, the rules that may give it a value.
        self.concluding = self.index.concluding
        #: For each rule, the rules that may set it aside, and those it sets aside.
        self.exceptions, self.targets = self.index.exceptions, self.index.targets
        #: For each rule, the atoms and the facts that its conditions read.
        self.atoms_of = tuple(formula.atoms for formula in self.index.formulas)
        self.facts_of = self.index.facts_of
        #: Step at which the effect of each rule is known.
        self.settled_at = [book.strata.settled[rule.key] for rule in self.rules]
        self._order = {rule: place for place, rule in enumerate(self.index.order)}
        self._gather_atoms()
        self._gather_facts()
        #: Conclusions over all items whose possible values can be narrowed.
        self.narrowings: dict[str, Narrowing] = narrowings(
            self.rules, self.atoms, self.concluding, self.conclusion_atoms
        )
        self.steps = [self._steps(level) for level in range(book.strata.steps + 1)]
        #: For each conclusion, what a certain value ("": no claim at all) makes of its atoms.
        self.outcomes: dict[str, dict[str, tuple[Settled, Outcomes]]] = {
            name: {} for name in book.conclusions
        }
        self._memory: dict[tuple[Step, str], Outcomes] = {}

    def fire(self, step: Step, atoms: Sequence[Truth]) -> Outcomes:
        """Rules of the step whose conditions hold or may hold, exceptions before what they touch.

        A pure function of the atoms the step reads, so what was fired is remembered.
        """
        values = "".join([atoms[index] for index in step.inputs])
        key = (step, values)
        found = self._memory.get(key)
        if found is None:
            found = self._fire(step, atoms, U in values)
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            self._memory[key] = found
        return found

    def order_of(self, outcome: tuple[int, Truth]) -> int:
        """Place of a rule in an order where what sets a rule aside comes before it."""
        return self._order[outcome[0]]

    def _fire(self, step: Step, atoms: Sequence[Truth], doubtful: bool) -> Outcomes:
        fired: dict[int, Truth] = {}
        panels, places = step.panels, self._places
        kinds = ((panels.possible, U), (panels.certain, V)) if doubtful else ((panels.certain, V),)
        for found, truth in kinds:
            for panel in found:
                for place in panel.fire("".join([atoms[p] for p in panel.properties])):
                    if place in places:
                        fired[places[place]] = truth
        for index in step.always:
            fired[index] = V
        return tuple(sorted(fired.items(), key=self.order_of))

    def _gather_atoms(self) -> None:
        book, count = self.state.rulebook, len(self.atoms)
        #: Atoms on each conclusion, with the values they accept; those of rules, not of properties.
        self.conclusion_atoms: dict[str, tuple[tuple[int, frozenset[str]], ...]] = {
            name: tuple(found for found in on if found[0] < count)
            for name, on in book.index.on.items()
        }
        #: Quantified atoms by the step at which they can be settled: group, stop, what to read.
        self.quantified: dict[int, tuple[tuple[int, str, Truth, Evaluator], ...]] = {}
        for atom in self.atoms:
            kind = atom.kind
            if isinstance(kind, Quantified):
                needed = book.index.conclusions[atom.index]
                level = max((book.strata.conclusion.get(c, 0) for c in needed), default=0)
                # "At least one" stops at the first true item, "every" at the first false one.
                stop = V if kind.quantifier == "un" else F
                entry = (atom.index, kind.group, stop, evaluator(kind.formula))
                self.quantified[level] = (*self.quantified.get(level, ()), entry)

    def _gather_facts(self) -> None:
        """Sort facts so that what decides whether one is relevant comes before it."""
        book = self.state.rulebook
        rank = {name: position for position, name in enumerate(book.relevance_order)}
        fixed: dict[tuple[str | None, str], list[tuple[int, IsTrue | Among]]] = {}
        compares: dict[tuple[str | None, str], list[tuple[int, Compare, tuple[str, ...]]]] = {}
        for atom in book.atoms:
            kind = atom.kind
            if isinstance(kind, IsTrue | Among):
                fixed.setdefault((atom.scope, kind.fact), []).append((atom.index, kind))
            elif isinstance(kind, Compare):
                read = book.index.compared[atom.index]
                own = [name for name in read if book.facts[name].scope == atom.scope]
                last = max(own or read, key=lambda name: rank[name])
                compares.setdefault((atom.scope, last), []).append((atom.index, kind, read))
        self.fact_atoms: dict[str | None, list[FactAtoms]] = {
            scope: [
                _fact_atoms(book.facts[name], fixed.get(key, []), compares.get(key, []))
                for name in book.relevance_order
                if (key := (scope, name)) in fixed
                or key in compares
                or book.facts[name].scope == scope
            ]
            for scope in self.scopes
        }
        #: Facts on which the relevance of another depends.
        self.decides_relevance = book.index.deciding_relevance

    def _steps(self, level: int) -> list[Step]:
        strata = self.state.rulebook.strata
        found = []
        for scope in self.scopes:
            read = [
                (i, r.formula)
                for i, r in enumerate(self.rules)
                if r.scope == scope and strata.read[r.key] == level
            ]
            settles = any(r.scope == scope and strata.settled[r.key] == level for r in self.rules)
            matched = [(i, f) for i, f in read if f != And(())]
            places = frozenset(self._panels.place[self.rules[i].key] for i, _ in matched)
            conclude = tuple(
                name
                for name, c in self.state.rulebook.conclusions.items()
                if c.scope == scope and strata.conclusion.get(name, 0) == level
            )
            if read or settles or conclude:
                found.append(
                    Step(
                        scope=scope,
                        always=tuple(i for i, f in read if f == And(())),
                        inputs=tuple(sorted({lit.atom for _, f in matched for lit in literals(f)})),
                        panels=self._panels.at(level, scope, places),
                        conclude=conclude,
                    )
                )
        return found


def _fact_atoms(
    fact: Fact,
    fixed: Sequence[tuple[int, IsTrue | Among]],
    compares: Sequence[tuple[int, Compare, tuple[str, ...]]],
) -> FactAtoms:
    values: set[Value] = set()
    for _, kind in fixed:
        values.update(kind.values if isinstance(kind, Among) else (True, False))

    def outcomes(value: Value | None) -> Outcomes:
        return tuple(
            (i, V if (value is True if isinstance(k, IsTrue) else value in k.values) else F)
            for i, k in fixed
        )

    return FactAtoms(
        fact=fact.id,
        relevant=evaluator(fact.relevant_if) if fact.relevant_if is not None else None,
        indexes=tuple(i for i, _ in fixed),
        by_value={value: outcomes(value) for value in values},
        otherwise=outcomes(None),
        compares=tuple(compares),
    )
