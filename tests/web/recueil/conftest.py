"""The reading room of the real rulebook, on a fixed day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from coopdec_rules.rulebook.model import Rule
from coopdec_rules.web.recueil import decided
from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.decided import Decided, Example
from coopdec_rules.web.recueil.room import Room
from coopdec_rules.web.service import Service
from coopdec_rules.workshop.cases import Case

TODAY = dt.date(2026, 11, 22)
#: A day under the law of 1992, when a commune is deprived of what it transferred.
THEN = dt.date(2005, 3, 1)


@pytest.fixture(scope="session", autouse=True)
def sampled_cases() -> Iterator[None]:
    """Rules are shown in the cases of the study and one other in ten: all of them take a minute."""

    def some(self: Decided) -> list[Case]:
        every = list(self.service.cases.values())
        study = [case for case in every if case.origin == "etude_2006"]
        return [*study, *[case for case in every if case.origin != "etude_2006"][::10]]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Decided, "_cases", some)
        patch.setattr(decided, "PATIENCE", 600)
        yield


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


@pytest.fixture(scope="module")
def few_examples() -> Iterator[None]:
    """An example made up for one rule in sixty, which the next ones borrow.

    Each takes a second, and there are hundreds of rules that no case shows.  Every page
    of a rule still has an example and its link; ``test_cards`` looks at what is made up.
    """
    make_up = Decided._made_up
    turn = count()
    last: list[Example] = []
    borrowed: list[tuple[Decided, str]] = []

    def made_up(self: Decided, rule: Rule) -> Example | None:
        if last and next(turn) % 60:
            borrowed.append((self, rule.key))
            return last[0]
        example = make_up(self, rule)
        if example is not None:
            last[:] = [example]
        return example

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Decided, "_made_up", made_up)
        yield
    for borrower, key in borrowed:
        borrower._made.pop(key, None)
