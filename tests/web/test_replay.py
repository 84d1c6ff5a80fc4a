"""Older rulebooks, receipts and their verification over HTTP, on the small rulebook."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.replay.receipt import digest
from coopdec_rules.rulebook.archives import Archives, put_aside
from coopdec_rules.web.app import create_app
from coopdec_rules.web.avis.permalink import encode
from coopdec_rules.web.hosting.settings import Settings
from coopdec_rules.web.past import PastRulebooks
from coopdec_rules.web.past_process import Question
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.service import Service
from coopdec_rules.web.serving import Limits
from tests.advice.small import small
from tests.replay.conftest import RELEASED, SCENARIO, before, released, today
from tests.web.links import KEY

__all__ = ["before", "released", "today"]  # fixtures


@pytest.fixture(scope="module")
def past_service(
    today: Advisor, released: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """Today's rulebook, with 1.0.0, 1.5.0 and one that is no longer what it was behind it."""
    folder = Path(shutil.copytree(released, tmp_path_factory.mktemp("tous") / "recueils"))
    for version in ("1.5.0", "1.6.0"):
        root = small(tmp_path_factory.mktemp("autre"), ("VERSION", "1.0.0", version))
        (root / "normes.yaml").write_text(f"N-01: Une norme de {version}\n", encoding="utf-8")
        put_aside(root, folder, RELEASED)
    (folder / "1.6.0.tar.xz").write_bytes(b"")
    service = Service(today, [], archives=Archives(folder))
    yield service
    service.close()


@pytest.fixture
def past_client(past_service: Service) -> TestClient:
    app = create_app(service=past_service, settings=Settings().with_key(KEY))
    return TestClient(app, raise_server_exceptions=False)


def post(client: TestClient, path: str, body: object) -> Any:
    response = client.post(path, json=body)
    assert response.status_code == 200, response.text
    return response.json()


def test_the_rulebooks_kept_are_listed(past_client: TestClient, today: Advisor) -> None:
    found = past_client.get("/api/v1/recueil/versions").json()["recueils"]
    assert [(r["version"], r["publie_le"], r["servi"]) for r in found] == [
        ("1.0.0", "2026-03-01", False),
        ("1.5.0", "2026-03-01", False),
        ("1.6.0", "2026-03-01", False),
        ("2.0.0", None, True),
    ]
    assert found[-1]["empreinte"] == today.rulebook.fingerprint


def test_every_question_can_be_asked_of_an_older_rulebook(
    past_client: TestClient, past_service: Service
) -> None:
    now = post(past_client, "/api/v1/avis", SCENARIO)
    assert (now["habilitation"], now["recueil"]["version"]) == ("indeterminee", "2.0.0")
    then = post(past_client, "/api/v1/avis?recueil=1.0.0", SCENARIO)
    assert (then["habilitation"], then["recueil"]["version"]) == ("autorisee", "1.0.0")
    prints = past_service.past.archives.all["1.0.0"].fingerprint
    assert post(past_client, f"/api/v1/avis?recueil={prints[:12]}", SCENARIO) == then
    assert post(past_client, "/api/v1/avis?recueil=2.0.0", SCENARIO) == now
    short = post(past_client, "/api/v1/avis?recueil=1.0.0&profil=court", SCENARIO)
    assert short["habilitation"] == "autorisee"
    ways = post(past_client, "/api/v1/pistes?recueil=1.0.0", SCENARIO)
    assert ways["habilitation"] == "autorisee"
    asked = post(past_client, "/api/v1/questions?recueil=1.0.0", SCENARIO)
    assert asked["reponses"]["habilitation"]["valeur"] == "autorisee"


def test_one_older_rulebook_is_compiled_at_a_time(
    past_client: TestClient, past_service: Service
) -> None:
    """By a process, replaced when another is asked for, when it is lost and when it is slow."""
    pids = []
    for number, version in enumerate(("1.0.0", "1.5.0", "1.5.0", "1.5.0")):
        if number == 3:
            os.kill(pids[-1], signal.SIGKILL)
            lost = past_client.post(f"/api/v1/avis?recueil={version}", json=asked(100))
            assert (lost.status_code, lost.headers["Retry-After"]) == (503, "5")
            assert past_service.past.pid is None
        answer = post(past_client, f"/api/v1/avis?recueil={version}", asked(number))
        assert answer["recueil"]["version"] == version
        pid = past_service.past.pid
        assert pid is not None
        pids.append(pid)
    assert pids[0] != pids[1] == pids[2] != pids[3]
    past_service.past.close()
    assert past_service.past.pid is None


def asked(number: int) -> object:
    """A scenario never asked before: what was answered is kept."""
    return {**SCENARIO, "acteur": {"nature": "commune", "nom": f"Commune {number}"}}


def test_a_mistake_in_the_scenario_is_told_by_an_older_rulebook_too(
    past_client: TestClient,
) -> None:
    bad = past_client.post("/api/v1/avis?recueil=1.0.0", json={"acteur": {"nature": "royaume"}})
    assert bad.status_code == 422
    assert bad.json()["erreurs"][0]["pointeur"] == "/acteur/nature"
    bad = past_client.post("/api/v1/avis/recu?recueil=1.0.0", content=b"{")
    assert bad.status_code == 400


def test_an_older_rulebook_too_slow_is_given_up(today: Advisor, released: Path) -> None:
    limits = Limits(past_seconds=0.01, past_idle_seconds=0.05)
    past = PastRulebooks(today.rulebook, Archives(released), limits)
    entry = past.archives.all["1.0.0"]
    with pytest.raises(Refused) as refused:
        past._answer(entry, Question("avis", b"{}", RELEASED))
    assert refused.value.kind.slug == "occupe"
    assert past.pid is None


@pytest.mark.parametrize(
    ("name", "status", "kind", "said"),
    [
        ("1.0.1", 422, "parametre", "Le recueil « 1.0.1 » n'est pas gardé."),
        ("", 422, "parametre", "n'est pas gardé"),
        ("../../etc/passwd", 422, "parametre", "n'est pas gardé"),
        ("1.6.0", 409, "recueil", "Le recueil « 1.6.0 » ne se lit pas avec le logiciel"),
    ],
)
def test_a_rulebook_that_cannot_be_had_is_told(
    past_client: TestClient, name: str, status: int, kind: str, said: str
) -> None:
    for path in ("/api/v1/avis", "/api/v1/questions", "/api/v1/pistes", "/api/v1/avis/recu"):
        found = past_client.post(path, params={"recueil": name}, json=SCENARIO)
        assert found.status_code == status, found.text
        problem = found.json()
        assert problem["type"] == f"/api#probleme-{kind}"
        assert said in problem["detail"]


def test_a_receipt_is_made_signed_and_verified(past_client: TestClient) -> None:
    receipt = post(past_client, "/api/v1/avis/recu?recueil=1.0.0", SCENARIO)
    assert receipt["recueil"]["version"] == "1.0.0"
    assert receipt["signature"]["methode"] == "HMAC-SHA-256"
    found = post(past_client, "/api/v1/recus/verification", receipt)
    assert (found["intact"], found["signature"]) == (True, "valable")
    assert found["relu"]["identique"]
    assert not found["aujourd_hui"]["identique"]
    blamed = {
        rule["regle"]
        for change in found["aujourd_hui"]["changements"]
        for rule in change["causes"]["regles"]
    }
    assert blamed == {"eau-et-culture"}
    same = post(past_client, "/api/v1/avis/recu", SCENARIO)
    assert post(past_client, "/api/v1/recus/verification", same)["aujourd_hui"]["identique"]


def test_what_cannot_be_verified_is_told(past_client: TestClient) -> None:
    path = "/api/v1/recus/verification"
    receipt = post(past_client, "/api/v1/avis/recu", SCENARIO)
    changed = {**receipt, "droit_au": "2026-01-16"}
    assert not post(past_client, path, changed)["intact"]
    for version, why in (("9.9.9", "n'est pas gardé ici"), ("1.6.0", "ne se lit pas")):
        prints = {"9.9.9": "0" * 64}.get(version) or _fingerprint(past_client, version)
        unknown = {**receipt, "recueil": {"version": version, "empreinte": prints}}
        unknown["empreinte"] = digest(unknown)
        found = post(past_client, path, unknown)
        assert found["relu"] is None
        assert why in found["illisible"]
        assert found["signature"] == "fausse"
    refused = past_client.post(path, json={**receipt, "regles": 1})
    assert refused.status_code == 400
    assert refused.json()["erreurs"][0]["pointeur"] == "/regles"


def _fingerprint(client: TestClient, version: str) -> str:
    kept = client.get("/api/v1/recueil/versions").json()["recueils"]
    return str(next(r["empreinte"] for r in kept if r["version"] == version))


def test_the_page_gives_the_receipt_of_its_avis(client: TestClient) -> None:
    sent = {"s": encode({"date": "2026-01-15", "acteur": {"nature": "commune"}})}
    response = client.get("/recu.json", params=sent)
    assert response.status_code == 200
    assert response.json()["signature"]["cle"]
    found = post(client, "/api/v1/recus/verification", response.json())
    assert found["aujourd_hui"]["identique"]
    assert found["signature"] == "valable"
    assert "/recu.json?" in client.get("/avis/detail", params=sent).text
