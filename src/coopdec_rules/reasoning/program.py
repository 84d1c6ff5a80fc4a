"""One moment of the law as a logic program, over every possible scenario of a given shape.

Every scenario is a choice of one cell per variable and place; everything else is defined from it by
the same formulas as the engine's.  The program is built once (through clingo's backend, without
grounding), then each question about it is a set of assumptions.  Conclusions are two-valued here:
where the rulebook has a gap, no comparison with the conclusion holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import clingo

from coopdec_rules.reasoning.batch import Place
from coopdec_rules.reasoning.variables import Variable, Variables
from coopdec_rules.rulebook.formula import And, Formula, Lit
from coopdec_rules.rulebook.model import (
    Among,
    Compare,
    Concluded,
    IsTrue,
    Quantified,
    Rule,
    facts_of,
)
from coopdec_rules.rulebook.rulebook import LawState

#: A literal of the program: positive, or negated when negative.
Literal = int


@dataclass(frozen=True)
class Shape:
    """How many items each repeated group has."""

    counts: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Shape:
        return cls(tuple(sorted(counts.items())))

    def places(self, scope: str | None) -> list[Place]:
        """Places at which something of this scope is read."""
        if scope is None:
            return [None]
        return [(scope, index) for index in range(dict(self.counts)[scope])]

    def every(self) -> list[Place]:
        """The scenario, then every item."""
        return [None, *((name, index) for name, count in self.counts for index in range(count))]


class Program:
    """A clingo control and the literals that stand for cells, rules and conclusions.

    Two laws may share one program (to compare them), and two copies of the facts one law (to see
    what a single fact changes): see ``Copy``.
    """

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.control = clingo.Control(["--warn=none", "--sat-prepro=no"])
        self._rules: list[tuple[list[int], list[int], bool]] = []
        self._weights: list[tuple[int, list[int]]] = []
        self._next = 0
        self.true = self.fresh()
        self.define(self.true, ())
        self.built = 0

    # -- building ----------------------------------------------------------------------------

    def fresh(self) -> Literal:
        """A new atom, false unless a rule defines it."""
        self._next += 1
        return self._next

    def free(self) -> Literal:
        """A new atom that may be true or false."""
        atom = self.fresh()
        self._rules.append(([atom], [], True))
        return atom

    def define(self, head: Literal, body: Iterable[Literal]) -> None:
        """``head`` holds when all of ``body`` does (one of several ways it may hold)."""
        self._rules.append(([head], list(body), False))

    def forbid(self, body: Iterable[Literal]) -> None:
        """No scenario makes all of ``body`` hold."""
        self._rules.append(([], list(body), False))

    def at_most_one(self, literals: Sequence[Literal]) -> None:
        """No two of these hold together."""
        if len(literals) == 2:
            self.forbid(literals)
        elif len(literals) > 2:
            self._weights.append((2, list(literals)))

    def all_of(self, literals: Sequence[Literal]) -> Literal:
        """A literal that holds when all of these do."""
        kept = list(dict.fromkeys(lit for lit in literals if lit != self.true))
        if -self.true in kept:
            return -self.true
        if not kept:
            return self.true
        if len(kept) == 1:
            return kept[0]
        atom = self.fresh()
        self.define(atom, kept)
        return atom

    def any_of(self, literals: Sequence[Literal]) -> Literal:
        """A literal that holds when one of these does."""
        kept = list(dict.fromkeys(lit for lit in literals if lit != -self.true))
        if self.true in kept:
            return self.true
        if not kept:
            return -self.true
        if len(kept) == 1:
            return kept[0]
        atom = self.fresh()
        for literal in kept:
            self.define(atom, [literal])
        return atom

    def build(self) -> None:
        """Hand everything that was added to the solver."""
        with self.control.backend() as backend:
            for _ in range(self.built, self._next):
                backend.add_atom()
            for head, body, choice in self._rules:
                backend.add_rule(head, body, choice)
            for bound, body in self._weights:
                backend.add_weight_rule([], bound, [(lit, 1) for lit in body])
        self.built = self._next
        self._rules.clear()
        self._weights.clear()

    # -- solving -----------------------------------------------------------------------------

    def solve(self, assumptions: Sequence[Literal], wanted: Iterable[Literal]) -> set[int] | None:
        """A scenario under the assumptions: those of ``wanted`` that hold in it, else ``None``."""
        if self._rules:
            self.build()
        with self.control.solve(assumptions=list(assumptions), yield_=True) as handle:
            model = handle.model()
            if model is None:
                return None
            return {lit for lit in wanted if model.is_true(lit)}

    def possible(self, assumptions: Sequence[Literal]) -> bool:
        """Whether some scenario verifies the assumptions."""
        if self._rules:
            self.build()
        return bool(self.control.solve(assumptions=list(assumptions)).satisfiable)

    def core(self, assumptions: Sequence[Literal]) -> list[Literal] | None:
        """Assumptions that cannot hold together; ``None`` when all can."""
        if self._rules:
            self.build()
        found: list[Literal] = []
        result = self.control.solve(assumptions=list(assumptions), on_core=found.extend)
        return None if result.satisfiable else found


class Choices:
    """The variables of a program: one cell each, at every place of the shape."""

    def __init__(self, program: Program, variables: Variables) -> None:
        self.program = program
        self.variables = variables
        self.cells: dict[tuple[Place, int], tuple[Literal, ...]] = {}
        for index, variable in enumerate(variables.all):
            for place in program.shape.places(variable.scope):
                self.cells[place, index] = self._choose(variable)

    def _choose(self, variable: Variable) -> tuple[Literal, ...]:
        if len(variable.cells) == 1:
            return (self.program.true,)
        if len(variable.cells) == 2:
            first = self.program.free()
            return (first, -first)
        cells = tuple(self.program.free() for _ in variable.cells)
        self.program.at_most_one(cells)
        self.program.forbid([-cell for cell in cells])
        return cells


class Copy:
    """One law read on one choice of facts, its definitions made as they are asked for."""

    def __init__(self, choices: Choices, law: LawState) -> None:
        self.program = choices.program
        self.choices = choices
        self.law = law
        self.book = law.rulebook
        self._formulas: dict[tuple[Formula, Place], Literal] = {}
        self._atoms: dict[tuple[int, Place], Literal] = {}
        self._relevant: dict[tuple[str, Place], Literal] = {}
        self._effective: dict[tuple[int, Place], Literal] = {}
        self._values: dict[tuple[str, str, Place], Literal] = {}
        by_id: dict[str, list[int]] = {}
        for index, rule in enumerate(law.rules):
            by_id.setdefault(rule.id, []).append(index)
        self.exceptions: dict[int, list[int]] = {}
        for index, rule in enumerate(law.rules):
            for target in rule.sets_aside:
                for other in by_id.get(target, ()):
                    self.exceptions.setdefault(other, []).append(index)
        self.claims: dict[str, list[tuple[int, str]]] = {name: [] for name in self.book.conclusions}
        for index, rule in enumerate(law.rules):
            for name, value in rule.concludes:
                self.claims[name].append((index, value))

    def keep_possible(self) -> None:
        """Leave out the combinations that the rulebook declares impossible on this day."""
        day = self.choices.variables.day
        for impossible in self.book.impossible:
            if impossible.period.contains(day):
                for place in self.program.shape.places(impossible.scope):
                    self.program.forbid([self.formula(impossible.formula, place)])

    def formula(self, formula: Formula, place: Place) -> Literal:
        """The literal that holds where the formula does."""
        key = (formula, place)
        found = self._formulas.get(key)
        if found is None:
            if isinstance(formula, Lit):
                atom = self.atom(formula.atom, place)
                found = atom if formula.positive else -atom
            else:
                parts = [self.formula(part, place) for part in formula.parts]
                join = self.program.all_of if isinstance(formula, And) else self.program.any_of
                found = join(parts)
            self._formulas[key] = found
        return found

    def atom(self, index: int, place: Place) -> Literal:
        """The literal of an atom at a place."""
        atom = self.book.all_atoms[index]
        kind = atom.kind
        if atom.scope is None:
            place = None
        key = (index, place)
        found = self._atoms.get(key)
        if found is None:
            if isinstance(kind, Concluded):
                found = self.program.any_of(
                    [self.value(kind.conclusion, value, place) for value in sorted(kind.values)]
                )
            elif isinstance(kind, Quantified):
                parts = [
                    self.formula(kind.formula, item)
                    for item in self.program.shape.places(kind.group)
                ]
                join = self.program.any_of if kind.quantifier == "un" else self.program.all_of
                found = join(parts)
            else:
                found = self._comparison(index, kind, place)
            self._atoms[key] = found
        return found

    def relevant(self, fact: str, place: Place) -> Literal:
        """The literal that holds where the fact has an object."""
        if self.book.facts[fact].scope is None:
            place = None
        key = (fact, place)
        found = self._relevant.get(key)
        if found is None:
            formula = self.book.facts[fact].relevant_if
            found = self.program.true if formula is None else self.formula(formula, place)
            self._relevant[key] = found
        return found

    def raw(self, index: int, place: Place) -> Literal:
        """The rule's own conditions hold."""
        return self.formula(self.law.rules[index].formula, place)

    def effective(self, index: int, place: Place) -> Literal:
        """The rule applies and nothing sets it aside."""
        if self.law.rules[index].scope is None:
            place = None
        key = (index, place)
        found = self._effective.get(key)
        if found is None:
            against = [-self.effective(other, place) for other in self.exceptions.get(index, ())]
            found = self.program.all_of([self.raw(index, place), *against])
            self._effective[key] = found
        return found

    def value(self, conclusion: str, value: str, place: Place) -> Literal:
        """The conclusion is claimed to have this value."""
        if self.book.conclusions[conclusion].scope is None:
            place = None
        key = (conclusion, value, place)
        found = self._values.get(key)
        if found is None:
            if self.book.conclusions[conclusion].type == "drapeau" and value == "non":
                found = -self.value(conclusion, "oui", place)
            else:
                found = self.program.any_of(
                    [
                        self.effective(index, place)
                        for index, claimed in self.claims[conclusion]
                        if claimed == value
                    ]
                )
            self._values[key] = found
        return found

    def rules(self) -> Sequence[Rule]:
        return self.law.rules

    def _comparison(self, index: int, kind: IsTrue | Among | Compare, place: Place) -> Literal:
        fixed = self.choices.variables.fixed.get(index)
        if fixed is not None:
            return self.program.true if fixed else -self.program.true
        # The day is fixed: a comparison of it with a fact belongs to that fact's variable.
        read = [kind.fact, *(facts_of(kind.right) if isinstance(kind, Compare) else ())]
        varying = self.choices.variables.index_of
        variable = next(varying[name] for name in read if name in varying)
        cells = self.choices.cells[place, variable]
        held = self.program.any_of(
            [
                literal
                for cell, literal in zip(
                    self.choices.variables.all[variable].cells, cells, strict=True
                )
                if index in cell.holds
            ]
        )
        return self.program.all_of([held, *(self.relevant(name, place) for name in read)])
