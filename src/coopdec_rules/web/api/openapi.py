"""The OpenAPI description: what the routes say of themselves, and the schemas they refer to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.models import Avis, AvisCourt, Interrogation, Pistes
from coopdec_rules.advice.schema import DIALECT, NAME, scenario_schema
from coopdec_rules.replay.models import Recu, Verification
from coopdec_rules.web.api import (
    documents_schemas,
    lots_schemas,
    panorama_schemas,
    schemas,
    territories_schemas,
)
from coopdec_rules.web.api.components import REF, named
from coopdec_rules.web.hosting.admission import PROGRAMS
from coopdec_rules.web.hosting.settings import Settings
from coopdec_rules.web.problems import KINDS, MEDIA_TYPE
from coopdec_rules.web.service import Service
from coopdec_rules.workshop.cases import Case

#: A piece of the description, as FastAPI takes it.
Json = dict[str, Any]
Responses = dict[int | str, Json]
_MODELS: tuple[type, ...] = (
    Avis,
    AvisCourt,
    Interrogation,
    Pistes,
    schemas.Probleme,
    schemas.Sante,
    schemas.Vocabulaire,
    schemas.RecueilDecrit,
    schemas.Regle,
    schemas.ListeDeCas,
    schemas.Cas,
    territories_schemas.Territoires,
    territories_schemas.TerritoireDecrit,
    panorama_schemas.PanoramaDecrit,
    panorama_schemas.TableServie,
    panorama_schemas.Verifications,
    documents_schemas.Modeles,
    lots_schemas.LigneDeLot,
    documents_schemas.DocumentsPossibles,
    schemas.RecueilsGardes,
    Recu,
    Verification,
)
TAGS = [
    {"name": "avis", "description": "Rendre un avis sur un scénario."},
    {"name": "documents", "description": "Les documents et le calendrier tirés d'un avis."},
    {"name": "recueil", "description": "Le recueil de règles et son vocabulaire."},
    {"name": "cas", "description": "Les cas d'étude, avec leur scénario."},
    {"name": "panorama", "description": "Ce que font les communautés et les villes."},
    {"name": "territoires", "description": "Les communes et groupements d'aujourd'hui."},
    {"name": "service", "description": "L'état du service."},
]
#: How long what a program may rely on is still served once it is said to be going away.
NOTICE_MONTHS = 12
DESCRIPTION = (
    "Avis juridiques sur la coopération décentralisée des communes et de leurs groupements, tirés "
    "d'un recueil de règles lisible. Une information absente n'est jamais tenue pour fausse : "
    "l'avis dit ce qui reste indéterminé et ce qu'il faut savoir. Les erreurs suivent la RFC 9457. "
    "Un avis ne remplace ni un juriste, ni le contrôle de légalité.\n\n"
    "**Stabilité.** Sous `/api/v1`, rien de ce qui est décrit n'est retiré, renommé, ni ne change "
    "de type ou de sens. Peuvent s'ajouter : une adresse, un paramètre facultatif, une clé d'une "
    "réponse, un fait d'un scénario, une valeur d'une liste (le droit en crée). Un client ignore "
    "les clés qu'il ne connaît pas et prévoit une valeur nouvelle. Les réponses elles-mêmes "
    "suivent le recueil, dont chaque avis porte la version et l'empreinte.\n\n"
    "**Retrait.** Ce qui doit disparaître est marqué `deprecated` ici et annoncé au journal des "
    f"changements, avec ce qui le remplace, au moins {NOTICE_MONTHS} mois avant ; ses réponses "
    "portent alors les en-têtes `Deprecation` (RFC 9745) et `Sunset` (RFC 8594). Une rupture "
    "ouvre `/api/v2`, et `/api/v1` est servi pendant ce temps."
)
#: Of the program; the texts of law belong to their authors.
LICENCE = {"name": "MIT", "identifier": "MIT"}


def answers(model: type, description: str, *failures: str) -> Responses:
    """The ``responses`` of a route: its success and the kinds of problems it may answer."""
    found: Responses = {
        200: {"description": description, "content": {"application/json": {"schema": _ref(model)}}}
    }
    for slug in failures:
        kind = KINDS[slug]
        if kind.status in found:
            found[kind.status]["description"] += f" ; {kind.title.lower()}"
        else:
            found[kind.status] = {
                "description": kind.title,
                "content": {MEDIA_TYPE: {"schema": _ref(schemas.Probleme)}},
            }
    return found


def or_short(responses: Responses) -> Responses:
    """The same responses, the successful one being an avis or its short form."""
    schema = responses[200]["content"]["application/json"]
    schema["schema"] = {"anyOf": [schema["schema"], _ref(AvisCourt)]}
    return responses


def query_parameter(name: str, description: str, schema: Json) -> Json:
    """``openapi_extra`` of a route with one query parameter."""
    return query_parameters((name, description, schema))


def query_parameters(*described: tuple[str, str, Json]) -> Json:
    """``openapi_extra`` of a route with query parameters, each a name, a text and a schema."""
    return {
        "parameters": [
            {
                "name": name, "in": "query", "required": False, "description": description,
                "schema": schema,
            }
            for name, description, schema in described
        ]
    }  # fmt: skip


def path_parameter(name: str, description: str, examples: Sequence[str]) -> Json:
    """``openapi_extra`` of a route with one path parameter."""
    return {
        "parameters": [
            {
                "name": name, "in": "path", "required": True, "description": description,
                "schema": {"type": "string", "minLength": 1},
                "examples": {value: {"value": value} for value in examples},
            }
        ]
    }  # fmt: skip


def scenario_body(examples: Sequence[Case]) -> Json:
    """``openapi_extra`` of the route that takes a scenario; the examples are worked cases."""
    return {
        "requestBody": {
            "required": True,
            "description": "Le scénario : ce que l'on sait de l'action et de ses acteurs.",
            "content": {
                "application/json": {
                    "schema": {"$ref": f"{REF}{NAME}"},
                    "examples": {
                        case.id: {"summary": case.title, "value": plain(case.scenario)}
                        for case in examples
                    },
                }
            },
        }
    }


def install(app: FastAPI, service: Service, settings: Settings) -> None:
    """Make ``app`` describe itself; the description is made at its first reading."""

    def openapi() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app, service, settings)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def plain(value: object) -> Any:
    """``value`` as JSON carries it (a date as text…)."""
    return orjson.loads(to_json(value))


def _describe(app: FastAPI, service: Service, settings: Settings) -> Json:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        servers=app.servers,
        license_info=LICENCE,
        tags=TAGS,
    )
    _, models = TypeAdapter.json_schemas(
        [(model.__name__, "serialization", TypeAdapter(model)) for model in _MODELS],
        ref_template=f"{REF}{{model}}",
    )
    scenario = scenario_schema(service.book)
    scenario.pop("$schema")
    document["jsonSchemaDialect"] = DIALECT
    # Its address may be relative, as the standard has it, which FastAPI does not take.
    document["info"]["contact"] = _contact(settings)
    found = named({**models["$defs"], NAME: scenario}, service.book)
    document.setdefault("components", {})["schemas"] = found
    if settings.admitted.file is not None:
        _ask_for_keys(document, settings.admitted.without == "permis")
    return document


def _ask_for_keys(document: Json, optional: bool) -> None:
    """Say that keys are asked for, and what is answered without one or beyond its limits."""
    document["components"]["securitySchemes"] = {
        "cle": {"type": "http", "scheme": "bearer", "description": "La clé donnée par l'hébergeur."}
    }
    document["security"] = [{"cle": []}, *([{}] if optional else [])]
    refused = {MEDIA_TYPE: {"schema": _ref(schemas.Probleme)}}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if not path.startswith(PROGRAMS):
                operation["security"] = []
                continue
            for slug in ("cle", "limite"):
                kind = KINDS[slug]
                operation["responses"][str(kind.status)] = {
                    "description": kind.title, "content": refused,
                }  # fmt: skip


def _contact(settings: Settings) -> dict[str, str]:
    """Who publishes the service, as far as its host says it, and where it says more."""
    publisher = settings.publisher
    found = {
        "name": publisher.name,
        "url": f"{settings.public_address or settings.prefix}/contact",
        "email": publisher.mail,
    }
    return {key: value for key, value in found.items() if value}


def _ref(model: type) -> dict[str, str]:
    return {"$ref": f"{REF}{model.__name__}"}
