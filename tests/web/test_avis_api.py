"""POST /api/v1/avis: what it answers, and how it refuses."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from httpx import Response
from starlette.testclient import TestClient

from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.scenario import MAX_ITEMS
from coopdec_rules.web.service import Service
from coopdec_rules.workshop.cases import Case

AVIS = "/api/v1/avis"
SCENARIO = {
    "date": "2006-03-01",
    "acteur": {"nature": "communaute_agglomeration"},
    "action": {"operation": "projet", "volets": [{"domaine": "eau"}]},
    "acte": {"forme": "convention"},
}


def send(client: TestClient, body: bytes, media: str | None = "application/json") -> Response:
    headers = {"content-type": media} if media else {}
    return client.post(AVIS, content=body, headers=headers)


def refused(response: Response, status: int, slug: str) -> list[dict[str, Any]]:
    """Check the problem document; return its mistakes."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["type"] == f"/api#probleme-{slug}"
    assert body["status"] == status
    assert body["instance"] == AVIS
    assert body["title"]
    assert body["detail"].endswith((".", "?"))
    assert "Traceback" not in response.text
    return list(body["erreurs"])


def test_answers_what_the_advisor_answers(client: TestClient, service: Service) -> None:
    response = client.post(AVIS, json=SCENARIO)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json() == orjson.loads(to_json(service.advisor.advise(SCENARIO).avis))


def test_complete_adds_the_rules_that_are_not_met(client: TestClient) -> None:
    short = client.post(AVIS, json=SCENARIO).json()
    full = client.post(AVIS, params={"detail": "complet"}, json=SCENARIO).json()
    assert {m["etat"] for m in full["motifs"]} - {m["etat"] for m in short["motifs"]} == {
        "non_remplie"
    }
    assert full["resume"] == short["resume"]


def test_case_documents_are_read_from_their_scenario_only(
    client: TestClient, cases: list[Case]
) -> None:
    case = cases[0]
    response = client.post(AVIS, content=to_json({"cas": case.id, "scenario": case.scenario}))
    assert refused(response, 422, "scenario")[0]["pointeur"] == "/cas"


@pytest.mark.parametrize(
    ("change", "pointer", "message", "suggestion"),
    [
        ({"acteur": {"natur": "commune"}}, "/acteur/natur", "Ce champ n'existe pas.", "nature"),
        (
            {"acteur": {"nature": "comune"}},
            "/acteur/nature",
            "Cette valeur n'existe pas.",
            "commune",
        ),
        ({"acteur": {}}, "/acteur/nature", "Ce renseignement est obligatoire.", None),
        (
            {"acteur": {"nature": "commune", "population": "beaucoup"}},
            "/acteur/population",
            "Ce n'est pas lu comme un nombre. Écrivez par exemple 12 000.",
            None,
        ),
        (
            {"acteur": {"nature": "commune", "population": True}},
            "/acteur/population",
            "Valeur illisible.",
            None,
        ),
        ({"date": "2006-02-30"}, "/date", "Ce jour n'existe pas.", None),
        ({"date": "1492-01-01"}, "/date", "Valeur hors limites.", None),
        ({"acteur": ["commune"]}, "/acteur", "Un objet est attendu ici.", None),
        ({"action": {"volets": 3}}, "/action/volets", "Une liste est attendue ici.", None),
        (
            {"action": {"volets": [{}] * (MAX_ITEMS + 1)}},
            "/action/volets",
            f"Cette liste compte {MAX_ITEMS + 1} éléments, c'est trop : scindez l'action.",
            None,
        ),
        (
            {"action": {"volets": [{}, {"domaine": "eaux"}]}},
            "/action/volets/1/domaine",
            "Cette valeur n'existe pas.",
            "eau",
        ),
        (
            {"acteur": {"nature": "commune", "nom": "a\u202eb"}},
            "/acteur/nom",
            "Valeur illisible.",
            None,
        ),
        ({"a/b~c": 1}, "/a~1b~0c", "Ce champ n'existe pas.", None),
    ],
)
def test_every_mistake_is_placed_and_explained(
    client: TestClient, change: dict[str, Any], pointer: str, message: str, suggestion: str | None
) -> None:
    response = client.post(AVIS, json={**SCENARIO, **change})
    mistakes = refused(response, 422, "scenario")
    found = next(m for m in mistakes if m["pointeur"] == pointer)
    assert found["message"] == message
    assert found["suggestion"] == suggestion
    assert found["trouve"] or found["attendu"]


def test_all_mistakes_are_told_at_once(client: TestClient) -> None:
    response = client.post(AVIS, json={"date": "hier", "acteur": {"nature": 3}, "x": 1})
    mistakes = refused(response, 422, "scenario")
    assert {m["pointeur"] for m in mistakes} == {"/date", "/acteur/nature", "/x"}
    assert response.json()["detail"] == "Le scénario contient 3 erreurs."


@pytest.mark.parametrize("body", [b"[]", b"3", b"null", b'"a"', b"true"])
def test_a_scenario_is_an_object(client: TestClient, body: bytes) -> None:
    mistakes = refused(send(client, body), 422, "scenario")
    assert mistakes[0]["message"] == "Le scénario n'est pas un objet."


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Le document est vide."),
        (b" \n ", "Le document est vide."),
        (b"{", "JSON illisible"),
        (b"{'a': 1}", "JSON illisible"),
        (b'{"date": NaN}', "JSON illisible"),
        (b'{"date": Infinity}', "JSON illisible"),
        (b'{"acteur": {"nom": "\xff\xfe"}}', "JSON illisible"),
        (b'{"acteur": {"nom": "\\ud800"}}', "JSON illisible"),
        (b"[" * 60_000, "JSON illisible"),
        (b'{"a":' * 1000 + b"1" + b"}" * 1000, ""),
        (b"[" * 30 + b"]" * 30, "Le document est trop imbriqué."),
    ],
)
def test_what_is_not_json_is_unreadable(client: TestClient, body: bytes, message: str) -> None:
    mistakes = refused(send(client, body), 400, "illisible")
    assert mistakes[0]["message"].startswith(message)


@pytest.mark.parametrize(
    "body",
    [
        b'{"acteur": {"nature": "commune", "population": 1' + b"0" * 400 + b"}}",
        b'{"acteur": {"nature": "commune", "population": -1e308}}',
        b'{"acteur": {"nature": "commune"}, "action": {"contributions": [{"montant": 1e-320}]}}',
        b'{"acteur": {"nature": "commune"}, "action": {"contributions": [{"montant": 1e300}]}}',
        '{"acteur": {"nature": "commune", "nom": "\U0001f1eb\u0301\u200d"}}'.encode(),
        b'{"acteur": {"nature": "commune\\u0000"}}',
        b'{"\\u202e": {"\\u0000": []}}',
        b'{"acteur": {"nature": ["commune"]}}',
        b'{"date": "9999999-01-01"}',
        b'{"date": "\xd9\xa2\xd9\xa0\xd9\xa0\xd9\xa6-01-01"}',
        b'{"acteur": {"nature": "commune", "population": "\xc2\xb2"}}',
    ],
)
def test_hostile_values_never_break_the_service(client: TestClient, body: bytes) -> None:
    response = send(client, body)
    assert response.status_code in (200, 400, 422)
    assert "\u202e" not in response.text


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "yaml", ""])
def test_another_media_type_is_refused(client: TestClient, media: str) -> None:
    response = client.post(AVIS, content=b"{}", headers={"content-type": media})
    refused(response, 415, "format")
    assert "application/json" in response.json()["detail"]


@pytest.mark.parametrize("media", ["application/json; charset=utf-8", "Application/JSON", None])
def test_json_is_known_however_it_is_announced(client: TestClient, media: str | None) -> None:
    assert send(client, orjson.dumps(SCENARIO), media).status_code == 200


def test_the_same_key_twice_is_refused_where_it_stands(client: TestClient) -> None:
    """Neither of the two may win in silence."""
    body = b'{"acteur": {"nature": "x"}, "acteur": {"nature": "commune"}}'
    response = send(client, body)
    refused(response, 400, "illisible")
    assert [e["pointeur"] for e in response.json()["erreurs"]] == ["/acteur"]


@pytest.mark.parametrize(
    ("query", "found", "suggestion"),
    [
        ("detail=complets", "complets", "complet"),
        ("detail=", "", None),
        ("detai=complet", "detai", "detail"),
        ("detail=complet&detail=complet", None, None),
    ],
)
def test_unknown_parameters_are_refused(
    client: TestClient, query: str, found: str | None, suggestion: str | None
) -> None:
    response = client.post(f"{AVIS}?{query}", json=SCENARIO)
    mistakes = refused(response, 422, "parametre")
    if found is not None:
        assert mistakes[0]["trouve"] == found
        assert mistakes[0]["suggestion"] == suggestion
