"""Two laws read on many complete scenarios of one moment, with none of the impact's search."""

from __future__ import annotations

import datetime as dt
import random
from itertools import product
from math import prod

from coopdec_rules.reasoning.answers import NOTHING
from coopdec_rules.reasoning.batch import BatchReader, Choice
from coopdec_rules.reasoning.impact.impact import Family, Impact
from coopdec_rules.reasoning.impact.shared import SIDES, Shared, Side, owner, plain
from coopdec_rules.reasoning.places import Place, Shape, Slot
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.variables import Cell, Variables


class Brute:
    """Complete scenarios of a shape at a moment: all of them, or ``drawn`` at random."""

    def __init__(self, shared: Shared, day: dt.date, shape: Shape, drawn: int | None) -> None:
        self.shared, self.day, self.shape = shared, day, shape
        self.variables = Variables(shared.book, day)
        self.keys: list[Slot] = [
            (place, index)
            for index, variable in enumerate(self.variables.all)
            for place in shape.places(variable.scope)
        ]
        sizes = [len(self.variables.all[index].cells) for _, index in self.keys]
        if drawn is None:
            assert prod(sizes) < 200_000, "too many scenarios to try them all"
            scenarios = list(product(*(range(size) for size in sizes)))
        else:
            rng = random.Random(7)
            scenarios = [tuple(rng.randrange(size) for size in sizes) for _ in range(drawn)]
        self.full = (1 << len(scenarios)) - 1
        #: Scenarios in each cell of each variable.
        self.masks: dict[Slot, list[int]] = {}
        for position, key in enumerate(self.keys):
            masks = [0] * sizes[position]
            digits: list[list[str]] = [["0"] * len(scenarios) for _ in masks]
            for number, scenario in enumerate(scenarios):
                digits[scenario[position]][-1 - number] = "1"
            self.masks[key] = [int("".join(bits), 2) for bits in digits]
        self.read: dict[Side, Reading[int]] = {}
        self.possible = self.full
        for side in SIDES:
            self._read(side)
        for side in SIDES:
            self._keys_apart(side)

    def _read(self, side: Side) -> None:
        book = self.shared.side(side)
        own = Variables(book, self.day)
        columns: dict[Place, dict[int, list[Choice]]] = {place: {} for place in self.shape.every()}
        for (place, index), masks in self.masks.items():
            variable = self.variables.all[index]
            mine = [name for name in variable.facts if owner(name) in (None, side)]
            for target in sorted({own.index_of[plain(name)] for name in mine}):
                facts = own.all[target].facts
                choices = []
                for cell, mask in zip(variable.cells, masks, strict=True):
                    named = dict(zip(variable.facts, cell.values, strict=True))
                    known = {plain(n): v for n, v in named.items() if plain(n) in facts}
                    (found,) = own.fitting(own.all[target], known).values()
                    choices.append(Choice((found,), mask))
                columns[place][target] = choices
        self.read[side] = BatchReader(book.at(self.day), own).read(columns, self.full)
        self.possible &= ~self.read[side].impossible(self.day)

    def _keys_apart(self, side: Side) -> None:
        for group in self.shared.side(side).groups.values():
            if group.repeated and group.unique_key:
                index = self.variables.index_of[f"{group.id}.{group.unique_key}"]
                places = self.shape.places(group.id)
                for first, second in product(places, places):
                    if first < second:
                        pairs = zip(
                            self.masks[first, index], self.masks[second, index], strict=True
                        )
                        for one, other in pairs:
                            self.possible &= ~(one & other)

    def answers(self, side: Side, name: str, place: Place) -> dict[str, int]:
        """Scenarios in which an answer has each value, ``NOTHING`` included."""
        masks = self.read[side].state(name, place).value
        found = {value: mask & self.possible for value, mask in masks.items()}
        rest = self.possible
        for mask in found.values():
            rest &= ~mask
        return {**found, NOTHING: rest}

    def transitions(self, name: str, place: Place) -> dict[tuple[str, str], int]:
        """Scenarios that show each change of an answer."""
        old, new = (self.answers(side, name, place) for side in SIDES)
        return {
            (before, after): first & second
            for before, first in old.items()
            for after, second in new.items()
            if before != after and first & second
        }

    def members(self, family: Family) -> int | None:
        """Scenarios of a family; ``None`` when it speaks of what only the solver can tell."""
        found = self.possible
        for (place, index), allowed in family.box.facts.items():
            variable = self.variables.all[index]
            here = 0
            for cell, mask in zip(variable.cells, self.masks[place, index], strict=True):
                if self._identity(variable.facts, cell) in allowed:
                    here |= mask
            found &= here
        for context, holds in family.box.contexts.items():
            if not context.whole:
                return None
            read = self.read["ancien"]
            claimed = 0
            for index, rule in enumerate(read.law.rules):
                if (context.conclusion, context.value) in rule.concludes:
                    claimed |= read.rule(index, context.place)[0]
            found &= claimed if holds else ~claimed
        return found

    def _identity(self, facts: tuple[str, ...], cell: Cell) -> object:
        single = len(facts) == 1 and self.shared.book.facts[facts[0]].type in ("choix", "booleen")
        return cell.values[0] if single else cell.holds


def check(impact: Impact, days: list[dt.date], shape: Shape, drawn: int | None = None) -> int:
    """Compare an impact with brute force on some days; gives the number of changed scenarios."""
    seen = 0
    for day in days:
        brute = Brute(impact.shared, day, shape, drawn)
        families = [
            f
            for f in impact.families
            if f.items == 1 and any(start <= day <= end for start, end in f.spans)
        ]
        for name in impact.names:
            scope = impact.shared.new.conclusions[name].scope
            place: Place = shape.places(scope)[0]
            shown = brute.transitions(name, place)
            told = {
                (f.transition.before, f.transition.after): f
                for f in families
                if f.transition.answer == (name, place)
            }
            if drawn is None:
                assert shown.keys() == told.keys(), (day, name)
            else:
                assert shown.keys() <= told.keys(), (day, name)
            for change, mask in shown.items():
                seen += mask.bit_count()
                _check_families(impact, brute, families, (name, place), change, mask, day)
    return seen


def _check_families(
    impact: Impact,
    brute: Brute,
    families: list[Family],
    answer: tuple[str, Place],
    change: tuple[str, str],
    mask: int,
    day: dt.date,
) -> None:
    mine = [
        f
        for f in families
        if f.transition.answer == answer and (f.transition.before, f.transition.after) == change
    ]
    members = [brute.members(family) for family in mine]
    for family, found in zip(mine, members, strict=True):
        if found is not None:
            assert not found & ~mask, (day, family.transition, family.box)
    unfinished = any(
        transition.answer == answer
        and (transition.before, transition.after) == change
        and any(start <= day <= end for start, end in spans)
        for (transition, _), spans in impact.unfinished.items()
    )
    if not unfinished and None not in members:
        union = 0
        for found in members:
            union |= found or 0
        assert union == mask, (day, answer, change)


def check_several(impact: Impact, days: list[dt.date], shape: Shape, drawn: int) -> None:
    """With several items, no random scenario shows a change of which no family is told that day."""
    for day in days:
        brute = Brute(impact.shared, day, shape, drawn)
        told = {
            (f.transition.answer[0], f.transition.before, f.transition.after)
            for f in impact.families
            if any(start <= day <= end for start, end in f.spans)
        }
        for name in impact.names:
            place: Place = shape.places(impact.shared.new.conclusions[name].scope)[0]
            shown = {(name, *change) for change in brute.transitions(name, place)}
            assert shown <= told, (day, shown - told)
