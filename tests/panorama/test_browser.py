"""The page in a real Chromium: accessibility, narrow screens, the dark, paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from ..web.browser import COLOURS, assert_fits_and_accessible, opened, violations

pytestmark = pytest.mark.navigateur


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The panorama; anything that the security policy blocks fails the test."""
    with opened(browser, base_url=address) as page:
        page.goto("/panorama")
        yield page


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


def test_the_page_is_accessible_and_fits_any_screen(page: Page) -> None:
    unfold(page)
    assert_fits_and_accessible(page)
    page.emulate_media(color_scheme="dark")
    assert violations(page, COLOURS) == []


def test_the_plots_are_drawn_in_the_colours_of_the_scheme(page: Page) -> None:
    colour = "getComputedStyle(document.querySelector('.dessin .fond-barre')).fill"
    light = page.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(colour)
    page.emulate_media(media="print")
    assert len({light, dark, page.evaluate(colour)}) == 3
    assert page.evaluate("document.querySelector('.dessin svg').getBBox().width") > 200


def test_texts_of_the_plots_stay_readable_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    smallest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('.dessin svg')].flatMap(svg => {"
        " const scale = svg.getBoundingClientRect().width / 360;"
        " return [...svg.querySelectorAll('text')].map("
        " t => scale * parseFloat(t.getAttribute('font-size'))); }))"
    )
    assert smallest >= 9.5


def test_a_link_to_a_community_shows_it(page: Page) -> None:
    page.goto("/panorama#ca-cergy-pontoise")
    place = page.locator("#ca-cergy-pontoise")
    expect(place).to_be_in_viewport()
    assert place.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"


def test_paper_shows_the_tables_and_not_the_downloads(page: Page) -> None:
    table = page.locator(".chiffres table").first
    expect(table).to_be_hidden()
    page.emulate_media(media="print")
    expect(table).to_be_visible()
    expect(page.locator(".panorama .tables")).to_be_hidden()
