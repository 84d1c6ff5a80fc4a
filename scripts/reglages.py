"""Writes the table of settings in ``docs/exploiter.md``: ``python -m scripts.reglages``."""

from __future__ import annotations

import re
from pathlib import Path

from coopdec_rules.web.hosting.told import as_table

PAGE = Path(__file__).resolve().parent.parent / "docs" / "exploiter.md"
_PLACE = re.compile(r"(<!-- réglages : début [^\n]*-->\n).*?(<!-- réglages : fin -->)", re.DOTALL)


def written(page: str) -> str:
    """The page with the table as the settings are declared.  Raises ``ValueError``."""
    found, count = _PLACE.subn(lambda place: f"{place[1]}\n{as_table()}\n{place[2]}", page)
    if count != 1:
        raise ValueError(f"{PAGE.name}: the place of the table is not there once")
    return found


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), encoding="utf-8")
