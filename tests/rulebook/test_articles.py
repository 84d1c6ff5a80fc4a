"""An article that changes its number is cited once, by a name that resolves at the date."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from coopdec_rules.rulebook.loader import load_rulebook
from tests.rulebook import tiny

ARTICLES = "articles.yaml"
_TEXT = """\
pouvoir:
  - {du: 2000-01-01, au: 2003-08-01, source: loi-a § art. 12}
  - {du: 2003-08-02, source: loi-a § art. 14}
"""


def book(root: Path, articles: str = _TEXT, **changes: str | None) -> Path:
    files = tiny.tiny_files()
    files[ARTICLES] = articles
    files[tiny.TRIAL] = "# Essai\n\n" + tiny.rule(**{"source": '"@pouvoir § al. 2"', **changes})
    return tiny.write(root, files)


def test_a_rule_has_one_version_for_each_number(tmp_path: Path) -> None:
    rules = [r for r in load_rulebook(book(tmp_path)).rules if r.id == "essai"]
    assert [(r.key, r.period.end, str(r.main_source)) for r in rules] == [
        ("essai@2000-01-01", dt.date(2003, 8, 1), "Loi A, art. 12, al. 2"),
        ("essai@2003-08-02", None, "Loi A, art. 14, al. 2"),
    ]


def test_a_rule_of_one_period_keeps_one_version(tmp_path: Path) -> None:
    root = book(tmp_path, en_vigueur="{du: 2001-01-01, au: 2002-12-31}")
    (rule,) = [r for r in load_rulebook(root).rules if r.id == "essai"]
    assert str(rule.main_source) == "Loi A, art. 12, al. 2"


def test_days_without_the_article_are_reported(tmp_path: Path) -> None:
    root = book(tmp_path, en_vigueur="toujours")
    tiny.assert_mistake(root, tiny.TRIAL, 4, "@pouvoir n'existe pas tous les jours")


def test_an_unknown_article_is_reported(tmp_path: Path) -> None:
    root = book(tmp_path, source='"@pouvoirs § al. 2"')
    tiny.assert_mistake(root, tiny.TRIAL, "source:", "« @pouvoirs »", suggestion="pouvoir")


def test_periods_that_overlap_are_reported(tmp_path: Path) -> None:
    root = book(tmp_path, _TEXT.replace("au: 2003-08-01", "au: 2003-08-02"))
    found = [d for d in tiny.mistakes(root) if d.file == ARTICLES]
    assert [d.line for d in found] == [1]
    assert "se suivre" in found[0].message


def test_an_unknown_source_is_reported_at_its_line(tmp_path: Path) -> None:
    root = book(tmp_path, _TEXT.replace("source: loi-a § art. 14", "source: loi-b § art. 14"))
    found = [d for d in tiny.mistakes(root) if d.file == ARTICLES]
    assert [(d.line, d.suggestion) for d in found] == [(3, "loi-a")]
