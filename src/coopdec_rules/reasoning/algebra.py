"""What truths are made of when the law is read: the extension point of ``Reading``.

An algebra is five names.  ``Program`` (solver literals: every scenario), ``Bits`` (one bit per
scenario of a batch) and ``Booleans`` (one scenario) are algebras; so is anything that combines
element by element, such as a column of a table with one row per scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from coopdec_rules.reasoning.places import Place

T = TypeVar("T")
#: Where something certainly holds, and where it certainly does not; elsewhere it is in doubt.
Truth = tuple[T, T]
#: Truth of a comparison of facts (by its place in the rulebook's table) at a place, supposing that
#: its facts have an object.
Comparison = Callable[[int, Place], Truth[T]]


class Algebra(Protocol[T]):
    """Combines sides of truths; nothing is ever asked of one of them alone."""

    @property
    def true(self) -> T: ...

    @property
    def false(self) -> T: ...

    def all_of(self, parts: Iterable[T], /) -> T:
        """Where all of these are; everywhere when there are none."""

    def any_of(self, parts: Iterable[T], /) -> T:
        """Where one of these is; nowhere when there are none."""

    def no(self, part: T, /) -> T:
        """Where this is not."""


class Booleans:
    """Truths of one scenario."""

    true = True
    false = False

    def all_of(self, parts: Iterable[bool]) -> bool:
        return all(parts)

    def any_of(self, parts: Iterable[bool]) -> bool:
        return any(parts)

    def no(self, part: bool) -> bool:
        return not part


class Bits:
    """Truths of a batch of scenarios: one bit of an integer for each."""

    false = 0

    def __init__(self, full: int) -> None:
        #: One bit set for each scenario.
        self.true = full

    def all_of(self, parts: Iterable[int]) -> int:
        found = self.true
        for part in parts:
            found &= part
            if not found:
                return 0
        return found

    def any_of(self, parts: Iterable[int]) -> int:
        found = 0
        for part in parts:
            found |= part
        return found

    def no(self, part: int) -> int:
        return self.true & ~part
