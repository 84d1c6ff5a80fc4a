"""One engine and one advisor shared by several threads answer as if each were alone."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import to_json
from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.findings import Findings
from coopdec_rules.rulebook.rulebook import Rulebook

from .real import documents, drawn
from .scenarios import Scenarios

THREADS = 8


def content(findings: Findings) -> object:
    """What findings say, in a form that compares."""
    return [
        (dict(r.raw), dict(r.effective), dict(r.conclusions), r.irrelevant)
        for r in (findings.scenario, *sum(findings.items.values(), ()))
    ]


def test_engine(rulebook: Rulebook) -> None:
    scenarios = Scenarios(rulebook)
    work = [drawn(scenarios, seed) for seed in range(150)]
    with Engine(rulebook) as engine:
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


@contextmanager
def opened(rulebook: Rulebook) -> Iterator[Advisor]:
    """An advisor that has made nothing yet."""
    advisor = Advisor(rulebook)
    yield advisor
    advisor.close()


@pytest.mark.parametrize(("reasoning", "count"), [(False, 100), (True, 12)])
def test_advisor(rulebook: Rulebook, reasoning: bool, count: int) -> None:
    today = dt.date(2020, 1, 1)
    with opened(rulebook) as advisor:
        work = documents(advisor, range(2 * count), today)[:count]
        assert len(work) == count
        expected = [to_json(advisor.advise(d, today, reasoning=reasoning)) for d in work]

    # A new advisor, so that the threads also meet while laws and programs are made.
    with opened(rulebook) as advisor:

        def run(turn: int) -> list[tuple[int, bytes]]:
            order = list(range(count))
            random.Random(turn).shuffle(order)
            return [
                (i, to_json(advisor.advise(work[i], today, reasoning=reasoning))) for i in order
            ]

        with ThreadPoolExecutor(THREADS) as pool:
            for answers in pool.map(run, range(THREADS)):
                for index, answer in answers:
                    assert answer == expected[index], f"scenario {index}"
