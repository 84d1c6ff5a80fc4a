"""What all states of the law share: facts and comparisons, and every rule in the matcher's form.

A rule keeps its conditions whatever the day: a state of the law only chooses among rules.  So the
panels are made once, and what fires there without being in force is left out by ``CompiledLaw``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.engine.matcher import Panel, make_panels
from coopdec_rules.rulebook.formula import And, Evaluator, F, Formula, Truth, V, evaluator
from coopdec_rules.rulebook.model import Among, Compare, Fact, IsTrue, Quantified, Rule, Value
from coopdec_rules.rulebook.rulebook import Rulebook

Outcomes = tuple[tuple[int, Truth], ...]


@dataclass(frozen=True, slots=True)
class FactAtoms:
    """A fact, what tells whether it is relevant, and the comparisons made with it.

    ``by_value`` gives, for a value, the truth of every comparison to fixed values; ``otherwise`` is
    for a value that no comparison names; ``compares`` are those that need arithmetic, with the
    facts they read, each placed at the last of these facts.
    """

    fact: str
    relevant: Evaluator | None
    indexes: tuple[int, ...]
    by_value: Mapping[Value, Outcomes]
    otherwise: Outcomes
    compares: tuple[tuple[int, Compare, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Panels:
    """The panels of one step of one scope; what they fire are places in ``Rulebook.rules``."""

    certain: tuple[Panel, ...]
    possible: tuple[Panel, ...]


class CompiledBook:
    """What every state of a rulebook's law shares.  Thread-safe to use, not to close."""

    def __init__(self, book: Rulebook) -> None:
        """Raises ``EngineError`` when a rule is beyond the matcher's limits."""
        self.rulebook = book
        self.flags = frozenset(n for n, c in book.conclusions.items() if c.type == "drapeau")
        self.scopes: list[str | None] = [None, *(g.id for g in book.groups.values() if g.repeated)]
        self._gather_atoms()
        self._gather_facts()
        #: Place of each rule in ``Rulebook.rules``, by its key.
        self.place = {rule.key: place for place, rule in enumerate(book.rules)}
        found: dict[tuple[int, str | None], list[tuple[int, Formula]]] = {}
        # Rules of the same days side by side: a panel none of whose rules is in force is not run.
        ordered = sorted(enumerate(book.rules), key=lambda entry: _days(entry[1]))
        for place, rule in ordered:
            if rule.formula != And(()):
                key = (book.strata.read[rule.key], rule.scope)
                found.setdefault(key, []).append((place, rule.formula))

        def named(place: int) -> str:
            return book.rules[place].id

        self._panels = {
            key: Panels(
                tuple(make_panels(rules, named, possible=False)),
                tuple(make_panels(rules, named, possible=True)),
            )
            for key, rules in found.items()
        }

    def panels(self, level: int, scope: str | None, places: frozenset[int]) -> Panels:
        """The panels of a step and scope that hold at least one of the rules at ``places``."""
        panels = self._panels.get((level, scope), Panels((), ()))
        return Panels(
            tuple(p for p in panels.certain if not places.isdisjoint(p.rules)),
            tuple(p for p in panels.possible if not places.isdisjoint(p.rules)),
        )

    def _gather_atoms(self) -> None:
        book, count = self.rulebook, len(self.rulebook.atoms)
        #: Atoms on each conclusion, with the values they accept; those of rules, not of properties.
        self.conclusion_atoms: dict[str, tuple[tuple[int, frozenset[str]], ...]] = {
            name: tuple(found for found in on if found[0] < count)
            for name, on in book.index.on.items()
        }
        #: Quantified atoms by the step at which they can be settled: group, stop, what to read.
        self.quantified: dict[int, tuple[tuple[int, str, Truth, Evaluator], ...]] = {}
        for atom in book.atoms:
            kind = atom.kind
            if isinstance(kind, Quantified):
                needed = book.index.conclusions[atom.index]
                level = max((book.strata.conclusion.get(c, 0) for c in needed), default=0)
                # "At least one" stops at the first true item, "every" at the first false one.
                stop = V if kind.quantifier == "un" else F
                entry = (atom.index, kind.group, stop, evaluator(kind.formula))
                self.quantified[level] = (*self.quantified.get(level, ()), entry)

    def _gather_facts(self) -> None:
        """Sort facts so that what decides whether one is relevant comes before it."""
        book = self.rulebook
        rank = {name: position for position, name in enumerate(book.relevance_order)}
        fixed: dict[tuple[str | None, str], list[tuple[int, IsTrue | Among]]] = {}
        compares: dict[tuple[str | None, str], list[tuple[int, Compare, tuple[str, ...]]]] = {}
        for atom in book.atoms:
            kind = atom.kind
            if isinstance(kind, IsTrue | Among):
                fixed.setdefault((atom.scope, kind.fact), []).append((atom.index, kind))
            elif isinstance(kind, Compare):
                read = book.index.compared[atom.index]
                own = [name for name in read if book.facts[name].scope == atom.scope]
                last = max(own or read, key=lambda name: rank[name])
                compares.setdefault((atom.scope, last), []).append((atom.index, kind, read))
        self.fact_atoms: dict[str | None, list[FactAtoms]] = {
            scope: [
                _fact_atoms(book.facts[name], fixed.get(key, []), compares.get(key, []))
                for name in book.relevance_order
                if (key := (scope, name)) in fixed
                or key in compares
                or book.facts[name].scope == scope
            ]
            for scope in self.scopes
        }
        #: Facts on which the relevance of another depends.
        self.decides_relevance = book.index.deciding_relevance

    def close(self) -> None:
        """Free what the extension holds."""
        for panels in self._panels.values():
            for panel in (*panels.certain, *panels.possible):
                panel.close()


def _days(rule: Rule) -> tuple[str, str]:
    start, end = rule.period.start, rule.period.end
    return start.isoformat() if start else "", end.isoformat() if end else "~"


def _fact_atoms(
    fact: Fact,
    fixed: Sequence[tuple[int, IsTrue | Among]],
    compares: Sequence[tuple[int, Compare, tuple[str, ...]]],
) -> FactAtoms:
    values: set[Value] = set()
    for _, kind in fixed:
        values.update(kind.values if isinstance(kind, Among) else (True, False))

    def outcomes(value: Value | None) -> Outcomes:
        return tuple(
            (i, V if (value is True if isinstance(k, IsTrue) else value in k.values) else F)
            for i, k in fixed
        )

    return FactAtoms(
        fact=fact.id,
        relevant=evaluator(fact.relevant_if) if fact.relevant_if is not None else None,
        indexes=tuple(i for i, _ in fixed),
        by_value={value: outcomes(value) for value in values},
        otherwise=outcomes(None),
        compares=tuple(compares),
    )
