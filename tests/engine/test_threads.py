"""One engine and one advisor shared by several threads answer as if each were alone."""

from __future__ import annotations

import datetime as dt
import random
from concurrent.futures import ThreadPoolExecutor

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import to_json
from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Findings
from coopdec_rules.rulebook.rulebook import Rulebook

from .documents import document
from .real import drawn
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


def test_advisor(rulebook: Rulebook) -> None:
    scenarios = Scenarios(rulebook)
    work: list[tuple[dt.date, FactBase]] = [drawn(scenarios, seed) for seed in range(100)]
    documents = [document(rulebook, base) for _, base in work]
    today = dt.date(2020, 1, 1)
    advisor = Advisor(rulebook)
    expected = [to_json(advisor.advise(d, today)) for d in documents]
    advisor.close()
    advisor = Advisor(rulebook)

    def run(turn: int) -> list[tuple[int, bytes]]:
        order = list(range(len(documents)))
        random.Random(turn).shuffle(order)
        return [(i, to_json(advisor.advise(documents[i], today))) for i in order]

    with ThreadPoolExecutor(THREADS) as pool:
        for answers in pool.map(run, range(THREADS)):
            for index, answer in answers:
                assert answer == expected[index], f"scenario {index}"
    advisor.close()
