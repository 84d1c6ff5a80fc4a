"""Every complete scenario has exactly one value for every conclusion, at every state of the law."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from coopdec_rules.engine.engine import Engine
from coopdec_rules.rulebook.rulebook import Rulebook
from tests.engine.scenarios import Scenarios

from .draws import days, draw

PARTS = 3
SCENARIOS = 30


@pytest.mark.parametrize("part", range(PARTS))
def test_no_gap_and_no_conflict(engine: Engine, rulebook: Rulebook, part: int) -> None:
    """On each day that the law changes, and long before; the proofs look at all scenarios."""
    rng = random.Random(part)
    scenarios = Scenarios(rulebook)
    for first in [dt.date(1990, 1, 1), *days(rulebook, part, PARTS)]:
        for _ in range(SCENARIOS):
            _, base = draw(scenarios, rng, first, rng.choice([0.0, 0.5, 0.9]))
            findings = engine.evaluate(first, base)
            for reading in [findings.scenario, *(r for i in findings.items.values() for r in i)]:
                for name, settled in reading.conclusions.items():
                    assert settled.value is not None, (name, settled, first, base)
