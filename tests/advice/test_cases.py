"""Every worked case says what it is expected to say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.workshop.cases import Case, load_cases, run_case
from coopdec_rules.workshop.expected import compare

CASES = load_cases(Path(__file__).resolve().parents[2] / "cases")
TODAY = dt.date(2020, 1, 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(advisor: Advisor, case: Case) -> None:
    outcome = run_case(advisor, case, TODAY)
    assert outcome.passed, "\n".join(outcome.failures)


def test_reasoning_gives_what_a_case_expects_too(advisor: Advisor) -> None:
    """``run_case`` asks the engine first: reasoning must not say otherwise."""
    sample = [case for case in CASES if "impossible" not in case.expected][::25]
    found = {
        case.id: list(compare(advisor.advise(case.scenario, TODAY).avis, case.expected))
        for case in sample
    }
    assert {name: failures for name, failures in found.items() if failures} == {}


def test_case_gives_its_date() -> None:
    """Otherwise the same case would change its answer from one day to the next."""
    assert [case.id for case in CASES if not case.scenario.get("date")] == []
