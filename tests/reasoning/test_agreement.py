"""Engine, batch reader and logic program say the same of the same scenarios.

Complete scenarios: all three give every conclusion the same value.  Incomplete ones: the batch
reader is the engine bit by bit, and the engine never claims what some completion denies.
"""

from __future__ import annotations

import datetime as dt
import random

import pytest

from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Findings, Settled
from coopdec_rules.reasoning.answers import NOTHING
from coopdec_rules.reasoning.batch import Choice
from coopdec_rules.reasoning.places import Place
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.reasoner import MomentReasoner, Reasoner
from coopdec_rules.reasoning.situation import Situation
from coopdec_rules.reasoning.solver import by_variable
from coopdec_rules.rulebook.rulebook import Rulebook

from ..effort import often
from ..engine.scenarios import Scenarios

#: 2,000 scenarios: one half complete, one half with unknown facts.
CHUNKS, CHUNK = 20, often(100)
ANSWERS = ("habilitation", "maitrise_ouvrage", "palier.actuel", "palier.apres_action")


def _day(scenarios: Scenarios, seed: int, rng: random.Random) -> dt.date:
    """A day near a change of the law: those of a chunk are near the same few changes."""
    chunk, number = divmod(seed, CHUNK)
    near = scenarios.book.boundaries[chunk::CHUNKS]
    return near[(number // 2) % len(near)] + dt.timedelta(days=rng.randint(-1, 3))


def _drawn(scenarios: Scenarios, seed: int) -> tuple[dt.date, FactBase]:
    """A day and a scenario of it; one in two is complete."""
    rng = random.Random(seed)
    day = _day(scenarios, seed, rng)
    given = {"date": day, "lecture": rng.choice(["droit", "droit", "etude_2006"])}
    complete = bool(seed % 2)
    counts = _counts(scenarios, seed // CHUNK, complete) if rng.random() < 0.5 else _ones(scenarios)
    if complete:
        return day, scenarios.complete(rng, given, counts)
    return day, scenarios.partial(rng, given, rng.choice([0.2, 0.5, 0.8, 0.95]), counts)


def _ones(scenarios: Scenarios) -> dict[str, int]:
    return {group.id: 1 for group in scenarios.book.groups.values() if group.repeated}


def _counts(scenarios: Scenarios, chunk: int, complete: bool) -> dict[str, int]:
    """How many items each group has: one group has none, or several.

    Programs are made for each moment and shape, at great cost: scenarios of a chunk share a few.
    """
    counts = _ones(scenarios)
    other = list(counts)[chunk % len(counts)]
    return {**counts, other: 2 if complete else (0, 3)[chunk // len(counts) % 2]}


def _settled(findings: Findings, name: str, place: Place) -> Settled:
    reading = findings.scenario if place is None else findings.items[place[0]][place[1]]
    return reading.conclusions[name]


def _batch(reasoner: MomentReasoner, situation: Situation) -> Reading[int]:
    columns: dict[Place, dict[int, list[Choice]]] = {place: {} for place in situation.known}
    for (place, index), fits in situation.open.items():
        columns[place][index] = [Choice(tuple(fits.values()), 1)]
    return reasoner.reader.read(columns, 1)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_three_readers_agree(
    engine: Engine, reasoner: Reasoner, scenarios: Scenarios, rulebook: Rulebook, chunk: int
) -> None:
    seeds = range(chunk * CHUNK, (chunk + 1) * CHUNK)
    work = [(seed, *_drawn(scenarios, seed)) for seed in seeds]
    work.sort(key=lambda one: (one[1], [(name, len(i)) for name, i in one[2].items.items()]))
    for seed, day, base in work:
        findings = engine.evaluate(day, base)
        here = reasoner.at(day)
        situation = here.situation(day, base)
        read = _batch(here, situation)
        # Amounts compared with each other are cut together: one alone may already say enough.
        finer = any(
            len(here.variables.all[index].facts) > len(situation.unknown(place, index)) > 0
            for place, index in situation.open
        )
        for name, conclusion in rulebook.conclusions.items():
            for place in situation.shape.places(conclusion.scope):
                settled = _settled(findings, name, place)
                claims = read.state(name, place)
                found = [value for value, mask in claims.value.items() if mask]
                possible = {value for value, mask in claims.possible.items() if mask}
                where = f"scenario {seed}, {day}, {name} {place}: {settled}"
                assert (bool(claims.gap), bool(claims.conflict)) == (settled.gap, settled.conflict)
                if settled.value is not None:
                    assert found == [settled.value], where
                else:
                    assert set(found) <= set(settled.possible), where
                    if not finer:
                        assert set(settled.possible) <= possible | set(found), where
        if seed % 2:
            _assert_program_agrees(here, situation, findings, f"scenario {seed}, {day}")
        else:
            _assert_nothing_claimed_too_much(here, situation, findings, f"scenario {seed}, {day}")


def _assert_program_agrees(
    here: MomentReasoner, situation: Situation, findings: Findings, where: str
) -> None:
    """On a complete scenario, every conclusion of the program is the engine's."""
    single = here.solver.single(situation.shape)
    known = [
        literal
        for literals in by_variable(single.choices, situation).values()
        for literal in literals
    ]
    wanted = {}
    for name, conclusion in single.reading.book.conclusions.items():
        for place in situation.shape.places(conclusion.scope):
            for value in conclusion.values:
                wanted[name, place, value] = single.reading.value(name, value, place)
    model = single.program.solve(known, wanted.values())
    assert model is not None, where
    for (name, place, value), literal in wanted.items():
        settled = _settled(findings, name, place)
        expected = settled.value == value or (settled.conflict and value in settled.possible)
        assert (literal in model) == expected, f"{where}: {name} {place} {value}, {settled}"


def _assert_nothing_claimed_too_much(
    here: MomentReasoner, situation: Situation, findings: Findings, where: str
) -> None:
    """What the engine settles, no completion denies; what it excludes, no completion gives."""
    for name in ANSWERS:
        settled = _settled(findings, name, None)
        if settled.conflict:
            continue
        values = situation.variables.book.conclusions[name].values
        found = here.solver.possible_values(situation, {(name, None): [*values, NOTHING]})
        given = found[name, None] - {NOTHING}
        allowed = {settled.value} if settled.value is not None else set(settled.possible)
        assert given <= allowed, f"{where}: {name} {settled}, some completion gives {given}"


def test_a_date_is_read_on_the_day_itself_not_on_the_first_of_its_moment(
    engine: Engine, reasoner: Reasoner
) -> None:
    """What is two years old on the day asked about was not on the first day of the moment."""
    for start in (dt.date(2017, 1, 1), dt.date(2012, 3, 1)):
        read = set()
        for later in (0, 1, 3, 40):
            day = start + dt.timedelta(days=later)
            for turn in range(-4, 5):
                transfer = day.replace(year=day.year - 2) + dt.timedelta(days=turn)
                facts = {"date": day, "lecture": "droit"}
                base = FactBase(facts, {"volet": ({"volet.arrete_transfert": transfer},)})
                here = reasoner.at(day)
                assert here.moment.day == start
                found = _batch(here, here.situation(day, base))
                claims = found.state("volet.delai_ic", ("volet", 0)).value
                expected = _settled(engine.evaluate(day, base), "volet.delai_ic", ("volet", 0))
                assert [v for v, mask in claims.items() if mask] == [expected.value], (
                    day, transfer,
                )  # fmt: skip
                read.add(expected.value)
        assert read == {"en_cours", "expire"}


def test_every_state_is_drawn(rulebook: Rulebook, scenarios: Scenarios) -> None:
    days = [_day(scenarios, seed, random.Random(seed)) for seed in range(CHUNKS * CHUNK)]
    assert {rulebook.at(day).key for day in days} == {s.key for s in rulebook.states()}
