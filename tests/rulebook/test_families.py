"""An exception names a family of rules instead of each of them."""

from __future__ import annotations

from pathlib import Path

from coopdec_rules.rulebook.loader import load_rulebook
from tests.rulebook import tiny


def test_a_family_stands_for_its_rules(tmp_path: Path) -> None:
    root = tiny.trial(
        tmp_path,
        tiny.rule(regle="un", famille="voisines"),
        tiny.rule(regle="deux", famille="voisines"),
        tiny.rule(regle="sauf", conclut=None, si="acteur.nature = region",
                  ecarte="[famille voisines, permis-commune]"),
    )  # fmt: skip
    (rule,) = [r for r in load_rulebook(root).rules if r.id == "sauf"]
    assert rule.sets_aside == ("un", "deux", "permis-commune")


def test_an_unknown_family_is_reported_at_its_line(tmp_path: Path) -> None:
    root = tiny.trial(
        tmp_path,
        tiny.rule(regle="un", famille="voisines"),
        tiny.rule(
            regle="sauf", conclut=None, si="acteur.nature = region", ecarte="famille voisine"
        ),
    )
    tiny.assert_mistake(root, tiny.TRIAL, "ecarte:", "« voisine »", suggestion="voisines")
