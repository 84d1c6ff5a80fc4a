"""The reading room of the real rulebook, on a fixed day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.room import Room
from coopdec_rules.web.service import Service

TODAY = dt.date(2026, 11, 22)
#: A day under the law of 1992, when a commune is deprived of what it transferred.
THEN = dt.date(2005, 3, 1)


@pytest.fixture(scope="session")
def room(service: Service, rules_root: Path) -> Room:
    return Room(service, rules_root, lambda: TODAY)


@pytest.fixture
def then(room: Room) -> Days:
    """One day in 2005."""
    return Days(room.book, TODAY, THEN, chosen=True)


@pytest.fixture
def both(room: Room) -> Days:
    """The same day, beside today."""
    return Days(room.book, TODAY, THEN, chosen=True, other=TODAY)
