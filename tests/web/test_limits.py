"""Bodies too large, unforeseen errors, and what every response carries."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from coopdec_rules.advice.documents import MAX_BYTES
from coopdec_rules.errors import EngineError
from coopdec_rules.web.app import create_app
from coopdec_rules.web.service import Service

AVIS = "/api/v1/avis"
JSON = {"content-type": "application/json"}
LARGE = b"[" + b" " * 10_000_000 + b"]"


def chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]


def test_a_body_of_ten_megabytes_is_refused(client: TestClient) -> None:
    response = client.post(AVIS, content=LARGE, headers=JSON)
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"].endswith("256 Kio au plus.")


def test_a_body_of_unannounced_length_is_refused_too(client: TestClient) -> None:
    response = client.post(AVIS, content=chunks(LARGE), headers=JSON)
    assert response.status_code == 413
    assert response.json()["type"] == "/api#probleme-trop-grand"


def test_the_limit_itself_is_accepted(client: TestClient) -> None:
    body = b'{"acteur": {"nature": "commune"}}'
    body += b" " * (MAX_BYTES - len(body))
    assert client.post(AVIS, content=body, headers=JSON).status_code == 200
    assert client.post(AVIS, content=body + b" ", headers=JSON).status_code == 413


def test_a_length_that_lies_does_not_help(client: TestClient) -> None:
    headers = {**JSON, "content-length": "10"}
    assert client.post(AVIS, content=chunks(LARGE), headers=headers).status_code == 413


def test_over_the_network(address: str) -> None:
    """The refusal arrives, or the connection is cut while sending; the service goes on."""
    with httpx.Client(base_url=address, timeout=20) as client:
        try:
            response = client.post(AVIS, content=LARGE, headers=JSON)
        except httpx.WriteError:
            pass
        else:
            assert response.status_code == 413
    with httpx.Client(base_url=address, timeout=20) as client:
        assert client.get("/sante").json()["statut"] == "ok"


def test_the_form_has_the_same_limit_told_as_a_page(client: TestClient) -> None:
    response = client.post("/avis", content=b"a" * 300_000, headers={"accept": "text/html"})
    assert response.status_code == 413
    assert response.headers["content-type"].startswith("text/html")
    assert "Document trop grand" in response.text


@pytest.fixture
def broken(service: Service, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """An application whose advisor breaks."""

    def advise(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    app = create_app(service=service)
    monkeypatch.setattr(service.advisor, "advise", advise)
    return app


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_an_unforeseen_error_says_nothing_of_itself(
    broken: FastAPI, caplog: pytest.LogCaptureFixture, accept: str
) -> None:
    client = TestClient(broken, raise_server_exceptions=True)
    path, sent = (AVIS, {"json": {}}) if accept == "*/*" else ("/avis", {"data": {"/date": ""}})
    with caplog.at_level(logging.ERROR):
        response = client.post(path, headers={"accept": accept}, **sent)  # type: ignore[arg-type]
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "Erreur interne" in response.text
    assert "nosniff" in response.headers["x-content-type-options"]
    assert "secret detail" in caplog.text


def test_an_engine_error_gives_no_avis(
    app: FastAPI, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def advise(*_: object, **__: object) -> None:
        raise EngineError("internal wording")

    monkeypatch.setattr(service.advisor, "advise", advise)
    response = TestClient(app).post(AVIS, json={})
    assert response.status_code == 500
    assert response.json()["title"] == "Erreur interne"
    assert "internal wording" not in response.text


PATHS = ["/", "/api", "/sante", "/openapi.json", "/static/style.css", "/api/v1/faits", "/rien"]


@pytest.mark.parametrize("path", PATHS)
def test_every_response_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    assert allowed["script-src"] == allowed["connect-src"] == "'self'"
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path",
    ["/", "/api", "/demande", "/demande?etape=resume", "/rien", "/static/style.css",
     "/static/guide.css"],
)  # fmt: skip
def test_nothing_comes_from_elsewhere(client: TestClient, path: str) -> None:
    text = client.get(path, headers={"accept": "text/html"}).text
    # Scripts are files of this service, never written in the page.
    text = re.sub(r'<script defer src="/static/[a-z.]+\.js\?v=[0-9a-f]{12}"></script>', "", text)
    for wanted in ("<script", "src=", "style=", "@import", "url(", "//cdn", "onclick", "hx-on"):
        assert wanted not in text, wanted


def test_the_vendored_script_is_the_one_recorded(client: TestClient) -> None:
    record = client.get("/static/htmx.LICENCE.txt").text
    script = client.get("/static/htmx.min.js").content
    assert hashlib.sha256(script).hexdigest() in record
    assert "Zero-Clause BSD" in record
    assert re.search(r"htmx [0-9.]+ \(htmx\.min\.js\)", record)
