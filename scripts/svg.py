"""Turns a matplotlib figure into a short, deterministic SVG that a page can style.

matplotlib writes ``style`` attributes, which the pages' security policy refuses, and fixed colours.
Here each property becomes an attribute, and the five colours below become classes: ``fond-…`` for a
fill, ``trait-…`` for a stroke.  The attributes keep a colour that reads on white, for whoever opens
the file alone.
"""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import matplotlib
from matplotlib.figure import Figure

#: Colours to draw with; what they are called, and what they look like outside the page.
INK, SOFT, BAR, OUTLINE, GRID = "#010101", "#020202", "#030303", "#040404", "#050505"
_CLASSES = {
    INK: ("encre", "#1b1f24"),
    SOFT: ("doux", "#4d5560"),
    BAR: ("barre", "#0a4a94"),
    OUTLINE: ("clair", "#e5eff9"),
    GRID: ("grille", "#c3cad3"),
}
_SVG = "http://www.w3.org/2000/svg"
_KEPT = {"font-size", "font-weight", "stroke-width", "text-anchor"}
_NUMBER = re.compile(r"-?\d+\.\d+")


def svg_of(figure: Figure, alternative: str) -> str:
    """The figure in SVG; ``alternative`` is its text alternative."""
    options = {"svg.fonttype": "none", "svg.hashsalt": "coopdec", "path.simplify": False}
    buffer = io.StringIO()
    with matplotlib.rc_context(options):
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(buffer.getvalue())  # noqa: S314 (what was just drawn)
    box = root.get("viewBox") or ""
    drawn = ElementTree.Element(
        f"{{{_SVG}}}svg", {"viewBox": box, "role": "img", "aria-label": alternative}
    )
    for element in root.iter():
        kind = element.tag.partition("}")[2]
        if kind in ("path", "text") and (made := _made(element, kind)) is not None:
            drawn.append(made)
    ElementTree.indent(drawn, "")
    return ElementTree.tostring(drawn, encoding="unicode") + "\n"


def _made(element: ElementTree.Element, kind: str) -> ElementTree.Element | None:
    """A path or a text with attributes only; nothing for what would not be seen."""
    style = dict(
        (part.strip() for part in entry.split(":", 1))
        for entry in (element.get("style") or "").split(";")
        if ":" in entry
    )
    attributes: dict[str, str] = {}
    classes = []
    for name, word in (("fill", "fond"), ("stroke", "trait")):
        colour = style.get(name, element.get(name) or ("none" if name == "stroke" else ""))
        if colour in _CLASSES:
            called, alone = _CLASSES[colour]
            classes.append(f"{word}-{called}")
            attributes[name] = alone
        elif kind == "path":
            attributes[name] = "none"
    if not classes:
        return None
    attributes["class"] = " ".join(classes)
    attributes.update(
        (name, value.removesuffix("px")) for name, value in style.items() if name in _KEPT
    )
    if kind == "path":
        attributes["d"] = _short(" ".join((element.get("d") or "").split()))
    else:
        attributes.update((name, _short(element.get(name) or "0")) for name in ("x", "y"))
    made = ElementTree.Element(f"{{{_SVG}}}{kind}", attributes)
    made.text = element.text if kind == "text" else None
    return made


def _short(numbers: str) -> str:
    """Coordinates to a tenth: finer does not show, and differs between machines."""
    return _NUMBER.sub(lambda match: f"{float(match[0]):.1f}".removesuffix(".0"), numbers)
