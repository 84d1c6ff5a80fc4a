"""Boolean formulas over atoms: the one form that every reader of the rulebook compiles from.

An *atom* is an elementary comparison (``acteur.nature = commune``), evaluated once and typed, in
Python; a formula only combines atoms.  Truth is three-valued (Kleene): ``V`` true, ``F`` false,
``U`` unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Truth = Literal["v", "f", "u"]
V: Final[Truth] = "v"
F: Final[Truth] = "f"
U: Final[Truth] = "u"


@dataclass(frozen=True, slots=True)
class Lit:
    """An atom, by its index in the rulebook's atom table, or its negation."""

    atom: int
    positive: bool = True


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Formula, ...]


Formula = Lit | And | Or

#: The formula that always holds (a rule without condition).
ALWAYS: Final = And(())


def negate(formula: Formula) -> Formula:
    """Negation pushed down to the atoms, so that formulas hold no other negation."""
    match formula:
        case Lit(atom, positive):
            return Lit(atom, not positive)
        case And(parts):
            return Or(tuple(negate(p) for p in parts))
        case Or(parts):
            return And(tuple(negate(p) for p in parts))


def literals(formula: Formula) -> Iterator[Lit]:
    """Every literal of the formula, in reading order."""
    if isinstance(formula, Lit):
        yield formula
    else:
        for part in formula.parts:
            yield from literals(part)


def branches(formula: Formula) -> int:
    """Number of conjunctions of the disjunctive form, which is what the matcher stores."""
    match formula:
        case Lit():
            return 1
        case Or(parts):
            return sum(branches(p) for p in parts)
        case And(parts):
            product = 1
            for part in parts:
                product *= branches(part)
            return product


def not_(value: Truth) -> Truth:
    return U if value == U else (F if value == V else V)


def all_of(values: Iterable[Truth]) -> Truth:
    """Kleene conjunction: false as soon as one is false, else unknown if one is."""
    result: Truth = V
    for value in values:
        if value == F:
            return F
        if value == U:
            result = U
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """Kleene disjunction: true as soon as one is true, else unknown if one is."""
    result: Truth = F
    for value in values:
        if value == V:
            return V
        if value == U:
            result = U
    return result


def evaluate(formula: Formula, value_of: Callable[[int], Truth]) -> Truth:
    """Plain evaluation; used for explanations, never to decide which rules apply."""
    match formula:
        case Lit(atom, positive):
            value = value_of(atom)
            return value if positive else not_(value)
        case And(parts):
            return all_of(evaluate(p, value_of) for p in parts)
        case Or(parts):
            return any_of(evaluate(p, value_of) for p in parts)


Evaluator = Callable[[Sequence[Truth]], Truth]
_NOT: Final[dict[Truth, Truth]] = {V: F, F: V, U: U}


def evaluator(formula: Formula) -> Evaluator:
    """``evaluate``, prepared once for a formula that is read often."""
    match formula:
        case Lit(atom, True):
            return lambda values: values[atom]
        case Lit(atom, False):
            return lambda values: _NOT[values[atom]]
        case And(parts) | Or(parts):
            stop = F if isinstance(formula, And) else V
            readers = [evaluator(part) for part in parts]

            def read(values: Sequence[Truth]) -> Truth:
                result = _NOT[stop]
                for reader in readers:
                    value = reader(values)
                    if value == stop:
                        return stop
                    if value == U:
                        result = U
                return result

            return read
    raise TypeError(f"not a formula: {formula!r}")
