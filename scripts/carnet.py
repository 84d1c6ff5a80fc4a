"""``python -m scripts.carnet``: writes and runs docs/mission.ipynb.

The cells are in ``scripts/mission.md``: prose, and code in ``python`` blocks.  They are run by a
kernel of this environment, from the root of the project; images are kept small.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
SOURCE, NOTEBOOK = ROOT / "scripts" / "mission.md", ROOT / "docs" / "mission.ipynb"
_CODE = re.compile(r"^```python\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_SECONDS = 600


def cells(text: str) -> list[tuple[str, str]]:
    """The cells of a source: their kind (``markdown``, ``code``) and their text."""
    found: list[tuple[str, str]] = []
    for number, part in enumerate(_CODE.split(text)):
        if part.strip():
            found.append(("code" if number % 2 else "markdown", part.strip()))
    return found


def notebook(text: str) -> nbformat.NotebookNode:
    """The notebook of a source, not run."""
    made = nbformat.v4.new_notebook()
    for number, (kind, source) in enumerate(cells(text)):
        new = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        made.cells.append(new(source, id=f"c{number:02}"))
    made.metadata.kernelspec = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    return made


def main() -> int:
    """Write and run the notebook."""
    made = notebook(SOURCE.read_text("utf-8"))
    NotebookClient(
        made, timeout=_SECONDS, record_timing=False, resources={"metadata": {"path": str(ROOT)}}
    ).execute()
    made.metadata.pop("language_info", None)
    nbformat.write(made, NOTEBOOK)
    print(f"{NOTEBOOK.relative_to(ROOT)} : {NOTEBOOK.stat().st_size // 1024} Kio")
    return 0


if __name__ == "__main__":
    sys.exit(main())
