"""What the rulebook's lists let presume, over many rows (``advice/from_lists`` does it for one)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from coopdec_rules.batch.sheet import UNKNOWN, Codes, Column, Flags
from coopdec_rules.reasoning.moments import DATE
from coopdec_rules.reasoning.reasoner import FactAt
from coopdec_rules.rulebook.model import Value
from coopdec_rules.rulebook.presumptions import Presumption
from coopdec_rules.rulebook.rulebook import Rulebook


def presume_listed(
    book: Rulebook,
    today: dt.date,
    found: dict[FactAt, Column],
    unknown: Mapping[FactAt, Flags],
    counts: Mapping[str, Codes],
) -> None:
    """Put in ``found`` what the lists presume from a fact that is stated.

    ``unknown``: the rows that say "inconnu"; ``today``: the day of those that give none.
    """
    for presumption in book.presumptions:
        fact, by = (book.facts[name] for name in (presumption.fact, presumption.by))
        most = 1 if fact.scope is None else int(counts[fact.scope].max(initial=1))
        for number in range(most):
            item = None if fact.scope is None else number
            said = found.get((by.id, None if by.scope is None else item))
            if said is None:
                continue
            where = _since(presumption, said, found.get((DATE, None)), today)
            if fact.scope is not None:
                where &= counts[fact.scope] > number
            if (fact.id, item) in unknown:
                where &= ~unknown[fact.id, item]
            fill(found, (fact.id, item), presumption.value, where)


def fill(found: dict[FactAt, Column], at: FactAt, value: Value, where: Flags) -> None:
    """Give a fact this value in the rows where nothing is known of it."""
    column = found.get(at)
    if column is None:
        found[at] = Column(np.where(where, 0, UNKNOWN).astype(np.int32), (value,))
        return
    empty = (column.codes == UNKNOWN) & where
    if empty.any():
        values = [*column.values, value]
        codes = np.where(empty, len(values) - 1, column.codes)
        found[at] = Column(codes.astype(np.int32), values)


def _since(presumption: Presumption, said: Column, days: Column | None, today: dt.date) -> Flags:
    """The rows whose value lets presume, on their day."""
    never = dt.date.max
    since = [presumption.since.get(str(value), never).toordinal() for value in said.values]
    dated = np.full(len(said.codes), today.toordinal())
    if days is not None:
        numbers = [day.toordinal() for day in days.values]  # type: ignore[union-attr]
        dated = np.array([*numbers, today.toordinal()])[days.codes]
    first = np.array([*since, never.toordinal()])[said.codes]
    found: Flags = np.greater_equal(dated, first)
    return found
