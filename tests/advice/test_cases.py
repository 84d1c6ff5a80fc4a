"""Every worked case says what it is expected to say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.workshop.cases import Case, load_cases, run_case

CASES = load_cases(Path(__file__).resolve().parents[2] / "cases")
TODAY = dt.date(2020, 1, 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(advisor: Advisor, case: Case) -> None:
    outcome = run_case(advisor, case, TODAY)
    assert outcome.passed, "\n".join(outcome.failures)


def test_case_gives_its_date() -> None:
    """Otherwise the same case would change its answer from one day to the next."""
    assert [case.id for case in CASES if not case.scenario.get("date")] == []
