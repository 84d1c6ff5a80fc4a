"""Places the boxes of a graph in columns, so that arrows run from left to right and cross little.

The usual layered drawing (Sugiyama, Tagawa and Toda, 1981) in its simplest form: longest-path
columns, invisible bends where an arrow spans several, and a few sweeps that order each column by
the mean place of its neighbours.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

#: What names a node.
N = TypeVar("N", bound=Hashable)

_SWEEPS = 8
#: How many arrows pass in the gap between two boxes.
_CLOSE = 3


@dataclass(frozen=True, slots=True)
class Spot:
    """Column, and distance of the middle of the box from the top."""

    column: int
    y: float


def layers(nodes: Sequence[N], edges: Iterable[tuple[N, N]]) -> dict[N, int]:
    """Column of each node: one more than the last of those that lead to it.

    An edge that would close a circle is left out of account.

    >>> layers(["a", "b", "c"], [("a", "b"), ("b", "c"), ("a", "c")])
    {'a': 0, 'b': 1, 'c': 2}
    """
    before: dict[N, list[N]] = {node: [] for node in nodes}
    for start, end in edges:
        before[end].append(start)
    found: dict[N, int] = {}
    open_: set[N] = set()

    def level(node: N) -> int:
        if node not in found:
            open_.add(node)
            found[node] = max((level(p) + 1 for p in before[node] if p not in open_), default=0)
            open_.discard(node)
        return found[node]

    return {node: level(node) for node in nodes}


def place(
    columns: Mapping[N, int],
    edges: Sequence[tuple[N, N]],
    heights: Mapping[N, float],
    gap: float,
) -> tuple[dict[N, Spot], dict[tuple[N, N], list[Spot]]]:
    """Where each node stands, and the bends of each edge that spans several columns.

    ``heights`` are those of the boxes; ``gap`` is kept between two of a column.
    """
    width = 1 + max(columns.values(), default=0)
    rows: list[list[Hashable]] = [[] for _ in range(width)]
    for node, column in columns.items():
        rows[column].append(node)
    chains: dict[tuple[N, N], list[Hashable]] = {}
    links: list[tuple[Hashable, Hashable]] = []
    for start, end in edges:
        chain: list[Hashable] = [(start, end, c) for c in range(columns[start] + 1, columns[end])]
        for column, bend in enumerate(chain, columns[start] + 1):
            rows[column].append(bend)
        chains[start, end] = chain
        path: list[Hashable] = [start, *chain, end]
        links += pairwise(path)
    _order(rows, links)
    tall: dict[Hashable, float] = {node: height for node, height in heights.items()}  # noqa: C416
    middle = _heights(rows, links, tall, gap)
    spots = {node: Spot(columns[node], middle[node]) for node in columns}
    bends = {
        edge: [Spot(columns[edge[0]] + 1 + i, middle[bend]) for i, bend in enumerate(chain)]
        for edge, chain in chains.items()
    }
    return spots, bends


def _order(rows: list[list[Hashable]], links: Sequence[tuple[Hashable, Hashable]]) -> None:
    before, after = _neighbours(links)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        near = before if down else after
        order = range(1, len(rows)) if down else range(len(rows) - 2, -1, -1)
        for index in order:
            other = rows[index - 1 if down else index + 1]
            rank = {node: place for place, node in enumerate(other)}
            current = {node: place for place, node in enumerate(rows[index])}

            def mean(
                node: Hashable,
                rank: Mapping[Hashable, int] = rank,
                current: Mapping[Hashable, int] = current,
                near: Mapping[Hashable, list[Hashable]] = near,
                other_count: int = max(len(other), 1),
                count: int = max(len(rows[index]), 1),
            ) -> float:
                found = [rank[n] for n in near.get(node, ()) if n in rank]
                if found:
                    return sum(found) / len(found) / other_count
                return current[node] / count

            rows[index].sort(key=mean)


def _heights(
    rows: Sequence[Sequence[Hashable]],
    links: Sequence[tuple[Hashable, Hashable]],
    heights: Mapping[Hashable, float],
    gap: float,
) -> dict[Hashable, float]:
    """Middles: columns are packed, centred, then drawn towards their neighbours without overlap."""
    total = [sum(_room(n, heights, gap) for n in row) for row in rows]
    tallest = max(total, default=0.0)
    middle: dict[Hashable, float] = {}
    for row, tall in zip(rows, total, strict=True):
        y = (tallest - tall) / 2
        for node in row:
            room = _room(node, heights, gap)
            middle[node] = y + room / 2
            y += room
    before, after = _neighbours(links)
    for near in (before, after, before):
        for row in rows:
            wanted = {}
            for node in row:
                found = [middle[n] for n in near.get(node, ())]
                wanted[node] = sum(found) / len(found) if found else middle[node]
            _settle(row, wanted, heights, gap, tallest, middle)
    return middle


def _settle(
    row: Sequence[Hashable],
    wanted: Mapping[Hashable, float],
    heights: Mapping[Hashable, float],
    gap: float,
    tallest: float,
    middle: dict[Hashable, float],
) -> None:
    """Put a column's nodes as near as can be to where they want to be, in their order."""
    low = 0.0
    for node in row:
        half = _room(node, heights, gap) / 2
        middle[node] = max(wanted[node], low + half)
        low = middle[node] + half
    high = tallest
    for node in reversed(row):
        half = _room(node, heights, gap) / 2
        middle[node] = min(middle[node], high - half)
        high = middle[node] - half


def _room(node: Hashable, heights: Mapping[Hashable, float], gap: float) -> float:
    """Height that a box takes with the gap around it; arrows that pass by run close together."""
    return heights[node] + gap if node in heights else gap / _CLOSE


def _neighbours(
    links: Sequence[tuple[Hashable, Hashable]],
) -> tuple[dict[Hashable, list[Hashable]], dict[Hashable, list[Hashable]]]:
    before: dict[Hashable, list[Hashable]] = {}
    after: dict[Hashable, list[Hashable]] = {}
    for start, end in links:
        before.setdefault(end, []).append(start)
        after.setdefault(start, []).append(end)
    return before, after
