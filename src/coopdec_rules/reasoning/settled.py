"""What the engine settled on a scenario, for the readings of its completions or of its changes.

A completion of a scenario leaves all that is settled as it is; a change of facts, all that these
facts cannot move.  Most of the law is then not read again.  As in the programs (``law_on``), it is
supposed that no conclusion lacks a value or has two in the completions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.reasoning.algebra import Algebra, Truth
from coopdec_rules.reasoning.dependence import Moved
from coopdec_rules.reasoning.places import Place
from coopdec_rules.rulebook.formula import U, V

T = TypeVar("T")
#: A flag always has a truth for both; for another conclusion, that no rule gives one is no news.
_FLAG = ("oui", "non")


@dataclass(frozen=True, slots=True)
class Settled(Generic[T]):
    """What the engine's ``findings`` settle, in an algebra; nothing of what is ``moved``."""

    findings: Findings
    algebra: Algebra[T]
    moved: Moved | None = None

    def atom(self, index: int, place: Place, /) -> Truth[T] | None:
        """The truth of an atom."""
        if self.moved is not None and index in self.moved.atoms:
            return None
        return self._side(self._at(place).atoms[index])

    def rule(self, index: int, place: Place, /) -> Truth[T] | None:
        """Whether a rule applies at the place of its scope."""
        if self.moved is not None and index in self.moved.rules:
            return None
        # A rule that is nowhere in the findings is false.
        return self._side(self._at(place).effective.get(index, ""))

    def claims(self, conclusion: str, place: Place, /) -> dict[str, Truth[T]] | None:
        """What rules give a conclusion that has a value."""
        if self.moved is not None and conclusion in self.moved.conclusions:
            return None
        value = self._at(place).conclusions[conclusion].value
        if value is None:
            return None
        yes, no = (self.algebra.true, self.algebra.false), (self.algebra.false, self.algebra.true)
        return {name: yes if name == value else no for name in _FLAG} | {value: yes}

    def _at(self, place: Place) -> Reading:
        return self.findings.scenario if place is None else self.findings.items[place[0]][place[1]]

    def _side(self, truth: str) -> Truth[T] | None:
        if truth == U:
            return None
        if truth == V:
            return self.algebra.true, self.algebra.false
        return self.algebra.false, self.algebra.true
