"""Dates, numbers and amounts in plain French."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def date(day: dt.date) -> str:
    """A date in words.

    >>> date(dt.date(2006, 3, 1))
    '1er mars 2006'
    """
    first = "1er" if day.day == 1 else str(day.day)
    return f"{first} {MONTHS[day.month - 1]} {day.year}"


def number(value: int | Decimal) -> str:
    """A number with French grouping.

    >>> number(50000)
    '50\\u202f000'
    """
    return f"{value:,}".replace(",", "\u202f").replace(".", ",")


def euros(value: Decimal) -> str:
    """An amount in euros, with its cents when it has some.

    >>> euros(Decimal("40000")), euros(Decimal("0.5"))
    ('40\\u202f000\\xa0€', '0,50\\xa0€')
    """
    whole = value == value.to_integral_value()
    return number(value.quantize(Decimal("1" if whole else "0.01"))) + "\u00a0€"


def period(start: dt.date | None, end: dt.date | None, always: str = "sans limite de date") -> str:
    """Days of force in words; ``None`` leaves an end open.

    >>> period(dt.date(2006, 3, 1), None)
    'depuis le 1er mars 2006'
    """
    if start and end:
        return f"le {date(start)}" if start == end else f"du {date(start)} au {date(end)}"
    if start:
        return f"depuis le {date(start)}"
    return f"jusqu'au {date(end)}" if end else always


def capital(text: str) -> str:
    """The text with a capital first letter, and the others as they are.

    >>> capital("reconnu par la France")
    'Reconnu par la France'
    """
    return text[:1].upper() + text[1:]
