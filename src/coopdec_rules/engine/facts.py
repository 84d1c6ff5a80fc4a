"""Facts of one scenario, and the truth of the comparisons that need arithmetic.

Types are settled here, before the matcher, which knows only text: it would hold ``1``, ``True``
and ``"1"`` equal and compare dates as words.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from coopdec_rules.rulebook.formula import F, Truth, U, V
from coopdec_rules.rulebook.model import (
    Compare,
    Const,
    Expr,
    FactRef,
    Percent,
    Shift,
    Value,
)

Facts = Mapping[str, Value]
Number = int | Decimal | dt.date


@dataclass(frozen=True, slots=True)
class FactBase:
    """Known facts by identifier; a fact that is not there is unknown.

    ``items`` holds, for each repeated group, the facts of each of its items.  A group of which
    nothing is said is given one item with nothing known, so that a question about it stays open.
    """

    scenario: Facts
    items: Mapping[str, tuple[Facts, ...]] = field(default_factory=dict)


def add_months(day: dt.date, months: int) -> dt.date:
    """Move a date by whole months; a day that the month lacks becomes its last one.

    This is how French law counts terms in months and years (code de procédure civile, art. 641).

    >>> add_months(dt.date(2004, 2, 29), 24)
    datetime.date(2006, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def amount_of(expr: Expr, facts: Facts, scenario: Facts) -> Number | None:
    """Value of a right-hand side; ``None`` when a fact it needs is unknown.

    Amounts are exact decimals: nothing is rounded.
    """
    match expr:
        case Const(value):
            return value
        case FactRef(name):
            found = facts.get(name, scenario.get(name))
            return found if isinstance(found, int | Decimal | dt.date) else None
        case Percent(rate, name):
            found = facts.get(name, scenario.get(name))
            return found * rate / 100 if isinstance(found, int | Decimal) else None
        case Shift(base, years, months, days):
            start = amount_of(base, facts, scenario)
            if not isinstance(start, dt.date):
                return None
            try:
                moved = add_months(start, years * 12 + months)
                return moved + dt.timedelta(days=days)
            except (ValueError, OverflowError):
                return dt.date.max if (years, months, days) > (0, 0, 0) else dt.date.min


_ORDER: dict[str, Callable[[Number, Number], bool]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}


def truth(kind: Compare, facts: Facts, scenario: Facts) -> Truth:
    """Truth of a comparison of order: unknown as soon as a fact it needs is unknown."""
    value = facts.get(kind.fact, scenario.get(kind.fact))
    other = amount_of(kind.right, facts, scenario)
    if value is None or other is None:
        return U
    return V if _ORDER[kind.op](value, other) else F  # type: ignore[arg-type]
