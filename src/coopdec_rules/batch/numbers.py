"""Columns of numbers, of which nearly every row has its own: read and compared without a loop.

What is plainly written (``12500``, ``12500.50``) is read here as ``ScenarioReader`` would, all at
once; anything else is left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from coopdec_rules.batch.sheet import Flags
from coopdec_rules.rulebook.model import Fact, Value

Cents = NDArray[np.int64]
#: Compares numbers one by one, as the operators of a rule do.
ORDER: Mapping[str, Callable[[Cents, Cents | int], Flags]] = {
    "=": np.equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
#: Digits before the point that are read here; beyond, a double would no longer be exact.
_PLAIN = {"montant": r"^[0-9]{1,9}([.][0-9]{1,2})?$", "nombre": r"^[0-9]{1,9}([.]0{1,2})?$"}
_LARGEST = 10**9


@dataclass(frozen=True)
class Numbers(Sequence[Value]):
    """Values of a numeric fact, kept as cents; ``units``: whole numbers, not amounts in euros."""

    cents: Cents
    units: bool

    def __len__(self) -> int:
        return len(self.cents)

    @overload
    def __getitem__(self, place: int) -> Value: ...

    @overload
    def __getitem__(self, place: slice) -> Numbers: ...

    def __getitem__(self, place: int | slice) -> Value | Numbers:
        if isinstance(place, slice):
            return Numbers(self.cents[place], self.units)
        cents = int(self.cents[place])
        return cents // 100 if self.units else Decimal(cents).scaleb(-2)


def cents_of(values: Sequence[Value], most: int) -> Cents | None:
    """Numbers in cents; ``None`` when some is none, is finer, or exceeds ``most`` cents."""
    if isinstance(values, Numbers):
        return values.cents
    found = []
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return None
        cents = Decimal(value) * 100
        if cents != cents.to_integral_value() or abs(cents) > most:
            return None
        found.append(int(cents))
    return np.array(found, dtype=np.int64)


def read_plain(texts: pa.Array, fact: Fact) -> tuple[Flags, Cents]:
    """Which values are plainly written numbers within the limits of a fact, and their cents."""
    none = np.zeros(len(texts), np.bool_), np.zeros(len(texts), np.int64)
    if fact.type not in _PLAIN:
        return none
    if pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type):
        plain = pc.match_substring_regex(texts, _PLAIN[fact.type]).fill_null(False)
        numbers = pc.cast(pc.if_else(plain, texts, "0"), pa.float64())
        written = plain.to_numpy(zero_copy_only=False)
    elif pa.types.is_integer(texts.type) or pa.types.is_floating(texts.type):
        numbers = texts.cast(pa.float64(), safe=False).fill_null(np.nan)
        written = np.ones(len(texts), np.bool_)
    else:
        return none
    exact = numbers.to_numpy(zero_copy_only=False)
    written = written & (np.abs(exact) < _LARGEST)
    cents = np.rint(np.where(written, exact, 0.0) * 100).astype(np.int64)
    # A number is the nearest to its cents, or it has more decimals.
    written &= cents / 100 == exact
    if fact.type == "nombre":
        written &= cents % 100 == 0
    for end, outside in ((fact.minimum, np.less), (fact.maximum, np.greater)):
        if isinstance(end, Decimal):
            written &= ~outside(exact, float(end))
    return written, cents
