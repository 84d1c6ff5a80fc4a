"""What the engine found: the truth of every rule and the state of every conclusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.engine.facts import Facts
from coopdec_rules.rulebook.formula import F, Truth, U, V


@dataclass(frozen=True, slots=True)
class Settled:
    """State of a conclusion.

    ``value`` is its value when it is certain; ``possible`` the values that the known facts leave
    open; ``conflict`` is true when two rules give two values with certainty, ``gap`` when no rule
    can give any: both are faults of the rulebook and leave the conclusion without a value.
    """

    value: str | None
    possible: tuple[str, ...]
    conflict: bool = False
    gap: bool = False

    def among(self, values: frozenset[str]) -> Truth:
        """Truth of "the conclusion has one of these values"."""
        if self.value is not None:
            return V if self.value in values else F
        if self.gap or self.conflict:
            return U
        # Never true by elimination: a gap in the rulebook must not turn into an answer.
        return U if any(v in values for v in self.possible) else F


@dataclass(frozen=True, slots=True)
class Reading:
    """The rules of one scope, read on one set of facts: the scenario, or one item of a group.

    ``raw`` is the truth of a rule's own conditions; ``effective`` takes into account what sets it
    aside.  Both are indexed by the rule's place in the law state and hold no false rule of ``raw``.
    ``irrelevant`` are the facts that have no object here: no comparison with them holds.
    """

    facts: Facts
    atoms: Sequence[Truth]
    raw: Mapping[int, Truth]
    effective: Mapping[int, Truth]
    conclusions: Mapping[str, Settled]
    irrelevant: frozenset[str]


@dataclass(frozen=True, slots=True)
class Findings:
    """All that the engine found on one scenario."""

    scenario: Reading
    items: Mapping[str, tuple[Reading, ...]]
