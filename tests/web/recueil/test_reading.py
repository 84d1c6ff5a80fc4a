"""A lawyer in the browser: her task, the keyboard, small screens, no JavaScript, print."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.browser import COLOURS, assert_fits_and_accessible, opened, violations

pytestmark = pytest.mark.navigateur

OUTSIDE = "2005-03-01"
KINDS = {
    "contents": "/recueil?au=2005-03-01",
    "contents of two days": "/recueil?au=2005-03-01&et=2024-01-01",
    "text": "/recueil/textes/1970-exclusivite?au=2005-03-01",
    "text of two days": "/recueil/textes/1992-02-06-loi-atr?au=2005-03-01&et=2024-01-01",
    "rule": "/recueil/regles/commune-dessaisie?au=2005-03-01",
    "rule of two days": "/recueil/regles/commune-dessaisie?au=2000-01-01&et=2005-03-01",
    "rule with versions": "/recueil/regles/competences:communaute_agglomeration:eau",
    "theme": "/recueil/themes/volet.point_competence?au=2005-03-01",
    "vocabulary": "/recueil/vocabulaire",
    "impossible combinations": "/recueil/espace?au=1995-03-01",
    "properties": "/recueil/proprietes",
    "properties of a text": "/recueil/proprietes/60-apports?au=2005-03-01&et=2024-01-01",
    "norms": "/recueil/normes",
    "sources": "/recueil/sources",
    "table": "/recueil/tables/competences?au=2005-03-01&et=2024-01-01",
    "changes": "/recueil/changements",
    "search": "/recueil/recherche?q=commune+dessaisie&au=2005-03-01",
    "graph": "/recueil/graphe?au=2005-03-01",
    "graph of a conclusion": (
        "/recueil/graphe/conclusions/volet.point_competence?au=2005-03-01&et=2024-01-01"
    ),
    "graph of a rule": "/recueil/graphe/regles/commune-dessaisie?au=2005-03-01",
}


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page; anything that the security policy blocks fails the test."""
    with opened(browser, base_url=address, locale="fr-FR") as page:
        yield page


def test_the_refusal_of_2005_its_exceptions_and_what_became_of_it(page: Page) -> None:
    """On what does the refusal rest, what sets it aside, is it still so?  Three clicks."""
    page.goto("/recueil")
    page.get_by_label("Droit au").fill(OUTSIDE)
    page.get_by_role("button", name="Lire à cette date").click()
    page.get_by_role("link", name="Compétence pour le volet").first.click()
    refusals = page.get_by_role("region", name="S’y oppose")
    refusals.get_by_role("link", name="la commune en est dessaisie").click()
    # On what it rests.
    card = page.get_by_role("article", name="Règle commune-dessaisie")
    expect(card).to_contain_text("détenteur de la compétence, parmi : le groupement")
    expect(card).to_contain_text("16 octobre 1970, n° 71536, Commune de Saint-Vallier")
    expect(card).to_contain_text("Du 20 avril 2001 au 6 février 2007")
    # What sets it aside.
    expect(card).to_contain_text("intérêt local plus étroit que celui de la communauté : non")
    expect(card.locator(".exceptions")).to_contain_text("engagement-poursuivi")
    # Whether it is still so.
    standing = page.locator(".situation")
    expect(standing).to_contain_text("✓ En vigueur le 1er mars 2005")
    expect(standing).to_contain_text("≠ Aujourd’hui, une autre version de cette règle s’applique")
    expect(standing).to_contain_text("Hors de la loi sur l’action extérieure")


def test_the_same_question_asked_in_words(page: Page) -> None:
    page.goto("/recueil?au=2005-03-01")
    page.get_by_label("Chercher dans le recueil").fill("commune dessaisie compétence groupement")
    page.keyboard.press("Enter")
    first = page.locator(".resultats a").filter(has_text="la commune en est dessaisie").first
    first.click()
    expect(page.locator(".situation")).to_contain_text("En vigueur le 1er mars 2005")


def test_a_scenario_of_the_rule_opens_in_the_form(page: Page) -> None:
    page.goto("/recueil/regles/commune-dessaisie?au=2005-03-01")
    expect(page.get_by_text(re.compile("ne peut pas mener cette action")).first).to_be_visible()
    page.get_by_role("link", name="Modifier ce scénario").click()
    expect(page.locator("main")).to_contain_text("Une commune sans lien antérieur")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_page_is_accessible_and_fits_any_screen(page: Page, kind: str) -> None:
    page.goto(KINDS[kind])
    # Some of what is folded is looked at too; all of it makes pages of a thousand links.
    page.evaluate(
        "[...document.querySelectorAll('details')].slice(0, 4).forEach(d => d.open = true)"
    )
    assert_fits_and_accessible(page)


@pytest.mark.parametrize(
    "kind", ["text of two days", "rule", "table", "properties of a text", "graph of a conclusion"]
)
def test_contrast_holds_in_the_dark(page: Page, kind: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(KINDS[kind])
    assert violations(page, COLOURS) == []


def test_boxes_of_a_graph_are_reached_and_opened_with_the_keyboard(page: Page) -> None:
    page.goto(KINDS["graph of a rule"])
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('svg a.conclusion')"):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/recueil/graphe/conclusions/"))
    expect(page.get_by_role("heading", name="La même chose en texte")).to_be_visible()


def test_days_are_chosen_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/recueil/textes/1970-exclusivite")
    page.fill("#au", OUTSIDE)
    page.fill("#et", "2024-01-01")
    page.get_by_role("button", name="Lire à cette date").click()
    expect(page.locator(".cote-jour").first).to_have_text("A — 1er mars 2005")
    page.get_by_role("link", name="Ne plus comparer").click()
    expect(page.locator(".cote-jour")).to_have_count(0)
    expect(page.locator("#au")).to_have_value(OUTSIDE)
    context.close()


def test_printing_opens_what_is_folded_and_leaves_the_tools_out(page: Page) -> None:
    page.goto(KINDS["text"])
    folded = page.locator(".plus-loin dl").first
    expect(folded).to_be_hidden()
    page.emulate_media(media="print")
    expect(folded).to_be_visible()
    expect(page.locator(".outils")).to_be_hidden()
