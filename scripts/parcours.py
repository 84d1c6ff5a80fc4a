"""Writes ``docs/parcours.md``: what it takes to go from a situation to the avis.

Run ``python -m scripts.parcours ADRESSE`` beside a service (``coopdec servir``).  The journeys are
those of ``parcours.yaml``; tests walk them too.  What people saw, from ``SEEN`` on, is kept.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Locator, Page, sync_playwright

JOURNEYS = Path(__file__).with_name("parcours.yaml")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "parcours.md"
#: A desk, and a telephone.
WIDTHS = {"bureau": (1280, 900), "téléphone": (390, 844)}
HEAD = """# Les parcours, de la situation à l'avis

Page écrite par `python -m scripts.parcours`, dans un Chromium ; les réponses données sont dans
`scripts/parcours.yaml`. « Écrans » compte la page d'accueil, la collectivité et les questions,
jusqu'à l'avis exclu ; « questions » compte la collectivité, la date et chaque question montrée,
répondue ou non ; les mots et la hauteur (bureau, téléphone) sont ceux de tous ces écrans ensemble ;
les trois dernières colonnes sont celles de la page de l'avis. Les clics sont des choix et des
boutons, sans la frappe.

La première version, essayée par deux personnes sur les mêmes parcours, demandait onze écrans et 25
à 35 questions avant l'avis. Il n'y en a jamais plus de quatre et de neuf, par construction
(`web/guide/course_pages`) : ce qui reste est dit dans l'avis.

| Parcours | Écrans | Questions | Clics | Mots | Bureau | Téléphone | Avis, bureau | tél. | mots |
|---|---|---|---|---|---|---|---|---|---|
"""
#: Where begins what is written by hand.
SEEN = "## Ce qui a été vu"


@dataclass(slots=True)
class Walk:
    """Screens before the avis, what each asked, and what it took.

    ``asked``: names of the fields, screen by screen; ``refused``: messages met on the way.
    """

    screens: int = 0
    clicks: int = 0
    words: int = 0
    heights: list[int] = field(default_factory=list)
    asked: list[list[str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    answer: str = ""
    answer_height: int = 0

    @property
    def questions(self) -> list[str]:
        """Every question, in the order it was asked."""
        return [name for screen in self.asked for name in screen]


def journeys() -> dict[str, dict[str, Any]]:
    """The journeys, by name."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(JOURNEYS.read_text(encoding="utf-8"))
    return found


def walk(page: Page, journey: Mapping[str, Any], script: bool = True) -> Walk:
    """From the start page to the avis; ``script``: the page runs JavaScript."""
    made = Walk()
    page.goto("/")
    _screen(page, made)
    page.locator(f"a[href='/situation/{journey['situation']}']").click()
    made.clicks += 1
    _screen(page, made)
    made.asked.append(["/date", "/acteur/nature"])
    _who(page, journey, made, script)
    answers = {**journey.get("reponses", {}), **journey.get("fautes", {})}
    for _ in range(8):
        if "/avis" in page.url:
            break
        _screen(page, made)
        names = _answer(page, answers, script)
        made.asked.append(names)
        page.locator(".envoi button[value=suite]").click()
        made.clicks += 1 + sum(_fact(name) in answers for name in names)
        page.wait_for_load_state()
        if page.locator("#alerte").count():
            made.refused.append(page.locator("#alerte").inner_text())
            answers = dict(journey.get("reponses", {}))
            wrong = {name: answers[name] for name in journey["fautes"]}
            _answer(page, wrong, script)
            page.locator(".envoi button[value=suite]").click()
            made.clicks += 1
            page.wait_for_load_state()
    if "/avis" not in page.url:
        raise RuntimeError(f"the avis is not reached: {page.url[:200]}")
    made.answer = page.locator("main").inner_text()
    made.answer_height = _height(page)
    return made


def _height(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollHeight"))


def _screen(page: Page, made: Walk) -> None:
    made.screens += 1
    made.titles.append(page.title())
    made.words += len(page.locator("main").inner_text().split())
    made.heights.append(_height(page))


def _who(page: Page, journey: Mapping[str, Any], made: Walk, script: bool) -> None:
    if "date" in journey:
        page.fill("#f-date", journey["date"])
    if "nature" in journey:
        page.locator("#autre-nature summary").click()
        page.locator("#f-acteur-nature").select_option(journey["nature"])
        page.locator(".envoi button[value=suite]").click()
        made.clicks += 3
        return
    page.fill("#q", journey["lieu"])
    if script:
        page.locator("[role=option]").first.wait_for()
        page.locator("[role=option]").first.click()
        page.locator("#questions").wait_for()
        made.clicks += 1
    else:
        page.locator("button[name=chercher]").click()
        page.locator("input[name=lieu]").first.check()
        page.locator("button[value=remplir]").click()
        made.clicks += 3


def _answer(page: Page, answers: Mapping[str, Any], script: bool) -> list[str]:
    """Answer what is asked, and what the answers bring; the fields asked on this screen."""
    seen: dict[str, None] = {}
    for _ in range(12):
        todo = [name for name in _names(page) if name not in seen]
        if not todo:
            break
        name = todo[0]
        seen[name] = None
        if _fact(name) in answers:
            _fill(page, name, answers[_fact(name)], script)
    return list(seen)


def _names(page: Page) -> list[str]:
    names: list[str] = page.evaluate(
        """() => [...new Set([...document.querySelectorAll('#questions .question [name^="/"]')]
            .map(e => e.name))]"""
    )
    return names


def _fact(name: str) -> str:
    """The fact of a field: the last keys of its pointer, as the vocabulary names it."""
    groups = {"volets": "volet", "contributions": "contribution"}
    parts = [groups.get(part, part) for part in name.split("/")[1:] if not part.isdigit()]
    return ".".join(parts[-2:])


def _fill(page: Page, name: str, value: Any, script: bool) -> None:
    text = {True: "oui", False: "non"}.get(value, str(value)) if isinstance(value, bool) else value
    found: Locator = page.locator(f"#questions [name='{name}']")
    kind = found.first.evaluate("e => e.type")

    def give() -> None:
        if kind == "radio":
            page.locator(f"#questions [name='{name}'][value='{text}']").check()
        elif kind == "select-one":
            found.select_option(str(text))
        else:
            found.fill(str(text))
            found.blur()

    if not script:
        give()
        return
    with page.expect_response(lambda r: "/situation/" in r.url and r.request.method == "POST"):
        give()
    page.wait_for_function(
        """() => {
          const s = document.querySelector('#questions')?.dataset.adresse;
          return s && location.search === new URL(s, location.href).search;
        }"""
    )


def page(address: str) -> str:
    """The page, on a service at an address."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("COOPDEC_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    lines, asked = [HEAD], list[str]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for journey in journeys().values():
            made = {}
            for width, (wide, high) in WIDTHS.items():
                viewport = {"width": wide, "height": high}
                context = browser.new_context(base_url=address, viewport=viewport)  # type: ignore[arg-type]
                made[width] = walk(context.new_page(), journey)
                context.close()
            desk, hand = made.values()
            lines.append(
                f"| {journey['titre']} | {desk.screens} | {len(desk.questions)} | {desk.clicks} | "
                f"{desk.words} | {sum(desk.heights)} px | {sum(hand.heights)} px | "
                f"{desk.answer_height} px | {hand.answer_height} px | "
                f"{len(desk.answer.split())} |\n"
            )
            listed = ", ".join(f"`{_fact(name)}`" for name in desk.questions)
            asked.append(f"- **{journey['titre']}** : {listed}.\n")
        browser.close()
    return "".join([*lines, "\n## Ce qui est demandé, dans l'ordre\n\n", *asked])


if __name__ == "__main__":
    _, heading, seen = PAGE.read_text(encoding="utf-8").partition(SEEN)
    PAGE.write_text(f"{page(sys.argv[1])}\n{heading}{seen}", encoding="utf-8")
