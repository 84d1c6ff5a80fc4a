"""The API under ``/api/v1``, and the health check.

Handlers answer bytes made by orjson: the models describe the answers (``openapi.py``) and are
checked by tests, not at every request.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.models import Avis
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.errors import Problem, suggest
from coopdec_rules.web import catalogue, parameters
from coopdec_rules.web.api import schemas
from coopdec_rules.web.api.openapi import (
    Json,
    answers,
    or_short,
    path_parameter,
    query_parameter,
    query_parameters,
    scenario_body,
)
from coopdec_rules.web.bodies import json_body
from coopdec_rules.web.past import PARAMETER
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.service import Service

_COMPLETE, WITHOUT, _SHORT = "complet", "non", "court"
#: The parameter that asks for an older rulebook, as the description tells it.
PAST: tuple[str, str, Json] = (
    PARAMETER,
    "Version (ou empreinte, huit chiffres au moins) d'un recueil d'avant : "
    "GET /api/v1/recueil/versions. Par défaut, celui d'aujourd'hui.",
    {"type": "string", "minLength": 1},
)


def json_response(body: bytes) -> Response:
    return Response(body, media_type="application/json")


def given_once(body: bytes) -> Response:
    """An answer about somebody's affair: nobody keeps it on the way."""
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")


def api_router(service: Service) -> APIRouter:
    """Routes of the API."""
    router = APIRouter(default_response_class=Response)
    advisor, book = service.advisor, service.book
    rule_ids = sorted({rule.id for rule in book.rules})

    @router.post(
        "/api/v1/avis",
        operation_id="rendre_avis",
        tags=["avis"],
        summary="Rendre un avis",
        description="Rend l'avis sur un scénario. Ce qui n'est pas dit reste inconnu.",
        responses=or_short(
            answers(
                Avis,
                "L'avis.",
                "illisible",
                "trop-grand",
                "format",
                "scenario",
                "parametre",
                "recueil",
                "occupe",
            )
        ),
        openapi_extra={
            **scenario_body(service.examples),
            **query_parameters(
                (
                    "detail",
                    "« complet » : les motifs portent aussi les règles dont les conditions ne "
                    "sont pas remplies.",
                    {"type": "string", "enum": [_COMPLETE]},
                ),
                (
                    "raisonnement",
                    "« non » : sans examiner toutes les suites possibles ; plus rapide, sans "
                    "raisons ni leviers, et les questions peuvent être trop nombreuses.",
                    {"type": "string", "enum": [WITHOUT]},
                ),
                (
                    "profil",
                    "« court » : les réponses seules, en moins de 2 Ko, avec le nombre de "
                    "questions ouvertes et de choses à faire.",
                    {"type": "string", "enum": [_SHORT]},
                ),
                PAST,
            ),
        },
    )
    async def avis(request: Request) -> Response:
        given = parameters.parameters(request, "detail", "raisonnement", "profil", PARAMETER)
        complete = parameters.among(given.get("detail"), "detail", (_COMPLETE,)) is not None
        reasoning = parameters.among(given.get("raisonnement"), "raisonnement", (WITHOUT,)) is None
        body, today = await json_body(request), paris_today()
        brief = parameters.among(given.get("profil"), "profil", (_SHORT,)) is not None
        if brief and complete:
            raise Refused("parametre", "« profil=court » ne va pas avec « detail=complet ».")
        past = service.past.asked(given.get(PARAMETER))
        asked = service.avis(body, complete, today, reasoning, brief, past)
        return given_once(await service.answer(asked))

    @router.get(
        "/api/v1/faits",
        operation_id="lire_vocabulaire",
        tags=["recueil"],
        summary="Le vocabulaire",
        description="Les faits qu'un scénario peut donner, et le schéma JSON d'un scénario.",
        responses=answers(schemas.Vocabulaire, "Le vocabulaire.", "parametre"),
    )
    async def faits(request: Request) -> Response:
        parameters.parameter(request)
        return json_response(service.vocabulary)

    @router.get(
        "/api/v1/recueil",
        operation_id="lire_recueil",
        tags=["recueil"],
        summary="Le recueil",
        description="Version, comptes et règles du recueil, en entier ou en vigueur un jour donné.",
        responses=answers(schemas.RecueilDecrit, "Le recueil.", "parametre"),
        openapi_extra=query_parameter(
            "date", "Ne garder que le droit en vigueur ce jour.",
            {"type": "string", "format": "date"},
        ),
    )  # fmt: skip
    def recueil(request: Request) -> Response:
        return json_response(service.summary(parameters.day(request, "date")))

    @router.get(
        "/api/v1/recueil/regles/{regle}",
        operation_id="lire_regle",
        tags=["recueil"],
        summary="Une règle",
        description="Toutes les versions d'une règle : conditions, conclusions, sources.",
        responses=answers(schemas.Regle, "La règle.", "introuvable", "parametre"),
        openapi_extra=path_parameter("regle", "Identifiant de la règle.", rule_ids[:1]),
    )
    async def regle(request: Request) -> Response:
        parameters.parameter(request)
        ident = request.path_params["regle"]
        found = catalogue.rule_versions(book, advisor.wording, ident)
        if found is None:
            raise _missing("Cette règle n'existe pas.", ident, rule_ids)
        return json_response(to_json(found))

    @router.get(
        "/api/v1/cas",
        operation_id="lister_cas",
        tags=["cas"],
        summary="Les cas d'étude",
        description="Les cas d'étude qui accompagnent le recueil.",
        responses=answers(schemas.ListeDeCas, "Les cas.", "parametre"),
    )
    def cas(request: Request) -> Response:
        parameters.parameter(request)
        listed = [catalogue.case_listed(case) for case in service.cases.values()]
        return json_response(to_json({"cas": listed}))

    @router.get(
        "/api/v1/cas/{cas}",
        operation_id="lire_cas",
        tags=["cas"],
        summary="Un cas d'étude",
        description="Le scénario d'un cas et ce que son avis doit dire.",
        responses=answers(schemas.Cas, "Le cas.", "introuvable", "parametre"),
        openapi_extra=path_parameter(
            "cas", "Identifiant du cas.", [case.id for case in service.examples[:1]]
        ),
    )
    async def un_cas(request: Request) -> Response:
        parameters.parameter(request)
        ident = request.path_params["cas"]
        case = service.cases.get(ident)
        if case is None:
            raise _missing("Ce cas n'existe pas.", ident, list(service.cases))
        return json_response(to_json(catalogue.case_shown(case)))

    @router.get(
        "/sante",
        operation_id="lire_sante",
        tags=["service"],
        summary="L'état du service",
        description="Dit que le service répond, et avec quel recueil.",
        responses=answers(schemas.Sante, "Le service répond."),
    )
    async def sante(request: Request) -> Response:
        return json_response(service.health)

    return router


def _missing(message: str, ident: str, known: list[str]) -> Refused:
    shown = parameters.shown(ident)
    near = suggest(ident, known)
    hint = f" Vouliez-vous dire « {near} » ?" if near else ""
    return Refused("introuvable", message + hint, [Problem("", message, shown, None, near)])
