"""The engine against the oracle on the real rulebook, under every state of the law."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from coopdec_rules.engine.engine import Engine
from coopdec_rules.rulebook.rulebook import Rulebook

from ..effort import often
from .comparison import Laws, differences
from .real import drawn
from .scenarios import Scenarios

#: 800 scenarios.
CHUNKS, CHUNK = 10, often(80)


@pytest.fixture(scope="module")
def scenarios(rulebook: Rulebook) -> Scenarios:
    return Scenarios(rulebook)


@pytest.fixture(scope="module")
def laws(rulebook: Rulebook) -> Laws:
    return Laws(rulebook)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_engine_agrees_with_the_oracle(
    engine: Engine, scenarios: Scenarios, laws: Laws, chunk: int
) -> None:
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        day, base = drawn(scenarios, seed)
        assert not differences(engine, laws.at(day), day, base), f"scenario {seed}"


def test_every_state_is_drawn(rulebook: Rulebook, scenarios: Scenarios) -> None:
    days = [drawn(scenarios, seed)[0] for seed in range(CHUNKS * CHUNK)]
    assert {rulebook.at(day).key for day in days} == {s.key for s in rulebook.states()}


def test_many_scenarios_on_one_day(rulebook: Rulebook, scenarios: Scenarios, laws: Laws) -> None:
    """More than the engine keeps in mind of one state of the law."""
    day = dt.date(2006, 3, 1)
    with Engine(rulebook) as engine:
        for seed in range(60):
            base = scenarios.partial(random.Random(seed), {"date": day}, known=0.9)
            assert not differences(engine, laws.at(day), day, base), f"scenario {seed}"
