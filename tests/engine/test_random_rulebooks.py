"""The engine against the oracle on random rulebooks and random scenarios."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopdec_rules.engine.engine import Engine
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.rulebook import Rulebook

from ..rulebook.tiny import write
from .comparison import Laws, differences
from .rulebooks import random_rulebook
from .scenarios import Scenarios

SCENARIOS = 30
#: 14 × 15 rulebooks of 30 scenarios: 6,300 pairs.
CHUNKS, CHUNK = 14, 15


def loaded(files: dict[str, str]) -> Rulebook:
    with tempfile.TemporaryDirectory() as folder:
        return load_rulebook(write(Path(folder), files))


def compare(book: Rulebook, rng: random.Random, count: int) -> list[str]:
    """Differences on ``count`` scenarios, each at a day of its own."""
    scenarios, laws = Scenarios(book), Laws(book)
    found = []
    with Engine(book) as engine:
        for number in range(count):
            day = scenarios.day(rng)
            for difference in differences(engine, laws.at(day), day, scenarios.partial(rng)):
                found.append(f"scenario {number}, {day}: {difference}")
    return found


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_engine_agrees_with_the_oracle(chunk: int) -> None:
    for seed in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        rng = random.Random(seed)
        book = loaded(random_rulebook(rng))
        assert not compare(book, rng, SCENARIOS), f"rulebook {seed}"


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.randoms(use_true_random=False))
def test_engine_agrees_with_the_oracle_on_small_rulebooks(rng: random.Random) -> None:
    """The same on rulebooks small enough to be shrunk when they show a difference."""
    book = loaded(random_rulebook(rng, small=True))
    assert not compare(book, rng, 3)


def test_random_rulebooks_are_varied() -> None:
    """Every outcome that the comparison is about does occur."""
    seen: set[str] = set()
    for seed in range(20):
        rng = random.Random(seed)
        book = loaded(random_rulebook(rng))
        scenarios = Scenarios(book)
        with Engine(book) as engine:
            for _ in range(SCENARIOS):
                day = scenarios.day(rng)
                findings = engine.evaluate(day, scenarios.partial(rng))
                for reading in (findings.scenario, *sum(findings.items.values(), ())):
                    seen.update("irrelevant" for _ in reading.irrelevant)
                    seen.update(f"raw {v}" for v in reading.raw.values())
                    seen.update(
                        "set aside"
                        for i, v in reading.raw.items()
                        if v == "v" and reading.effective.get(i) == "f"
                    )
                    for settled in reading.conclusions.values():
                        seen.add("value" if settled.value else "no value")
                        seen.update(["conflict"] * settled.conflict + ["gap"] * settled.gap)
    assert seen >= {
        "irrelevant", "raw v", "raw u", "set aside", "value", "no value", "conflict", "gap",
    }  # fmt: skip
