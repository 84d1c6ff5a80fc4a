"""The pages that a public site owes its users: there, linked from everywhere, inventing nothing."""

from __future__ import annotations

import logging
import socket
import tempfile

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from coopdec_rules.cli import serve as serving
from coopdec_rules.cli.app import app as command
from coopdec_rules.web.app import create_app
from coopdec_rules.web.hosting.reading import SettingsError, read_settings
from coopdec_rules.web.service import Service

PAGES = ("/mentions-legales", "/accessibilite", "/confidentialite", "/contact", "/plan-du-site")
MISSING = "Non renseigné par l’éditeur de ce site."
GIVEN = {
    "COOPDEC_EDITEUR_NOM": "Commune de Trois",
    "COOPDEC_EDITEUR_SIEGE": "1 place de la Mairie",
    "COOPDEC_EDITEUR_TELEPHONE": "01 00 00 00 00",
    "COOPDEC_EDITEUR_COURRIEL": "mairie@exemple.fr",
    "COOPDEC_EDITEUR_DIRECTEUR": "Le maire",
    "COOPDEC_HEBERGEUR_NOM": "Hébergeur & fils",
    "COOPDEC_HEBERGEUR_ADRESSE": "2 rue des Machines",
    "COOPDEC_HEBERGEUR_TELEPHONE": "02 00 00 00 00",
    "COOPDEC_CONFIDENTIALITE_DELEGUE": "dpo@exemple.fr",
    "COOPDEC_CONFIDENTIALITE_JOURNAUX": "adresse IP, un an",
}


@pytest.mark.parametrize("page", ["/", "/demande", "/recueil", "/panorama", "/api", "/nulle-part"])
def test_every_page_leads_to_them(client: TestClient, page: str) -> None:
    text = client.get(page, headers={"accept": "text/html"}).text
    for address in PAGES:
        assert f'href="{address}"' in text
    assert "Accessibilité\u00a0: non conforme" in text


def test_nothing_is_invented(client: TestClient) -> None:
    assert client.get("/mentions-legales").text.count(MISSING) == 8
    assert client.get("/contact").text.count(MISSING) == 5
    assert MISSING in client.get("/confidentialite").text
    assert "faute d’audit" in client.get("/accessibilite").text
    assert sorted(read_settings({}, {}, None).duties.missing()) == sorted(
        name.removeprefix("COOPDEC_").lower().replace("_", ".", 1) for name in GIVEN
    )


def test_what_the_host_gives_is_shown(service: Service) -> None:
    settings = read_settings({}, GIVEN, None)
    assert list(settings.duties.missing()) == []
    client = TestClient(create_app(service=service, settings=settings))
    pages = " ".join(client.get(address).text for address in PAGES)
    assert MISSING not in pages
    for value in GIVEN.values():
        assert value.replace("&", "&amp;") in pages


def test_a_conformity_is_declared_with_its_audit(service: Service) -> None:
    with pytest.raises(SettingsError, match="audit_le"):
        read_settings({}, {"COOPDEC_ACCESSIBILITE_ETAT": "partielle"}, None)
    audited = {
        "COOPDEC_ACCESSIBILITE_ETAT": "partielle",
        "COOPDEC_ACCESSIBILITE_AUDIT_LE": "2026-10-01",
        "COOPDEC_ACCESSIBILITE_AUDIT": "Cabinet, 80 % des critères",
    }
    settings = read_settings({}, audited, None)
    page = TestClient(create_app(service=service, settings=settings)).get("/accessibilite").text
    assert "partiellement conforme" in page
    assert "1er octobre 2026" in page
    assert "faute d’audit" not in page


def test_whoever_starts_the_service_is_told_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serving, "_pass_on", lambda settings: (_ for _ in ()).throw(SystemExit))
    monkeypatch.setattr(serving, "listen", lambda settings: None)
    monkeypatch.setattr(serving.logs, "configure", lambda journal: None)
    with caplog.at_level(logging.WARNING, "coopdec_rules"):
        told = CliRunner().invoke(command, ["servir", "--port", "0"], env={"COOPDEC_CLE": "k" * 32})
    assert told.output == ""
    assert "editeur.nom" in caplog.text
    assert "confidentialite.journaux" in caplog.text


def test_several_processes_without_a_temporary_folder_are_refused_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(*_: object, **__: object) -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", none)
    monkeypatch.setattr(serving, "_pass_on", lambda settings: None)
    monkeypatch.setattr(serving.logs, "configure", lambda journal: None)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        monkeypatch.setattr(serving, "listen", lambda settings: listener)
        told = CliRunner().invoke(
            command, ["servir", "--port", "0", "--workers", "2"], env={"COOPDEC_CLE": "k" * 32}
        )
    assert told.exit_code == 2
    assert "TMPDIR" in told.output
