"""Clients generated from the served description: typed, run, and saying no more than is known."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from coopdec_rules.web.app import create_app
from coopdec_rules.web.hosting.settings import Settings
from coopdec_rules.web.service import Service
from scripts import clients

MINIMAL = """
import sys
from coopdec_client import Client
from coopdec_client.api.avis import rendre_avis
from coopdec_client.models import Avis, Scenario, ScenarioActeur, ScenarioActeurNature

scenario = Scenario(acteur=ScenarioActeur(nature=ScenarioActeurNature.COMMUNE))
with Client(base_url=sys.argv[1]) as client:
    avis = rendre_avis.sync(client=client, body=scenario)
assert isinstance(avis, Avis)
print(*sorted(fact.pointeur for fact in avis.presumes), sep="\\n")
"""


def needed(there: bool, what: str) -> None:
    """Skip when the generators are not there, unless CI=true: nothing may be skipped then."""
    if not there:
        said = f"{what} is not in .clients: sh scripts/clients/preparer.sh puts it there"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)


@pytest.fixture(scope="module")
def document(app: FastAPI) -> Any:
    return app.openapi()


def test_a_python_client_is_typed_and_says_no_more_than_its_user(
    document: Any, address: str, tmp_path: Path
) -> None:
    needed(clients.has_python(), "openapi-python-client")
    said = clients.python_client(document, tmp_path)
    assert "arning" not in said, said
    example = clients.example("python", address)
    (tmp_path / "exemple.py").write_text(example, "utf-8")
    (tmp_path / "minimal.py").write_text(MINIMAL, "utf-8")
    misspelt = example.replace("Nature.COMMUNE,", "Nature.COMUNE,")
    assert misspelt != example
    (tmp_path / "fautif.py").write_text(misspelt, "utf-8")
    shutil.copy(clients.HERE / "appels.py", tmp_path)
    faults = clients.checked_python(
        tmp_path, "exemple.py", "minimal.py", "appels.py", "fautif.py"
    ).splitlines()
    assert len(faults) == 1, faults
    assert faults[0].startswith("fautif.py:")
    assert "COMUNE" in faults[0]

    told = clients.run_python(tmp_path, "exemple.py")
    assert re.search(r"\d+ faits présumés, \d+ questions ouvertes", told), told
    assert clients.run_python(tmp_path, "appels.py", address).count(">>> ") == 5
    # What a client did not say is presumed, as when nothing is written in JSON.
    plain = httpx.post(f"{address}/api/v1/avis", json={"acteur": {"nature": "commune"}}).json()
    presumed = clients.run_python(tmp_path, "minimal.py", address).splitlines()
    assert presumed == sorted(fact["pointeur"] for fact in plain["presumes"])
    assert presumed


def test_a_typescript_client_is_typed_and_runs(document: Any, address: str, tmp_path: Path) -> None:
    needed(clients.has_typescript(), "openapi-typescript")
    clients.typescript_client(document, tmp_path)
    example = clients.example("ts", address)
    (tmp_path / "exemple.ts").write_text(example, "utf-8")
    assert clients.compiled_typescript(tmp_path, "exemple.ts") == ""
    assert "faits présumés" in clients.run_node(tmp_path, "exemple.js")
    misspelt = example.replace('"commune"', '"comune"')
    assert misspelt != example
    (tmp_path / "fautif.ts").write_text(misspelt, "utf-8")
    fault = clients.compiled_typescript(tmp_path, "fautif.ts")
    assert fault.startswith("fautif.ts")
    assert "comune" in fault


def test_the_description_suits_generators(document: Any, service: Service) -> None:
    ids = [op["operationId"] for path in document["paths"].values() for op in path.values()]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in ids), ids
    info = document["info"]
    assert info["license"]["identifier"] == "MIT"
    assert info["contact"]["url"] == "/contact"
    assert "Stabilité" in info["description"]
    assert "Retrait" in info["description"]
    assert document["servers"] == [{"url": "/"}]
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        assert schema["title"] == name
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", name), name
    assert not list(unsuited(schemas, ""))
    answer = service.book.conclusions["habilitation"]
    assert set(schemas["ReponseHabilitation"]["enum"]) == {*answer.values, "indeterminee"}


def unsuited(value: Any, place: str, named: bool = True) -> Any:
    """Where the schemas hold what generators refuse, name badly, or take for a statement."""
    if isinstance(value, list):
        for part in value:
            yield from unsuited(part, place, False)
    elif isinstance(value, dict):
        if "enum" in value and {type(one) for one in value["enum"]} != {str}:
            yield f"{place}: an enum of several types"
        if "default" in value or "const" in value:
            yield f"{place}: a default, or a constant"
        if not named and ("enum" in value or "properties" in value):
            yield f"{place}: not named"
        for key, child in value.items():
            if key == "properties":
                for name, schema in child.items():
                    yield from unsuited(schema, f"{place}/{name}", False)
            elif isinstance(child, dict | list) and key not in ("x-libelles", "examples", "enum"):
                yield from unsuited(child, f"{place}/{key}", place == "")


def test_who_publishes_it_and_where_it_is_served_are_told(service: Service) -> None:
    settings = Settings(
        adresse_publique="https://avis.exemple.fr/coop",
        editeur={"nom": "Ville d'Exemple", "courriel": "contact@exemple.fr"},
    )
    document = TestClient(create_app(service=service, settings=settings)).get("/openapi.json")
    assert document.json()["servers"] == [{"url": "https://avis.exemple.fr/coop"}]
    assert document.json()["info"]["contact"] == {
        "name": "Ville d'Exemple",
        "url": "https://avis.exemple.fr/coop/contact",
        "email": "contact@exemple.fr",
    }
