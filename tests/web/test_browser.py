"""The pages in a real Chromium: keyboard only, accessibility, narrow screens, no JavaScript."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from coopdec_rules.advice.cases import Case
from coopdec_rules.rulebook.rulebook import Rulebook

pytestmark = pytest.mark.navigateur

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = (1280, 390, 320)
NATURE = "#f-acteur-nature"
SEND = "Rendre l'avis"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium; without one the tests are skipped, unless CI=true."""
    path = os.environ.get("COOPDEC_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium is found (COOPDEC_CHROMIUM, chromium)")
        pytest.skip("no Chromium is found")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page on the form; anything that the security policy blocks fails the test."""
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/")
    yield page
    context.close()
    # Chromium reports every answer of 400 and more; a refused form is one on purpose.
    assert [text for text in complaints if "422" not in text] == []


def send(page: Page) -> None:
    page.locator(".envoi").get_by_role("button", name=SEND).click()


def show(page: Page, name: str, cases: list[Case]) -> None:
    """Bring the page to the state to look at."""
    if name == "formulaire":
        return
    if name == "erreurs":
        page.fill("#f-date", "31/02/2006")
        page.fill("#f-acteur-population", "beaucoup")
        send(page)
        expect(page.get_by_role("alert")).to_be_visible()
    elif name == "api":
        page.goto("/api")
    elif name == "introuvable":
        page.goto("/?cas=aucun")
    else:
        wanted = name.removeprefix("avis ")
        case = next(c for c in cases if c.expected.get("habilitation") == wanted)
        page.goto(f"/?cas={case.id}")
        send(page)
        expect(page.locator("#motifs")).to_be_visible()
        # Every kind of thing that can be opened is looked at.
        page.evaluate(
            "document.querySelectorAll('details:not(.motif), .motif:nth-of-type(-n+4)')"
            ".forEach(d => d.open = true)"
        )


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def complaints(page: Page) -> list[str]:
    """What axe finds wrong."""
    found = Axe().run(page)
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found.response["violations"]]


STATES = (
    "formulaire",
    "erreurs",
    "avis indeterminee",
    "avis sous_conditions",
    "avis interdite",
    "api",
)


@pytest.mark.parametrize("name", STATES)
def test_pages_are_accessible_and_fit_any_screen(page: Page, cases: list[Case], name: str) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if width == WIDTHS[0]:
            show(page, name, cases)
        assert overflow(page) <= 0, f"{name}, {width} px"
        assert complaints(page) == [], f"{name}, {width} px"


@pytest.mark.parametrize("name", ["formulaire", "erreurs", "avis sous_conditions"])
def test_contrast_holds_in_the_dark(page: Page, cases: list[Case], name: str) -> None:
    page.emulate_media(color_scheme="dark")
    show(page, name, cases)
    assert complaints(page) == []


def reach(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, and see that the focus shows."""
    for _ in range(300):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    pytest.fail(f"{selector} is not reached with the Tab key")


def test_an_avis_is_reached_with_the_keyboard_only(page: Page, rulebook: Rulebook) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".evitement")).to_be_focused()
    page.keyboard.press("Enter")
    reach(page, "#f-date")
    page.keyboard.type("01/03/2006")
    reach(page, NATURE)
    nature = rulebook.facts["acteur.nature"].values["communaute_agglomeration"]
    page.keyboard.type(nature)
    reach(page, "#f-action-volets-0-domaine")
    page.keyboard.type(rulebook.facts["volet.domaine"].values["eau"])
    reach(page, "button[name=ajouter][value=volet]")
    page.keyboard.press("Enter")
    expect(page.locator("#groupe-volet-2")).to_be_visible()
    expect(page.locator("#f-action-volets-0-domaine")).to_have_value("eau")
    page.locator(NATURE).focus()
    page.keyboard.press("Tab")
    page.keyboard.type("67 000")
    # Enter sends the form, rather than pressing the first button of a group.
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{page.url.split('/', 3)[0]}//{page.url.split('/')[2]}/avis")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Avis")
    expect(page.locator(".phrase")).to_have_count(3)


def test_the_form_works_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.select_option(NATURE, "commune")
    page.locator("button[name=ajouter][value=volet]").click()
    page.select_option("#f-action-volets-1-domaine", "sante")
    page.locator("button[name=retirer][value='volet/0']").click()
    expect(page.locator("#f-action-volets-0-domaine")).to_have_value("sante")
    expect(page.locator(NATURE)).to_have_value("commune")
    send(page)
    expect(page.locator(".phrase")).to_have_count(3)
    page.locator("summary").first.click()
    expect(page.locator("details").first).to_have_attribute("open", "")
    page.get_by_role("button", name="Modifier les réponses").click()
    expect(page.locator(NATURE)).to_have_value("commune")
    context.close()


def test_mistakes_lead_to_their_field(page: Page) -> None:
    send(page)
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    alert.get_by_role("link").click()
    expect(page.locator(NATURE)).to_be_in_viewport()
    expect(page.locator(NATURE)).to_be_focused()


def test_an_open_question_leads_to_its_field(page: Page) -> None:
    page.select_option(NATURE, "communaute_agglomeration")
    send(page)
    button = page.locator(".questions button").first
    target = str(button.get_attribute("formaction")).removeprefix("/#")
    button.click()
    expect(page.locator(f"#{target}")).to_be_in_viewport()
    expect(page.locator(NATURE)).to_have_value("communaute_agglomeration")


def test_printing_shows_the_reasons_of_the_answers(page: Page, cases: list[Case]) -> None:
    page.goto(f"/?cas={cases[0].id}")
    send(page)
    reason = page.locator(".motifs-appliquee .motif dl").first
    expect(reason).to_be_hidden()
    page.emulate_media(media="print")
    expect(reason).to_be_visible()
    expect(page.get_by_role("button", name="Modifier les réponses")).to_be_hidden()
