"""What a release is made of: its date, its libraries, their licences, what is published of them.

That two builds are the same to the byte, and that the bill of materials follows its schema, is
checked by the command at every release.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest

from scripts.release.bill import _keep, licences
from scripts.release.changelog import ChangelogError, date_of
from scripts.release.closure import htmx, outlines, parts, pinned, requirements

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed() -> dict[str, str]:
    """Every library of an installation, with its version here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return dict(requirements(project["dependencies"]))


def test_a_version_has_its_date() -> None:
    text = "# Changelog\n\n## [1.2.0] - 2026-12-01\n\n## [1.1.0] - 2026-01-01\n"
    assert date_of(text, "1.2.0") == dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Changelog\n", "aucune version"),
        ("\n## [1.1.0] - 2026-01-01\n", "ligne 2 : la première version est « 1.1.0 », celle du"),
        ("## [1.2.0] - unreleased\n", "ligne 1 : « unreleased » n'est pas la date"),
    ],
)
def test_a_changelog_that_is_not_ready_is_told(text: str, said: str) -> None:
    with pytest.raises(ChangelogError) as found:
        date_of(text, "1.2.0")
    assert str(found.value).startswith(said)


def test_libraries_are_those_installed_with_the_package(installed: dict[str, str]) -> None:
    assert {"uvicorn", "uvloop", "starlette", "durable-rules"} <= set(installed)
    assert not {"pytest", "ruff", "cyclonedx-bom", "hypothesis"} & set(installed)
    exact = pinned(ROOT / "constraints.txt")
    assert set(installed) <= set(exact)


def test_every_library_says_its_licence(installed: dict[str, str]) -> None:
    found = parts(installed.items())
    assert all(part.licence for part in found)
    package = ROOT / "src/coopdec_rules"
    shipped = [htmx(package / "web/static"), outlines(package)]
    page = licences("1.0", found, shipped)
    for part in [*found, *shipped]:
        assert f"| {part.name} | {part.version} | {part.licence} |" in page


def test_the_bill_keeps_only_what_is_installed() -> None:
    document: dict[str, Any] = {
        "metadata": {"component": {"bom-ref": "root"}},
        "components": [{"name": n, "bom-ref": n} for n in ("PyYAML", "pytest", "rich")],
        "dependencies": [
            {"ref": "root", "dependsOn": ["PyYAML", "pytest"]},
            {"ref": "pytest", "dependsOn": ["rich"]},
            {"ref": "rich"},
        ],
    }
    _keep(document, {"pyyaml", "rich"})
    assert [component["name"] for component in document["components"]] == ["PyYAML", "rich"]
    assert document["dependencies"] == [
        {"ref": "root", "dependsOn": ["PyYAML"]},
        {"ref": "rich", "dependsOn": []},
    ]
    with pytest.raises(ValueError, match="missing from the bill of materials: lark"):
        _keep(document, {"lark"})
