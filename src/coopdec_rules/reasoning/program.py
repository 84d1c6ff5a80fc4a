"""One moment of the law as a logic program, over every possible scenario of a given shape.

Every scenario is a choice of one cell per variable and place; everything else is defined from it
when the law is read on it (``law_on``).  The program is built once (through clingo's backend,
without grounding), then each question about it is a set of assumptions.  Conclusions are two-valued
there: where the rulebook has a gap, no comparison with the conclusion holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import clingo

from coopdec_rules.reasoning.algebra import Truth
from coopdec_rules.reasoning.places import Place, Shape, Slot
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.variables import Variable, Variables
from coopdec_rules.rulebook.flat import Flat
from coopdec_rules.rulebook.rulebook import LawState

#: A literal of the program: positive, or negated when negative.
Literal = int


class Program:
    """A clingo control and the literals that stand for cells, rules and conclusions.

    It is the algebra of ``Reading`` over every scenario of a shape.  Two laws may share one program
    (to compare them), and two choices of facts one law (to see what a single fact changes).
    """

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.control = clingo.Control(["--warn=none", "--sat-prepro=no"])
        self._rules: list[tuple[list[int], list[int], bool]] = []
        self._weights: list[tuple[int, list[int]]] = []
        self._next = 0
        self.true = self.fresh()
        self.false = -self.true
        self.define(self.true, ())
        self.built = 0
        self._made: dict[frozenset[Literal], Literal] = {}

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

    def all_of(self, literals: Iterable[Literal]) -> Literal:
        """A literal that holds when all of these do; the same one for the same conjunction.

        What two laws, or two readings of one, say alike is thus seen to be equal without a search.
        """
        key = frozenset(literals) - {self.true}
        if len(key) < 2:
            return next(iter(key), self.true)
        found = self._made.get(key)
        if found is None:
            if self.false in key or any(-literal in key for literal in key):
                found = self.false
            else:
                found = self.fresh()
                self.define(found, sorted(key))
            self._made[key] = found
        return found

    def any_of(self, literals: Iterable[Literal]) -> Literal:
        """A literal that holds when one of these does."""
        return -self.all_of([-literal for literal in literals])

    def no(self, literal: Literal) -> Literal:
        """A literal that holds when this one does not."""
        return -literal

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
        self.cells: dict[Slot, tuple[Literal, ...]] = {}
        for index, variable in enumerate(variables.all):
            for place in program.shape.places(variable.scope):
                self.cells[place, index] = self._choose(variable)

    def moved(self, slot: Slot, cell: int) -> Choices:
        """The same choices, one variable standing in this cell."""
        found = Choices.__new__(Choices)
        found.program, found.variables = self.program, self.variables
        true, false = self.program.true, self.program.false
        count = len(self.cells[slot])
        found.cells = {
            **self.cells,
            slot: tuple(true if number == cell else false for number in range(count)),
        }
        return found

    def comparison(self, atom: int, place: Place) -> Truth[Literal]:
        """Where a comparison of facts holds, and where it does not, in the cell chosen."""
        fixed = self.variables.fixed.get(atom)
        if fixed is not None:
            holds = self.program.true if fixed else self.program.false
        else:
            variable = self.variables.variable_of[atom]
            cells = zip(
                self.variables.all[variable].cells, self.cells[place, variable], strict=True
            )
            holds = self.program.any_of([literal for cell, literal in cells if atom in cell.holds])
        return holds, -holds

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


def law_on(
    choices: Choices,
    law: LawState,
    *,
    beyond: Callable[[int], Truth[Literal] | None] | None = None,
    variants: Mapping[int, Sequence[tuple[Literal, Flat]]] | None = None,
) -> Reading[Literal]:
    """The law on complete scenarios, supposing that no conclusion lacks a value or has two."""
    program = choices.program
    return Reading(
        law,
        program,
        program.shape,
        choices.comparison,
        faulty=frozenset(),
        beyond=beyond,
        variants=variants,
    )


def keep_possible(choices: Choices, reading: Reading[Literal]) -> None:
    """Leave out the combinations that the rulebook declares impossible on this day."""
    choices.program.forbid([reading.impossible(choices.variables.day)])
