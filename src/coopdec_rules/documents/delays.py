"""How French law counts delays: clear days, whole months, and the next working day.

A *jour franc* is a whole day: neither the day that starts the delay nor the one that ends it
counts.  A delay in months ends on the day of the same number (the last of the month when there is
none); a *délai franc* is still open the day after; one that would end on a Saturday, a Sunday or a
holiday is carried to the next working day (code de procédure civile, art. 641 and 642; for appeals,
code de justice administrative, art. R. 421-1).
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays

from coopdec_rules.engine.facts import add_months

_DAY = dt.timedelta(days=1)
#: Codes of the subdivisions of the library: Moselle for Alsace-Moselle, and territories overseas.
ALSACE_MOSELLE = "57"
_OVERSEAS = {
    "971": "971", "972": "972", "973": "973", "974": "974", "975": "PM", "976": "976", "977": "BL",
    "978": "MF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip


def place_of(department: str, alsace_moselle: bool) -> str | None:
    """Whose holidays are kept, from the code of the département; ``None``: everywhere's."""
    return ALSACE_MOSELLE if alsace_moselle else _OVERSEAS.get(department)


@lru_cache(maxsize=32)
def _holidays(place: str | None) -> holidays.HolidayBase:
    return holidays.country_holidays("FR", subdiv=place)


def is_working(day: dt.date, place: str | None = None) -> bool:
    """Whether a delay may end on this day.

    >>> is_working(dt.date(2026, 12, 26)), is_working(dt.date(2025, 12, 26), ALSACE_MOSELLE)
    (False, False)
    """
    return day.weekday() < 5 and day not in _holidays(place)


def next_working(day: dt.date, place: str | None = None) -> dt.date:
    """The day itself, or the first working day after it."""
    while not is_working(day, place):
        day += _DAY
    return day


def clear_days_before(day: dt.date, count: int) -> dt.date:
    """The last day on which something may be sent ``count`` clear days before ``day``.

    >>> clear_days_before(dt.date(2026, 12, 10), 5)
    datetime.date(2026, 12, 4)
    """
    return day - _DAY * (count + 1)


def clear_days_after(day: dt.date, count: int, place: str | None = None) -> dt.date:
    """The last day of a delay of ``count`` clear days that ``day`` starts."""
    return next_working(day + _DAY * (count + 1), place)


def clear_months_after(day: dt.date, count: int, place: str | None = None) -> dt.date:
    """The last day of a *délai franc* of ``count`` months that ``day`` starts.

    >>> clear_months_after(dt.date(2026, 12, 30), 2)
    datetime.date(2027, 3, 1)
    """
    return next_working(add_months(day, count) + _DAY, place)
