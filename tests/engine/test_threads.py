"""One engine and one advisor shared by several threads answer as if each were alone."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import to_json
from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.findings import Findings
from coopdec_rules.rulebook.rulebook import Rulebook

from ..effort import often
from .real import documents, drawn
from .scenarios import Scenarios

THREADS = 8


def content(findings: Findings) -> object:
    """What findings say, in a form that compares."""
    return [
        (dict(r.raw), dict(r.effective), dict(r.conclusions), r.irrelevant)
        for r in (findings.scenario, *sum(findings.items.values(), ()))
    ]


def some(rulebook: Rulebook) -> set[str]:
    """One state of the law in twelve: enough to meet while they are compiled."""
    return {state.key for state in rulebook.states()[::12]}


def test_engine(engine: Engine, rulebook: Rulebook) -> None:
    scenarios, states = Scenarios(rulebook), some(rulebook)
    drawings = (drawn(scenarios, seed) for seed in itertools.count())
    kept = ((day, base) for day, base in drawings if rulebook.at(day).key in states)
    work = list(itertools.islice(kept, often(50)))
    expected = [content(engine.evaluate(*job)) for job in work]

    # A new engine, so that the threads also meet while laws are compiled.
    with Engine(rulebook) as engine:

        def run(turn: int) -> list[tuple[int, object]]:
            order = list(range(len(work)))
            random.Random(turn).shuffle(order)
            return [(i, content(engine.evaluate(*work[i]))) for i in order]

        with ThreadPoolExecutor(THREADS) as pool:
            for answers in pool.map(run, range(THREADS)):
                for index, answer in answers:
                    assert answer == expected[index], f"scenario {index}"


@pytest.mark.parametrize(("reasoning", "count"), [(False, 24), (True, 6)])
def test_advisor(advisor: Advisor, rulebook: Rulebook, reasoning: bool, count: int) -> None:
    today = dt.date(2020, 1, 1)
    states = some(rulebook)
    work = [
        text
        for text in documents(advisor, range(30 * count), today)
        if rulebook.at(dt.date.fromisoformat(text["date"])).key in states
    ][:count]
    assert len(work) == count
    expected = [to_json(advisor.advise(d, today, reasoning=reasoning).avis) for d in work]

    # A new advisor, so that the threads also meet while laws and programs are made.
    with closing(Advisor(rulebook)) as advisor:

        def run(turn: int) -> list[tuple[int, bytes]]:
            order = list(range(count))
            random.Random(turn).shuffle(order)
            return [
                (i, to_json(advisor.advise(work[i], today, reasoning=reasoning).avis))
                for i in order
            ]

        with ThreadPoolExecutor(THREADS) as pool:
            for answers in pool.map(run, range(THREADS)):
                for index, answer in answers:
                    assert answer == expected[index], f"scenario {index}"
