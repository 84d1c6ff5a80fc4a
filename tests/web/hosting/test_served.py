"""The service as a host sets it: prefix, headers, logs, metrics, readiness, legal page."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from coopdec_rules.web.app import create_app
from coopdec_rules.web.hosting import logs
from coopdec_rules.web.hosting.metrics import MEANINGS
from coopdec_rules.web.hosting.reading import read_settings
from coopdec_rules.web.hosting.serve import _config
from coopdec_rules.web.service import Service

MARK = "Trifouilly"
AVIS = {"date": "2006-03-01", "acteur": {"nom": MARK, "nature": "commune"}}


@pytest.fixture(scope="module")
def hosted(service: Service) -> FastAPI:
    """The application as someone hosts it."""
    environ = {
        "COOPDEC_PREFIXE": "/coop",
        "COOPDEC_HSTS": "60",
        "COOPDEC_MESURES": "ouvertes",
        "COOPDEC_EDITEUR_NOM": "Ville de <Trois>",
        "COOPDEC_EDITEUR_COURRIEL": "contact@exemple.fr",
    }
    return create_app(service=service, settings=read_settings({}, environ, None))


@pytest.fixture
def host(hosted: FastAPI) -> TestClient:
    return TestClient(hosted, raise_server_exceptions=False, base_url="https://avis.exemple.fr")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the service writes, as JSON."""
    root, ours = logging.getLogger(), logging.getLogger("coopdec_rules")
    uvicorn = logging.getLogger("uvicorn")
    before = root.handlers[:], root.level, ours.level, uvicorn.level
    stream = io.StringIO()
    logs.configure(read_settings({}, {"COOPDEC_JOURNAL_FORMAT": "json"}, None).journal, stream)
    yield stream
    root.handlers[:], root.level, ours.level, uvicorn.level = before


def _events(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_every_local_link_is_under_the_prefix_and_leads_somewhere(host: TestClient) -> None:
    seen: set[str] = set()
    for page in ("/coop/", "/coop/demande", "/coop/recueil", "/coop/panorama", "/coop/api"):
        html = host.get(page, headers={"accept": "text/html"}).text
        links = re.findall(
            r'\s(?:href|src|action|formaction|hx-get|hx-post|data-adresse)="(/[^"]*)"', html
        )
        assert links, page
        assert [link for link in links if not link.startswith("/coop/")] == []
        gets = re.findall(r'\shref="(/[^"#?]*)', html)
        seen |= set(gets[:12])
    assert len(seen) > 10
    for link in seen:
        assert host.get(link).status_code == 200, link
    assert "https://avis.exemple.fr/coop/api/v1/avis" in host.get("/coop/api").text
    assert host.get("/coop/openapi.json").json()["servers"] == [{"url": "/coop"}]


def test_the_prefix_may_be_taken_off_by_the_proxy(host: TestClient) -> None:
    assert host.get("/recueil").text == host.get("/coop/recueil").text
    assert host.get("/cooper").status_code == 404


@pytest.mark.parametrize("path", ["/coop/recueil/", "/recueil/"])
def test_redirects_are_relative_to_the_host(host: TestClient, path: str) -> None:
    response = host.get(path, headers={"host": "interne:8000"}, follow_redirects=False)
    assert response.headers["location"] == "/coop/recueil"
    sent = host.get("/coop/avis", headers={"accept": "text/html"}, follow_redirects=False)
    assert sent.headers["location"] == "/coop/"


def test_without_a_prefix_redirects_are_relative_too(client: TestClient) -> None:
    response = client.get("/recueil/", follow_redirects=False)
    assert response.headers["location"] == "/recueil"


def test_hsts_only_when_told_and_the_legal_page_always(
    host: TestClient, client: TestClient
) -> None:
    page = host.get("/coop/mentions-legales")
    assert page.headers["strict-transport-security"] == "max-age=60"
    assert "Ville de &lt;Trois&gt;" in page.text
    assert 'href="/coop/mentions-legales"' in host.get("/coop/recueil").text
    plain = client.get("/mentions-legales")
    assert "strict-transport-security" not in plain.headers
    assert "Non renseigné" in plain.text


def test_a_request_is_logged_without_what_it_asks(
    hosted: FastAPI, host: TestClient, written: io.StringIO
) -> None:
    host.post("/coop/api/v1/avis", json=AVIS, headers={"x-request-id": "essai-0001"})
    host.get("/coop/demande", params={"acteur.nom": MARK})
    host.head(f"/api/v1/cas/{MARK}")
    host.get(f"/{MARK}")
    host.get("/sante")
    events = [event for event in _events(written) if event["evenement"] == "demande"]
    told = [(event["methode"], event["route"], event["statut"]) for event in events]
    assert told[0] == ("POST", "/api/v1/avis", 200)
    assert told[1][:2] == ("GET", "/demande")
    assert told[2] == ("HEAD", "/api/v1/cas/{cas}", 404)
    assert told[3] == ("GET", "(aucune)", 404)
    assert len(told) == 4
    assert events[0]["requete"] == "essai-0001"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", str(events[0]["heure"]))
    assert all(0 <= float(str(event["duree_ms"])) < 60_000 for event in events)
    assert MARK not in written.getvalue()


def test_an_error_is_logged_without_its_message(
    hosted: FastAPI, host: TestClient, written: io.StringIO, service: Service, monkeypatch
) -> None:
    def broken(*args: object, **kwargs: object) -> bytes:
        raise KeyError(MARK)

    monkeypatch.setattr(service, "avis", broken)
    response = host.post("/coop/api/v1/avis", json=AVIS)
    assert response.status_code == 500
    (error,) = [event for event in _events(written) if "erreur" in event]
    assert error["requete"] == response.headers["x-request-id"]
    assert str(error["erreur"]).startswith("KeyError : ")
    assert "broken" in str(error["erreur"])
    assert MARK not in written.getvalue()


@pytest.mark.parametrize("given", ["court", "a" * 65, "avec espace", "saut\\nligne", "é" * 10])
def test_an_identifier_that_is_not_sane_is_replaced(host: TestClient, given: str) -> None:
    answered = host.get("/sante", headers={"x-request-id": given.encode()})
    assert re.fullmatch(r"[0-9a-f]{16}", answered.headers["x-request-id"])
    kept = host.get("/sante", headers={"x-request-id": "a-b.c_d-12"})
    assert kept.headers["x-request-id"] == "a-b.c_d-12"


def test_a_line_of_text_says_the_same(written: io.StringIO) -> None:
    logs.configure(read_settings({}, {}, None).journal, written)
    logging.getLogger("coopdec_rules.essai").info("demande", extra={logs.FIELDS: {"route": "/a"}})
    logging.getLogger("autre").info("rien")
    assert re.fullmatch(r"\S+ info demande route=/a\n", written.getvalue())


def test_metrics_count_requests_by_route(host: TestClient) -> None:
    def count() -> float:
        text = host.get("/metrics").text
        found = re.search(
            r'coopdec_requetes_total\{methode="GET",route="/recueil",statut="200"\} (\S+)', text
        )
        return float(found[1]) if found else 0

    before = count()
    host.get("/coop/recueil")
    assert count() == before + 1
    text = host.get("/metrics").text
    assert float(re.search(r"coopdec_memoire_octets (\d\S+)", text)[1]) > 50_000_000
    for name in MEANINGS:
        assert f"{name}{{" in text, name
    assert 'coopdec_duree_secondes_bucket{le="0.05",route="/recueil"}' in text
    assert MARK not in text


def test_metrics_are_shown_to_whom_the_settings_say(service: Service, client: TestClient) -> None:
    assert client.get("/metrics").status_code == 404
    local = create_app(
        service=service, settings=read_settings({}, {"COOPDEC_MESURES": "locales"}, None)
    )
    here = TestClient(local, client=("127.0.0.1", 5000))
    assert here.get("/metrics").status_code == 200
    assert here.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"}).status_code == 404
    assert TestClient(local, client=("192.0.2.1", 5000)).get("/metrics").status_code == 404
    assert TestClient(local, client=("::1", 5000)).get("/metrics").status_code == 200


def test_ready_only_once_prepared_and_while_the_engine_answers(
    hosted: FastAPI, host: TestClient, monkeypatch
) -> None:
    refused = host.get("/pret")
    assert (refused.status_code, refused.json()["statut"]) == (503, "en préparation")
    assert refused.headers["retry-after"] == "2"
    readiness = hosted.state.readiness
    readiness.prepare()
    ready = host.get("/pret")
    assert (ready.status_code, ready.json()["statut"]) == (200, "prêt")
    monkeypatch.setattr(readiness, "advisor", None)
    assert readiness.state() == "en panne"


def test_only_trusted_proxies_are_believed(service: Service) -> None:
    settings = read_settings({}, {"COOPDEC_MANDATAIRES": "10.1.0.0/16"}, None)
    config = _config(settings, create_app(service=service, settings=settings))
    config.load()
    headers = {"host": "avis.exemple.fr", "x-forwarded-proto": "https"}
    for peer, address in (("10.1.2.3", "https://avis"), ("10.2.0.1", "http://avis")):
        page = TestClient(config.loaded_app, client=(peer, 5000)).get("/api", headers=headers)
        assert f"curl -s {address}.exemple.fr/api/v1/avis" in page.text
