"""Pages that a script writes: written, or compared with what the script gives now."""

from __future__ import annotations

import sys
from pathlib import Path


def write_or_compare(page: Path, text: str, script: str, arguments: list[str]) -> None:
    """Write ``text`` to ``page``; with ``--verifier``, only say whether it is there already.

    ``script``: the module to run again.  Raises ``SystemExit`` when the page is another.
    """
    if arguments != ["--verifier"]:
        page.write_text(text, encoding="utf-8")
        return
    name = f"{page.parent.name}/{page.name}"
    if page.read_text(encoding="utf-8") != text:
        sys.exit(f"{name} est à refaire : python -m {script}")
    print(f"{name} est à jour.")
