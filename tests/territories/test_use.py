"""The directory as its users reach it: the API and the command."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from coopdec_rules.cli.app import main
from coopdec_rules.web.api.territories_schemas import TerritoireDecrit, Territoires
from coopdec_rules.web.app import create_app
from coopdec_rules.web.service import Service

PATH = "/api/v1/territoires"


@pytest.fixture(scope="module")
def app(advisor) -> FastAPI:
    return create_app(service=Service(advisor, []))


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def run(monkeypatch, capsys) -> Callable[..., tuple[int, str, str]]:
    def _run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["coopdec", "territoires", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        return stop.value.code, captured.out, captured.err

    return _run


def test_a_search_gives_facts_that_the_api_takes(client: TestClient) -> None:
    response = client.get(PATH, params={"q": "st denis", "limite": "3"})
    assert response.status_code == 200
    body = response.json()
    assert TypeAdapter(Territoires).validate_python(body) == body
    assert body["millesime"] in body["mention"]
    assert body["recherche"] == "st denis"
    assert len(body["territoires"]) == 3
    assert body["territoires"][0]["libelle"] == "Saint-Denis (La Réunion, 974)"
    assert body["territoires"][0]["trouve_par"] == "nom"
    scenario = body["territoires"][0]["scenario"]
    assert client.post("/api/v1/avis", json=scenario).status_code == 200


def test_nothing_found_is_an_empty_list(client: TestClient) -> None:
    assert client.get(PATH, params={"q": "zzzz"}).json()["territoires"] == []
    answer = client.get(PATH, params={"q": "a\u202eb\x00"})
    assert answer.status_code == 200
    assert "\u202e" not in answer.text


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({}, "« q »"),
        ({"q": ""}, "« q »"),
        ({"q": "x" * 101}, "« q »"),
        ({"q": "x", "limite": "0"}, "« limite »"),
        ({"q": "x", "limite": "51"}, "« limite »"),
        ({"q": "x", "limite": "dix"}, "« limite »"),
        ({"q": "x", "limite": "9" * 5000}, "« limite »"),
        ({"q": "x", "limit": "5"}, "Paramètres connus : q, limite"),
        ([("q", "x"), ("q", "y")], "deux fois"),
    ],
)
def test_wrong_parameters_are_problems(client: TestClient, params, message: str) -> None:
    response = client.get(PATH, params=params)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert message in response.json()["detail"]


def test_a_misspelt_parameter_is_suggested(client: TestClient) -> None:
    response = client.get(PATH, params={"q": "x", "limit": "5"})
    assert response.json()["erreurs"][0]["suggestion"] == "limite"


def test_a_code_is_looked_up(client: TestClient) -> None:
    body = client.get(f"{PATH}/200077014").json()
    assert TypeAdapter(TerritoireDecrit).validate_python(body) == body
    assert body["territoire"]["nom"] == "CA Vienne Condrieu"
    assert body["communes"][0]["nom"] == "Vienne"
    commune = client.get(f"{PATH}/38544").json()
    assert commune["communes"] == []
    assert commune["territoire"]["groupement"]["code"] == "200077014"
    lyon = client.get(f"{PATH}/200046977").json()["territoire"]
    assert (lyon["nature"], lyon["statut_particulier"]) == ("metropole", "lyon")
    assert "statut particulier" in lyon["nature_libelle"]
    assert lyon["remarques"]
    assert commune["lecture_du_code"] is None
    assert "38200" in commune["territoire"]["codes_postaux"]
    saunay = client.get(f"{PATH}/37240").json()
    assert "aussi un code postal" in saunay["lecture_du_code"]


def test_competences_are_shown_with_their_source(client: TestClient) -> None:
    found = client.get(f"{PATH}/200077014").json()["competences"]
    assert found["sans_donnees"] is None
    assert found["nomenclature"] == "2021"
    assert found["millesime"] in found["mention"]
    assert found["source"] in found["mention"]
    assert "une compétence absente ne prouve rien" in found["mention"]
    domains = {d["domaine"]: d for d in found["domaines"]}
    assert domains["eau"] == {
        "domaine": "eau", "dit": "presente", "etendue": "tout", "codes": ["1502"],
    }  # fmt: skip
    # Silence is not answered: nothing says « non ».
    assert "agriculture" not in domains
    assert {d["dit"] for d in found["domaines"]} <= {"presente", "citee_sans_preuve"}
    # In Île-de-France, mobility is cited and proves nothing.
    saclay = client.get(f"{PATH}/200056232").json()["competences"]
    mobility = {d["domaine"]: d for d in saclay["domaines"]}["transports_urbains"]
    assert (mobility["dit"], mobility["etendue"]) == ("citee_sans_preuve", None)
    reserved = [c for c in saclay["citees"] if c["reserve"]]
    assert any("Île-de-France Mobilités" in c["reserve"] for c in reserved)


def test_a_syndicat_is_described(client: TestClient) -> None:
    body = client.get(f"{PATH}/257500041").json()
    assert TypeAdapter(TerritoireDecrit).validate_python(body) == body
    assert "2023" in body["mention"]
    assert "2026" not in body["mention"]
    assert body["territoire"]["nature"] == "syndicat_mixte"
    assert body["territoire"]["nature_libelle"] == "syndicat mixte ouvert"
    assert body["communes"] == []
    assert "L. 5721-8" in body["territoire"]["remarques"][0]
    assert body["competences"]["citees"]
    answer = client.post("/api/v1/avis", json=body["territoire"]["scenario"])
    assert answer.status_code == 200


def test_the_grand_paris_is_no_ordinary_metropole(client: TestClient) -> None:
    body = client.get(f"{PATH}/200054781").json()
    found = body["territoire"]
    assert found["statut_particulier"] == "grand_paris"
    assert found["nature_libelle"] == "métropole à statut particulier"
    assert "n'est pas une métropole comme les autres" in found["remarques"][0]
    assert "L. 5219-1" in found["remarques"][0]
    assert found["scenario"]["acteur"]["statut_particulier"] == "grand_paris"
    assert body["competences"]["citees"] == []
    assert "L. 5219-1" in body["competences"]["sans_donnees"]
    member = client.get(f"{PATH}/93001").json()["territoire"]
    assert member["groupement"]["statut_particulier"] == "grand_paris"
    assert "groupement" not in member["scenario"]["acteur"]
    assert member["etablissement_territorial"]["nom"] == "Plaine Commune"


def test_the_remark_on_noumea_reaches_every_reader(client: TestClient, run) -> None:
    for body in (
        client.get(PATH, params={"q": "noumea"}).json()["territoires"][0],
        client.get(f"{PATH}/98818").json()["territoire"],
    ):
        assert any("droit commun" in remark for remark in body["remarques"])
    assert "droit commun" in run("noumea")[1]
    assert "droit commun" in run("noumea", "--json")[1]


def test_how_it_was_found_is_told(client: TestClient) -> None:
    def first(query: str) -> dict[str, object]:
        return client.get(PATH, params={"q": query}).json()["territoires"][0]

    assert first("Paris 12e")["trouve_par"] == "arrondissement"
    assert "12e arrondissement" in first("Paris 12e")["precision"]
    assert "n'est pas un code INSEE" in first("75012")["precision"]
    assert "aussi un code postal" in first("37240")["precision"]
    assert first("vienne")["precision"] is None


@pytest.mark.parametrize(
    ("code", "suggestion"), [("75101", "75056"), ("zzz", None), ("%E2%80%AE%00", None)]
)
def test_an_unknown_code_is_a_problem(client: TestClient, code: str, suggestion) -> None:
    response = client.get(f"{PATH}/{code}")
    assert response.status_code == 404
    assert response.json()["erreurs"][0]["suggestion"] == suggestion
    assert "\u202e" not in response.text


def test_the_description_says_what_is_missing(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert "membres des syndicats" in paths[PATH]["get"]["description"]
    assert [p["name"] for p in paths[PATH]["get"]["parameters"]] == ["q", "limite"]
    assert PATH in client.get("/api").text


def test_command_shows_what_is_found(run) -> None:
    code, out, _ = run("st denis", "--limite", "2")
    assert code == 0
    assert "Saint-Denis (La Réunion, 974) — commune" in out
    assert len(out.splitlines()) == 3
    assert "2026" in out.splitlines()[-1]
    _, one, _ = run("metropole de lyon")
    assert "À savoir : La Métropole de Lyon n'est pas un groupement" in one
    _, former, _ = run("75101")
    assert "arrondissement" in former


def test_command_shows_what_a_grouping_exercises(run) -> None:
    _, out, _ = run("200077014")
    assert "1502 Eau (traitement, adduction, distribution) : eau (tout)" in out
    assert "une compétence absente ne prouve rien" in out
    _, out, _ = run("200056232")
    assert "Ne prouve rien : En Île-de-France" in out
    _, out, _ = run("200054781")
    assert "Compétences : La base coche pour la Métropole du Grand Paris" in out
    code, out, _ = run("chercher", "importer")
    assert code in (0, 2)


def test_a_population_that_is_not_known_is_not_shown_as_nobody(run) -> None:
    assert "0 habitants" not in run("130007511")[1]  # a syndicat for which the base writes 0
    assert ", 0 habitants" in run("55039")[1]  # Beaumont-en-Verdunois, destroyed in 1916


def test_command_tells_how_it_found(run) -> None:
    assert "aussi un code postal" in run("37240")[1]
    assert "12e arrondissement" in run("paris 12e")[1]
    code, _, err = run("00000")
    assert code == 2
    assert "chercher la commune par son nom" in err


def test_command_gives_the_facts(run) -> None:
    code, out, _ = run("38544", "--json")
    body = json.loads(out)
    assert code == 0
    assert body["territoires"][0]["acteur"]["groupement"]["nom"] == "CA Vienne Condrieu"
    assert body["millesime"] == "2026"


def test_command_says_when_nothing_is_found(run) -> None:
    code, out, err = run("ca du bidule zzzzqqqq")
    assert (code, out) == (2, "")
    assert "chercher l'une de ses communes" in err
    code, _, err = run("99999")
    assert code == 2
    assert "code postal" in err
    code, _, err = run("x", "--limite", "99")
    assert code == 2
