"""Periods as the rulebook writes them (``du``, ``au``), and what two of them share."""

from __future__ import annotations

import datetime as dt

from coopdec_rules.rulebook.model import Period
from coopdec_rules.rulebook.yamlmarks import Node, Reader


def read_bounds(reader: Reader, entries: dict[str, Node], what: str, place: Node) -> Period:
    """The first and last day of a block, both included; either may be missing."""
    start, end = reader.date(entries, "du", what), reader.date(entries, "au", what)
    if start and end and end < start:
        reader.report(place, f"{what} : la période finit ({end}) avant de commencer ({start}).")
        return Period(start, None)
    return Period(start, end)


def intersection(first: Period, second: Period) -> Period | None:
    """The days of both periods; ``None`` when they share none.

    >>> import datetime as dt
    >>> intersection(Period(dt.date(2000, 1, 1), None), Period(None, dt.date(2001, 1, 1)))
    Period(start=datetime.date(2000, 1, 1), end=datetime.date(2001, 1, 1))
    """
    start = max(first.start or dt.date.min, second.start or dt.date.min)
    end = min(first.end or dt.date.max, second.end or dt.date.max)
    if end < start:
        return None
    return Period(None if start == dt.date.min else start, None if end == dt.date.max else end)
