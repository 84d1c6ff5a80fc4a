"""Where the law is read: the scenario as a whole, or one item of a repeated group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Where something is read: ``None`` for the scenario, else a repeated group and one of its items.
Place = tuple[str, int] | None
#: A variable (by its place in ``Variables.all``) at a place.
Slot = tuple[Place, int]


@dataclass(frozen=True)
class Shape:
    """How many items each repeated group has."""

    counts: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> Shape:
        return cls(tuple(sorted(counts.items())))

    def places(self, scope: str | None) -> list[Place]:
        """Places at which something of this scope is read."""
        if scope is None:
            return [None]
        return [(scope, index) for index in range(dict(self.counts)[scope])]

    def every(self) -> list[Place]:
        """The scenario, then every item."""
        return [None, *((name, index) for name, count in self.counts for index in range(count))]


def focus(scope: str | None) -> Place:
    """Where something of this scope is looked at; all items are alike."""
    return None if scope is None else (scope, 0)
