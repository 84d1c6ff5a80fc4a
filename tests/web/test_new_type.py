"""A type of fact that the project does not have: one class, and it works from YAML to the form."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.schema import fact_schema
from coopdec_rules.errors import ScenarioError
from coopdec_rules.reasoning.variables import Variables
from coopdec_rules.rulebook import types
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.types import Declared, FactType, Schema, Value
from coopdec_rules.web.app import create_app
from coopdec_rules.web.service import Service
from tests.rulebook import tiny

TODAY = dt.date(2026, 11, 22)
_SHARE = re.compile(r"(\d{1,3}(?:[.,]\d)?) ?%")


class Share(FactType):
    """A share of a whole, in per cent."""

    name = "pourcentage"
    noun = "un pourcentage"
    field = "montant"
    comparison = "ordonnee"
    operands = frozenset({"nombre"})
    hint = "Un pourcentage."

    def read(self, value: object, fact: Declared) -> Value | None:
        found = _SHARE.fullmatch(value) if isinstance(value, str) else None
        share = Decimal(found.group(1).replace(",", ".")) if found else None
        return share if share is not None and share <= 100 else None

    def expected(self, fact: Declared) -> str:
        return "un pourcentage, comme « 12,5 % »"

    def label(self, value: Value, values: Mapping[str, str]) -> str:
        return f"{value} %".replace(".", ",")

    def schema(self, fact: Declared) -> Schema:
        return {"type": "string", "pattern": _SHARE.pattern}

    def limits(self, fact: Declared) -> Sequence[Value]:
        return [Decimal(0), Decimal(100)]

    def around(self, value: object) -> Sequence[Value]:
        step = Decimal("0.1")
        return [value - step, value, value + step] if isinstance(value, Decimal) else ()


@pytest.fixture
def advisor(tmp_path: Path) -> Iterator[Advisor]:
    types.register(Share())
    try:
        files = tiny.tiny_files()
        files[tiny.ACTOR] += (
            "  part_publique: {libelle: part publique, type: pourcentage, question: Quelle part ?,"
            ' exemple: "51 %"}\n'
        )
        rule = tiny.rule(
            si="acteur.part_publique >= 50", conclut="{taille: grande}", explication="Publique."
        )
        files[tiny.TRIAL] = f"# Essai\n\n{rule}"
        advisor = Advisor(load_rulebook(tiny.write(tmp_path, files)), answering=False)
        yield advisor
        advisor.close()
    finally:
        del types._KINDS[Share.name]


def document(share: object) -> dict[str, object]:
    return {
        "date": "2020-01-01",
        "acteur": {"nature": "syndicat", "population": 10, "part_publique": share},
    }


def test_a_name_is_that_of_one_type_only() -> None:
    with pytest.raises(ValueError, match="date"):
        types.register(types.KINDS["date"])


def test_a_scenario_gives_it_and_a_rule_compares_it(advisor: Advisor) -> None:
    for share, sizes in (("51,5 %", {"grande"}), ("12 %", {"petite"})):
        scenario = advisor.reader.read(document(share), TODAY)
        found = advisor.engine.evaluate(scenario.day, scenario.base).scenario
        assert set(found.conclusions["taille"].possible) >= sizes
        applied = {advisor.engine.law(scenario.day).rules[i].id: v for i, v in found.raw.items()}
        assert applied.get("essai", "f") == ("v" if "grande" in sizes else "f")


def test_a_mistake_in_it_is_placed_and_explained(advisor: Advisor) -> None:
    with pytest.raises(ScenarioError) as caught:
        advisor.reader.read(document("101 %"), TODAY)
    (problem,) = caught.value.problems
    assert problem.pointer == "/acteur/part_publique"
    assert problem.expected == "un pourcentage, comme « 12,5 % »"


def test_conditions_and_schema_speak_its_language(advisor: Advisor) -> None:
    fact = advisor.rulebook.facts["acteur.part_publique"]
    (rule,) = advisor.rulebook.versions("essai")
    assert advisor.wording.condition(rule.formula) == "part publique d'au moins 50 %"
    schema = fact_schema(fact)
    assert schema["anyOf"][0]["pattern"] == _SHARE.pattern
    assert schema["examples"] == ["51 %"]


def test_it_is_cut_where_the_law_cuts_it(advisor: Advisor) -> None:
    variables = Variables(advisor.rulebook, dt.date(2020, 1, 1))
    cells = variables.all[variables.index_of["acteur.part_publique"]].cells
    below, above = sorted((cell.values[0] for cell in cells), key=lambda v: v >= 50)  # type: ignore[operator]
    assert below < 50 <= above  # type: ignore[operator]


def test_the_form_asks_for_it_and_gives_it_back(advisor: Advisor) -> None:
    client = TestClient(create_app(service=Service(advisor, [])))
    page = client.get("/demande", params={"etape": "acteur"}).text
    field = re.search(r'<input[^>]*name="/acteur/part_publique"[^>]*>', page)
    assert field is not None
    assert 'inputmode="decimal"' in field.group()
    assert "Un pourcentage." in page
    sent = {"etape": "acteur", "/acteur/nature": "syndicat", "/acteur/part_publique": "60 %"}
    kept = client.post("/demande", data={**sent, "aller": "acteur"}).text
    assert re.search(r'name="/acteur/part_publique"[^>]*value="60.%"', kept)
    wrong = client.post("/demande", data={**sent, "/acteur/part_publique": "beaucoup"}).text
    assert "un pourcentage, comme" in wrong
