"""Boolean formulas over atoms: the one form that every reader of the rulebook compiles from.

An *atom* is an elementary comparison (``acteur.nature = commune``), evaluated once and typed, in
Python; a formula only combines atoms.  Truth is three-valued (Kleene): ``V`` true, ``F`` false,
``U`` unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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


def sentence(formula: Formula, say: Callable[[Lit], str]) -> str:
    """The formula in French, ``say`` giving the words of each literal."""
    if isinstance(formula, Lit):
        return say(formula)
    conjunction = isinstance(formula, And)
    if not formula.parts:
        return "toujours" if conjunction else "jamais"
    bare = len(formula.parts) == 1
    texts = []
    for part in formula.parts:
        text = sentence(part, say)
        texts.append(text if bare or isinstance(part, Lit) else f"({text})")
    return (" et " if conjunction else " ou ").join(texts)


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


Evaluator = Callable[[Sequence[Truth]], Truth]
_NOT: Final[dict[Truth, Truth]] = {V: F, F: V, U: U}


def evaluator(formula: Formula) -> Evaluator:
    """What gives the truth of a formula, from the truths of all atoms by index.

    Three-valued: a conjunction is false as soon as a part is, else unknown if one is; a disjunction
    true as soon as a part is.  It explains and quantifies; rules are decided by the matcher.
    """
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
