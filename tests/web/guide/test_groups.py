"""Any repeated group that the vocabulary declares works everywhere: no code names one."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.schema import scenario_schema
from coopdec_rules.cli.app import app as command
from coopdec_rules.errors import ScenarioError
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.web.app import create_app
from coopdec_rules.web.avis.permalink import decode, encode
from coopdec_rules.web.catalogue import vocabulary
from coopdec_rules.web.fields import FieldCodec
from coopdec_rules.web.guide.interest import Judge
from coopdec_rules.web.service import Service
from tests.rulebook import tiny

TODAY = dt.date(2026, 11, 22)
PARTNERS = "vocabulaire/50-autorite.yaml"
GROUPS = {"volet": "action.volets", "ligne": "action.lignes", "autorite": "autorites"}
_AUTHORITY = """\
groupe: autorite
chemin: autorites
titre: Autorités
ordre: 50
repete: true
nom: autorité
pluriel: autorités
feminin: oui
faits:
  nature:
    libelle: nature
    type: choix
    question: Quelle autorité ?
    requis: true
    valeurs: {commune: commune, etat: État}
  accord.date: {libelle: date de l'accord, type: date, question: Quel accord ?}
  siege:
    libelle: siège
    type: booleen
    question: Y siège-t-elle ?
    pertinent_si: autorite.nature = commune
"""
_RULE = tiny.rule(
    regle="autorite-qui-siege",
    si='"au moins une autorite : (autorite.siege et autorite.accord.date >= 2000-01-01)"',
    condition="Consulter l'autorité.",
    conclut=None,
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny rulebook with a third repeated group."""
    files = tiny.tiny_files()
    files[PARTNERS] = _AUTHORITY
    files[tiny.TRIAL] = f"# Essai\n\n{_RULE}"
    return tiny.write(tmp_path_factory.mktemp("recueil"), files)


@pytest.fixture(scope="module")
def advisor(root: Path) -> Iterator[Advisor]:
    advisor = Advisor(load_rulebook(root), answering=False)
    yield advisor
    advisor.close()


@pytest.fixture(scope="module")
def client(advisor: Advisor) -> TestClient:
    return TestClient(create_app(service=Service(advisor, [])))


def documents() -> Iterator[dict[str, Any]]:
    """Scenarios with 0 to 3 items in each list."""
    rng = random.Random(4)
    for _ in range(40):
        document: dict[str, Any] = {"date": "2020-01-01", "acteur": {"nature": "commune"}}
        parts = [{"domaine": rng.choice(["eau", "dechets"])} for _ in range(rng.randrange(4))]
        lines = [
            {"budget": name, "montant": rng.randrange(9) * 1000}
            for name in rng.sample(["general", "eau"], rng.randrange(3))
        ]
        authorities = [
            {"nature": rng.choice(["commune", "etat"]), "accord": {"date": "2010-05-06"}}
            for _ in range(rng.randrange(4))
        ]
        if parts or lines:
            document["action"] = {
                **({"volets": parts} if parts else {}),
                **({"lignes": lines} if lines else {}),
            }
        if authorities:
            document["autorites"] = authorities
        yield document


def test_lists_of_any_length_are_read(advisor: Advisor) -> None:
    schema = scenario_schema(advisor.rulebook)
    for document in documents():
        jsonschema.validate(document, schema)
        base = advisor.reader.read(document, TODAY).base
        assert set(base.items) == set(GROUPS)
        assert len(base.items["autorite"]) == max(len(document.get("autorites", ())), 1)
        for group, path in GROUPS.items():
            written: Any = document
            for key in path.split("."):
                written = written.get(key, {})
            assert len(base.items[group]) == max(len(written), 1)


def test_one_object_stands_for_a_list_of_one(advisor: Advisor) -> None:
    one = {"nature": "commune", "siege": True}
    acting = {"acteur": {"nature": "commune"}}
    alone = advisor.reader.read({**acting, "autorites": one}, TODAY)
    listed = advisor.reader.read({**acting, "autorites": [one]}, TODAY)
    assert alone.base == listed.base


@pytest.mark.parametrize(
    ("written", "pointer", "said"),
    [
        ([{"nature": "commune"}, {"siege": True}], "/autorites/1/nature", "obligatoire"),
        ([{"nature": "ville"}], "/autorites/0/nature", "n'existe pas"),
        ([{"nature": "etat", "accord": {"jour": 1}}], "/autorites/0/accord/jour", "n'existe pas"),
        ("beaucoup", "/autorites", "liste"),
        ([3], "/autorites/0", "objet"),
    ],
)
def test_a_mistake_in_an_item_is_placed(
    advisor: Advisor, written: object, pointer: str, said: str
) -> None:
    document = {"acteur": {"nature": "commune"}, "autorites": written}
    with pytest.raises(ScenarioError) as caught:
        advisor.reader.read(document, TODAY)
    (problem,) = caught.value.problems
    assert problem.pointer == pointer
    assert said in problem.message
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, scenario_schema(advisor.rulebook))


def test_fields_and_addresses_give_every_list_back(advisor: Advisor) -> None:
    codec = FieldCodec(advisor.rulebook)
    for document in documents():
        assert codec.document(codec.fill(document)) == document
        assert decode(encode(document)) == document


def test_the_vocabulary_tells_each_group(advisor: Advisor, root: Path) -> None:
    told = vocabulary(advisor.rulebook, advisor.wording)
    repeated = {group["groupe"]: group for group in told["groupes"] if group["repete"]}
    assert {name: group["pointeur"] for name, group in repeated.items()} == {
        name: "/" + path.replace(".", "/") for name, path in GROUPS.items()
    }
    assert repeated["autorite"]["faits"][1]["pointeur"] == "/autorites/0/accord/date"
    listed = CliRunner().invoke(command, ["faits"], env={"COOPDEC_RECUEIL": str(root)})
    assert listed.exit_code == 0
    for pointer in ("/autorites/0/accord/date", "/action/lignes/0/budget"):
        assert pointer in listed.output


def test_each_item_has_its_own_questions(advisor: Advisor) -> None:
    judge = Judge(advisor)
    facts = advisor.rulebook.facts
    document = {
        "date": "2020-01-01",
        "acteur": {"nature": "commune"},
        "autorites": [{"nature": "etat"}, {"nature": "commune"}, {}],
    }
    found = judge.judge(document, TODAY)
    siege, accord = facts["autorite.siege"], facts["autorite.accord.date"]
    assert [found.of(siege, n) for n in range(3)] == ["none", "main", "aside"]
    assert [found.of(accord, n) for n in range(2)] == ["aside", "main"]
    assert found.of(facts["autorite.nature"], 2) == "main"
    # What the first one that sits already shows, no other needs to.
    settled = {"nature": "commune", "siege": True, "accord": {"date": "2001-01-01"}}
    document["autorites"] = [settled, {"nature": "commune"}]
    assert judge.judge(document, TODAY).of(siege, 1) == "aside"


def test_items_are_added_and_removed(client: TestClient) -> None:
    for group, path in GROUPS.items():
        step = {"etape": group}
        page = client.get("/demande", params=step).text
        assert f'value="{group}"' in page
        more = client.post("/demande", data={**step, "ajouter": group}).text
        assert f'id="groupe-{group}-2"' in more
        code = re.search(r'name="s" value="([^"]*)"', more)
        assert code is not None
        less = client.post(
            "/demande", data={**step, "s": code.group(1), "retirer": f"{group}/1"}
        ).text
        assert f'id="groupe-{group}-2"' not in less
        assert f'name="/{path.replace(".", "/")}/0/' in less
    assert "Ajouter une autorité" in client.get("/demande", params={"etape": "autorite"}).text


def test_two_lists_cannot_be_at_the_same_place(tmp_path: Path) -> None:
    files = tiny.tiny_files()
    files[PARTNERS] = _AUTHORITY.replace("chemin: autorites", "chemin: action.volets.autorites")
    root = tiny.write(tmp_path, files)
    found = [d for d in tiny.mistakes(root) if "même endroit" in d.message]
    assert {(d.file, d.line) for d in found} == {("vocabulaire/30-volet.yaml", 2), (PARTNERS, 2)}
