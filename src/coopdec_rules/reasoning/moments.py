"""Days that stand for all others: two days of one moment answer alike, whatever the facts.

Within one state of the law, the day still matters through comparisons with it.  Every day on which
such a comparison can turn, or change place among the thresholds of the fact it is made with, opens
a new moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from coopdec_rules.engine.facts import amount_of
from coopdec_rules.rulebook.model import Compare, Const, Expr, FactRef, Period, Shift
from coopdec_rules.rulebook.rulebook import LawState, Rulebook

DATE = "date"
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """Consecutive days that answer alike; ``day`` is the first, at which it is examined."""

    day: dt.date
    last: dt.date
    state: LawState


def moments(book: Rulebook) -> list[Moment]:
    """Every moment of the rulebook, oldest first, within the limits of the fact ``date``."""
    fact = book.facts[DATE]
    first = fact.minimum if isinstance(fact.minimum, dt.date) else dt.date(1800, 1, 1)
    last = fact.maximum if isinstance(fact.maximum, dt.date) else dt.date(2200, 12, 31)
    starts = {first, *book.boundaries, *_comparisons(book)}
    periods = [i.period for i in book.impossible] + [p.period for p in book.properties]
    for period in periods:
        starts |= set(_bounds(period))
    days = sorted(day for day in starts if first <= day <= last)
    ends = [*(day - _DAY for day in days[1:]), last]
    return [Moment(day, end, book.at(day)) for day, end in zip(days, ends, strict=True)]


def moment_of(found: list[Moment], day: dt.date) -> Moment:
    """The moment a day belongs to."""
    return next(m for m in reversed(found) if m.day <= day or m is found[0])


def _bounds(period: Period) -> Iterator[dt.date]:
    if period.start:
        yield period.start
    if period.end and period.end < dt.date.max:
        yield period.end + _DAY


def _comparisons(book: Rulebook) -> Iterator[dt.date]:
    thresholds: dict[str, set[dt.date]] = {}
    shifted: list[tuple[str, Shift]] = []
    for atom in book.all_atoms:
        kind = atom.kind
        if not isinstance(kind, Compare):
            continue
        value = fixed_day(kind.right)
        if value is not None:
            thresholds.setdefault(kind.fact, set()).update((value, value + _DAY))
        elif (pair := _against_date(kind)) is not None:
            shifted.append(pair)
    yield from thresholds.get(DATE, ())
    # ``date >= fact + 2 years`` turns where the fact's own thresholds, moved, fall.
    for name, shift in shifted:
        for value in thresholds.get(name, ()):
            for sign in (1, -1):
                there = shifted_day(Const(value), shift, sign)
                yield from (there + _DAY * n for n in (-2, -1, 0, 1, 2))


def fixed_day(expr: Expr) -> dt.date | None:
    """The date an expression stands for when it reads no fact."""
    found = amount_of(expr, {}, {})
    return found if isinstance(found, dt.date) else None


def shifted_day(base: Const, shift: Shift, sign: int) -> dt.date:
    """A day moved as ``shift`` does, or back again (``sign`` -1)."""
    moved = Shift(base, sign * shift.years, sign * shift.months, sign * shift.days)
    found = amount_of(moved, {}, {})
    if not isinstance(found, dt.date):
        raise TypeError(f"not a day: {base}")
    return found


def _against_date(kind: Compare) -> tuple[str, Shift] | None:
    """The other fact of a comparison with ``date``, and by how much it is moved."""
    shift = kind.right if isinstance(kind.right, Shift) else Shift(kind.right)  # type: ignore[arg-type]
    base = shift.base
    if not isinstance(base, FactRef):
        return None
    if kind.fact == DATE and base.fact != DATE:
        return base.fact, shift
    if base.fact == DATE:
        return kind.fact, shift
    return None
