"""The plots that are shipped are what the script draws from the data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coopdec_rules.panorama.data import Panorama, load_panorama
from scripts.panorama import PLOTS, README, plots, readme

from .test_tables import spoil

NAMES = sorted(path.stem for path in PLOTS.glob("*.svg"))


@pytest.fixture(scope="module")
def drawn(panorama: Panorama) -> dict[str, str]:
    return plots(panorama)


def test_what_is_shipped_is_what_is_drawn(drawn: dict[str, str]) -> None:
    assert sorted(drawn) == NAMES
    for name, svg in drawn.items():
        shipped = (PLOTS / f"{name}.svg").read_text(encoding="utf-8")
        assert shipped == svg, f"{name}: run python -m scripts.panorama"


def test_the_list_of_columns_is_up_to_date(panorama: Panorama) -> None:
    assert README.read_text(encoding="utf-8") == readme(panorama), "run python -m scripts.panorama"


@pytest.mark.parametrize("name", NAMES)
def test_a_plot_suits_the_page(drawn: dict[str, str], name: str) -> None:
    svg = drawn[name]
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 ')
    alternative = re.search(r'role="img" aria-label="([^"]{40,})"', svg)
    assert alternative, "no text alternative"
    # The pages' policy refuses styles and scripts; several plots stand in one page.
    assert not re.search(r"\b(style|id|href|clip-path)=|<(style|script|defs|metadata)\b", svg)
    assert len(svg) < 16_000
    colours = set(re.findall(r"#[0-9a-f]{6}", svg))
    assert not {c for c in colours if c.startswith("#0") and c != "#0a4a94"}, "a colour is unnamed"
    for x in re.findall(r'<text[^>]* x="([-\d.]+)"', svg):
        assert 0 <= float(x) <= 360


def test_the_plots_follow_the_data(copy: Path, drawn: dict[str, str]) -> None:
    spoil(copy, "paliers.csv", 'réflexion",74', 'réflexion",75')
    changed = plots(load_panorama(copy))
    assert {name for name in changed if changed[name] != drawn[name]} == {"paliers"}
    assert "réflexion : 75" in changed["paliers"]
