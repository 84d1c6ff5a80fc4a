"""A graph as shapes: boxes with their lines of text, and arrows, in SVG units."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from coopdec_rules.web.drawing.frame import Frame
from coopdec_rules.web.drawing.layout import Spot, layers, place
from coopdec_rules.web.recueil.graph import Edge, Graph, Node

BOX, GAP, MARGIN = 208, 12, 12
_FRAME = Frame(BOX, 76, MARGIN, tip=6)
_LINE, _PAD, _CHARACTERS, _LINES = 15, 7, 28, 5


@dataclass(frozen=True, slots=True)
class Box:
    node: Node
    x: float
    y: float
    width: float
    height: float
    lines: tuple[tuple[float, str], ...]
    note: tuple[float, str] | None


@dataclass(frozen=True, slots=True)
class Arrow:
    edge: Edge
    path: str
    #: Where the number of rules is written.
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def draw(graph: Graph) -> Drawing:
    """Place every box and arrow of a graph."""
    ends = list(graph.edges)
    columns = _drawn_near(layers(list(graph.nodes), ends), ends)
    forward = [(a, b) for a, b in ends if columns[a] < columns[b]]
    texts = {ident: _lines(node) for ident, node in graph.nodes.items()}
    heights = {ident: _height(node, texts[ident]) for ident, node in graph.nodes.items()}
    spots, bends = place(columns, forward, heights, GAP)
    boxes = [
        _box(node, spots[ident], heights[ident], texts[ident])
        for ident, node in sorted(
            graph.nodes.items(), key=lambda n: (spots[n[0]].column, spots[n[0]].y)
        )
    ]
    arrows = [_arrow(graph.edges[a, b], spots[a], bends[a, b], spots[b]) for a, b in forward]
    bottom = max((box.y + box.height for box in boxes), default=0)
    width = _FRAME.width(1 + max(columns.values(), default=0))
    return Drawing(width, round(bottom + MARGIN), tuple(boxes), tuple(arrows))


def _drawn_near(columns: dict[str, int], ends: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Boxes to which nothing leads stand just before the first that they lead to."""
    led = {end for _, end in ends}
    after: dict[str, list[int]] = {}
    for start, end in ends:
        after.setdefault(start, []).append(columns[end])
    return {
        node: max(min(after[node]) - 1, 0) if node not in led and node in after else column
        for node, column in columns.items()
    }


def _lines(node: Node) -> list[str]:
    sign = {"moins": "− ", "plus": "+ "}.get(node.mark, "")
    return textwrap.wrap(
        sign + node.title, _CHARACTERS, max_lines=_LINES, placeholder=" …", break_on_hyphens=False
    ) or [node.id]


def _height(node: Node, lines: Sequence[str]) -> float:
    return 2 * _PAD + _LINE * (len(lines) + (1 if node.note else 0))


def _box(node: Node, spot: Spot, height: float, lines: Sequence[str]) -> Box:
    top = spot.y - height / 2 + MARGIN
    placed = tuple((round(top + _PAD + _LINE * (i + 0.8), 1), t) for i, t in enumerate(lines))
    note = None
    if node.note:
        short = node.note if len(node.note) <= _CHARACTERS else node.note[: _CHARACTERS - 1] + "…"
        note = (round(top + _PAD + _LINE * (len(lines) + 0.8), 1), short)
    return Box(node, _FRAME.left(spot.column), round(top, 1), BOX, height, placed, note)


def _arrow(edge: Edge, start: Spot, bends: Sequence[Spot], end: Spot) -> Arrow:
    route = _FRAME.route(start, bends, end)
    return Arrow(edge, route.path, *route.middle)
