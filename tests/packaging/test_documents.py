"""The pages for whoever arrives: decisions numbered and indexed, links and names that exist."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DECISIONS = ROOT / "docs" / "decisions"
PAGES = sorted(DECISIONS.glob("[0-9]*.md"))
WRITTEN = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "src").rglob("*.py"),
    ROOT / "pyproject.toml",
    ROOT / "Makefile",
]
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_DECISION = re.compile(r"(?:[Dd]ecision |decisions/)(\d{4})\b")


def _anchors(page: Path) -> set[str]:
    """Identifiers of the headings of a page, as Git forges make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _links(page: Path) -> Iterator[tuple[Path, str]]:
    """Links of a page to files of the project: the file and the fragment."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in _LINK.findall(prose):
        if "://" not in target:
            path, _, fragment = target.partition("#")
            yield (page.parent / path if path else page).resolve(), fragment


def test_decisions_are_numbered_without_holes() -> None:
    assert [page.name[:4] for page in PAGES] == [f"{n:04}" for n in range(1, len(PAGES) + 1)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name[:4])
def test_decision_is_titled_and_indexed(page: Path) -> None:
    number, title = re.match(r"# (\d{4})\. (.+)\n", page.read_text("utf-8")).groups()
    assert number == page.name[:4]
    index = (DECISIONS / "README.md").read_text("utf-8")
    assert f"| [{number}]({page.name}) | {title} |" in index


def test_decisions_named_anywhere_exist() -> None:
    known = {page.name[:4] for page in PAGES}
    named = {
        (number, path.relative_to(ROOT).as_posix())
        for path in WRITTEN
        for number in _DECISION.findall(path.read_text("utf-8"))
    }
    assert named
    assert {(number, path) for number, path in named if number not in known} == set()


@pytest.mark.parametrize(
    "page",
    [path for path in WRITTEN if path.suffix == ".md"],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_links_lead_somewhere(page: Path) -> None:
    for target, fragment in _links(page):
        assert target.exists(), target
        assert not fragment or fragment in _anchors(target), f"{target}#{fragment}"


def test_commits_are_checked_by_a_part_of_make_lint() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    plan = subprocess.run(
        ["make", "-n", "lint"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert {repository["repo"] for repository in config["repos"]} == {"local"}
    hooks = [hook for repository in config["repos"] for hook in repository["hooks"]]
    assert len(hooks) > 3
    for hook in hooks:
        assert hook["language"] == "system"
        tool = hook["entry"].replace(" --force-exclude", "")
        assert tool in plan, tool
