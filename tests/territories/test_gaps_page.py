"""The page that puts the law's table beside the national base."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.territories import Directory
from scripts import ecarts_banatic as script

CC, CA = "communaute_communes", "communaute_agglomeration"


def _row(domain: str, category: str, start: str = "2020-01-01", end: str = "") -> dict[str, str]:
    return {"nature": CA, "domaine": domain, "categorie": category, "du": start, "au": end}


@pytest.fixture
def lines(directory: Directory) -> Callable[..., list[script.Line]]:
    groupings = [t for t in directory.territories if t.nature == CA][:40]

    def _lines(*rows: dict[str, str], domains: tuple[str, ...]) -> list[script.Line]:
        return list(script.lines(directory, groupings, script.law(rows), domains))

    return _lines


def test_only_the_rows_of_the_day_count() -> None:
    rows = [_row("eau", "optionnelle", "2000-01-01", "2019-12-31"), _row("eau", "obligatoire"),
            _row("eau", "autre", "2027-01-01")]  # fmt: skip
    assert script.law(rows) == {(CA, "eau"): "obligatoire"}


def test_every_grouping_is_counted_once(lines) -> None:
    (line,) = lines(_row("eaux_pluviales", "obligatoire"), domains=("eaux_pluviales",))
    assert line.count == 40
    assert line.whole + line.part + line.doubtful + line.silent == 40
    assert line.silent > 0
    assert line.unexplained
    # Neither the law nor the base speaks of it.
    assert lines(domains=("formation_professionnelle",)) == []


def test_a_large_difference_must_be_explained(lines) -> None:
    found = lines(_row("urbanisme", "obligatoire"), domains=("urbanisme",))
    with pytest.raises(SystemExit, match=r"communaute_agglomeration\.urbanisme"):
        script.check(found, {})
    script.check(found, {"urbanisme": "parce que"})
    script.check(found, {f"{CA}.urbanisme": "parce que"})
    # What the law leaves to the statutes needs no explanation.
    script.check(lines(_row("urbanisme", "optionnelle"), domains=("urbanisme",)), {})


def test_explanations_name_what_exists(rulebook) -> None:
    domains = set(rulebook.facts["volet.domaine"].values)
    for key in yaml.safe_load(script.EXPLAINED.read_text(encoding="utf-8")):
        nature, _, domain = key.rpartition(".")
        assert domain in domains
        assert nature in ("", *script.NATURES)


def test_the_page_is_what_the_rulebook_and_the_base_say(advisor: Advisor) -> None:
    written = script.PAGE.read_text(encoding="utf-8")
    assert script.page(advisor) == written, "lancer « python -m scripts.ecarts_banatic »"
