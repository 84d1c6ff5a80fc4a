"""The OpenAPI description, the schemas, and how far the answers match them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.models import Avis
from coopdec_rules.advice.scenario import MAX_ITEMS
from coopdec_rules.advice.schema import scenario_schema
from coopdec_rules.web.service import Service
from coopdec_rules.workshop.cases import Case

AVIS = TypeAdapter(Avis)


@schemathesis.serializer("application/x-ndjson")
def as_lines(context: object, value: Any) -> bytes:
    """Bytes drawn for a body of lines, with a scenario before them: some of it is answered."""
    drawn = value if isinstance(value, bytes) else str(value).encode()
    return b'{"acteur": {"nature": "commune"}}\n' + drawn


@pytest.fixture(scope="module")
def validator(service: Service) -> Draft202012Validator:
    schema = scenario_schema(service.book)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_every_case_matches_the_scenario_schema(
    cases: list[Case], validator: Draft202012Validator
) -> None:
    for case in cases:
        errors = list(validator.iter_errors(orjson.loads(to_json(case.scenario))))
        assert not errors, f"{case.id}: {errors[0].message} ({errors[0].json_path})"


@pytest.mark.parametrize(
    "scenario",
    [
        {},
        {"acteur": None},
        {"acteur": {"nature": None}},
        {"acteur": {"nature": "inconnu"}},
        {"acteur": {"nature": "comune"}},
        {"acteur": {"nature": "commune", "x": 1}},
        {"acteur": {"nature": "commune", "population": -1}},
        {"acteur": {"nature": "commune", "nom": "a\u202eb"}},
        {"acteur": {"nature": "commune"}, "date": "2006-02-30"},
        {"acteur": {"nature": "commune"}, "action": {"volets": [{}] * (MAX_ITEMS + 1)}},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(
    validator: Draft202012Validator, service: Service, client: TestClient, scenario: dict[str, Any]
) -> None:
    assert not validator.is_valid(scenario)
    assert client.post("/api/v1/avis", json=scenario).status_code == 422


def test_unknown_is_written_three_ways(validator: Draft202012Validator, service: Service) -> None:
    for name, fact in service.book.facts.items():
        if fact.required or fact.scope or not fact.path:
            continue
        for value in (None, "inconnu"):
            document: dict[str, Any] = {"acteur": {"nature": "commune"}}
            place = document
            for key in fact.path[:-1]:
                place = place.setdefault(key, {})
            place[fact.path[-1]] = value
            assert validator.is_valid(document), name


@pytest.mark.parametrize("complete", [False, True])
def test_every_avis_matches_its_model(
    cases: list[Case], service: Service, app: FastAPI, complete: bool
) -> None:
    described = {"$ref": "#/components/schemas/Avis", "components": app.openapi()["components"]}
    values = Draft202012Validator(described)
    possible = [case for case in cases if "impossible" not in case.expected]
    for number, case in enumerate(possible[complete :: len(possible) // 120]):
        # Reasoning takes long and always adds the same keys: one case in ten, others each time.
        reasoning = number % 10 == 5 * complete
        avis = service.advisor.advise(case.scenario, complete=complete, reasoning=reasoning).avis
        assert avis["raisonnement"] is reasoning, case.id
        data = to_json(avis)
        # Nothing is lost or added on the way through the model.
        assert AVIS.dump_python(AVIS.validate_json(data), mode="json") == orjson.loads(data), (
            case.id
        )
        if number % 12 == 0 and not complete:  # slow; adds the values that the rulebook lists
            wrong = next(values.iter_errors(orjson.loads(data)), None)
            assert wrong is None, f"{case.id}: {wrong and wrong.message}"


def test_the_description_is_complete(client: TestClient, service: Service) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {path for path, _ in OPERATIONS}
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert operation["description"], path
            assert operation["tags"], path
    body = document["paths"]["/api/v1/avis"]["post"]["requestBody"]["content"]["application/json"]
    assert list(body["examples"]) == [case.id for case in service.examples]
    text = orjson.dumps(document).decode()
    for ref in {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}:
        assert ref in document["components"]["schemas"]


def test_examples_of_the_description_are_accepted(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    body = document["paths"]["/api/v1/avis"]["post"]["requestBody"]["content"]["application/json"]
    for example in body["examples"].values():
        assert client.post("/api/v1/avis", json=example["value"]).status_code == 200


OPERATIONS = (
    ("/api/v1/avis", "POST"),
    ("/api/v1/questions", "POST"),
    ("/api/v1/pistes", "POST"),
    ("/api/v1/lots", "POST"),
    ("/api/v1/faits", "GET"),
    ("/api/v1/recueil", "GET"),
    ("/api/v1/recueil/regles/{regle}", "GET"),
    ("/api/v1/cas", "GET"),
    ("/api/v1/cas/{cas}", "GET"),
    ("/sante", "GET"),
    ("/api/v1/documents", "GET"),
    ("/api/v1/documents", "POST"),
    ("/api/v1/documents/calendrier", "POST"),
    ("/api/v1/documents/{document}", "POST"),
    ("/api/v1/territoires", "GET"),
    ("/api/v1/territoires/{code}", "GET"),
    ("/api/v1/panorama", "GET"),
    ("/api/v1/panorama/verifications", "GET"),
    ("/api/v1/panorama/{table}.csv", "GET"),
    ("/api/v1/panorama/{table}", "GET"),
    ("/api/v1/recueil/versions", "GET"),
    ("/api/v1/avis/recu", "POST"),
    ("/api/v1/recus/verification", "POST"),
)


@pytest.fixture(scope="module")
def described(app: FastAPI) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def test_every_operation_is_tried(described: Any) -> None:
    tried = {(op.ok().path, op.ok().method.upper()) for op in described.get_all_operations()}
    assert tried == set(OPERATIONS)


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [(path, method, GenerationMode.POSITIVE) for path, method in OPERATIONS]
    # Where the description leaves something to break.
    + [(path, method, GenerationMode.NEGATIVE) for path, method in OPERATIONS[:3:2]]
    + [("/api/v1/territoires", "GET", GenerationMode.NEGATIVE)],
)
def test_no_request_breaks_the_api(
    described: Any, path: str, method: str, mode: GenerationMode
) -> None:
    """Requests that match the description, and requests that do not, are answered as described.

    Whether data is accepted is not checked here: the reader is wider than the schema on purpose
    ("67 000" for 67000), and knows limits that the schema cannot write (cents).
    """

    @settings(
        max_examples=25 if method == "POST" else 10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described[path][method].as_strategy(generation_mode=mode))
    def run(case: schemathesis.Case) -> None:
        case.call_and_validate(
            checks=[
                not_a_server_error,
                status_code_conformance,
                content_type_conformance,
                response_schema_conformance,
            ]
        )

    run()
