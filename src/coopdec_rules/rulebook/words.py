"""Dates, numbers and amounts in plain French."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def date(day: dt.date) -> str:
    """A date in words.

    >>> date(dt.date(2006, 3, 1))
    '1er mars 2006'
    """
    first = "1er" if day.day == 1 else str(day.day)
    return f"{first} {_MONTHS[day.month - 1]} {day.year}"


def number(value: int | Decimal) -> str:
    """A number with French grouping.

    >>> number(50000)
    '50\\u202f000'
    """
    return f"{value:,}".replace(",", "\u202f").replace(".", ",")


def euros(value: Decimal) -> str:
    """An amount in euros.

    >>> euros(Decimal("40000"))
    '40\\u202f000,00\\xa0€'
    """
    return number(value.quantize(Decimal("0.01"))) + "\u00a0€"
