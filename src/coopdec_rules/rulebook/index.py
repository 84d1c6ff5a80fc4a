"""Who reads, concludes and sets aside what: built once for a rulebook, and for each of its states.

Everything that reads the law starts from here: the order of its steps (``strata``), the engine, the
reasoner, the proofs, the pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from coopdec_rules.rulebook.flat import Flat, flat
from coopdec_rules.rulebook.formula import Formula, literals
from coopdec_rules.rulebook.model import (
    Among,
    Atom,
    AtomKind,
    Compare,
    Concluded,
    Fact,
    IsTrue,
    Quantified,
    Rule,
    facts_of,
)
from coopdec_rules.rulebook.order import in_order


def facts_compared(kind: AtomKind) -> tuple[str, ...]:
    """Facts on both sides of a comparison; none for another atom."""
    match kind:
        case IsTrue(fact) | Among(fact):
            return (fact,)
        case Compare(fact, _, right):
            return (fact, *facts_of(right))
    return ()


def conclusions_read(formula: Formula, atoms: Sequence[Atom]) -> set[str]:
    """Conclusions that a formula reads, quantified parts included."""
    found: set[str] = set()
    for literal in literals(formula):
        kind = atoms[literal.atom].kind
        if isinstance(kind, Concluded):
            found.add(kind.conclusion)
        elif isinstance(kind, Quantified):
            found |= conclusions_read(kind.formula, atoms)
    return found


class AtomIndex:
    """What each atom of a rulebook reads; atoms go by their place in its table."""

    def __init__(self, atoms: Sequence[Atom], facts: Mapping[str, Fact]) -> None:
        self.atoms = tuple(atoms)
        #: Facts that an atom compares, both sides.
        self.compared: tuple[tuple[str, ...], ...] = tuple(facts_compared(a.kind) for a in atoms)
        #: For an atom on a conclusion, the values it accepts, in alphabetical order.
        self.accepted: dict[int, tuple[str, ...]] = {
            a.index: tuple(sorted(a.kind.values)) for a in atoms if isinstance(a.kind, Concluded)
        }
        #: For an atom over all items, its formula.
        self.inner: dict[int, Flat] = {
            a.index: flat(a.kind.formula) for a in atoms if isinstance(a.kind, Quantified)
        }
        #: Facts that an atom reads, those of the items it looks at included.
        self.facts: list[frozenset[str]] = []
        #: Conclusions that an atom reads, those of the items it looks at included.
        self.conclusions: list[frozenset[str]] = []
        #: Atoms on each conclusion, with the values they accept.
        self.on: dict[str, list[tuple[int, frozenset[str]]]] = {}
        for atom in atoms:
            read, concluded = set(self.compared[atom.index]), set[str]()
            if isinstance(atom.kind, Concluded):
                concluded.add(atom.kind.conclusion)
                self.on.setdefault(atom.kind.conclusion, []).append((atom.index, atom.kind.values))
            elif isinstance(atom.kind, Quantified):
                # What an atom over all items reads was numbered before it.
                for inner in self.inner[atom.index].atoms:
                    read |= self.facts[inner]
                    concluded |= self.conclusions[inner]
            self.facts.append(frozenset(read))
            self.conclusions.append(frozenset(concluded))
        #: For each fact that may be without object, when it has one.
        self.relevance: dict[str, Flat] = {
            name: flat(fact.relevant_if)
            for name, fact in facts.items()
            if fact.relevant_if is not None
        }
        #: Facts that an atom compares and that may be without object.
        self.doubtful: tuple[tuple[str, ...], ...] = tuple(
            tuple(name for name in read if name in self.relevance) for read in self.compared
        )
        self._before: dict[str, tuple[str, ...]] = {}
        self._of: dict[str, Conditions] = {}

    def of(self, rule: Rule) -> Conditions:
        """The conditions of a rule of this rulebook, compiled once for all states of the law."""
        found = self._of.get(rule.key)
        if found is None:
            compiled = flat(rule.formula)
            found = self._of[rule.key] = Conditions(
                compiled,
                frozenset(c for a in compiled.atoms for c in self.conclusions[a]),
                frozenset(f for a in compiled.atoms for f in self.facts[a]),
            )
        return found

    @cached_property
    def deciding_relevance(self) -> frozenset[str]:
        """Facts on which it depends whether another has an object."""
        return frozenset(
            name for flat_ in self.relevance.values() for a in flat_.atoms for name in self.facts[a]
        )

    def relevance_before(self, fact: str) -> tuple[str, ...]:
        """Facts whose having an object decides, in turn, whether this one has; it comes last."""
        found = self._before.get(fact)
        if found is None:

            def needs(name: str) -> Iterable[str]:
                return [n for a in self.relevance[name].atoms for n in self.doubtful[a]]

            found = self._before[fact] = tuple(in_order([fact], needs))
        return found


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of a rule, and the conclusions and facts that they read."""

    formula: Flat
    conclusions: frozenset[str]
    facts: frozenset[str]


class LawIndex:
    """Rules read together, each going by its place among them."""

    def __init__(self, rules: Iterable[Rule], atoms: AtomIndex) -> None:
        self.rules = tuple(rules)
        self.atoms = atoms
        by_id: dict[str, list[int]] = {}
        claims: dict[str, list[tuple[int, str]]] = {}
        for index, rule in enumerate(self.rules):
            by_id.setdefault(rule.id, []).append(index)
            for name, value in rule.concludes:
                claims.setdefault(name, []).append((index, value))
        #: Versions of each rule.
        self.by_id: Mapping[str, tuple[int, ...]] = {n: tuple(i) for n, i in by_id.items()}
        #: Place of each rule, by its key.
        self.by_key: Mapping[str, int] = {rule.key: n for n, rule in enumerate(self.rules)}
        #: Rules that give each conclusion a value, with this value.
        self.claims: Mapping[str, tuple[tuple[int, str], ...]] = {
            name: tuple(found) for name, found in claims.items()
        }
        by_value: dict[str, dict[str, list[int]]] = {}
        for name, pairs in claims.items():
            for index, value in pairs:
                by_value.setdefault(name, {}).setdefault(value, []).append(index)
        #: The same by value: for each, in alphabetical order, the rules that give it.
        self.giving: Mapping[str, tuple[tuple[str, tuple[int, ...]], ...]] = {
            name: tuple((value, tuple(rules)) for value, rules in sorted(found.items()))
            for name, found in by_value.items()
        }
        against: dict[int, list[int]] = {}
        targets: dict[int, list[int]] = {}
        for index, rule in enumerate(self.rules):
            for target in rule.sets_aside:
                for other in by_id.get(target, ()):
                    against.setdefault(other, []).append(index)
                    targets.setdefault(index, []).append(other)
        #: For a rule that may be set aside, the rules that may.
        self.exceptions: Mapping[int, tuple[int, ...]] = {n: tuple(o) for n, o in against.items()}
        #: For a rule that sets others aside, these.
        self.targets: Mapping[int, tuple[int, ...]] = {n: tuple(o) for n, o in targets.items()}
        conditions = [atoms.of(rule) for rule in self.rules]
        #: Conditions of each rule.
        self.formulas: tuple[Flat, ...] = tuple(c.formula for c in conditions)
        #: Conclusions that the conditions of each rule read.
        self.conclusions_of: tuple[frozenset[str], ...] = tuple(c.conclusions for c in conditions)
        #: Facts that the conditions of each rule read.
        self.facts_of: tuple[frozenset[str], ...] = tuple(c.facts for c in conditions)
        self._lineage: dict[int, tuple[int, ...]] = {}
        self._reads: dict[str, tuple[tuple[str, bool], ...]] = {}
        self._paths: dict[str, tuple[tuple[str, bool], ...]] = {}

    @cached_property
    def concluding(self) -> Mapping[str, tuple[int, ...]]:
        """Rules that give each conclusion a value."""
        return {name: tuple(n for n, _ in found) for name, found in self.claims.items()}

    @cached_property
    def order(self) -> tuple[int, ...]:
        """Every rule, after those that may set it aside."""
        return tuple(in_order(range(len(self.rules)), lambda n: self.exceptions.get(n, ())))

    def lineage(self, rule: int) -> tuple[int, ...]:
        """The rule, after all that may set it aside, or set aside what does."""
        if rule not in self.exceptions:
            return (rule,)
        found = self._lineage.get(rule)
        if found is None:
            found = tuple(in_order([rule], lambda n: self.exceptions.get(n, ())))
            self._lineage[rule] = found
        return found

    def bearing(self, conclusion: str) -> tuple[int, ...]:
        """Rules that decide a conclusion: those that give it a value, and their lineage."""
        found = dict.fromkeys(
            n for rule, _ in self.claims.get(conclusion, ()) for n in self.lineage(rule)
        )
        return tuple(found)

    def reads(self, conclusion: str) -> tuple[tuple[str, bool], ...]:
        """Conclusions that the rules deciding this one read; true: through all items."""
        found = self._reads.get(conclusion)
        if found is None:
            found = self._reads[conclusion] = self._read_by(self.bearing(conclusion))
        return found

    def path(self, conclusion: str) -> tuple[tuple[str, bool], ...]:
        """The conclusion, after all that it rests on; true: at every item, not at one place."""
        found = self._paths.get(conclusion)
        if found is None:
            names = list(in_order([conclusion], lambda c: [n for n, _ in self.reads(c)]))
            everywhere = dict.fromkeys(names, False)
            for name in reversed(names):
                for read, through_all in self.reads(name):
                    everywhere[read] |= through_all or everywhere[name]
            found = self._paths[conclusion] = tuple((name, everywhere[name]) for name in names)
        return found

    def behind(self, conclusion: str) -> set[str]:
        """Conclusions that this one rests on."""
        return {name for name, _ in self.path(conclusion)} - {conclusion}

    def _read_by(self, rules: Iterable[int]) -> tuple[tuple[str, bool], ...]:
        found: dict[tuple[str, bool], None] = {}
        for rule in rules:
            for atom in self.formulas[rule].atoms:
                through_all = isinstance(self.atoms.atoms[atom].kind, Quantified)
                for name in sorted(self.atoms.conclusions[atom]):
                    found[name, through_all] = None
        return tuple(found)
