"""Families of scenarios in which an answer changes: few facts that alone bring the change.

A scenario that shows the change is generalised: facts, and conclusions that both laws draw alike,
are dropped one by one as long as what remains still entails the change; then each fact that remains
is given every value that keeps it so.  The family found is left out and another is looked for,
until there is none or ``MOST`` are found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations, product

from coopdec_rules.reasoning.answers import Answer
from coopdec_rules.reasoning.impact.joint import Context, Joint
from coopdec_rules.reasoning.places import Place, Slot
from coopdec_rules.reasoning.program import Literal
from coopdec_rules.reasoning.variables import Cell

#: Families looked for, for one change of one answer at one moment.
MOST = 6

#: Same at every moment: the value of a fact that is a choice, else the comparisons that hold.
CellId = object


@dataclass(frozen=True)
class Box:
    """What scenarios of a family have in common: cells by variable, and shared conclusions."""

    facts: Mapping[Slot, frozenset[CellId]]
    contexts: Mapping[Context, bool]

    def moved(self, orders: Mapping[str, Sequence[int]]) -> Box:
        """The same family, the items of some groups being taken in another order."""

        def there(place: Place) -> Place:
            if place is None or place[0] not in orders:
                return place
            return place[0], orders[place[0]][place[1]]

        return Box(
            {(there(place), index): cells for (place, index), cells in self.facts.items()},
            {replace(c, place=there(c.place)): holds for c, holds in self.contexts.items()},
        )

    def key(self) -> tuple[object, ...]:
        """Equal for equal boxes."""
        return frozenset(self.facts.items()), frozenset(self.contexts.items())


@dataclass(frozen=True)
class Found:
    """Families of one change, each with the cells of a scenario that shows it.

    ``all`` is false when more families may be left.
    """

    boxes: tuple[tuple[Box, Mapping[Slot, Cell]], ...]
    all: bool


class FamilyFinder:
    """Finds the families of the differences of one ``Joint``."""

    def __init__(self, joint: Joint) -> None:
        self.joint = joint
        self.program = joint.program
        self.cells = {k: c for k, c in joint.choices.cells.items() if len(c) > 1}
        self._reading_order = sorted(self.cells, key=self._rank)
        self._preferred = [lit for key in self._reading_order for lit in self._presumed(key)]
        self._contexts: dict[str, dict[Context, Literal]] = {}

    def find(
        self, goal: Literal, answer: Answer, known: Iterable[Box] = (), most: int = MOST
    ) -> Found:
        """Families that entail ``goal``, about ``answer``; those of ``known`` that do, first."""
        self._contexts_of(answer[0])
        boxes: list[tuple[Box, Mapping[Slot, Cell]]] = []
        blocked: list[Literal] = []
        for box in known:
            literal = self._literal(box)
            if literal is None or len(boxes) == most:
                continue
            if self.joint.possible([literal, -goal]) or not self.joint.possible([literal, goal]):
                continue
            model = self._model([literal], blocked)
            if model is not None:
                boxes.append((box, model))
                blocked += self._blocking(box, answer)
        while True:
            model = self._model([goal], blocked)
            if model is None:
                return Found(tuple(boxes), True)
            if len(boxes) >= most:
                return Found(tuple(boxes), False)
            box = self._generalised(model, goal, answer[0])
            boxes.append((box, model))
            blocked += self._blocking(box, answer)

    def witness(self, goal: Literal) -> Mapping[Slot, Cell] | None:
        """A scenario that shows ``goal``, as presumed as possible; ``None`` when none does."""
        return self._model([goal], [])

    # -- scenarios ---------------------------------------------------------------------------

    def _rank(self, key: Slot) -> tuple[object, ...]:
        place, index = key
        variable = self.joint.variables.all[index]
        fact = self.joint.shared.book.facts[variable.facts[0]]
        return fact.group.order, place is not None, place or ("", 0), fact.line, variable.facts

    def _presumed(self, key: Slot) -> list[Literal]:
        variable = self.joint.variables.all[key[1]]
        presumed = self.joint.shared.book.facts[variable.facts[0]].presumed
        return [
            literal
            for cell, literal in zip(variable.cells, self.cells[key], strict=True)
            if len(variable.facts) == 1 and presumed is not None and cell.values[0] == presumed
        ]

    def _model(
        self, goal: Sequence[Literal], blocked: Sequence[Literal]
    ) -> dict[Slot, Cell] | None:
        """A scenario of the goal; presumed values are kept wherever they can be."""
        never, always = -self.program.true, self.program.true
        firm = [lit for lit in (*goal, *blocked) if lit != always]
        if never in firm:
            return None
        wished = list(self._preferred)
        wanted = [literal for cells in self.cells.values() for literal in cells]
        while True:
            core = self.program.core([*firm, *wished])
            if core is None:
                break
            bearing = set(core)
            last = next((lit for lit in reversed(wished) if lit in bearing), None)
            if last is None:
                return None
            wished.remove(last)
        held = self.program.solve([*firm, *wished], wanted)
        if held is None:
            raise AssertionError("what has no core has a model")
        return {
            key: cell
            for key, literals in self.cells.items()
            for cell, literal in zip(self.joint.variables.all[key[1]].cells, literals, strict=True)
            if literal in held
        }

    # -- generalising ------------------------------------------------------------------------

    def _generalised(self, model: Mapping[Slot, Cell], goal: Literal, conclusion: str) -> Box:
        contexts = self._contexts_of(conclusion)
        chosen = {
            key: literal
            for key, literals in self.cells.items()
            for cell, literal in zip(self.joint.variables.all[key[1]].cells, literals, strict=True)
            if cell is model[key]
        }
        held = self.program.solve(list(chosen.values()), contexts.values()) or set()
        so = {context: literal in held for context, literal in contexts.items()}
        groups: dict[Slot | Context, list[Literal]] = {
            key: [-other for other in self.cells[key] if other != chosen[key]]
            for key in reversed(self._reading_order)
        }
        for context in sorted(contexts, key=lambda c: so[c] or self._is_flag(c)):
            groups[context] = [contexts[context] if so[context] else -contexts[context]]
        kept = self._needed(groups, goal)
        for key in list(kept):
            if not isinstance(key, Context):
                self._widen(kept, key, goal)
        return Box(
            {
                key: frozenset(
                    self._identity(key, cell)
                    for cell, literal in zip(
                        self.joint.variables.all[key[1]].cells, self.cells[key], strict=True
                    )
                    if -literal not in kept[key]
                )
                for key in self._reading_order
                if key in kept
            },
            {context: so[context] for context in contexts if context in kept},
        )

    def _is_flag(self, context: Context) -> bool:
        return self.joint.shared.new.conclusions[context.conclusion].type == "drapeau"

    def _needed(
        self, groups: Mapping[Slot | Context, list[Literal]], goal: Literal
    ) -> dict[Slot | Context, list[Literal]]:
        """Groups that together entail the goal, none of which can be spared.

        They are dropped in the order given: facts before the conclusions that may stand for them.
        """
        kept = dict(groups)
        for key in groups:
            if key not in kept:
                continue
            rest = [lit for other, lits in kept.items() if other != key for lit in lits]
            core = self.program.core([-goal, *rest])
            if core is None:
                continue
            bearing = set(core)
            kept = {
                other: lits
                for other, lits in kept.items()
                if other != key and (isinstance(other, Context) or not bearing.isdisjoint(lits))
            }
        return kept

    def _widen(self, kept: dict[Slot | Context, list[Literal]], key: Slot, goal: Literal) -> None:
        for literal in list(kept[key]):
            others = [lit for name, lits in kept.items() if name != key for lit in lits]
            fewer = [lit for lit in kept[key] if lit != literal]
            # A value that the rest excludes would say nothing: it is not added.
            if self.joint.possible([-literal, *others]) and not self.joint.possible(
                [-goal, *others, *fewer]
            ):
                kept[key] = fewer

    # -- boxes as literals -------------------------------------------------------------------

    def _identity(self, key: Slot, cell: Cell) -> CellId:
        variable = self.joint.variables.all[key[1]]
        facts = self.joint.shared.book.facts
        if len(variable.facts) == 1 and facts[variable.facts[0]].kind.each_apart:
            return cell.values[0]
        return cell.holds

    def _literal(self, box: Box) -> Literal | None:
        """The literal of a family; ``None`` when this moment cannot tell what it speaks of."""
        parts = []
        for key, allowed in box.facts.items():
            if key not in self.cells:
                return None
            fits = [
                literal
                for cell, literal in zip(
                    self.joint.variables.all[key[1]].cells, self.cells[key], strict=True
                )
                if self._identity(key, cell) in allowed
            ]
            parts.append(self.program.any_of(fits))
        for context, holds in box.contexts.items():
            found = self._all_contexts().get(context)
            if found is None:
                return None
            parts.append(found if holds else -found)
        return self.program.all_of(parts)

    def _blocking(self, box: Box, answer: Answer) -> list[Literal]:
        """Leave out a family, and those that differ from it by the order of items only."""
        found = []
        group = answer[1][0] if answer[1] else None
        counts = [(name, n) for name, n in self.joint.shape.counts if n > 1 and name != group]
        for swapped in product(*[permutations(range(n)) for _, n in counts]):
            moved = {name: order for (name, _), order in zip(counts, swapped, strict=True)}
            literal = self._literal(box.moved(moved))
            if literal is not None:
                found.append(-literal)
        return found

    def _contexts_of(self, conclusion: str) -> dict[Context, Literal]:
        found = self._contexts.get(conclusion)
        if found is None:
            found = self._contexts[conclusion] = self.joint.contexts(conclusion)
        return found

    def _all_contexts(self) -> dict[Context, Literal]:
        return {c: literal for found in self._contexts.values() for c, literal in found.items()}
