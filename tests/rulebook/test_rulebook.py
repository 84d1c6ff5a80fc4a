"""A loaded rulebook: identity, periods, states, and the real one."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from coopdec_rules.rulebook.loader import fingerprint, load_rulebook
from coopdec_rules.rulebook.model import CONFIDENCES
from coopdec_rules.rulebook.rulebook import Rulebook

from . import tiny

DAY = dt.timedelta(days=1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny.write(tmp_path / "rules", tiny.tiny_files())


# -- identity ----------------------------------------------------------------------------------


def test_fingerprint_survives_a_copy(root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / "copy"
    shutil.copytree(root, copy)
    assert fingerprint(copy) == fingerprint(root) == load_rulebook(root).fingerprint


def test_fingerprint_survives_windows_line_ends(root: Path) -> None:
    before = load_rulebook(root).fingerprint
    for path in root.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_rulebook(root).fingerprint == before


@pytest.mark.parametrize("name", sorted(tiny.tiny_files().keys() - {"VERSION"}))
def test_fingerprint_changes_with_content(root: Path, name: str) -> None:
    before = fingerprint(root)
    path = root / name
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert fingerprint(root) != before


def _add(name: str) -> Callable[[Path], object]:
    return lambda root: (root / name).write_text("prose\n", encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [_add("LISEZMOI.md"), _add("tables/LISEZMOI.md"), _add("vocabulaire/notes.txt")],
    ids=["LISEZMOI", "tables/LISEZMOI", "notes"],
)
def test_fingerprint_ignores_prose(root: Path, change: Callable[[Path], object]) -> None:
    before = load_rulebook(root).fingerprint
    change(root)
    assert load_rulebook(root).fingerprint == before


def test_fingerprint_depends_on_names_and_on_where_content_is(root: Path) -> None:
    before = fingerprint(root)
    (root / tiny.LAW).rename(root / "textes" / "11-loi.md")
    assert fingerprint(root) != before
    moved = "# Loi A\n"
    (root / "textes" / "11-loi.md").rename(root / tiny.LAW)
    assert fingerprint(root) == before
    law, table = root / tiny.LAW, root / tiny.TABLE_TEXT
    law.write_text(law.read_text(encoding="utf-8").removeprefix(moved), encoding="utf-8")
    table.write_text(moved + table.read_text(encoding="utf-8"), encoding="utf-8")
    assert fingerprint(root) != before


def test_rulebooks_of_equal_content_are_equal(root: Path) -> None:
    first, second = load_rulebook(root), load_rulebook(root)
    assert first == second
    assert first is not second
    assert len({first, second}) == 1
    law = root / tiny.LAW
    law.write_text(law.read_text(encoding="utf-8") + "\nFin.\n", encoding="utf-8")
    third = load_rulebook(root)
    assert third != first
    assert len({first, second, third}) == 2
    assert first != "a rulebook"


def test_rulebook_cannot_be_changed(root: Path) -> None:
    book = load_rulebook(root)
    with pytest.raises(AttributeError):
        book.version = "2"  # type: ignore[misc]
    with pytest.raises(TypeError):
        book.facts["acteur.actif"] = book.facts["date"]  # type: ignore[index]


def test_version(root: Path) -> None:
    assert load_rulebook(root).version == "1.2.3"
    (root / "VERSION").unlink()
    assert load_rulebook(root).version == "sans version"


# -- periods -----------------------------------------------------------------------------------


def in_force(book: Rulebook, day: dt.date) -> set[str]:
    return {rule.key for rule in book.at(day).rules}


def test_boundaries_of_the_tiny_rulebook(root: Path) -> None:
    """The first day of each period and the day after its last one."""
    book = load_rulebook(root)
    assert book.boundaries == (dt.date(2000, 1, 1), dt.date(2010, 1, 1))
    rows = ("tailles:commune:1000@2000-01-01", "tailles:commune:1000@2010-01-01")
    for day, expected in (
        (dt.date(1999, 12, 31), set()),
        (dt.date(2000, 1, 1), {rows[0]}),
        (dt.date(2009, 12, 31), {rows[0]}),
        (dt.date(2010, 1, 1), {rows[1]}),
        (dt.date.max, {rows[1]}),
    ):
        assert in_force(book, day) & set(rows) == expected, day
        assert ("permis-commune@2000-01-01" in in_force(book, day)) == (day.year >= 2000)
        assert "volet-eau@origine" in in_force(book, day)


def test_one_day_of_force(tmp_path: Path) -> None:
    day = dt.date(2005, 6, 7)
    book = load_rulebook(tiny.trial(tmp_path, en_vigueur="{du: 2005-06-07, au: 2005-06-07}"))
    assert [d for d in (day - DAY, day, day + DAY) if "essai@2005-06-07" in in_force(book, d)] == [
        day
    ]


@pytest.mark.parametrize("last", ["9999-12-31", "9999-12-30"])
def test_last_day_of_the_calendar(tmp_path: Path, last: str) -> None:
    """Written for « no end » by many; it is one."""
    book = load_rulebook(tiny.trial(tmp_path, en_vigueur=f"{{du: 2000-01-01, au: {last}}}"))
    assert "essai@2000-01-01" in in_force(book, dt.date(9999, 12, 30))
    assert book.states()


def check_states(book: Rulebook) -> None:
    """States follow each other without gap, and rules change only between them."""
    states = book.states()
    assert len(states) == len(book.boundaries) + 1
    assert (states[0].start, states[-1].end) == (None, None)
    assert list(book.boundaries) == sorted(set(book.boundaries))
    for boundary, before, after in zip(book.boundaries, states, states[1:], strict=False):
        assert before.end == boundary - DAY
        assert after.start == boundary
        assert book.at(boundary - DAY) is before
        assert book.at(boundary) is after
        assert {r.key for r in before.rules} != {r.key for r in after.rules}
        for day in (boundary - DAY, boundary):
            assert in_force(book, day) == {r.key for r in book.rules if r.period.contains(day)}
    assert len({state.key for state in states}) == len(states)


def test_states_of_the_tiny_rulebook(root: Path) -> None:
    check_states(load_rulebook(root))


# -- the real rulebook -------------------------------------------------------------------------


def test_states_of_the_real_rulebook(rulebook: Rulebook) -> None:
    check_states(rulebook)


def test_real_rulebook_is_whole(rulebook: Rulebook) -> None:
    assert len(rulebook.rules) > 100
    assert len(rulebook.boundaries) > 10
    for rule in rulebook.rules:
        assert rule.norms or rule.id.startswith("pire-de:"), rule.key  # made, not written
        assert rule.sources, rule.key
        assert rule.explanation, rule.key
        assert rule.rank in rulebook.ranks
        assert rule.confidence in CONFIDENCES
        assert rule.line > 0
    for name in ("habilitation", "maitrise_ouvrage", "palier.actuel", "palier.apres_action"):
        assert name in rulebook.conclusions
    assert rulebook.facts["acteur.nature"].required


def test_every_place_named_by_the_real_rulebook_exists(
    rulebook: Rulebook, rules_root: Path
) -> None:
    for rule in rulebook.rules:
        text = (rules_root / rule.file).read_text(encoding="utf-8").splitlines()
        line = text[rule.line - 1]
        name = rule.table if rule.id.endswith(":a-defaut") else rule.id
        assert (line.split(":")[-1].strip() == name) or rule.id.split(":")[1] in line, rule.key
