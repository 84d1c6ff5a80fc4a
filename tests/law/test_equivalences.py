"""The same facts told in other words give the same elements."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.errors import RulebookError
from coopdec_rules.workshop.equivalences import disagreements, load_equivalences

TODAY = dt.date(2026, 11, 25)


def test_other_words_change_nothing(advisor: Advisor, cases_root: Path) -> None:
    found = load_equivalences(cases_root / "equivalences")
    assert len(found) >= 40
    ordered = sorted(found, key=lambda e: str(e.scenarios[0]["date"]))
    assert [str(d) for d in disagreements(advisor, ordered, TODAY)] == []


def test_a_difference_is_told(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "essai.yaml").write_text(
        "- equivalence: essai\n  montre: Rien.\n"
        "  commun: {date: 2024-01-01, acteur: {nature: commune}, action: {operation: voeu}}\n"
        "  variantes: [{acte: {organe: assemblee, decidee: oui}}, {acte: {organe: executif_seul}}]",
        encoding="utf-8",
    )
    (told, *_) = disagreements(advisor, load_equivalences(tmp_path), TODAY)
    assert (told.equivalence, told.element, told.first) == ("essai", "element.organe", "rempli")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("equivalence: a", "Une liste"),
        ("- essai", "un bloc de clés"),
        ("- {equivalence: a, montre: b, commun: {}, variantes: [{}]}", "deux au moins"),
        ("- {equivalence: a, montre: b, commun: {}, variante: [{}, {}]}", "« variante »"),
    ],
)
def test_a_mistake_in_the_file_is_told(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "essai.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_equivalences(tmp_path)
    assert said in str(caught.value)
