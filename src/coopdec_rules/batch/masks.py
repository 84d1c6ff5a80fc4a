"""Rows as bits of an integer: what a law read on many rows is made of (``algebra.Bits``)."""

from __future__ import annotations

import numpy as np

from coopdec_rules.batch.sheet import Flags


def mask(flags: Flags) -> int:
    """One bit set for each row that is true."""
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def flags(found: int, size: int) -> Flags:
    """The rows of a mask."""
    data = np.frombuffer(found.to_bytes((size + 7) // 8, "little"), dtype=np.uint8)
    return np.unpackbits(data, count=size, bitorder="little").view(np.bool_)
