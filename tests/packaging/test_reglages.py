"""The page for hosts tells every setting as it is declared."""

from __future__ import annotations

from scripts.reglages import PAGE, written


def test_the_page_has_the_settings_as_declared() -> None:
    page = PAGE.read_text("utf-8")
    assert written(page) == page, "python -m scripts.reglages"
