"""The law read on many scenarios at once: one bit of an integer per scenario.

A whole batch costs about as much as one scenario, which is what makes it possible to try every
change of a scenario, or thousands of its completions, for each request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.engine.findings import Findings
from coopdec_rules.reasoning.algebra import Bits, Truth
from coopdec_rules.reasoning.dependence import Moved
from coopdec_rules.reasoning.places import Place, Shape
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.settled import Settled
from coopdec_rules.reasoning.variables import Cell, Variables
from coopdec_rules.rulebook.rulebook import LawState


@dataclass(frozen=True, slots=True)
class Choice:
    """Scenarios (``mask``) in which a variable stands in one of these cells."""

    cells: Sequence[Cell]
    mask: int


#: For each place, the choices made for each variable, by its place in ``Variables.all``.
Columns = Mapping[Place, Mapping[int, Sequence[Choice]]]


@dataclass(frozen=True, slots=True)
class BatchReader:
    """Reads the law of one moment on batches."""

    law: LawState
    variables: Variables

    def read(
        self,
        columns: Columns,
        full: int,
        findings: Findings | None = None,
        moved: Moved | None = None,
    ) -> Reading[int]:
        """The law on these choices; ``full`` has a bit for each scenario of the batch.

        A comparison holds where it does in every cell that is left, fails where it does in none.
        ``findings`` are the engine's on a scenario that all of them complete, or of which they
        change no more than what has ``moved``.
        """
        fixed, variable_of = self.variables.fixed, self.variables.variable_of

        def comparison(atom: int, place: Place) -> Truth[int]:
            if atom in fixed:
                return (full, 0) if fixed[atom] else (0, full)
            holds = fails = 0
            for choice in columns[place].get(variable_of[atom], ()):
                held = sum(atom in cell.holds for cell in choice.cells)
                if held == len(choice.cells):
                    holds |= choice.mask
                elif not held:
                    fails |= choice.mask
            return holds, fails

        counts: dict[str, int] = {}
        for place in columns:
            if place is not None:
                counts[place[0]] = counts.get(place[0], 0) + 1
        bits = Bits(full)
        known = None if findings is None else Settled(findings, bits, moved)
        return Reading(self.law, bits, Shape.of(counts), comparison, known=known)
