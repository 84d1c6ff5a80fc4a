"""Truth of every comparison of facts over a batch of scenarios, relevance included."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.reasoning.batch import Flat, Place, Rails, failing, flat, holding
from coopdec_rules.reasoning.variables import Cell, Variables
from coopdec_rules.rulebook.model import Among, Compare, IsTrue, facts_of


@dataclass(frozen=True, slots=True)
class Choice:
    """Scenarios (``mask``) in which a variable stands in one of these cells."""

    cells: Sequence[Cell]
    mask: int


#: For each place, the choices made for each variable, by its place in ``Variables.all``.
Columns = Mapping[Place, Mapping[int, Sequence[Choice]]]


@dataclass(frozen=True, slots=True)
class _Step:
    """A fact: what makes it relevant, and the atoms that can be settled once it is known."""

    fact: str
    relevant: Flat | None
    atoms: tuple[tuple[int, tuple[str, ...]], ...]


class FactReader:
    """Turns the choices made for each variable into the truth of every atom on facts."""

    def __init__(self, variables: Variables) -> None:
        book = variables.book
        self.variables = variables
        self.size = 2 * len(book.all_atoms)
        rank = {name: position for position, name in enumerate(book.relevance_order)}
        settled: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for atom in book.all_atoms:
            kind = atom.kind
            if atom.index in variables.fixed or not isinstance(kind, IsTrue | Among | Compare):
                continue
            read = [kind.fact, *(facts_of(kind.right) if isinstance(kind, Compare) else ())]
            own = [name for name in read if book.facts[name].scope == atom.scope]
            last = max(own or read, key=rank.__getitem__)
            doubtful = tuple(name for name in read if book.facts[name].relevant_if is not None)
            settled.setdefault(last, []).append((atom.index, doubtful))
        self._impossible = [(i.period, i.scope, flat(i.formula)) for i in book.impossible]
        self._steps: dict[str | None, list[_Step]] = {}
        for name in book.relevance_order:
            fact = book.facts[name]
            relevant = flat(fact.relevant_if) if fact.relevant_if is not None else None
            step = _Step(name, relevant, tuple(settled.get(name, ())))
            if step.relevant is not None or step.atoms:
                self._steps.setdefault(fact.scope, []).append(step)

    def read(self, columns: Columns, full: int) -> dict[Place, Rails]:
        """Rails of every place; ``full`` has a bit for each scenario of the batch."""
        first: Rails = [0] * self.size
        for atom, holds in self.variables.fixed.items():
            first[2 * atom + (0 if holds else 1)] = full
        relevance: dict[str, tuple[int, int]] = {}
        self._fill(None, first, columns.get(None, {}), relevance, full)
        found: dict[Place, Rails] = {None: first}
        for place, choices in columns.items():
            if place is not None:
                rails = list(first)
                self._fill(place[0], rails, choices, dict(relevance), full)
                found[place] = rails
        return found

    def impossible(self, facts: Mapping[Place, Rails], day: dt.date, full: int) -> int:
        """Scenarios that certainly hold a combination declared impossible on ``day``."""
        found = 0
        for period, scope, formula in self._impossible:
            if period.contains(day):
                for place, rails in facts.items():
                    if scope == (place[0] if place else None):
                        found |= holding(formula, rails, full)
        return found

    def _fill(
        self,
        scope: str | None,
        rails: Rails,
        choices: Mapping[int, Sequence[Choice]],
        relevance: dict[str, tuple[int, int]],
        full: int,
    ) -> None:
        for index, made in choices.items():
            _choose(rails, self.variables.all[index].atoms, made)
        for step in self._steps.get(scope, ()):
            if step.relevant is not None:
                relevance[step.fact] = (
                    holding(step.relevant, rails, full),
                    failing(step.relevant, rails, full),
                )
            for atom, doubtful in step.atoms:
                for name in doubtful:
                    sure, never = relevance[name]
                    rails[2 * atom] &= sure
                    rails[2 * atom + 1] |= never


def _choose(rails: Rails, atoms: Iterable[int], choices: Sequence[Choice]) -> None:
    for atom in atoms:
        holds, fails = 0, 0
        for choice in choices:
            held = sum(atom in cell.holds for cell in choice.cells)
            if held == len(choice.cells):
                holds |= choice.mask
            elif not held:
                fails |= choice.mask
        rails[2 * atom] = holds
        rails[2 * atom + 1] = fails
