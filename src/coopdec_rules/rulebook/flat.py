"""Formulas compiled to be read many times, whatever truths are made of.

A *rail* is one side of an atom: ``2 * atom`` where it certainly holds, ``2 * atom + 1`` where it
certainly does not.  A formula is a conjunction or a disjunction of rails and of other formulas; its
contrary is the other kind, over the other sides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from coopdec_rules.rulebook.formula import And, Formula, Lit, Or, literals

#: Takes rails out of all those of a place.
Take = Callable[[Mapping[int, Any]], Sequence[Any]]


class Flat:
    """A compiled formula.  ``take`` gives the rails that make it hold, then those that make it
    fail; ``parts`` the formulas inside it."""

    __slots__ = ("atoms", "conjunction", "only", "parts", "take")

    def __init__(
        self,
        conjunction: bool,
        rails: Sequence[int],
        parts: tuple[Flat, ...],
        atoms: tuple[int, ...],
    ) -> None:
        self.conjunction = conjunction
        self.parts = parts
        #: Its rail, when it is one atom or its negation.
        self.only = rails[0] if len(rails) == 1 and not parts else None
        self.take = (_taker(rails), _taker([rail ^ 1 for rail in rails]))
        #: Atoms read, those of the parts included, in reading order.
        self.atoms = atoms


def _taker(rails: Sequence[int]) -> Take:
    if not rails:
        return lambda _: ()
    if len(rails) == 1:
        (only,) = rails
        return lambda here: (here[only],)
    return itemgetter(*rails)


def flat(formula: Formula) -> Flat:
    """Compile a formula; parts of the same kind as what they are in are laid flat."""
    if isinstance(formula, Lit):
        return Flat(True, (_rail(formula),), (), (formula.atom,))
    conjunction = isinstance(formula, And)
    rails: list[int] = []
    inner: list[Flat] = []
    for part in _spread(formula, conjunction):
        if isinstance(part, Lit):
            rails.append(_rail(part))
        else:
            inner.append(flat(part))
    atoms = tuple(dict.fromkeys(literal.atom for literal in literals(formula)))
    return Flat(conjunction, rails, tuple(inner), atoms)


def _rail(literal: Lit) -> int:
    return 2 * literal.atom + (0 if literal.positive else 1)


def _spread(formula: And | Or, conjunction: bool) -> list[Formula]:
    found: list[Formula] = []
    for part in formula.parts:
        same = isinstance(part, And if conjunction else Or)
        if not isinstance(part, Lit) and (same or len(part.parts) == 1):
            found.extend(_spread(part, conjunction))
        else:
            found.append(part)
    return found
