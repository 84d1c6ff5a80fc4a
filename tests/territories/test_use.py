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
    assert lyon["nature"] is None
    assert "statut particulier" in lyon["nature_libelle"]
    assert lyon["remarques"]


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
    assert "syndicats" in paths[PATH]["get"]["description"]
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


def test_command_gives_the_facts(run) -> None:
    code, out, _ = run("38544", "--json")
    body = json.loads(out)
    assert code == 0
    assert body["territoires"][0]["acteur"]["groupement"]["nom"] == "CA Vienne Condrieu"
    assert body["millesime"] == "2026"


def test_command_says_when_nothing_is_found(run) -> None:
    code, out, err = run("ca du pays viennois")
    assert (code, out) == (2, "")
    assert "chercher l'une de ses communes" in err
    code, _, err = run("99999")
    assert code == 2
    assert "code postal" in err
    code, _, err = run("x", "--limite", "99")
    assert code == 2
