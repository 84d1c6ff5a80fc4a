"""Answers are sent compressed, once, and short when asked; what holds an affair is not kept."""

from __future__ import annotations

import gzip
import re

import brotli
import orjson
import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from coopdec_rules.advice.models import AvisCourt
from coopdec_rules.web.avis.permalink import encode
from coopdec_rules.workshop.cases import Case

SCENARIO = {"acteur": {"nature": "commune"}, "action": {"volets": [{"domaine": "eau"}]}}
RULES = "/api/v1/recueil"


def raw(
    client: TestClient, path: str, asked: str, **more: str
) -> tuple[int, bytes, dict[str, str]]:
    with client.stream("GET", path, headers={"accept-encoding": asked, **more}) as answer:
        return answer.status_code, b"".join(answer.iter_raw()), dict(answer.headers)


def test_what_is_asked_is_what_is_sent(client: TestClient) -> None:
    _, plain, headers = raw(client, RULES, "identity")
    assert "content-encoding" not in headers
    assert "Accept-Encoding" in headers["vary"]
    for asked, coding, unpack in (
        ("gzip, deflate, br", "br", brotli.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("br;q=0.1, gzip;q=0.9", "gzip", gzip.decompress),
        ("*", "br", brotli.decompress),
    ):
        _, packed, headers = raw(client, RULES, asked)
        assert headers["content-encoding"] == coding, asked
        assert int(headers["content-length"]) == len(packed) < len(plain) / 5
        assert unpack(packed) == plain
    for asked in ("", "identity", "br;q=0", "x"):
        assert raw(client, RULES, asked)[1] == plain


def test_what_does_not_change_is_not_sent_again(client: TestClient) -> None:
    style = re.findall(r'"(/static/style[^"]+)"', client.get("/").text)[0]
    for path in (RULES, "/api/v1/faits", style, "/recueil/normes"):
        status, _, headers = raw(client, path, "br")
        tag = headers["etag"]
        assert status == 200
        for known in (tag, tag.removeprefix("W/"), f'"autre", {tag}', "*"):
            status, body, again = raw(client, path, "gzip", **{"if-none-match": known})
            assert (status, body) == (304, b""), known
            assert again["etag"] == tag
            assert "content-security-policy" in again
        assert raw(client, path, "br", **{"if-none-match": '"autre"'})[0] == 200
        assert client.head(path).headers["etag"] == tag


@pytest.mark.parametrize(
    "path",
    [
        "/avis?s={}",
        "/avis.json?s={}",
        "/scenario.yaml?s={}",
        "/demande?etape=quoi&s={}",
        "/demande?etape=resume&s={}",
    ],
)
def test_what_holds_an_affair_is_kept_by_nobody(client: TestClient, path: str) -> None:
    answer = client.get(path.format(encode(SCENARIO)), headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_the_answers_of_the_api_are_kept_by_nobody(client: TestClient) -> None:
    for path in ("/api/v1/avis?profil=court", "/api/v1/questions", "/api/v1/pistes"):
        assert client.post(path, json=SCENARIO).headers["cache-control"] == "no-store"


def test_windows_and_devices_are_out_of_reach(client: TestClient) -> None:
    headers = client.get("/").headers
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]


def test_the_short_form_says_the_same_in_less_than_two_kilobytes(
    client: TestClient, cases: list[Case]
) -> None:
    shape = TypeAdapter(AvisCourt)
    for case in cases[:: len(cases) // 8]:
        body = orjson.dumps(case.scenario)
        whole = client.post("/api/v1/avis?raisonnement=non", content=body)
        brief = client.post("/api/v1/avis?raisonnement=non&profil=court", content=body)
        assert brief.status_code == whole.status_code
        if brief.status_code != 200:
            continue
        assert len(brief.content) < 2000
        found, avis = brief.json(), whole.json()
        shape.validate_python(found)
        for name in ("habilitation", "habilitation_possibles", "maitrise_ouvrage", "resume"):
            assert found[name] == avis[name]
        assert found["questions"] == len(avis["questions"])
        left = [e for e in avis["conditions"] + avis["formalites"] if e["etat"] != "remplie"]
        assert found["a_faire"] == len(left)


@pytest.mark.parametrize("query", ["profil=long", "profil=court&detail=complet", "champs=resume"])
def test_an_unknown_form_is_refused(client: TestClient, query: str) -> None:
    answer = client.post(f"/api/v1/avis?{query}", json=SCENARIO)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("parametre")
