"""Whole journeys through the form in a real Chromium, from the start page to the avis."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from coopdec_rules.rulebook.rulebook import Rulebook
from tests.web.browser import (
    COLOURS,
    assert_fits_and_accessible,
    opened,
    overflow,
    violations,
)

pytestmark = pytest.mark.navigateur

NATURE = "#f-acteur-nature"
DOMAIN = "#f-action-volets-{}-domaine"
TRANSFER = "/action/volets/{}/transfert"
COMMUNITY = "/action/volets/{}/interet_communautaire"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page on the start page; anything the security policy blocks fails the test."""
    with opened(browser, base_url=address) as page:
        page.goto("/")
        yield page


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[Page]:
    """The same without JavaScript."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


def begin(page: Page) -> None:
    page.locator(".situations .autre a").click()


def press(page: Page, name: str) -> None:
    page.locator(".envoi").last.get_by_role("button", name=name, exact=True).click()


def onward(page: Page, heading: str) -> None:
    press(page, "Continuer")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading.replace("'", "’"))


def settle(page: Page) -> None:
    """Wait until the follow-up questions are there."""
    page.wait_for_function(
        """() => {
          const s = document.querySelector('#questions')?.dataset.adresse;
          return s && location.search === new URL(s, location.href).search;
        }"""
    )


def choose(page: Page, name: str, value: str) -> None:
    with page.expect_response("**/demande"):
        page.check(f"input[name='{name}'][value='{value}']")
    settle(page)


def select(page: Page, selector: str, value: str) -> None:
    with page.expect_response("**/demande"):
        page.select_option(selector, value)
    settle(page)


def find(page: Page, words: str, name: str) -> None:
    page.locator("#q").press_sequentially(words)
    page.get_by_role("option", name=name).first.click()
    expect(page.locator("#rempli")).to_be_focused()


def resolve_earlier_engagement(page: Page) -> None:
    """Answer, from the summary, a question that only a later answer called for."""
    page.get_by_role("button", name="Résumé").click()
    page.get_by_role("link", name="La commune avait-elle déjà un engagement").click()
    name = "/action/engagement_anterieur"
    expect(page.locator(f"input[name='{name}']").first).to_be_focused()
    choose(page, name, "aucun")
    page.get_by_role("button", name="Résumé").click()
    expect(page.locator("main")).to_contain_text("aucun engagement antérieur")


def sign(page: Page) -> None:
    """Say, at the step of the decision, that the action is decided by a convention."""
    page.get_by_role("button", name="Décision").click()
    choose(page, "/acte/forme", "convention")


def first_answer(page: Page) -> str:
    expect(page).to_have_url(re.compile(r"/avis\?"))
    return page.locator(".phrase").first.inner_text()


def test_a_commune_whose_community_holds_water(page: Page) -> None:
    begin(page)
    find(page, "vienne", "Vienne commune, Isère")
    expect(page.locator(NATURE)).to_have_value("commune")
    expect(page.locator("#f-acteur-groupement-nature")).to_have_value("communaute_agglomeration")
    page.fill("#f-date", "01/03/2006")
    page.locator("#f-acteur-nom").focus()
    expect(page.locator("#lieu-dit")).to_contain_text("daté du 01/03/2006")
    onward(page, "Que voulez-vous faire\u202f?")
    select(page, "#f-action-operation", "projet")
    onward(page, "Sur quels domaines\u202f?")
    select(page, DOMAIN.format(0), "eau")
    expect(page.locator("#questions")).to_contain_text("compétence optionnelle")
    choose(page, TRANSFER.format(0), "totale")
    choose(page, "/action/volets/0/interet_infra_communautaire", "non")
    onward(page, "Avec qui\u202f?")
    select(page, "#f-partenaire-0-nature", "collectivite_territoriale")
    sign(page)
    resolve_earlier_engagement(page)
    press(page, "Voir l’avis")
    assert "ne peut pas" in first_answer(page)


def test_a_community_whose_interest_is_not_defined(page: Page) -> None:
    begin(page)
    page.fill("#f-date", "01/03/2006")
    select(page, NATURE, "communaute_communes")
    onward(page, "Que voulez-vous faire\u202f?")
    select(page, "#f-action-operation", "projet")
    onward(page, "Sur quels domaines\u202f?")
    select(page, DOMAIN.format(0), "equipements_culturels")
    expect(page.locator("#questions")).to_contain_text("dépend de l’intérêt communautaire")
    choose(page, TRANSFER.format(0), "totale")
    choose(page, COMMUNITY.format(0), "non_defini")
    onward(page, "Avec qui\u202f?")
    select(page, "#f-partenaire-0-nature", "collectivite_territoriale")
    sign(page)
    press(page, "Voir l’avis maintenant")
    first_answer(page)
    expect(page.locator("main")).to_contain_text("intérêt communautaire")


def test_a_mixed_action(page: Page) -> None:
    begin(page)
    page.fill("#f-date", "01/02/2006")
    select(page, NATURE, "commune")
    page.select_option("#f-acteur-groupement-nature", "communaute_agglomeration")
    onward(page, "Que voulez-vous faire\u202f?")
    select(page, "#f-action-operation", "projet")
    onward(page, "Sur quels domaines\u202f?")
    select(page, DOMAIN.format(0), "eau")
    choose(page, TRANSFER.format(0), "totale")
    choose(page, "/action/volets/0/interet_infra_communautaire", "non")
    page.get_by_role("button", name="Ajouter un volet").click()
    expect(page.locator(DOMAIN.format(0))).to_have_value("eau")
    select(page, DOMAIN.format(1), "ecoles")
    choose(page, TRANSFER.format(1), "aucune")
    onward(page, "Avec qui\u202f?")
    select(page, "#f-partenaire-0-nature", "collectivite_territoriale")
    sign(page)
    resolve_earlier_engagement(page)
    press(page, "Voir l’avis")
    assert "une part" in first_answer(page).lower()


@pytest.mark.parametrize(
    ("date", "law"),
    [
        ("31/01/2005", "loi du 6 février 1992"),
        ("01/07/2010", "loi du 2 février 2007"),
        ("", "loi du 7 juillet 2014"),
    ],
)
def test_a_gift_after_a_disaster(page: Page, date: str, law: str) -> None:
    begin(page)
    page.fill("#f-date", date)
    select(page, NATURE, "communaute_agglomeration")
    onward(page, "Que voulez-vous faire\u202f?")
    select(page, "#f-action-operation", "projet")
    select(page, "#f-action-objet", "humanitaire")
    onward(page, "Sur quels domaines\u202f?")
    select(page, DOMAIN.format(0), "aide_humanitaire")
    onward(page, "Avec qui\u202f?")
    select(page, "#f-partenaire-0-nature", "association_francaise")
    press(page, "Continuer")
    press(page, "Voir l’avis maintenant")
    first_answer(page)
    expect(page.locator("main")).to_contain_text(law)


def test_knowing_nothing_but_who_acts(page: Page, rulebook: Rulebook) -> None:
    begin(page)
    select(page, NATURE, "communaute_communes")
    for theme in list(rulebook.themes.values())[1:]:
        onward(page, theme.title.replace(" ?", "\u202f?"))
    press(page, "Continuer")
    expect(page.get_by_role("heading", level=1)).to_have_text("Résumé de vos réponses")
    expect(page.get_by_role("heading", name="Ce qui préciserait l’avis")).to_be_visible()
    press(page, "Voir l’avis")
    first_answer(page)


# -- nothing is lost -----------------------------------------------------------------------------


def test_a_reload_keeps_what_was_just_answered(page: Page) -> None:
    begin(page)
    page.fill("#f-acteur-nom", "Vienne")
    select(page, NATURE, "commune")
    settle(page)
    page.reload()
    expect(page.locator(NATURE)).to_have_value("commune")
    expect(page.locator("#f-acteur-nom")).to_have_value("Vienne")
    expect(page.locator("#f-acteur-groupement-nature")).to_be_visible()


def test_the_back_button_keeps_the_answers_of_later_steps(page: Page) -> None:
    begin(page)
    select(page, NATURE, "region")
    onward(page, "Que voulez-vous faire\u202f?")
    page.fill("#f-action-intitule", "Des puits")
    onward(page, "Sur quels domaines\u202f?")
    # The domain changes nothing for a région of today: it is folded away, not hidden.
    page.locator("#groupe-volet-1-plus > summary").click()
    page.select_option(DOMAIN.format(0), "eau")
    onward(page, "Avec qui\u202f?")
    page.go_back()
    page.go_back()
    expect(page.locator("#f-action-intitule")).to_have_value("Des puits")
    onward(page, "Sur quels domaines\u202f?")
    expect(page.locator(DOMAIN.format(0))).to_have_value("eau")


def test_a_new_request_starts_blank(page: Page) -> None:
    begin(page)
    select(page, NATURE, "region")
    page.goto("/")
    begin(page)
    expect(page.locator(NATURE)).to_have_value("")


def test_what_is_typed_while_questions_arrive_is_kept(page: Page) -> None:
    begin(page)
    page.route("**/demande", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.select_option(NATURE, "commune")
    page.locator("#f-acteur-nom").press_sequentially("Saint-Étienne", delay=60)
    expect(page.locator("#f-acteur-groupement-nature")).to_be_visible()
    expect(page.locator("#f-acteur-nom")).to_have_value("Saint-Étienne")
    # A request still held back would be told of a page that is closed, in another test.
    page.unroute_all(behavior="wait")


# -- without JavaScript, keyboard only, any screen -------------------------------------------------


def test_without_javascript(plain: Page) -> None:
    page = plain
    begin(page)
    page.fill("#q", "vienne")
    page.keyboard.press("Enter")
    page.check("#lieu-38544")
    page.get_by_role("button", name="Remplir avec ce choix").click()
    expect(page.locator(NATURE)).to_have_value("commune")
    page.fill("#f-date", "pas une date")
    press(page, "Continuer")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#f-date")).to_have_value("pas une date")
    page.fill("#f-date", "01/03/2021")
    onward(page, "Que voulez-vous faire\u202f?")
    press(page, "Continuer")
    page.select_option(DOMAIN.format(0), "eau")
    page.get_by_role("button", name="Ajouter un volet").click()
    expect(page.locator("#questions")).to_contain_text("compétence obligatoire")
    page.get_by_role("button", name="Retirer le volet 2").click()
    page.go_back()
    expect(page.locator(DOMAIN.format(0))).to_have_value("eau")
    page.locator("summary").first.click()
    expect(page.locator("details").first).to_have_attribute("open", "")
    press(page, "Voir l’avis maintenant")
    first_answer(page)


def reach(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, and see that the focus shows."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    pytest.fail(f"{selector} is not reached with the Tab key")


def test_with_the_keyboard_only(page: Page) -> None:
    reach(page, ".situations .autre a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Qui agit, et à quelle date\u202f?")
    reach(page, "#q")
    page.keyboard.type("vienne")
    expect(page.get_by_role("option").first).to_be_visible()
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#q")).to_have_attribute("aria-activedescendant", "q-38544")
    page.keyboard.press("Enter")
    expect(page.locator("#rempli")).to_be_focused()
    reach(page, "#f-date")
    page.keyboard.type("01/03/2021")
    # Enter goes on, rather than pressing the first button in sight.
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Que voulez-vous faire\u202f?")
    reach(page, "#f-action-operation")
    page.keyboard.type("mener ou soutenir")
    reach(page, "input[name='/action/neutralite']")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    settle(page)
    expect(page.locator("#f-action-neutralite")).to_be_checked()
    expect(page.locator("#f-action-neutralite")).to_be_focused()
    reach(page, ".envoi button[value=avis]")
    page.keyboard.press("Enter")
    first_answer(page)


def test_mistakes_lead_to_their_field(page: Page) -> None:
    begin(page)
    press(page, "Continuer")
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    alert.get_by_role("link").click()
    expect(page.locator(NATURE)).to_be_focused()
    expect(page.locator(NATURE)).to_be_in_viewport()


def test_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_role("link", name="CA du Pays Viennois").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Résumé de vos réponses")
    assert overflow(page) <= 0
    page.get_by_role("button", name="Modifier : À quel domaine").click()
    expect(page.locator(DOMAIN.format(0))).to_be_in_viewport()
    assert overflow(page) <= 0
    press(page, "Voir l’avis maintenant")
    first_answer(page)


def state(page: Page, name: str) -> None:
    """Bring the page to the state to look at."""
    if name == "accueil":
        return
    page.goto(f"/demande?etape={name.split()[0]}")
    if name == "qui trouvé":
        page.locator("#q").press_sequentially("vienne")
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("ArrowDown")
    elif name == "qui fautes":
        page.fill("#f-date", "31/02/2006")
        press(page, "Continuer")
        expect(page.get_by_role("alert")).to_be_visible()
    elif name == "domaines loi":
        page.goto("/demande?etape=qui")
        select(page, NATURE, "communaute_agglomeration")
        onward(page, "Que voulez-vous faire\u202f?")
        press(page, "Continuer")
        select(page, DOMAIN.format(0), "eau")
        page.get_by_role("button", name="Ajouter un volet").click()
        expect(page.locator("#groupe-volet-2")).to_be_visible()
    elif name == "resume exemple":
        page.goto("/demande?cas=cas-1-action-mixte-de-la-commune")
    elif name == "resume fautes":
        page.goto("/demande?etape=resume&fautes=1")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


STATES = (
    "accueil", "qui", "qui trouvé", "qui fautes", "quoi", "domaines", "domaines loi", "avec_qui",
    "argent", "decision", "engagement", "resume", "resume exemple", "resume fautes",
)  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_every_state_is_accessible_and_fits_any_screen(page: Page, name: str) -> None:
    state(page, name)
    assert_fits_and_accessible(page)


@pytest.mark.parametrize("name", ["accueil", "qui trouvé", "qui fautes", "domaines loi", "resume"])
def test_contrast_holds_in_the_dark(page: Page, name: str) -> None:
    page.emulate_media(color_scheme="dark")
    state(page, name)
    assert violations(page, COLOURS) == []


def test_the_summary_prints_without_its_buttons(page: Page) -> None:
    state(page, "resume exemple")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Voir l’avis").first).to_be_hidden()
    expect(page.get_by_role("button", name="Modifier").first).to_be_hidden()
    expect(page.locator("dd").first).to_be_visible()
