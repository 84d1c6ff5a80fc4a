"""The small rulebook at two moments: released as 1.0.0, and as it is today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.rulebook.archives import Archives, put_aside
from coopdec_rules.rulebook.loader import load_rulebook
from tests.advice.small import LAW, small

RELEASED = dt.date(2026, 3, 1)
#: Today, water is no longer within the powers of the actor.
CHANGE = (LAW, "volet.domaine parmi [eau, culture]", "volet.domaine parmi [culture]")
SCENARIO = {
    "date": "2026-01-15",
    "acteur": {"nature": "commune", "delibere": True},
    "action": {"volets": [{"domaine": "eau"}]},
}


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of archives that holds version 1.0.0."""
    folder = tmp_path_factory.mktemp("recueils")
    put_aside(small(tmp_path_factory.mktemp("avant")), folder, RELEASED)
    return folder


@pytest.fixture(scope="session")
def today(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Advisor]:
    """The rulebook of today, version 2.0.0."""
    root = small(tmp_path_factory.mktemp("apres"), CHANGE, ("VERSION", "1.0.0", "2.0.0"))
    advisor = Advisor(load_rulebook(root))
    yield advisor
    advisor.close()


@pytest.fixture(scope="session")
def before(released: Path, today: Advisor) -> Iterator[Advisor]:
    """The rulebook of 1.0.0, read from its archive."""
    archives = Archives(released)
    advisor = Advisor(archives.load(archives.all["1.0.0"], today.rulebook.wordbook))
    yield advisor
    advisor.close()
