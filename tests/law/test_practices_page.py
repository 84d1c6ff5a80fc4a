"""The page of practices is what the engine answers today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_page_is_up_to_date_and_answers_change_with_the_law() -> None:
    code = "from scripts.pratiques import page; print(page(), end='')"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    written = (ROOT / "docs" / "pratiques" / "README.md").read_text(encoding="utf-8")
    assert result.stdout == written, "lancer « python -m scripts.pratiques »"
    rows = [line for line in written.splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert len(rows) == 15
    assert sum("**" in row for row in rows) >= 3
    assert any("autorisée |" in row for row in rows)
