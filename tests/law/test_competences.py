"""Every row of the table of competences decides on its first and last day, and not around them."""

from __future__ import annotations

import csv
import datetime as dt

import pytest

from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.location import rules_folder

ONE = dt.timedelta(days=1)
FAR = dt.date(2030, 1, 1)
TABLE = rules_folder() / "tables" / "competences.csv"
READ = ("volet.competence_legale", "volet.exception", "volet.ic_requis")
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


def given(engine: Engine, row: dict[str, str], day: dt.date, through_commune: bool) -> str:
    """What the law gives, for the grouping itself or for one of its communes, and by which rule."""
    nature, old = row["nature"], row["regime_cu"] == "oui"
    facts: dict[str, object] = {
        "date": day,
        "lecture": "droit",
        "acteur.zone": "ailleurs",
        "acteur.statut_particulier": "aucun",
        "acteur.groupement.statut_particulier": "aucun",
    }
    if through_commune:
        facts |= {"acteur.nature": "commune", "acteur.groupement.nature": nature}
        facts["acteur.groupement.cu_ancienne"] = old
    else:
        facts |= {"acteur.nature": nature, "acteur.cu_ancienne": old}
    base = FactBase(facts, {"volet": ({"volet.domaine": row["domaine"]},)})  # type: ignore[arg-type]
    reading = engine.evaluate(day, base).items["volet"][0]
    return "/".join(str(reading.conclusions[name].value) for name in READ)


def expected(row: dict[str, str], day: dt.date) -> str:
    """What the table's own rows say, read as plain data."""
    for other in ROWS:
        same = all(other[k] == row[k] for k in ("nature", "regime_cu", "domaine"))
        start = dt.date.fromisoformat(other["du"])
        end = dt.date.fromisoformat(other["au"]) if other["au"] else FAR
        if same and start <= day <= end:
            return f"{other['categorie']}/{other['exception']}/{other['interet_communautaire']}"
    return "non_prevue/aucune/non"


def test_only_rows_with_an_exception_name_one() -> None:
    named = {"sauf", "tiers"}
    assert all((row["categorie"] in named) == (row["exception"] != "aucune") for row in ROWS)


def test_each_exception_is_worded_once(engine: Engine) -> None:
    """Every code of the table is read by a rule that tells the user why the statement stands."""
    read = {
        condition.text.removeprefix("volet.exception = ")
        for rule in engine.rulebook.rules
        for condition in rule.conditions
        if condition.text.startswith("volet.exception = ") and rule.effects
    }
    assert {row["exception"] for row in ROWS} - {"aucune"} <= read


@pytest.mark.parametrize("through_commune", [False, True], ids=["groupement", "commune"])
@pytest.mark.parametrize("nature", sorted({row["nature"] for row in ROWS}))
def test_rows_decide_exactly_in_their_period(
    engine: Engine, nature: str, through_commune: bool
) -> None:
    for row in ROWS:
        if row["nature"] != nature:
            continue
        start = dt.date.fromisoformat(row["du"])
        days = [start - ONE, start]
        if row["au"]:
            end = dt.date.fromisoformat(row["au"])
            days += [end, end + ONE]
        for day in days:
            assert given(engine, row, day, through_commune) == expected(row, day), (row, day)
