"""The other routes: health, vocabulary, rulebook, cases, and addresses that do not exist."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.workshop.cases import Case

RULE = "competences:communaute_agglomeration:eau"


def test_health_names_the_rulebook(client: TestClient, rulebook: Rulebook) -> None:
    assert client.get("/sante").json() == {
        "statut": "ok",
        "recueil": {"version": rulebook.version, "empreinte": rulebook.fingerprint},
    }


def test_every_fact_is_described_where_it_is_written(
    client: TestClient, rulebook: Rulebook
) -> None:
    body = client.get("/api/v1/faits").json()
    facts = {f["fait"]: f for g in body["groupes"] for f in g["faits"]}
    assert set(facts) == set(rulebook.facts)
    assert facts["volet.domaine"]["pointeur"] == "/action/volets/0/domaine"
    assert facts["acteur.nature"]["obligatoire"] is True
    for name, fact in rulebook.facts.items():
        assert facts[name]["question"] == fact.question
        assert facts[name]["valeurs"] == fact.values
        assert (facts[name]["pertinent_si"] is None) == (fact.relevant_if is None)


def test_the_rulebook_can_be_read_at_a_date(client: TestClient, rulebook: Rulebook) -> None:
    whole = client.get("/api/v1/recueil").json()
    assert len(whole["regles"]) == len(rulebook.rules)
    assert whole["date"] is None
    day = rulebook.boundaries[3]
    body = client.get("/api/v1/recueil", params={"date": day.isoformat()}).json()
    assert body["date"] == day.isoformat()
    assert [r["version"] for r in body["regles"]] == [r.key for r in rulebook.at(day).rules]
    assert whole["frontieres"] == [b.isoformat() for b in rulebook.boundaries]


@pytest.mark.parametrize("date", ["2006-02-30", "hier", "", "20060301", "2006-W01-1"])
def test_an_impossible_date_is_refused(client: TestClient, date: str) -> None:
    response = client.get("/api/v1/recueil", params={"date": date})
    assert response.status_code == 422
    assert response.json()["erreurs"][0]["attendu"] == "une date AAAA-MM-JJ"


def test_a_rule_shows_all_its_versions(client: TestClient, rulebook: Rulebook) -> None:
    body = client.get(f"/api/v1/recueil/regles/{RULE}").json()
    versions = rulebook.versions(RULE)
    assert [v["version"] for v in body["versions"]] == [r.key for r in versions]
    first = body["versions"][0]
    assert first["ecarte"] == list(versions[0].sets_aside)
    assert first["conditions"][0]["ecrite"] == versions[0].conditions[0].text
    aside = client.get(f"/api/v1/recueil/regles/{first['ecarte'][0]}").json()
    assert RULE in aside["versions"][0]["ecartee_par"]


def test_every_rule_can_be_shown(client: TestClient, rulebook: Rulebook) -> None:
    for ident in {rule.id for rule in rulebook.rules}:
        assert client.get(f"/api/v1/recueil/regles/{ident}").status_code == 200


@pytest.mark.parametrize(
    ("path", "suggestion"),
    [
        (f"/api/v1/recueil/regles/{RULE}x", RULE),
        ("/api/v1/recueil/regles/zzz", None),
        ("/api/v1/recueil/regles/%ED%A0%80%00%E2%80%AE", None),
        ("/api/v1/cas/zzz", None),
    ],
)
def test_what_does_not_exist_is_told(client: TestClient, path: str, suggestion: str | None) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["erreurs"][0]["suggestion"] == suggestion
    assert "\u202e" not in response.text


def test_cases_are_listed_and_shown(client: TestClient, cases: list[Case]) -> None:
    listed = client.get("/api/v1/cas").json()["cas"]
    assert listed
    assert {case["cas"] for case in listed} == {case.id for case in cases}
    for case in listed[:: len(listed) // 150]:
        shown = client.get(f"/api/v1/cas/{case['cas']}").json()
        assert shown["titre"] == case["titre"]
        expected = 422 if "impossible" in shown["attendu"] else 200
        answer = client.post("/api/v1/avis?raisonnement=non", json=shown["scenario"])
        assert answer.status_code == expected, case["cas"]


@pytest.mark.parametrize(
    ("method", "path", "status", "title"),
    [
        ("GET", "/rien", 404, "Adresse introuvable"),
        ("GET", "/api/v1/avi", 404, "Adresse introuvable"),
        ("GET", "/docs", 404, "Adresse introuvable"),
        ("GET", "/redoc", 404, "Adresse introuvable"),
        ("GET", "/api/v1/avis", 405, "Méthode refusée"),
        ("DELETE", "/sante", 405, "Méthode refusée"),
        ("PUT", "/", 405, "Méthode refusée"),
    ],
)
def test_wrong_addresses_and_methods_are_problems(
    client: TestClient, method: str, path: str, status: int, title: str
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.json()["title"] == title
    assert response.json()["instance"] == path
    if status == 405:
        assert response.headers["allow"]


def test_someone_reading_pages_gets_a_page(client: TestClient) -> None:
    response = client.get("/rien", headers={"accept": "text/html,*/*;q=0.8"})
    assert response.status_code == 404
    assert '<html lang="fr">' in response.text


def test_head_answers_as_get_without_a_body(client: TestClient) -> None:
    for path in ("/", "/sante", "/rien"):
        head, get = client.head(path), client.get(path)
        assert head.status_code == get.status_code
        assert head.content == b""
        assert head.headers["content-length"] == get.headers["content-length"]


def test_the_api_page_lists_every_address(client: TestClient) -> None:
    text = client.get("/api").text
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in text
    assert "curl" in text


def test_parameters_that_do_not_exist_are_refused(client: TestClient) -> None:
    for path in ("/api/v1/faits", "/api/v1/cas", "/api/v1/recueil"):
        response = client.get(path, params={"datte": "2006-01-01"})
        assert response.status_code == 422
        assert response.json()["title"] == "Paramètre refusé"
