"""Narrows what an unsettled conclusion over all items may still be.

Kleene's logic forgets that two quantified conditions speak of the same items: with one volet that
is either refused or allowed, "some are refused and some allowed" stays unknown.  Trying every
combination of the items' own possible values tells which values can really occur.  Only the list of
possible values is narrowed: a conclusion is never settled this way, since that would trust the
rulebook to have no gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from coopdec_rules.engine.findings import Settled
from coopdec_rules.rulebook.formula import Evaluator, F, Truth, V, evaluator, literals
from coopdec_rules.rulebook.model import Atom, Concluded, Quantified, Rule

#: More combinations than this are not tried; the list of possible values is then left wide.
MAX_COMBINATIONS = 700


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A conclusion that only quantifies over one conclusion of one group's items."""

    conclusion: str
    group: str
    inner: str
    #: Atoms on the inner conclusion, with the values they accept.
    inner_atoms: tuple[tuple[int, frozenset[str]], ...]
    quantified: tuple[tuple[int, Truth, Evaluator], ...]
    rules: tuple[tuple[str, Evaluator], ...]


def narrowings(
    rules: Sequence[Rule],
    atoms: Sequence[Atom],
    concluding: Mapping[str, tuple[int, ...]],
    conclusion_atoms: Mapping[str, tuple[tuple[int, frozenset[str]], ...]],
) -> dict[str, Narrowing]:
    """The conclusions of a law state that can be narrowed."""
    found = {}
    for name, indexes in concluding.items():
        used = {lit.atom for i in indexes for lit in literals(rules[i].formula)}
        kinds = {atom: atoms[atom].kind for atom in used}
        quantified = {a: k for a, k in kinds.items() if isinstance(k, Quantified)}
        if not used or len(quantified) < len(used):
            continue
        inner = {
            atoms[lit.atom].kind for kind in quantified.values() for lit in literals(kind.formula)
        }
        names = {kind.conclusion for kind in inner if isinstance(kind, Concluded)}
        groups = {kind.group for kind in quantified.values()}
        if len(names) != 1 or len(groups) != 1 or not all(isinstance(k, Concluded) for k in inner):
            continue
        (read,), (group,) = names, groups
        found[name] = Narrowing(
            conclusion=name,
            group=group,
            inner=read,
            inner_atoms=conclusion_atoms[read],
            quantified=tuple(
                (a, V if k.quantifier == "un" else F, evaluator(k.formula))
                for a, k in quantified.items()
            ),
            rules=tuple(
                (value, evaluator(rules[i].formula))
                for i in indexes
                for concluded, value in rules[i].concludes
                if concluded == name
            ),
        )
    return found


def narrowed(
    narrowing: Narrowing, settled: Settled, items: Sequence[Settled], size: int
) -> Settled:
    """``settled`` with only the values that some combination of the items' values gives.

    ``size`` is the number of atoms of the rulebook.
    """
    if any(item.gap or item.conflict for item in items):
        return settled
    combinations = 1
    for item in items:
        combinations *= len(item.possible)
    if combinations > MAX_COMBINATIONS:
        return settled
    reachable: set[str] = set()
    for values in product(*(item.possible for item in items)):
        atoms: list[Truth] = [F] * size
        for atom, stop, read in narrowing.quantified:
            result: Truth = F if stop == V else V
            for value in values:
                for index, accepted in narrowing.inner_atoms:
                    atoms[index] = V if value in accepted else F
                if read(atoms) == stop:
                    result = stop
                    break
            atoms[atom] = result
        reachable.update(value for value, holds in narrowing.rules if holds(atoms) == V)
    possible = tuple(value for value in settled.possible if value in reachable)
    return Settled(None, possible) if possible else settled
