"""Boxes of a graph: arrows run to the right, nothing overlaps."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from coopdec_rules.web.drawing.layout import layers, place
from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.drawing import GAP, draw
from coopdec_rules.web.recueil.graph import Graph, Node
from coopdec_rules.web.recueil.room import Room

NAMES = [f"n{i}" for i in range(9)]
edges = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=25).map(
    lambda pairs: list(dict.fromkeys((NAMES[min(p)], NAMES[max(p)]) for p in pairs if p[0] != p[1]))
)


@given(edges)
def test_arrows_run_to_the_right_and_boxes_stay_apart(found: list[tuple[str, str]]) -> None:
    columns = layers(NAMES, found)
    assert all(columns[a] < columns[b] for a, b in found)
    heights = {name: 20.0 + 10 * i for i, name in enumerate(NAMES)}
    spots, bends = place(columns, found, heights, GAP)
    assert set(spots) == set(NAMES)
    for a, b in found:
        assert [p.column for p in bends[a, b]] == list(range(columns[a] + 1, columns[b]))
    for a, b in itertools.combinations(NAMES, 2):
        if columns[a] == columns[b]:
            apart = abs(spots[a].y - spots[b].y)
            assert apart >= (heights[a] + heights[b]) / 2 - 1e-6


def test_a_circle_does_not_stop_the_drawing() -> None:
    graph = Graph()
    for name in ("a", "b"):
        graph.node(Node(name, "regle", name, "", f"/{name}"))
    graph.edge("a", "b")
    graph.edge("b", "a")
    assert len(draw(graph).boxes) == 2


def test_what_is_written_in_a_box_stays_in_it(room: Room, both: Days) -> None:
    graphs = room.graphs
    drawn = [
        draw(graphs.whole(both)),
        *(draw(graphs.conclusion(both, name)) for name in room.book.conclusions),
    ]
    for drawing in drawn:
        assert drawing.boxes
        for box in drawing.boxes:
            lines = [y for y, _ in box.lines] + ([box.note[0]] if box.note else [])
            assert all(box.y < y < box.y + box.height for y in lines)
            assert box.x >= 0
            assert box.x + box.width <= drawing.width
            assert box.y + box.height <= drawing.height
