"""Draws a chain of reasoning as an SVG: facts, rules applied, rules set aside, answers.

From left to right; a fact stands just before the first rule that reads it.  Only presentation
attributes and classes are used, so that the page's security policy lets it through; the drawing
has a text equivalent on the page (the tree), which says everything in full.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coopdec_rules.advice.chain import Chain, Key, Step
from coopdec_rules.documents.typography import french_text
from coopdec_rules.web.drawing.frame import Frame
from coopdec_rules.web.drawing.layout import Spot, layers, place

_WIDTH, _PAD = 184, 9
_LINE, _FONT, _CHARS, _MAX_LINES = 15, 12, 25, 7
#: Between two boxes; between a rule and one that it sets aside.
_BETWEEN, _UNDER = 12, 20
_FRAME = Frame(_WIDTH, 34, 8, tip=5)
_CLASSES = {
    "fait": "d-fait",
    "presume": "d-presume",
    "regle": "d-regle",
    "ecartee": "d-ecartee",
    "question": "d-question",
    "reponse": "d-reponse",
}
#: Used where no style sheet speaks (a copy of the drawing alone).
_FILL = {"d-ecartee": "#f4f6f9", "d-reponse": "#e5eff9"}


@dataclass(slots=True)
class _Box:
    key: Key
    kind: str
    head: str
    lines: list[str]
    column: int = 0
    x: float = 0
    y: float = 0

    @property
    def height(self) -> float:
        return 2 * _PAD + _LINE * (len(self.lines) + bool(self.head))

    @property
    def spot(self) -> Spot:
        return Spot(self.column, self.y + self.height / 2 - _FRAME.margin)


def draw(
    chain: Chain,
    ident: str,
    title: str,
    heads: Mapping[Key, str],
    open_questions: Mapping[Key, Sequence[str]],
) -> Markup:
    """The drawing of a chain.

    ``heads`` gives each rule's small first line (its rank); ``open_questions`` what an answer that
    is still open waits for.  Texts too long for a box end with « … ».
    """
    boxes, edges, aside = _boxes(chain, heads, open_questions)
    _columns(boxes, edges, aside)
    width, height, bends = _place(boxes, edges, aside)
    parts = [_edge(boxes[a], bends[a, b], boxes[b]) for a, b in edges]
    parts += [_exclusion(boxes[a], boxes[b]) for a, b in aside]
    parts += [_box(box) for box in boxes.values()]
    counted = sum(1 for box in boxes.values() if box.kind == "regle")
    desc = f"{counted} règles appliquées. L'arbre qui suit dit la même chose en toutes lettres."
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="schema colonnes-{7}" role="img" '
        'aria-labelledby="{0}-t {0}-d" viewBox="0 0 {1:.0f} {2:.0f}" width="{1:.0f}" '
        'height="{2:.0f}" font-size="{3}"><title id="{0}-t">{4}</title><desc id="{0}-d">{5}</desc>'
        "{6}</svg>"
    ).format(
        ident, width, height, _FONT, title, desc, Markup("").join(parts),
        len({box.column for box in boxes.values()}),
    )  # fmt: skip


_Edges = list[tuple[Key, Key]]


def _boxes(
    chain: Chain, heads: Mapping[Key, str], open_questions: Mapping[Key, Sequence[str]]
) -> tuple[dict[Key, _Box], _Edges, _Edges]:
    boxes: dict[Key, _Box] = {}
    edges: _Edges = []
    aside: _Edges = []
    for name, step in chain.steps.items():
        kind = "presume" if step.presumed else step.kind
        boxes[name] = _Box(name, kind, _head(step, heads), _wrapped(step.text))
        edges.extend((source, name) for source in step.inputs)
        aside.extend((name, out) for out in step.excludes)
    for target, texts in open_questions.items():
        for text in texts:
            key: Key = ("question", text, None)  # one box, though several answers wait for it
            boxes[key] = _Box(key, "question", "à savoir", _wrapped(text))
            edges.append((key, target))
    return boxes, _reduced(edges), aside


def _head(step: Step, heads: Mapping[Key, str]) -> str:
    if step.kind == "ecartee":
        return "règle écartée"
    if step.kind == "fait":
        return "présumé" if step.presumed else ""
    return heads.get(step.key, "")


def _wrapped(text: str) -> list[str]:
    lines = textwrap.wrap(french_text(text), _CHARS, break_long_words=True) or [""]
    if len(lines) > _MAX_LINES:
        lines = [*lines[: _MAX_LINES - 1], lines[_MAX_LINES - 1][: _CHARS - 2].rstrip(" ,;") + " …"]
    return lines


def _reduced(edges: _Edges) -> _Edges:
    """The edges without those that a longer way already tells (there is no circle)."""
    after: dict[Key, set[Key]] = {}
    for source, target in edges:
        after.setdefault(source, set()).add(target)
    reached: dict[Key, frozenset[Key]] = {}

    def beyond(key: Key) -> frozenset[Key]:
        if key not in reached:
            found: set[Key] = set()
            for following in after.get(key, ()):
                found |= {following} | beyond(following)
            reached[key] = frozenset(found)
        return reached[key]

    return list(
        dict.fromkeys(
            (source, target)
            for source, target in edges
            if not any(target in beyond(other) for other in after[source] if other != target)
        )
    )


def _columns(boxes: dict[Key, _Box], edges: _Edges, aside: _Edges) -> None:
    """Give each box its column: rules after what they rest on, facts just before their reader."""
    outof: dict[Key, list[Key]] = {}
    for source, target in edges:
        outof.setdefault(source, []).append(target)
    depth = layers(list(boxes), edges)
    for key, box in boxes.items():
        box.column = depth[key] or int(box.kind in ("regle", "reponse"))
    last = max((b.column for b in boxes.values() if b.kind != "reponse"), default=0) + 1
    for box in boxes.values():
        if box.kind == "reponse":
            box.column = last
    for key, box in boxes.items():
        if box.kind in ("fait", "presume", "question") and key in outof:
            box.column = min(boxes[target].column for target in outof[key]) - 1
    for by, out in aside:
        boxes[out].column = boxes[by].column


def _place(
    boxes: dict[Key, _Box], edges: _Edges, aside: _Edges
) -> tuple[float, float, dict[tuple[Key, Key], list[Spot]]]:
    """Give each box its place; a rule set aside stands right under the rule that does it.

    Also the size of the drawing, and the bends of each arrow.
    """
    above = {out: by for by, out in aside}

    def top_of(key: Key) -> Key:
        while key in above:
            key = above[key]
        return key

    stacks: dict[Key, list[_Box]] = {}
    for key, box in boxes.items():
        stacks.setdefault(top_of(key), []).append(box)
    ways = {(one, other): (top_of(one), top_of(other)) for one, other in edges}
    columns = {key: boxes[key].column for key in stacks}
    forward = list(dict.fromkeys(w for w in ways.values() if columns[w[0]] < columns[w[1]]))
    heights = {
        key: sum(box.height for box in stack) + _UNDER * (len(stack) - 1)
        for key, stack in stacks.items()
    }
    spots, bends = place(columns, forward, heights, _BETWEEN)
    for key, stack in stacks.items():
        y = spots[key].y - heights[key] / 2 + _FRAME.margin
        for box in sorted(stack, key=lambda box: box.key in above):
            box.x, box.y = _FRAME.left(box.column), y
            y += box.height + _UNDER
    bottom = max(box.y + box.height for box in boxes.values())
    return (
        _FRAME.width(1 + max(columns.values())),
        bottom + _FRAME.margin,
        {edge: bends.get(way, []) for edge, way in ways.items()},
    )


def _edge(source: _Box, bends: Sequence[Spot], target: _Box) -> Markup:
    route = _FRAME.route(source.spot, bends, target.spot)
    x, y = route.end
    return Markup(
        '<path class="d-fleche" fill="none" stroke="#4d5560" d="{0}"/><path class="d-pointe" '
        'fill="#4d5560" d="M{1:.0f} {2:.0f}l6 4-6 4z"/>'
    ).format(route.path, x, y - 4)


def _exclusion(by: _Box, out: _Box) -> Markup:
    x = by.x + _WIDTH / 2
    top, bottom = (by.y + by.height, out.y) if by.y < out.y else (out.y + out.height, by.y)
    return Markup(
        '<path class="d-ecarte" fill="none" stroke="#a3130f" stroke-width="2" '
        'stroke-dasharray="4 3" d="M{0:.0f} {1:.0f}V{2:.0f}"/>'
    ).format(x, top, bottom)


def _box(box: _Box) -> Markup:
    name = _CLASSES[box.kind]
    x, y = box.x, box.y
    texts = [*([box.head] if box.head else []), *box.lines]
    spans = Markup("").join(
        Markup('<tspan x="{:.0f}" y="{:.0f}"{}>{}</tspan>').format(
            x + _PAD,
            y + _PAD + _LINE * (place + 1) - 4,
            Markup(' class="d-tete"') if box.head and place == 0 else "",
            text,
        )
        for place, text in enumerate(texts)
    )
    return Markup(
        '<g class="{}"><rect x="{:.0f}" y="{:.0f}" width="{}" height="{:.0f}" rx="{}" fill="{}" '
        'stroke="#4d5560"{}/><text fill="#1b1f24">{}</text></g>'
    ).format(
        name, x, y, _WIDTH, box.height, 12 if box.kind in ("fait", "presume") else 4,
        _FILL.get(name, "#ffffff"),
        Markup(' stroke-dasharray="5 3"') if box.kind in ("presume", "ecartee", "question") else "",
        spans,
    )  # fmt: skip
