"""What one fact lets presume of another: read, checked, shown as such, and giving way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.rulebook import Rulebook

from . import tiny

FILE = "presomptions.yaml"
ONE = """\
actif-si-commune:
  fait: acteur.actif
  selon: acteur.nature
  valeur: oui
  source: loi-a § art. 1
  phrase: "{valeur} : présumé actif."
  depuis:
    2001-01-01: [commune]
    2005-01-01: region
"""


def written(root: Path, old: str = "", new: str = "") -> Path:
    assert old in ONE
    return tiny.write(root, {**tiny.tiny_files(), FILE: ONE.replace(old, new, 1) if old else ONE})


def test_it_is_read_with_its_days(tmp_path: Path) -> None:
    [found] = load_rulebook(written(tmp_path)).presumptions
    assert found.value is True
    assert found.since == {"commune": dt.date(2001, 1, 1), "region": dt.date(2005, 1, 1)}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fait: acteur.actif", "fait: acteur.acti", "le fait « acteur.acti » n'existe pas"),
        ("valeur: oui", "valeur: peut-être", "« peut-être » n'est pas une valeur"),
        ("source: loi-a", "source: loi-z", "la source « loi-z »"),
        ("[commune]", "[comune]", "« comune » n'est pas une valeur"),
        ("[commune]", "[commune, commune]", "« commune » y est deux fois"),
        ("2001-01-01", "2001", "« 2001 » n'est pas une date"),
        ("selon: acteur.nature", "selon: volet.domaine", "est d'un autre groupe répété"),
    ],
)
def test_mistakes_are_placed(tmp_path: Path, old: str, new: str, said: str) -> None:
    found = tiny.mistakes(written(tmp_path, old, new))
    assert {d.file for d in found if said in d.message} == {FILE}


PRESUMED = "partenaire.reconnue_par_la_france"


def partner(country: str | None, **more: Any) -> dict[str, Any]:
    stated = {} if country is None else {"pays": country}
    return {
        "acteur": {"nature": "commune"},
        "partenaire": {"nature": "collectivite_territoriale", **stated, **more},
    }


@pytest.mark.parametrize(
    ("document", "day", "value", "shown"),
    [
        (partner("SN"), "2026-01-01", "oui", True),
        (partner("SN", reconnue_par_la_france="non"), "2026-01-01", "non", False),
        (partner("SN", reconnue_par_la_france="inconnu"), "2026-01-01", "doute", False),
        (partner("UA"), "2026-01-01", "doute", False),
        (partner("TW"), "2026-01-01", "doute", False),
        (partner(None), "2026-01-01", "doute", False),
        (partner("SS"), "2011-07-13", "doute", False),
        (partner("SS"), "2011-07-14", "oui", True),
    ],
)
def test_a_country_lets_presume_and_what_is_stated_wins(
    advisor: Advisor, document: dict[str, Any], day: str, value: str, shown: bool
) -> None:
    scenario = advisor.read({**document, "date": day}, dt.date(2026, 1, 1))
    assert scenario.base.items["partenaire"][0][PRESUMED] == value
    told = [p for p in scenario.presumed if p.fact.id == PRESUMED and p.origin]
    assert bool(told) == shown
    if shown:
        assert "membre de l'Organisation des Nations unies" in told[0].origin


def test_no_country_that_a_rule_warns_about_is_presumed(rulebook: Rulebook) -> None:
    [listed] = rulebook.presumptions
    named = {"AZ", "RU", "UA", "CY", "GE", "IL", "MA", "MD", "SO", "AF", "KP", "SY", "YE"}
    assert named.isdisjoint(listed.since)
    assert {"TW", "XK", "PS", "EH", "ZZ", "FR", "MQ", "NC"}.isdisjoint(listed.since)
    assert len(listed.since) == 192 - len(named)
