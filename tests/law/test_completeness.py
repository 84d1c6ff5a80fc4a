"""Every complete scenario has exactly one value for every conclusion, at every state of the law."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest

from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.model import Fact, Value
from coopdec_rules.rulebook.rulebook import Rulebook

SCENARIOS = 1200


def _value(fact: Fact, rng: random.Random) -> Value:
    match fact.type:
        case "booleen":
            return rng.random() < 0.5
        case "choix":
            return rng.choice(list(fact.values))
        case "nombre":
            return rng.choice([0, 1, 3, 60, 16000, 60000])
        case "montant":
            return Decimal(rng.choice([0, 20000, 40000, 4000000]))
        case "date":
            return rng.choice([dt.date(1999, 7, 13), dt.date(2004, 8, 18), dt.date(2005, 6, 1)])
        case "texte":
            return "essai"


@pytest.mark.parametrize("seed", range(2))
def test_no_gap_and_no_conflict(engine: Engine, rulebook: Rulebook, seed: int) -> None:
    rng = random.Random(seed)
    days = [dt.date(1990, 1, 1), *rulebook.boundaries]
    drawn = [
        rng.choice(days) + dt.timedelta(days=rng.choice([0, 1, 30])) for _ in range(SCENARIOS // 2)
    ]
    # One state of the law after the other, so that each is compiled once.
    for day in sorted(drawn):
        facts = {f.id: _value(f, rng) for f in rulebook.facts.values() if f.scope is None}
        facts["date"] = day
        items = {
            group.id: tuple(
                {f.id: _value(f, rng) for f in rulebook.facts.values() if f.scope == group.id}
                for _ in range(rng.choice([1, 2]))
            )
            for group in rulebook.groups.values()
            if group.repeated
        }
        findings = engine.evaluate(day, FactBase(facts, items))
        for reading in [findings.scenario, *(r for i in findings.items.values() for r in i)]:
            for name, settled in reading.conclusions.items():
                assert settled.value is not None, (name, settled, day, facts, items)
