"""Random scenarios on the real rulebook, each from its seed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from typing import Any

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Findings, Settled
from coopdec_rules.rulebook.rulebook import Rulebook

from .documents import document
from .scenarios import Scenarios

READINGS = ["droit", "droit", "etude_2006"]


def drawn(scenarios: Scenarios, seed: int) -> tuple[dt.date, FactBase]:
    """A day and a scenario at that day; one out of three is complete."""
    rng = random.Random(seed)
    day = scenarios.day(rng)
    given = {"date": day, "lecture": rng.choice(READINGS)}
    if seed % 3 == 0:
        return day, scenarios.complete(rng, given)
    return day, scenarios.partial(rng, given)


def documents(advisor: Advisor, seeds: Iterable[int], today: dt.date) -> list[dict[str, Any]]:
    """The documents of the scenarios drawn from these seeds.

    A document must state what no scenario goes without: those that it makes impossible are left
    out.
    """
    scenarios = Scenarios(advisor.rulebook)
    written = (document(advisor.rulebook, drawn(scenarios, seed)[1]) for seed in seeds)
    return [w for w in written if scenarios.possible(advisor.reader.read(w, today).base)]


def settled(rulebook: Rulebook, findings: Findings) -> Iterator[tuple[str, str, Settled]]:
    """Every conclusion: its name, its place and its state."""
    for name, conclusion in rulebook.conclusions.items():
        if conclusion.scope is None:
            yield name, name, findings.scenario.conclusions[name]
        else:
            for index, reading in enumerate(findings.items[conclusion.scope]):
                yield name, f"{name} {index}", reading.conclusions[name]
