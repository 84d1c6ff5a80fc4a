"""The reading of the law and durable-rules, which is the engine of record, say the same.

On random rulebooks and random scenarios, most of them incomplete: the conditions of every rule,
its effect, every conclusion, everywhere.  The same scenarios are then read together, over algebras
of bits and of columns, which must say of each what the reading of that one alone says.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import pytest

from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Settled
from coopdec_rules.reasoning import scenario
from coopdec_rules.reasoning.algebra import Algebra, Bits, Comparison, Truth
from coopdec_rules.reasoning.places import Place, Shape
from coopdec_rules.reasoning.reading import Reading, State
from coopdec_rules.rulebook.rulebook import LawState

from ..engine.comparison import reading_at
from ..engine.rulebooks import random_rulebook
from ..engine.scenarios import Scenarios
from ..engine.test_random_rulebooks import loaded

#: 14 × 15 rulebooks of 30 scenarios: 6,300, on other rulebooks than engine and oracle.
CHUNKS, CHUNK, SCENARIOS = 14, 15, 30
FIRST_SEED = 10_000

T = TypeVar("T")
_LETTERS = {(True, False): "v", (False, True): "f", (False, False): "u"}

Column = tuple[bool, ...]


class Columns:
    """Truths of a table: one boolean for each row."""

    def __init__(self, rows: int) -> None:
        self.true = (True,) * rows
        self.false = (False,) * rows

    def all_of(self, parts: Iterable[Column]) -> Column:
        return tuple(map(all, zip(self.true, *parts, strict=True)))

    def any_of(self, parts: Iterable[Column]) -> Column:
        return tuple(map(any, zip(self.false, *parts, strict=True)))

    def no(self, part: Column) -> Column:
        return tuple(not held for held in part)


def every(law: LawState, reading: Reading[T]) -> Iterator[tuple[str, int | str, Place]]:
    """All that a reading says: what is told of which rule or conclusion, and where."""
    for index, rule in enumerate(law.rules):
        for place in reading.shape.places(rule.scope):
            yield "conditions", index, place
            yield "rule", index, place
    for name, conclusion in law.rulebook.conclusions.items():
        for place in reading.shape.places(conclusion.scope):
            yield "state", name, place


def same_settled(settled: Settled, state: State[bool]) -> bool:
    """Whether a state is what the engine settled; it may leave fewer values possible."""
    value = [value for value, holds in state.value.items() if holds]
    possible = {value for value, holds in state.possible.items() if holds}
    faults = (state.conflict, state.gap) == (settled.conflict, settled.gap)
    if settled.value is not None or settled.conflict:
        return faults and value == [settled.value] * (not settled.conflict)
    return faults and not value and set(settled.possible) <= possible


def differences(engine: Engine, law: LawState, day: dt.date, base: FactBase) -> list[str]:
    """Where the engine and the reading of one scenario disagree."""
    findings = engine.evaluate(day, base)
    reading = scenario.read(law, base)
    found = []
    for kind, what, place in every(law, reading):
        here = reading_at(findings, place)
        if kind == "state":
            settled, state = here.conclusions[what], reading.state(what, place)  # type: ignore[index, arg-type]
            if not same_settled(settled, state):
                found.append(f"{what} at {place}: {settled}, read {state}")
        else:
            mine = (here.raw if kind == "conditions" else here.effective).get(what, "f")  # type: ignore[call-overload]
            theirs = getattr(reading, kind)(what, place)
            if mine != _LETTERS[theirs]:
                found.append(f"{kind} of rule {what} at {place}: {mine}, read {theirs}")
    return found


def together(
    law: LawState, bases: Sequence[FactBase], algebra: Algebra[T], column: object
) -> Reading[T]:
    """The law on several scenarios of one shape; ``column`` makes a side out of booleans."""
    sources: list[Comparison[bool]] = [scenario.comparisons(law.rulebook, b) for b in bases]

    def comparison(atom: int, place: Place) -> Truth[T]:
        holds, fails = zip(*(source(atom, place) for source in sources), strict=True)
        return column(holds), column(fails)  # type: ignore[operator]

    return Reading(law, algebra, scenario.shape_of(law.rulebook, bases[0]), comparison)


def bits(column: Column) -> int:
    return sum(1 << number for number, held in enumerate(column) if held)


def apart(law: LawState, bases: Sequence[FactBase]) -> int:
    """Scenarios read together over bits and columns, and one by one; gives what was compared."""
    columns = together(law, bases, Columns(len(bases)), tuple)
    batch = together(law, bases, Bits((1 << len(bases)) - 1), bits)
    alone = [scenario.read(law, base) for base in bases]
    count = 0
    for kind, what, place in every(law, columns):
        one = [getattr(reading, kind)(what, place) for reading in alone]
        told = [sides(found) for found in one]
        assert sides(getattr(columns, kind)(what, place)) == list(zip(*told, strict=True))
        assert sides(getattr(batch, kind)(what, place)) == [
            bits(c) for c in zip(*told, strict=True)
        ]
        count += len(bases)
    return count


def sides(found: Truth[T] | State[T]) -> list[T]:
    if isinstance(found, State):
        return [*found.value.values(), *found.possible.values(), found.conflict, found.gap]
    return list(found)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_engine_and_readings_agree(chunk: int) -> None:
    compared = 0
    for seed in range(FIRST_SEED + chunk * CHUNK, FIRST_SEED + (chunk + 1) * CHUNK):
        rng = random.Random(seed)
        book = loaded(random_rulebook(rng))
        scenarios = Scenarios(book)
        groups: dict[tuple[LawState, Shape], list[FactBase]] = {}
        with Engine(book) as engine:
            for _ in range(SCENARIOS):
                day, base = scenarios.day(rng), scenarios.partial(rng)
                law = book.at(day)
                assert not differences(engine, law, day, base), f"rulebook {seed}, {day}, {base}"
                groups.setdefault((law, scenario.shape_of(book, base)), []).append(base)
        for (law, _), bases in groups.items():
            compared += apart(law, bases)
    assert compared > CHUNK * SCENARIOS * 20
