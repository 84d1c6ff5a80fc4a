"""Columns of boxes of one width, and the way of an arrow between them, in SVG units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coopdec_rules.web.drawing.layout import Spot


@dataclass(frozen=True, slots=True)
class Route:
    """The path of an arrow, where it ends, and the middle of its last stretch."""

    path: str
    end: tuple[float, float]
    middle: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """``box`` is the width of a box, ``gutter`` what is between two columns; ``tip`` is left for
    the point of an arrow."""

    box: int
    gutter: int
    margin: int
    tip: int

    def left(self, column: int) -> float:
        """Left side of a column."""
        return self.margin + column * (self.box + self.gutter)

    def width(self, columns: int) -> int:
        """Width of a drawing of so many columns."""
        return self.margin * 2 + columns * self.box + max(columns - 1, 0) * self.gutter

    def route(self, start: Spot, bends: Sequence[Spot], end: Spot) -> Route:
        """The way of an arrow: through its bends, straight along a column, curved between two."""
        points = [(self.left(start.column) + self.box, start.y + self.margin)]
        for bend in bends:
            points.append((self.left(bend.column), bend.y + self.margin))
            points.append((self.left(bend.column) + self.box, bend.y + self.margin))
        points.append((self.left(end.column) - self.tip, end.y + self.margin))
        path = f"M{points[0][0]:.0f} {points[0][1]:.1f}"
        for index, (x, y) in enumerate(points[1:]):
            before_x, before_y = points[index]
            if index % 2:
                path += f" L{x:.0f} {y:.1f}"
            else:
                bend_x = (x - before_x) / 2
                path += (
                    f" C{before_x + bend_x:.0f} {before_y:.1f} {x - bend_x:.0f} {y:.1f} "
                    f"{x:.0f} {y:.1f}"
                )
        (near_x, near_y), (last_x, last_y) = points[-2:]
        middle = (last_x + near_x) / 2, (last_y + near_y) / 2
        return Route(path, points[-1], middle)
