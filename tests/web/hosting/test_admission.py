"""Keys of the API, their limits, and pages of other sites."""

from __future__ import annotations

import logging
import re
import tomllib
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from coopdec_rules.cli.app import app as command
from coopdec_rules.web.app import create_app
from coopdec_rules.web.hosting.keys import hash_of, load_keys, new_key
from coopdec_rules.web.hosting.reading import SettingsError
from coopdec_rules.web.hosting.settings import Settings
from coopdec_rules.web.service import Service

SITE = "https://exemple.fr"
FREE, FEW, OLD = (new_key()[0] for _ in range(3))
FILE = f"""
[[cle]]
nom = "libre"
empreinte = "{hash_of(FREE)}"

[[cle]]
nom = "compté"
empreinte = "{hash_of(FEW)}"
limites = ["2 par minute", "100 par jour"]
jusqu_au = 2999-01-01

[[cle]]
nom = "finie"
empreinte = "{hash_of(OLD)}"
jusqu_au = 2026-01-31
"""
FAITS = "/api/v1/faits"


def bearing(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cles.toml"
    path.write_text(FILE, "utf-8")
    return path


def served(service: Service, **access: object) -> TestClient:
    return TestClient(create_app(service=service, settings=Settings(acces=access)))


def test_without_a_file_nothing_is_asked_nor_told(client: TestClient) -> None:
    answer = client.get(FAITS, headers={"origin": SITE, **bearing("quelconque")})
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control")]
    described = client.get("/openapi.json").json()
    assert "security" not in described
    assert "401" not in described["paths"][FAITS]["get"]["responses"]


def test_with_a_file_programs_need_a_key(
    service: Service, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = served(service, fichier_cles=str(file))
    with caplog.at_level(logging.DEBUG):
        for headers, said in (
            ({}, "Authorization: Bearer"),
            ({"authorization": f"Basic {FREE}"}, "Authorization: Bearer"),
            (bearing(""), "n'existe pas"),
            (bearing(FREE[:-1]), "n'existe pas"),
            (bearing(hash_of(FREE)), "n'existe pas"),
            ({b"authorization": b"Bearer \xe9"}, "n'existe pas"),
            (bearing(OLD), "depuis le 31/01/2026"),
        ):
            refused = client.get(FAITS, headers=headers)
            assert refused.status_code == 401
            assert refused.headers["content-type"] == "application/problem+json"
            assert refused.headers["www-authenticate"].startswith("Bearer")
            assert said in refused.json()["detail"]
        assert client.get(FAITS, headers=bearing(FREE)).status_code == 200
        assert client.post("/api/v1/lots", content=b"x").status_code == 401
    for path in ("/", "/lots", "/sante", "/openapi.json", "/api"):
        assert client.get(path).status_code == 200
    told = [str(vars(record)) for record in caplog.records]
    assert any("'cle': 'libre'" in one for one in told)
    assert not any(secret in one for one in told for secret in (FREE, OLD, hash_of(FREE)))
    described = client.get("/openapi.json").json()
    assert described["security"] == [{"cle": []}]
    assert described["paths"]["/sante"]["get"]["security"] == []
    assert {"401", "429"} <= set(described["paths"][FAITS]["get"]["responses"])


def test_each_key_has_its_own_limits(service: Service, file: Path) -> None:
    client = served(service, fichier_cles=str(file), sans_cle="permis")
    assert [client.get(FAITS, headers=bearing(FEW)).status_code for _ in range(3)] == [
        200,
        200,
        429,
    ]
    beyond = client.get(FAITS, headers=bearing(FEW))
    assert beyond.json()["type"] == "/api#probleme-limite"
    assert 1 <= int(beyond.headers["retry-after"]) <= 60
    assert beyond.headers["retry-after"] in beyond.json()["detail"]
    # Another key, and whoever bears none, are not concerned; a false one is refused all the same.
    assert client.get(FAITS, headers=bearing(FREE)).status_code == 200
    assert client.get(FAITS).status_code == 200
    assert client.get(FAITS, headers=bearing("faux")).status_code == 401
    assert client.get("/openapi.json").json()["security"] == [{"cle": []}, {}]


def test_a_key_is_good_on_its_last_day(file: Path) -> None:
    keys = load_keys(file)
    old = keys.find(OLD)
    assert old is not None
    assert old.until is not None
    assert (old.name, old.until.isoformat()) == ("finie", "2026-01-31")
    assert keys.find("") is None


def test_other_sites_ask_the_api_and_nothing_else(service: Service, file: Path) -> None:
    client = served(service, origines=[SITE], fichier_cles=str(file))
    asked = {
        "origin": SITE,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type",
    }
    # What a browser asks first bears no key.
    before = client.options("/api/v1/avis", headers=asked)
    assert before.status_code == 200
    assert before.headers["access-control-allow-origin"] == SITE
    refused = client.get(FAITS, headers={"origin": SITE})
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == SITE
    for path, origin in ((FAITS, "https://autre.fr"), ("/", SITE), ("/lots", SITE)):
        answer = client.get(path, headers={"origin": origin, **bearing(FREE)})
        assert "access-control-allow-origin" not in answer.headers
    assert (
        client.options("/api/v1/avis", headers={**asked, "origin": "https://autre.fr"}).status_code
        == 400
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "aucune clé"),
        ("cle = 3", "aucune clé"),
        ("[[clef]]\nnom = 'a'", "« clef » n'existe pas"),
        ("[[cle]]\nnom = 'a'\nempreinte = 'motdepasse'", "« empreinte » est attendue"),
        (f"[[cle]]\nempreinte = '{hash_of('a')}'", "clé 1 : « nom » manque"),
        (f"[[cle]]\nnom = 'a'\nempreinte = '{hash_of('a')}'\nlimite = []", "« limites » ?"),
        (
            f"[[cle]]\nnom = 'a'\nempreinte = '{hash_of('a')}'\nlimites = ['60/minute']",
            "« 60 par minute »",
        ),
        (f"[[cle]]\nnom = 'a'\nempreinte = '{hash_of('a')}'\nlimites = 60", "n'est pas une liste"),
        (
            f"[[cle]]\nnom = 'a'\nempreinte = '{hash_of('a')}'\njusqu_au = '2027-01-01'",
            "sans guillemets",
        ),
        (f"[[cle]]\nnom = 'a'\nempreinte = '{hash_of('a')}'\n" * 2, "déjà là"),
        ("[[cle]", "TOML"),
    ],
)
def test_a_mistake_in_the_file_is_told_and_no_secret_with_it(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "cles.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_keys(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)
    assert "motdepasse" not in str(caught.value)


def test_a_file_that_is_not_there_starts_nothing(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "rien.toml"
    with pytest.raises(SettingsError, match=r"rien\.toml"):
        served(service, fichier_cles=str(missing))
    monkeypatch.setenv("COOPDEC_ACCES_FICHIER_CLES", str(missing))
    monkeypatch.setenv("COOPDEC_CLE", "k" * 64)
    started = CliRunner().invoke(command, ["servir", "--port", "0"])
    assert started.exit_code == 2
    assert "rien.toml" in started.output


def test_origins_that_are_none_are_refused() -> None:
    for wrong in ("exemple.fr", "https://exemple.fr/page", "*, https://exemple.fr"):
        with pytest.raises(ValueError, match="exemple"):
            Settings(acces={"origines": wrong})
    assert Settings(acces={"origines": "*"}).admitted.origins == ["*"]


def test_a_new_key_opens_what_its_line_in_the_file_says(tmp_path: Path) -> None:
    made = CliRunner().invoke(command, ["cle", "Réseau des communes"])
    assert made.exit_code == 0
    key = re.search(r"coopdec_\S+", made.stderr)
    assert key is not None
    assert key.group() not in made.stdout
    assert tomllib.loads(made.stdout)["cle"][0]["nom"] == "Réseau des communes"
    path = tmp_path / "cles.toml"
    path.write_text(made.stdout, "utf-8")
    found = load_keys(path).find(key.group())
    assert found is not None
    assert [str(limit) for limit in found.limits] == ["60 per 1 minute"]
    assert CliRunner().invoke(command, ["cle", 'a"b']).exit_code == 2
