"""The page of the five regimes is what the engine answers today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_page_is_up_to_date_and_answers_change_with_the_law() -> None:
    code = "from scripts.regimes import page; print(page(), end='')"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    written = (ROOT / "docs" / "regimes" / "README.md").read_text(encoding="utf-8")
    assert result.stdout == written, "lancer « python -m scripts.regimes »"
    rows = [line for line in written.splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert len(rows) == 6
    # A community that was given the competence may act under every law that the rulebook covers.
    assert ["**" in row for row in rows] == [False, *[True] * 5]
    # No communauté d'agglomération in 1990; a commune alone was there.
    assert ["| — |" in row for row in rows] == [True, True, True, True, False, True]
