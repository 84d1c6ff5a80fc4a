"""The other pages in a real Chromium, and the way back from an avis to its answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.guide.browsing import chromium, overflow, violations

pytestmark = pytest.mark.navigateur

WIDTHS = (1280, 390, 320)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from chromium()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page; anything that the security policy blocks fails the test."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    # Chromium reports every answer of 400 and more; some are asked for on purpose.
    assert [text for text in complaints if "404" not in text and "400" not in text] == []


@pytest.mark.parametrize("path", ["/api", "/rien", "/demande?cas=aucun", "/avis?s=abc"])
def test_pages_are_accessible_and_fit_any_screen(page: Page, path: str) -> None:
    page.goto(path)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert overflow(page) <= 0, f"{path}, {width} px"
            assert violations(page) == [], f"{path}, {width} px, {scheme}"


def test_the_answers_of_an_avis_can_be_changed(page: Page) -> None:
    page.goto("/demande?cas=cas-1-action-mixte-de-la-commune")
    page.locator(".envoi").first.get_by_role("button", name="Voir l'avis").click()
    before = page.locator(".phrase").first.inner_text()
    page.get_by_text("Modifier les réponses").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Résumé de vos réponses")
    page.get_by_role("button", name="Modifier : Volet 1, À quel domaine").click()
    page.select_option("#f-action-volets-0-domaine", "ecoles")
    page.check("input[name='/action/volets/0/transfert'][value='aucune']")
    page.locator(".envoi").get_by_role("button", name="Voir l'avis maintenant").click()
    expect(page.locator(".phrase").first).not_to_have_text(before)
