"""Reads the law on many scenarios at once: one bit of an integer per scenario.

The same formulas and the same three-valued meaning as the engine, without its matcher: every truth
is two integers, the scenarios where it holds and those where it does not; a scenario in neither is
in doubt.  A whole batch costs about as much as one scenario, which is what makes it possible to try
every change of a scenario, or thousands of its completions, for each request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from coopdec_rules.rulebook.formula import And, Formula, Lit, Or
from coopdec_rules.rulebook.model import Concluded, Quantified, Rule
from coopdec_rules.rulebook.rulebook import LawState
from coopdec_rules.rulebook.strata import conclusions_read

#: Where something is read: ``None`` for the scenario, else a repeated group and one of its items.
Place = tuple[str, int] | None
#: Truths by place in ``2 * atom`` (holds) and ``2 * atom + 1`` (does not).
Rails = list[int]


@dataclass(frozen=True, slots=True)
class Flat:
    """A formula over rails: a conjunction or a disjunction of rails and of other formulas."""

    conjunction: bool
    rails: tuple[int, ...]
    parts: tuple[Flat, ...]


def flat(formula: Formula) -> Flat:
    """Compile a formula for ``holding`` and ``failing``."""
    match formula:
        case Lit(atom, positive):
            return Flat(True, (2 * atom + (0 if positive else 1),), ())
        case And(parts) | Or(parts):
            conjunction = isinstance(formula, And)
            rails: list[int] = []
            inner: list[Flat] = []
            for part in parts:
                found = flat(part)
                if found.conjunction == conjunction or len(found.rails) + len(found.parts) == 1:
                    rails.extend(found.rails)
                    inner.extend(found.parts)
                else:
                    inner.append(found)
            return Flat(conjunction, tuple(rails), tuple(inner))
    raise TypeError(f"not a formula: {formula!r}")


def holding(formula: Flat, rails: Rails, full: int) -> int:
    """Scenarios where the formula is certain."""
    return _read(formula, rails, full, 0)


def failing(formula: Flat, rails: Rails, full: int) -> int:
    """Scenarios where the formula is certainly not."""
    return _read(formula, rails, full, 1)


def _read(formula: Flat, rails: Rails, full: int, flip: int) -> int:
    if formula.conjunction != bool(flip):
        result = full
        for rail in formula.rails:
            result &= rails[rail ^ flip]
            if not result:
                return 0
        for part in formula.parts:
            result &= _read(part, rails, full, flip)
        return result
    result = 0
    for rail in formula.rails:
        result |= rails[rail ^ flip]
    for part in formula.parts:
        result |= _read(part, rails, full, flip)
    return result


@dataclass(slots=True)
class Claims:
    """What a conclusion is, scenario by scenario.

    ``value`` gives the scenarios where it has each value; ``possible`` those where each value is
    still open or certain; ``conflict`` and ``gap`` those where the rulebook is at fault.
    """

    value: dict[str, int] = field(default_factory=dict)
    possible: dict[str, int] = field(default_factory=dict)
    conflict: int = 0
    gap: int = 0


@dataclass(slots=True)
class Read:
    """What was read at one place."""

    rails: Rails
    holds: dict[int, int] = field(default_factory=dict)
    fails: dict[int, int] = field(default_factory=dict)
    effective: dict[int, int] = field(default_factory=dict)
    barred: dict[int, int] = field(default_factory=dict)
    conclusions: dict[str, Claims] = field(default_factory=dict)


class BatchLaw:
    """One state of the law, ready to be read on batches."""

    def __init__(self, state: LawState) -> None:
        self.state = state
        book = state.rulebook
        self.rules: tuple[Rule, ...] = state.rules
        self.formulas = [flat(rule.formula) for rule in self.rules]
        self.size = 2 * len(book.all_atoms)
        strata = book.strata
        by_id: dict[str, list[int]] = {}
        for index, rule in enumerate(self.rules):
            by_id.setdefault(rule.id, []).append(index)
        self.exceptions: dict[int, list[int]] = {}
        for index, rule in enumerate(self.rules):
            for target in rule.sets_aside:
                for other in by_id.get(target, ()):
                    self.exceptions.setdefault(other, []).append(index)
        self.claims: dict[str, list[tuple[int, str]]] = {name: [] for name in book.conclusions}
        for index, rule in enumerate(self.rules):
            for name, value in rule.concludes:
                self.claims[name].append((index, value))
        self._atoms: dict[str, list[tuple[int, frozenset[str]]]] = {}
        quantified: dict[int, list[tuple[int, Quantified, Flat]]] = {}
        for atom in book.all_atoms:
            kind = atom.kind
            if isinstance(kind, Concluded):
                self._atoms.setdefault(kind.conclusion, []).append((atom.index, kind.values))
            elif isinstance(kind, Quantified):
                needed = conclusions_read(kind.formula, book.all_atoms)
                level = max((strata.conclusion.get(c, 0) for c in needed), default=0)
                quantified.setdefault(level, []).append((atom.index, kind, flat(kind.formula)))
        concluded: dict[int, list[str]] = {}
        for name in book.conclusions:
            concluded.setdefault(strata.conclusion.get(name, 0), []).append(name)
        read: dict[int, list[int]] = {}
        settled: dict[int, list[int]] = {}
        order = self._order()
        for index, rule in enumerate(self.rules):
            read.setdefault(strata.read[rule.key], []).append(index)
        for index in order:
            settled.setdefault(strata.settled[self.rules[index].key], []).append(index)
        last = max([0, *concluded, *quantified, *read, *settled])
        self._levels = [
            (concluded.get(n, []), quantified.get(n, []), read.get(n, []), settled.get(n, []))
            for n in range(last + 1)
        ]

    def _order(self) -> list[int]:
        """Rules so that what sets a rule aside comes before it."""
        found: dict[int, None] = {}

        def place(index: int) -> None:
            if index not in found:
                for other in self.exceptions.get(index, ()):
                    place(other)
                found[index] = None

        for index in range(len(self.rules)):
            place(index)
        return list(found)

    def read(self, facts: Mapping[Place, Rails], full: int) -> dict[Place, Read]:
        """Read the law on facts; ``full`` has one bit set for each scenario of the batch."""
        places = {place: Read(list(rails)) for place, rails in facts.items()}
        everywhere = list(places.values())
        where: dict[str | None, list[Read]] = {None: [places[None]]}
        for place, here in places.items():
            if place is not None:
                where.setdefault(place[0], []).append(here)
        for concluded, quantified, read, settled in self._levels:
            for name in concluded:
                self._conclude(name, where, everywhere, full)
            for atom, kind, formula in quantified:
                _quantify(atom, kind, formula, where.get(kind.group, ()), everywhere, full)
            for index in read:
                formula = self.formulas[index]
                for here in where.get(self.rules[index].scope, ()):
                    here.holds[index] = _read(formula, here.rails, full, 0)
                    here.fails[index] = _read(formula, here.rails, full, 1)
            for index in settled:
                for here in where.get(self.rules[index].scope, ()):
                    self._settle(index, here, places[None], full)
        return places

    def _settle(self, index: int, here: Read, scenario: Read, full: int) -> None:
        certain, possible = 0, 0
        for other in self.exceptions.get(index, ()):
            where = here if other in here.effective else scenario
            certain |= where.effective[other]
            possible |= full & ~where.barred[other]
        here.effective[index] = here.holds[index] & ~possible
        here.barred[index] = here.fails[index] | certain

    def _conclude(
        self,
        name: str,
        where: Mapping[str | None, Sequence[Read]],
        everywhere: Sequence[Read],
        full: int,
    ) -> None:
        conclusion = self.state.rulebook.conclusions[name]
        atoms = self._atoms.get(name, ())
        for here in where.get(conclusion.scope, ()):
            found = self._claimed(name, here, conclusion.type == "drapeau", full)
            here.conclusions[name] = found
            readers = everywhere if conclusion.scope is None else (here,)
            sound = full & ~found.conflict & ~found.gap
            for atom, values in atoms:
                holds, fails = 0, sound
                for value in values:
                    holds |= found.value.get(value, 0)
                    fails &= ~found.possible.get(value, 0)
                fails &= ~holds
                for reader in readers:
                    reader.rails[2 * atom] = holds
                    reader.rails[2 * atom + 1] = fails

    def _claimed(self, name: str, here: Read, flag: bool, full: int) -> Claims:
        certain: dict[str, int] = {}
        possible: dict[str, int] = {}
        for index, value in self.claims[name]:
            certain[value] = certain.get(value, 0) | here.effective[index]
            possible[value] = possible.get(value, 0) | (full & ~here.barred[index])
        if flag:
            yes, open_ = certain.get("oui", 0), possible.get("oui", 0)
            return Claims({"oui": yes, "non": full & ~open_}, {"oui": open_, "non": full & ~yes})
        once, twice = 0, 0
        for mask in certain.values():
            twice |= once & mask
            once |= mask
        single = once & ~twice
        settled = {value: mask & single for value, mask in certain.items()}
        anything = 0
        for value, mask in possible.items():
            # A certain value leaves no other open.
            kept = (mask & ~once) | certain[value]
            possible[value] = kept
            anything |= kept
        return Claims(settled, possible, conflict=twice, gap=full & ~anything)


def _quantify(
    atom: int,
    kind: Quantified,
    formula: Flat,
    items: Sequence[Read],
    everywhere: Sequence[Read],
    full: int,
) -> None:
    flip = 0 if kind.quantifier == "un" else 1
    some, every = 0, full
    for item in items:
        some |= _read(formula, item.rails, full, flip)
        every &= _read(formula, item.rails, full, 1 - flip)
    for here in everywhere:
        here.rails[2 * atom + flip] = some
        here.rails[2 * atom + 1 - flip] = every
