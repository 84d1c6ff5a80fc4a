"""From a situation to the avis in a real Chromium: with and without JavaScript, by keyboard."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from coopdec_rules.web.avis.permalink import decode
from scripts.parcours import journeys, walk
from tests.web.browser import COLOURS, WIDTHS, opened, overflow, violations

pytestmark = pytest.mark.navigateur


def fits(page: Page) -> None:
    """No width makes the page overflow, and axe finds nothing."""
    assert not violations(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0, width
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})


def test_each_screen_fits_and_is_accessible(browser: Browser, address: str) -> None:
    with opened(browser, base_url=address) as page:
        page.goto("/")
        fits(page)
        page.locator("a[href='/situation/puits-ecole']").click()
        fits(page)
        page.fill("#f-date", "mars 2006")
        page.fill("#q", "vienne")
        page.locator("[role=option]").first.click()
        expect(page.get_by_text("Le jour n’était pas écrit")).to_be_visible()
        for summary in page.locator("#questions summary").all():
            summary.click()
        fits(page)
        page.emulate_media(color_scheme="dark")
        assert not violations(page, COLOURS)


def test_a_clumsy_journey_gets_there(browser: Browser, address: str) -> None:
    with opened(browser, base_url=address) as page:
        made = walk(page, journeys()["maladroit"])
    assert made.screens <= 4
    assert len(made.questions) <= 9
    assert len(set(made.questions)) == len(made.questions)
    assert any("pas lu comme un nombre" in text for text in made.refused)


def test_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.locator("a[href='/situation/jumelage']").click()
    page.fill("#q", "cognac")
    page.locator("button[name=chercher]").click()
    page.locator("input[name=lieu]").first.check()
    page.locator("button[value=remplir]").click()
    page.locator("input[value=charte]").check()
    page.locator("input[name='/partenaire/0/pays']").fill("le senegal")
    page.locator(".envoi button[value=suite]").click()
    # The framework of an ordinary country is presumed: it is not asked.
    expect(page.locator("[name='/partenaire/0/reconnue_par_la_france']")).to_have_count(0)
    page.locator(".envoi button[value=avis]").click()
    assert "/avis" in page.url
    said = decode(parse_qs(urlsplit(page.url).query)["s"][0])
    assert said["partenaire"] == [{"nature": "collectivite_territoriale", "pays": "SN"}]
    context.close()


def test_with_the_keyboard_only(browser: Browser, address: str) -> None:
    with opened(browser, base_url=address) as page:
        page.goto("/")
        page.locator("a[href='/situation/don-catastrophe']").focus()
        page.keyboard.press("Enter")
        page.locator("#q").focus()
        page.keyboard.type("cognac")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        payee = page.locator("#f-action-contributions-0-beneficiaire")
        expect(payee).to_be_visible()
        payee.focus()
        with page.expect_response("**/situation/don-catastrophe"):
            page.keyboard.type("l'État ou")
        # It brings what is still worth asking, and Enter in a field goes on.
        expect(page.locator("[name='/action/contributions/0/affectee']")).to_have_count(0)
        page.locator(".envoi button[value=suite]").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/avis?**")
