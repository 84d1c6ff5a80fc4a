"""One moment of the law as clauses, over every possible scenario of a given shape.

Every scenario is a choice of one cell per variable and place; everything else is defined from it
when the law is read on it (``law_on``).  The clauses are handed to the solver once (decision 0019),
then each question about them is a set of assumptions.  Conclusions are two-valued there: where the
rulebook has a gap, no comparison with the conclusion holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from pysat.solvers import Solver

from coopdec_rules.reasoning.algebra import Truth
from coopdec_rules.reasoning.places import Place, Shape, Slot
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.variables import Variable, Variables
from coopdec_rules.rulebook.flat import Flat
from coopdec_rules.rulebook.rulebook import LawState

#: A literal of the program: positive, or negated when negative.
Literal = int


#: Up to this many literals, "at most one" says it of each two of them.
_PAIRS = 5


class Program:
    """A solver and the literals that stand for cells, rules and conclusions.

    It is the algebra of ``Reading`` over every scenario of a shape.  Two laws may share one program
    (to compare them), and two choices of facts one law (to see what a single fact changes).
    """

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self._solver = Solver(name="cadical153")
        self._clauses: list[list[Literal]] = []
        self._next = 0
        self.true = self.free()
        self.false = -self.true
        self.forbid([self.false])
        self._made: dict[tuple[Literal, ...], Literal] = {}

    # -- building ----------------------------------------------------------------------------

    def free(self) -> Literal:
        """A new literal that may be true or false."""
        self._next += 1
        return self._next

    def forbid(self, body: Iterable[Literal]) -> None:
        """No scenario makes all of ``body`` hold."""
        self._clauses.append([-literal for literal in body])

    def at_most_one(self, literals: Sequence[Literal]) -> None:
        """No two of these hold together."""
        if len(literals) <= _PAIRS:
            for place, literal in enumerate(literals):
                for other in literals[:place]:
                    self.forbid((literal, other))
            return
        # One after the other, each says whether one before it holds: as many clauses as literals.
        before = self.false
        for literal in literals:
            self.forbid((before, literal))
            so_far = self.free()
            self.forbid((before, -so_far))
            self.forbid((literal, -so_far))
            before = so_far

    def all_of(self, literals: Iterable[Literal]) -> Literal:
        """A literal that holds when all of these do; the same one for the same conjunction.

        What two laws, or two readings of one, say alike is thus seen to be equal without a search.
        """
        parts = set(literals)
        parts.discard(self.true)
        if len(parts) < 2:
            return next(iter(parts), self.true)
        key = tuple(sorted(parts))
        found = self._made.get(key)
        if found is None:
            if self.false in parts or any(-literal in parts for literal in key):
                found = self.false
            else:
                found = self._defined(key)
            self._made[key] = found
        return found

    def any_of(self, literals: Iterable[Literal]) -> Literal:
        """A literal that holds when one of these does."""
        return -self.all_of([-literal for literal in literals])

    def no(self, literal: Literal) -> Literal:
        """A literal that holds when this one does not."""
        return -literal

    def _defined(self, parts: Sequence[Literal]) -> Literal:
        """A new literal that holds exactly when all of ``parts`` do."""
        found = self.free()
        self.forbid((*parts, -found))
        for part in parts:
            self.forbid((found, -part))
        return found

    def _hand_over(self) -> None:
        """Give the solver what was added since it was last asked."""
        for clause in self._clauses:
            self._solver.add_clause(clause)
        self._clauses.clear()

    # -- solving -----------------------------------------------------------------------------

    def solve(self, assumptions: Sequence[Literal], wanted: Iterable[Literal]) -> set[int] | None:
        """A scenario under the assumptions: those of ``wanted`` that hold in it, else ``None``."""
        if not self.possible(assumptions):
            return None
        # A literal in no clause yet may be anything: the solver says nothing of it.
        held = set(self._solver.get_model())
        return {literal for literal in wanted if literal in held}

    def possible(self, assumptions: Sequence[Literal]) -> bool:
        """Whether some scenario verifies the assumptions."""
        self._hand_over()
        return bool(self._solver.solve(assumptions=assumptions))

    def core(self, assumptions: Sequence[Literal]) -> list[Literal] | None:
        """Assumptions that cannot hold together; ``None`` when all can."""
        if self.possible(assumptions):
            return None
        return list(self._solver.get_core() or ())


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
