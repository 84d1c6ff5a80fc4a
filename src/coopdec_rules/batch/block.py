"""The law read on rows of one moment, all at once, however many items each has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coopdec_rules.batch.masks import mask
from coopdec_rules.batch.numbers import ORDER, Cents, Numbers, cents_of
from coopdec_rules.batch.sheet import UNKNOWN, Codes, Column, Flags, Sheet
from coopdec_rules.engine.facts import truth
from coopdec_rules.reasoning.algebra import Bits, Truth
from coopdec_rules.reasoning.moments import DATE, Moment
from coopdec_rules.reasoning.places import Place, Shape
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.reasoner import FactAt
from coopdec_rules.rulebook.formula import F, V
from coopdec_rules.rulebook.model import (
    Among,
    Compare,
    Const,
    FactRef,
    IsTrue,
    Percent,
    Value,
    facts_of,
)
from coopdec_rules.rulebook.rulebook import Rulebook

#: Amounts are compared as whole hundredths of a per cent of a cent, exactly, up to this many cents.
_MOST = 2**62 // 10_000
#: Up to so many values, each has its rows found once, for all the comparisons of the fact.
_FEW = 64


@dataclass(frozen=True)
class Block:
    """Rows of a sheet that are read together: ``rows`` tells where they stand in it.

    ``counts`` has, for each repeated group, how many items each row gives; ``shape`` the most.
    """

    moment: Moment
    rows: NDArray[np.intp]
    columns: Mapping[FactAt, Column]
    counts: Mapping[str, Codes]

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    @cached_property
    def shape(self) -> Shape:
        """How many items each group has at most."""
        return Shape.of({group: int(counts.max()) for group, counts in self.counts.items()})

    @cached_property
    def present(self) -> Mapping[Place, int]:
        """The rows that have each item, where some have not."""
        return {
            (group, item): mask(counts > item)
            for group, counts in self.counts.items()
            for item in range(int(counts.min()), int(counts.max()))
        }


def blocks(sheet: Sheet, book: Rulebook, found: list[Moment]) -> Iterator[Block]:
    """The rows of a sheet by moment of the law."""
    days = sheet.columns[DATE, None]
    starts = np.array([moment.day.toordinal() for moment in found])
    ordinals = np.array([day.toordinal() for day in days.values])  # type: ignore[union-attr]
    key = np.maximum(np.searchsorted(starts, ordinals, side="right") - 1, 0)[days.codes]
    groups = [group.id for group in book.groups.values() if group.repeated]
    one = np.ones(sheet.size, dtype=np.int32)
    counts = {group: sheet.counts.get(group, one) for group in groups}
    for kind, rows in alike([key]):
        if len(rows) == sheet.size:
            yield Block(found[kind[0]], rows, sheet.columns, counts)
            continue
        columns = {at: column.at(rows) for at, column in sheet.columns.items()}
        here = {group: numbers[rows] for group, numbers in counts.items()}
        yield Block(found[kind[0]], rows, columns, here)


def alike(parts: Sequence[NDArray[np.integer]]) -> Iterator[tuple[list[int], NDArray[np.intp]]]:
    """The rows that have the same numbers, for each list of numbers met."""
    key = np.zeros(len(parts[0]), dtype=np.int64)
    for part in parts:
        low, high = int(part.min()), int(part.max())
        if low != high:
            # Each part only widens the key by what it needs: it is made dense after each step.
            _, key = np.unique(key * (high - low + 1) + (part - low), return_inverse=True)
    if not key.any():
        yield [int(part[0]) for part in parts], np.arange(len(key))
        return
    for number in range(int(key.max()) + 1):
        rows = np.flatnonzero(key == number)
        yield [int(part[rows[0]]) for part in parts], rows


class BlockReader:
    """Reads the law on blocks of one rulebook."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book

    def read(self, block: Block) -> Reading[int]:
        """The law on every row; one bit a row, in their order in the block."""
        full = (1 << block.size) - 1
        comparisons = _Comparisons(self.book, block, full)
        return Reading(
            block.moment.state,
            Bits(full),
            block.shape,
            comparisons.truth,
            present=block.present,
        )


class _Comparisons:
    """Truth of every comparison of facts, each worked out once where it is asked."""

    def __init__(self, book: Rulebook, block: Block, full: int) -> None:
        self.book = book
        self.block = block
        self.full = full
        self._numbers: dict[FactAt, tuple[Cents, Flags] | None] = {}
        self._by_value: dict[FactAt, list[int]] = {}

    def truth(self, atom: int, place: Place) -> Truth[int]:
        """Where the comparison holds, and where it fails; in doubt where a fact is unknown."""
        kind = self.book.all_atoms[atom].kind
        if isinstance(kind, Compare):
            return self._compared(kind, place)
        if not isinstance(kind, IsTrue | Among):
            raise TypeError(f"not a comparison of facts: {self.book.all_atoms[atom].text}")
        at = self._at(kind.fact, place)
        column = self.block.columns.get(at)
        if column is None:
            return 0, 0
        if isinstance(kind, IsTrue):
            held = [value is True for value in column.values]
        else:
            held = [value in kind.values for value in column.values]
        return self._sides(at, column, held)

    def _at(self, fact: str, place: Place) -> FactAt:
        return fact, None if place is None or self.book.facts[fact].scope is None else place[1]

    def _column(self, fact: str, place: Place) -> Column | None:
        return self.block.columns.get(self._at(fact, place))

    def _sides(self, at: FactAt, column: Column, held: Sequence[bool] | Flags) -> Truth[int]:
        if len(held) > _FEW:
            holding = column.table(held)
            return mask(holding), mask(column.known() & ~holding)
        holds = fails = 0
        for found, one in zip(self._masks(at, column), held, strict=True):
            if one:
                holds |= found
            else:
                fails |= found
        return holds, fails

    def _masks(self, at: FactAt, column: Column) -> list[int]:
        """The rows that have each value."""
        found = self._by_value.get(at)
        if found is None:
            codes = column.codes
            found = [mask(codes == number) for number in range(len(column.values))]
            self._by_value[at] = found
        return found

    def _compared(self, kind: Compare, place: Place) -> Truth[int]:
        names = tuple(dict.fromkeys((kind.fact, *facts_of(kind.right))))
        columns = [self._column(name, place) for name in names]
        if any(column is None for column in columns):
            return 0, 0
        read = [column for column in columns if column is not None]
        if len(read) == 1:
            constant = kind.right.value if isinstance(kind.right, Const) else None
            values = read[0].values
            if isinstance(values, Numbers) and isinstance(constant, int | Decimal):
                cents = cents_of([constant], _MOST)
                if cents is not None:
                    held = ORDER[kind.op](values.cents, int(cents[0]))
                    return self._sides(self._at(names[0], place), read[0], held)
            found = [truth(kind, {names[0]: value}, {}) for value in values]
            if any(one not in (V, F) for one in found):
                raise TypeError(f"a comparison of known facts is in doubt: {kind}")
            return self._sides(self._at(names[0], place), read[0], [one == V for one in found])
        quick = self._arithmetic(kind, place)
        if quick is not None:
            return quick
        return self._paired(kind, names, read)

    def _arithmetic(self, kind: Compare, place: Place) -> Truth[int] | None:
        """Two amounts compared as whole numbers; ``None`` when they are not such."""
        right = kind.right
        if not isinstance(right, FactRef | Percent):
            return None
        mine, other = self._whole(kind.fact, place), self._whole(right.fact, place)
        if mine is None or other is None:
            return None
        rate = Decimal(100) if isinstance(right, FactRef) else right.rate
        scaled = rate * 100
        if scaled != scaled.to_integral_value():
            return None
        held = ORDER[kind.op](mine[0] * 10_000, other[0] * int(scaled))
        known = mine[1] & other[1]
        return mask(held & known), mask(~held & known)

    def _whole(self, fact: str, place: Place) -> tuple[Cents, Flags] | None:
        """Values in cents, and where they are known; ``None`` when they are too large for it."""
        at = self._at(fact, place)
        if at not in self._numbers:
            column = self.block.columns[at]
            cents = cents_of(column.values, _MOST)
            self._numbers[at] = (
                None if cents is None else (np.append(cents, 0)[column.codes], column.known())
            )
        return self._numbers[at]

    def _paired(self, kind: Compare, names: tuple[str, ...], columns: list[Column]) -> Truth[int]:
        """Each couple of values met, once."""
        key = np.zeros(self.block.size, dtype=np.int64)
        for column in columns:
            key = key * (len(column.values) + 1) + (column.codes - UNKNOWN)
        met, place = np.unique(key, return_inverse=True)
        held, failed = [], []
        for number in met.tolist():
            facts: dict[str, Value] = {}
            for name, column in reversed(list(zip(names, columns, strict=True))):
                number, code = divmod(number, len(column.values) + 1)
                if code + UNKNOWN != UNKNOWN:
                    facts[name] = column.values[code + UNKNOWN]
            found = truth(kind, facts, {})
            held.append(found == V)
            failed.append(found == F)
        return mask(np.array(held)[place]), mask(np.array(failed)[place])
