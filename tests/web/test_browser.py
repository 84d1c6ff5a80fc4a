"""The other pages in a real Chromium, and the way back from an avis to its answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

import coopdec_rules.web
from coopdec_rules.web.avis.permalink import encode
from tests.documents.conftest import subsidy
from tests.web.browser import COLOURS, assert_fits_and_accessible, opened, violations

pytestmark = pytest.mark.navigateur

STATIC = Path(coopdec_rules.web.__file__).parent / "static"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page; anything that the security policy blocks fails the test."""
    with opened(browser, "404", "400", base_url=address) as page:
        yield page


DOCUMENTS = "/avis/documents?" + urlencode({"s": encode(subsidy())})


@pytest.mark.parametrize("path", ["/api", "/rien", "/demande?cas=aucun", "/avis?s=abc", DOCUMENTS])
def test_pages_are_accessible_and_fit_any_screen(page: Page, path: str) -> None:
    page.goto(path)
    assert_fits_and_accessible(page)
    page.emulate_media(color_scheme="dark")
    assert violations(page, COLOURS) == []


def test_what_is_looked_at_stands_for_what_is_not() -> None:
    """Axe is run at 1280 and 320 px, and for colours only in the dark: see ``browser``."""
    for sheet in STATIC.glob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        for kind, size in re.findall(r"\((min|max)-width: ([0-9.]+)rem\)", text):
            changes_at = float(size) * 16 + (1 if kind == "max" else 0)
            assert not 320 < changes_at <= 390, f"{sheet.name}: what 390 px shows is not tried"
        for block in re.findall(r"prefers-color-scheme[^{]*\{(.*?)\n\}", text, re.S):
            inside = re.sub(r"[a-z:]+ *\{|\}", "", block)
            properties = re.findall(r"([\w-]+) *:", inside)
            assert properties, sheet.name
            assert all(p.startswith("--") or p == "color-scheme" for p in properties), sheet.name


def test_the_answers_of_an_avis_can_be_changed(page: Page) -> None:
    page.goto("/demande?cas=cas-1-action-mixte-de-la-commune")
    page.locator(".envoi").first.get_by_role("button", name="Voir l’avis").click()
    before = page.locator(".phrase").first.inner_text()
    page.get_by_text("Modifier les réponses").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Résumé de vos réponses")
    page.get_by_role("button", name="Modifier : Volet 1, À quel domaine").click()
    page.select_option("#f-action-volets-0-domaine", "ecoles")
    page.check("input[name='/action/volets/0/transfert'][value='aucune']")
    page.locator(".envoi").get_by_role("button", name="Voir l’avis maintenant").click()
    expect(page.locator(".phrase").first).not_to_have_text(before)
