"""Rulebooks put aside: read again as they were, and refused when they are not."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.errors import RulebookError
from coopdec_rules.rulebook.archives import LIST, Archives, load_past, put_aside, todays_words
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.wordbook import SENTENCES_FILE, Wordbook
from scripts.release.aside import missing
from tests.advice.small import LAW, small
from tests.replay.conftest import CHANGE, RELEASED


def test_an_archive_gives_the_same_rulebook(released: Path, tmp_path: Path) -> None:
    book = load_rulebook(small(tmp_path))
    archives = Archives(released)
    entry = archives.all["1.0.0"]
    found = archives.load(entry, book.wordbook)
    assert (found.version, found.fingerprint) == (book.version, book.fingerprint)
    assert [rule.fingerprint for rule in found.rules] == [rule.fingerprint for rule in book.rules]
    assert entry.released == RELEASED
    assert archives.find(entry.fingerprint[:8]) == archives.find("1.0.0") == entry
    assert archives.find(entry.fingerprint[:7]) is archives.find("1.0") is None


def test_the_same_rulebook_gives_the_same_archive(tmp_path: Path) -> None:
    made = [
        put_aside(small(tmp_path / turn), tmp_path / f"r{turn}", RELEASED) for turn in ("1", "2")
    ]
    assert made[0] == made[1]


def test_a_release_never_changes(tmp_path: Path) -> None:
    folder = tmp_path / "recueils"
    first = put_aside(small(tmp_path / "1"), folder, RELEASED)
    assert put_aside(small(tmp_path / "1"), folder, dt.date(2026, 9, 9)) == first
    with pytest.raises(RulebookError, match=r"1\.0\.0 est déjà publié"):
        put_aside(small(tmp_path / "2", CHANGE), folder, RELEASED)
    later = small(tmp_path / "3", CHANGE, ("VERSION", "1.0.0", "1.1.0"))
    put_aside(later, folder, RELEASED)
    assert list(Archives(folder).all) == ["1.0.0", "1.1.0"]


def test_a_release_whose_rulebook_is_not_aside_is_told(released: Path, tmp_path: Path) -> None:
    assert missing(small(tmp_path / "1"), released) is None
    assert "avec un autre contenu" in str(missing(small(tmp_path / "2", CHANGE), released))
    assert "n'y est pas" in str(missing(small(tmp_path / "1"), tmp_path))


@pytest.mark.parametrize("harm", ["changed", "gone", "cut"])
def test_an_archive_that_is_not_the_one_listed_is_refused(
    released: Path, tmp_path: Path, harm: str
) -> None:
    folder = Path(shutil.copytree(released, tmp_path / "recueils"))
    file = folder / "1.0.0.tar.xz"
    data = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(data + b"x" if harm == "changed" else data[:-40])
    archives = Archives(folder)
    with pytest.raises(RulebookError, match=r"1\.0\.0\.tar\.xz : L'archive"):
        archives.load(archives.all["1.0.0"], Wordbook())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("  empreinte: abc", "« empreinte » est une suite de 64 chiffres"),
        ("  publie_le: hier", "publie_le"),
        ("  nom: x", "nom"),
    ],
)
def test_a_list_with_a_mistake_names_its_line(
    released: Path, tmp_path: Path, line: str, said: str
) -> None:
    text = (released / LIST).read_text("utf-8").splitlines()
    key = line.split(":")[0]
    kept = [row for row in text if not row.startswith(key)]
    (tmp_path / LIST).write_text("\n".join([*kept, line]), encoding="utf-8")
    with pytest.raises(RulebookError, match=rf"{LIST}:\d+ .*{said}"):
        Archives(tmp_path)


def test_an_older_rulebook_speaks_with_the_words_of_today(tmp_path: Path, rules_root: Path) -> None:
    """One released before the avis said some sentence is still read."""
    root = small(tmp_path)
    (root / SENTENCES_FILE).write_text("une_phrase_oubliee: Rien.\n", encoding="utf-8")
    with pytest.raises(RulebookError):
        load_rulebook(root)
    Advisor(load_past(root, todays_words(rules_root))).close()


def test_a_format_no_longer_read_names_its_place(tmp_path: Path, rules_root: Path) -> None:
    root = small(tmp_path, (LAW, "# Loi A", "```yaml regle\nancien_mot: x\n```\n"))
    with pytest.raises(RulebookError, match=rf"{LAW}:\d+ "):
        load_past(root, todays_words(rules_root))
