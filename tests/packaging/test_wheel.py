"""The wheel carries the rulebook and the cases, and works outside the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder in which the built wheel is unpacked, far from the checkout."""
    folder = tmp_path_factory.mktemp("roue")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def _run(site: Path, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    code = (
        "import sys; sys.path = [p for p in sys.path if 'coopdec' not in p]; "
        f"sys.path.insert(0, {str(site)!r}); import coopdec_rules; "
        f"assert coopdec_rules.__file__.startswith({str(site)!r}), coopdec_rules.__file__; "
        "from coopdec_rules.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        input=stdin,
        cwd=site,
        env={k: v for k, v in os.environ.items() if not k.startswith("COOPDEC_")},
        capture_output=True,
        check=False,
    )


def test_installed_command_gives_an_avis(installed: Path) -> None:
    scenario = {"acteur": {"nature": "commune"}, "date": "2006-03-01"}
    result = _run(installed, "avis", "-", "--json", stdin=json.dumps(scenario).encode())
    assert result.returncode == 0, result.stderr.decode()
    assert json.loads(result.stdout)["habilitation"] == "indeterminee"


def test_installed_command_replays_the_shipped_cases(installed: Path) -> None:
    """One file of them; all are replayed in the checkout."""
    cases = installed / "coopdec_rules" / "_cases"
    assert len(list(cases.rglob("*.yaml"))) == len(list((ROOT / "cases").rglob("*.yaml")))
    result = _run(installed, "cas", str(max(cases.rglob("*.yaml"))))
    assert result.stdout.decode().strip().splitlines()[-1].endswith(" passed, 0 failed")
    assert (installed / "coopdec_rules" / "_rules" / "VERSION").is_file()
