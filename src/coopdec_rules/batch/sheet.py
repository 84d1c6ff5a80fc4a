"""Scenarios as columns: for each fact of each item, one value per row, coded by a short list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coopdec_rules.reasoning.reasoner import FactAt
from coopdec_rules.rulebook.model import Value

Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
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

    def table(self, flags: Sequence[bool] | Flags) -> Flags:
        """A truth of each value, row by row; false where nothing is known."""
        padded: Flags = np.append(np.asarray(flags, dtype=np.bool_), False)
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
