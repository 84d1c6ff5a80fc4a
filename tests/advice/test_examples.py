"""The cases that people start from are chosen in the cases themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopdec_rules.errors import RulebookError
from coopdec_rules.web.catalogue import examples
from coopdec_rules.workshop.cases import load_cases

CASE = """\
cas: {name}
titre: "T"
origine: hypothese
source: S
montre: M
{more}
scenario: {{acteur: {{nature: commune}}}}
attendu: {{}}
"""


def write(root: Path, **cases: str) -> Path:
    for name, more in cases.items():
        (root / f"{name}.yaml").write_text(CASE.format(name=name, more=more), encoding="utf-8")
    return root


def test_examples_come_in_the_order_they_give(tmp_path: Path) -> None:
    write(tmp_path, a="exemple: 2", b="", c="exemple: 1")
    assert [case.id for case in examples(load_cases(tmp_path))] == ["c", "a"]


@pytest.mark.parametrize("rank", ["0", "-1", "premier", "oui", "1.5", "[1]"])
def test_a_rank_is_a_number(tmp_path: Path, rank: str) -> None:
    with pytest.raises(RulebookError) as caught:
        load_cases(write(tmp_path, a=f"exemple: {rank}"))
    assert "« exemple » est un rang" in str(caught.value)


def test_two_examples_cannot_have_one_rank(tmp_path: Path) -> None:
    with pytest.raises(RulebookError) as caught:
        load_cases(write(tmp_path, a="exemple: 1", b="exemple: 1"))
    assert caught.value.diagnostics[0].file == "b.yaml"
    assert "a.yaml" in str(caught.value)
