"""A small drawing of when something is in force, and of the days looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from coopdec_rules.rulebook.model import Period
from coopdec_rules.web.recueil.days import Days

WIDTH, MARGIN = 360, 16
_STEP = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """A period on the axis; one that has no beginning or no end runs to its edge."""

    x: float
    width: float
    shown: bool


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Timeline:
    bars: tuple[Bar, ...]
    years: tuple[Tick, ...]
    days: tuple[Tick, ...]


class Axis:
    """The years that a rulebook speaks of, on a fixed width."""

    def __init__(self, days: Days) -> None:
        bounds = days.book.boundaries or (days.today,)
        first = (bounds[0].year - 2) // _STEP * _STEP
        last = max(bounds[-1].year, days.today.year) + 2
        self.first = dt.date(max(first, 1), 1, 1)
        self.last = dt.date(last, 12, 31)
        self.years = tuple(
            Tick(self.x(dt.date(year, 1, 1)), str(year))
            for year in range(self.first.year, last, _STEP * 2)
        )
        shown = [(days.day, "A"), *([(days.other, "B")] if days.other else [])]
        self.days = tuple(Tick(self.x(day), name) for day, name in shown)

    def x(self, day: dt.date) -> float:
        """Where a day stands; days beyond the axis stand at its ends."""
        whole = (self.last - self.first).days
        part = min(max((day - self.first).days, 0), whole)
        return round(MARGIN + (WIDTH - 2 * MARGIN) * part / whole, 1)

    def draw(self, periods: Iterable[Period], shown: Period) -> Timeline:
        """The periods on this axis; the one that is ``shown`` stands out."""
        bars = []
        for period in periods:
            start = self.x(period.start) if period.start else 0.0
            end = self.x(period.end) if period.end else float(WIDTH)
            width = max(round(end - start - 1, 1), 2.0)
            bars.append(Bar(start, width, period == shown))
        return Timeline(tuple(bars), self.years, self.days)
