"""The avis in a real Chromium: from a refusal to what lifts it, questions one by one, paper."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Browser, Page, expect

from coopdec_rules.web.avis import permalink
from coopdec_rules.web.avis.permalink import Link
from coopdec_rules.workshop.cases import Case
from tests.web.browser import COLOURS, assert_fits_and_accessible, opened, violations

from .links import SEAL

pytestmark = pytest.mark.navigateur

REFUSAL = "commune-de-communaute-urbaine-eau"
OPEN = "pays-viennois-pompes-a-eau"
TWO_PARTS = "pays-viennois-poulailler-ecole"
SCREEN, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page without JavaScript; anything that the security policy blocks fails the test."""
    with opened(
        browser, "422", base_url=address, viewport=SCREEN, java_script_enabled=False
    ) as page:
        yield page


def show(page: Page, cases: list[Case], ident: str) -> None:
    scenario = dict(next(case.scenario for case in cases if case.id == ident))
    page.goto("/avis?" + permalink.query(Link(scenario), SEAL))
    expect(page.locator(".phrase")).to_have_count(1)


def test_the_answer_and_what_comes_next_fit_in_one_screen(page: Page, cases: list[Case]) -> None:
    """At a desk, the checklist too; on a telephone, it begins there.  No target is too small."""
    for ident in (REFUSAL, OPEN, TWO_PARTS):
        show(page, cases, ident)
        for size, last in ((SCREEN, ".coches"), (PHONE, ".prochaines")):
            page.set_viewport_size(size)
            box = page.locator(last).bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= size["height"], (ident, last)
            assert small_targets(page) == [], ident
        begins = page.locator(".coches").bounding_box()
        assert begins is not None
        assert begins["y"] < PHONE["height"], ident
        page.set_viewport_size(SCREEN)


def small_targets(page: Page) -> list[str]:
    """What one touches and is under 24 px, beside words explained within a sentence."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('a, button:not(.mot), input, select, summary')]
          .filter(e => e.checkVisibility() && !e.matches('.evitement, [type=hidden]'))
          .filter(e => { const b = e.getBoundingClientRect();
                         return b.height < 24 || b.width < 24 })
          .map(e => e.outerHTML.slice(0, 120))"""
    )
    return found


def test_paper_holds_what_a_council_needs_on_three_pages(
    browser: Browser, address: str, cases: list[Case]
) -> None:
    with opened(browser, base_url=address, viewport=SCREEN) as page:
        for ident in (REFUSAL, OPEN, TWO_PARTS):
            show(page, cases, ident)
            printed = pdfium.PdfDocument(page.pdf(format="A4"))
            assert len(printed) <= 3, ident
            page.emulate_media(media="print")
            # What must be done is printed, folded or not; so are doubts and unread rules.
            for shown in (".taches", ".reserves", ".coches"):
                expect(page.locator(shown).first).to_be_visible()
            page.emulate_media(media="null")


def test_from_a_refusal_to_what_lifts_it(page: Page, cases: list[Case]) -> None:
    show(page, cases, REFUSAL)
    expect(page.locator(".mot-cle")).to_have_text("Non")
    lever = page.locator(".levier").last
    lever.locator("summary").click()
    expect(lever.locator(".effets-levier")).to_be_visible()
    lever.get_by_role("link", name="Voir l’avis si c’était fait").click()
    expect(page.locator("#suivi")).to_contain_text("interdite")
    expect(page.locator("#suivi")).to_be_in_viewport()
    expect(page.locator(".mot-cle")).to_contain_text("Oui")
    page.go_back()
    expect(page.locator(".mot-cle")).to_have_text("Non")


def test_unknown_answers_are_resolved_one_by_one(page: Page, cases: list[Case]) -> None:
    show(page, cases, OPEN)
    for _ in range(12):
        if page.locator(".ouvertes").count() == 0:
            break
        before = page.url
        question = page.locator(".question").first
        choice = question.get_by_role("button").first
        field = question.locator("input[type=text], select")
        if field.count():
            field.fill("1")
        choice.click()
        assert page.url != before
        expect(page.locator("#suivi")).to_be_in_viewport()
    expect(page.locator(".ouvertes")).to_have_count(0)
    expect(page.locator(".mot-cle")).to_have_text("Oui, sous conditions")
    page.goto(page.locator("#lien-a-copier").input_value())
    expect(page.locator("#suivi")).to_have_count(0)
    expect(page.locator(".mot-cle")).to_have_text("Oui, sous conditions")


def test_the_keyboard_is_enough(browser: Browser, address: str, cases: list[Case]) -> None:
    with opened(browser, base_url=address, viewport=SCREEN) as page:
        show(page, cases, OPEN)
        reach(page, ".prochaines a[href='#questions']")
        page.keyboard.press("Enter")
        reach(page, ".question button[value=totale]")
        page.keyboard.press("Enter")
        expect(page.locator("#suivi")).to_be_in_viewport()
        expect(page.locator(".mot-cle")).to_have_text("Oui, sous conditions")
        page.reload()
        reach(page, ".mot")
        page.keyboard.press("Enter")
        expect(page.locator(".sens:popover-open")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".sens:popover-open")).to_have_count(0)


def reach(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, and see that the focus shows."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            style = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(style) == "solid"
            return
    pytest.fail(f"{selector} is not reached with the Tab key")


def test_the_reasoning_is_accessible(browser: Browser, address: str, cases: list[Case]) -> None:
    with opened(browser, base_url=address, viewport=SCREEN) as page:
        show(page, cases, REFUSAL)
        page.get_by_role("link", name="Le raisonnement règle par règle").click()
        expect(page.locator(".cadre").first).to_be_visible()
        page.evaluate(
            "document.querySelectorAll('details:not(.motif), .motif:nth-of-type(-n+3)')"
            ".forEach(d => d.open = true)"
        )
        assert_fits_and_accessible(page)


@pytest.mark.parametrize("state", [REFUSAL, OPEN, TWO_PARTS, "réponse donnée", "vieux lien"])
def test_every_state_is_accessible_and_fits_any_screen(
    browser: Browser, address: str, cases: list[Case], state: str
) -> None:
    with opened(browser, base_url=address, viewport=SCREEN) as page:
        show(page, cases, state if state in (REFUSAL, OPEN, TWO_PARTS) else OPEN)
        if state == "réponse donnée":
            page.locator(".question button[value=totale]").click()
            expect(page.locator("#suivi")).to_be_visible()
        elif state == "vieux lien":
            scenario = dict(next(case.scenario for case in cases if case.id == OPEN))
            old = Link(scenario, None, "0" * 12, ("autorisee", "acteur", "naissante", "avancee"))
            page.goto("/avis?" + permalink.query(old, SEAL))
            expect(page.locator("#ancien")).to_be_visible()
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert_fits_and_accessible(page)
        page.emulate_media(color_scheme="dark")
        assert violations(page, COLOURS) == []
