"""One state of the law, compiled: what is read at each step and scope, exceptions, conclusions.

Made once for each distinct state and kept, on the book that all states share (``book``); a
request only evaluates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coopdec_rules.engine.book import CompiledBook, Outcomes, Panels
from coopdec_rules.engine.findings import Settled
from coopdec_rules.engine.refine import Narrowing, narrowings
from coopdec_rules.rulebook.formula import (
    And,
    Truth,
    U,
    V,
)
from coopdec_rules.rulebook.model import (
    Rule,
)
from coopdec_rules.rulebook.rulebook import LawState

#: What a step fired is remembered for this many distinct inputs, then forgotten.
MEMORY = 2048


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step of one scope: rules to read, then conclusions that may be read after it."""

    scope: str | None
    always: tuple[int, ...]
    inputs: tuple[int, ...]
    panels: Panels
    conclude: tuple[str, ...]


class CompiledLaw:
    """The engine's form of a law state.  Thread-safe."""

    def __init__(self, state: LawState, compiled: CompiledBook) -> None:
        self.state = state
        self.rules: tuple[Rule, ...] = state.rules
        self._compiled = compiled
        #: Place in this state of each rule in force, by its place in the rulebook.
        self._places = {compiled.place[rule.key]: i for i, rule in enumerate(self.rules)}
        book = state.rulebook
        self.atoms = book.atoms
        self.flags, self.scopes = compiled.flags, compiled.scopes
        self.conclusion_atoms, self.quantified = compiled.conclusion_atoms, compiled.quantified
        self.fact_atoms, self.decides_relevance = compiled.fact_atoms, compiled.decides_relevance
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
            places = frozenset(self._compiled.place[self.rules[i].key] for i, _ in matched)
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
                        inputs=tuple(sorted({a for i, _ in matched for a in self.atoms_of[i]})),
                        panels=self._compiled.panels(level, scope, places),
                        conclude=conclude,
                    )
                )
        return found
