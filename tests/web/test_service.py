"""Starting the service, and the typography of its pages."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.web.app import create_app
from coopdec_rules.web.typography import french_page


def test_unreadable_cases_do_not_stop_the_service(
    advisor: Advisor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "faux.yaml").write_text("cas: [", encoding="utf-8")
    monkeypatch.setenv("COOPDEC_CAS", str(tmp_path))
    with caplog.at_level(logging.WARNING):
        client = TestClient(create_app(advisor))
    assert "faux.yaml" in caplog.text
    for path in ("/", "/api", "/sante", "/openapi.json", "/api/v1/cas"):
        assert client.get(path).status_code == 200
    assert client.post("/avis", data={"/acteur/nature": "commune"}).status_code == 200


def test_the_service_finds_the_rulebook_by_itself(rules_root: Path) -> None:
    client = TestClient(create_app())
    version = (rules_root / "VERSION").read_text(encoding="utf-8").strip()
    assert client.get("/sante").json()["recueil"]["version"] == version


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<p>Qui agit ?</p>", "<p>Qui agit\u202f?</p>"),
        ("<p>Oui : « eau » ; non !</p>", "<p>Oui\u00a0: «\u00a0eau\u00a0»\u202f; non\u202f!</p>"),
        ("<p>1 % de 3 €.</p>", "<p>1\u00a0% de 3\u00a0€.</p>"),
        ('<input value="Qui ?">', '<input value="Qui ?">'),
        ("<pre>{'a' : 1 ;}</pre>", "<pre>{'a' : 1 ;}</pre>"),
        ("<p>L&#39;eau ?</p>", "<p>L\u2019eau\u202f?</p>"),
        ("<p>l'<em>eau</em></p>", "<p>l\u2019<em>eau</em></p>"),
        ("<p>a ?b</p>", "<p>a ?b</p>"),
    ],
)
def test_marks_never_start_a_line(written: str, shown: str) -> None:
    assert french_page(written) == shown
