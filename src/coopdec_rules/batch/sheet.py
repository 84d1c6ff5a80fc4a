"""Scenarios as columns: for each fact of each item, one value per row, coded by a short list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coopdec_rules.rulebook.model import Value

Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
#: A fact, and the item of its repeated group that it is said of.
FactAt = tuple[str, int | None]
#: The code of a fact that is not known.
UNKNOWN = -1


@dataclass(frozen=True)
class Column:
    """One fact over many rows: ``values[codes[row]]``, or nothing known where it is -1."""

    codes: Codes
    values: Sequence[Value]

    def at(self, rows: NDArray[np.intp]) -> Column:
        """The same fact over some of the rows."""
        return Column(self.codes[rows], self.values)

    def table(self, flags: Sequence[bool]) -> Flags:
        """A truth of each value, row by row; false where nothing is known."""
        padded: Flags = np.array([*flags, False], dtype=np.bool_)
        return padded.take(self.codes)

    def known(self) -> Flags:
        """The rows in which the fact is known."""
        found: Flags = np.not_equal(self.codes, UNKNOWN)
        return found

    def value(self, row: int) -> Value | None:
        """The value in one row."""
        code = int(self.codes[row])
        return None if code == UNKNOWN else self.values[code]


@dataclass(frozen=True)
class Sheet:
    """Many scenarios.  ``counts`` has, for each repeated group, how many items each row gives."""

    size: int
    columns: Mapping[FactAt, Column]
    counts: Mapping[str, Codes] = field(default_factory=dict)

    def facts(self, row: int, item: tuple[str, int] | None = None) -> Iterator[tuple[str, Value]]:
        """The known facts of a row, or of one of its items."""
        for (name, number), column in self.columns.items():
            here = None if number is None else (name.split(".")[0], number)
            if here == item and (value := column.value(row)) is not None:
                yield name, value


def constant(value: Value, size: int) -> Column:
    """The same value in every row."""
    return Column(np.zeros(size, dtype=np.int32), (value,))
