"""What the tests of pages in a real Chromium share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

#: A desk, a telephone, and the narrowest that WCAG asks for (1280 px at 400 %).
WIDTHS = (1280, 390, 320)
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: The only rules of axe that read colours, hence all that can change between light and dark.
COLOURS = ["color-contrast", "link-in-text-block"]


def chromium() -> Iterator[Browser]:
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


@contextmanager
def opened(browser: Browser, *expected: str, **context: Any) -> Iterator[Page]:
    """A page of its own; anything in the console (what the policy blocks) fails the test.

    Messages that hold one of the ``expected`` words are let through: Chromium reports every answer
    of 400 and more, and some are asked for on purpose.  A request replaced by a newer one (which
    htmx reports as an error, on a slow machine only) and what closing cuts short are no faults.
    """
    made = browser.new_context(**{"viewport": {"width": WIDTHS[0], "height": 900}, **context})
    page = made.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    faults: list[str] = []
    try:
        yield page
        allowed = (*expected, "htmx:sendAbort")
        faults = [text for text in said if not any(word in text for word in allowed)]
    finally:
        made.close()
    assert not faults, f"in the console: {faults}"


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def violations(page: Page, only: list[str] | None = None) -> list[str]:
    """What axe finds wrong; ``only`` by these rules when they are given."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if only is not None:
        options["runOnly"] = {"type": "rule", "values": only}
    found = Axe().run(page, options=options)
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found.response["violations"]]


def assert_fits_and_accessible(page: Page) -> None:
    """No screen makes the page overflow, and axe finds nothing on the widest and the narrowest.

    Between them nothing but width differs: every rule of layout that holds at 390 px holds at one
    of the two.  In the other colours only the rules that read colours are run again.
    """
    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0, f"{page.url}, {width} px"
        if width != 390:
            assert violations(page) == [], f"{page.url}, {width} px"
