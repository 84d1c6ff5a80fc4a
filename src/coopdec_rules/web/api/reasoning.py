"""Routes that reason over every completion of a scenario: its questions, and its ways out."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from coopdec_rules.advice.models import Interrogation, Pistes
from coopdec_rules.advice.today import today
from coopdec_rules.web import parameters
from coopdec_rules.web.api.openapi import answers, query_parameters, scenario_body
from coopdec_rules.web.api.routes import PAST, given_once
from coopdec_rules.web.bodies import json_body
from coopdec_rules.web.past import PARAMETER
from coopdec_rules.web.service import Service

_FAILURES = ("illisible", "trop-grand", "format", "scenario", "parametre", "recueil", "occupe")


def reasoning_router(service: Service) -> APIRouter:
    """Routes ``/api/v1/questions`` and ``/api/v1/pistes``."""
    router = APIRouter(default_response_class=Response)

    @router.post(
        "/api/v1/questions",
        operation_id="chercher_questions",
        tags=["avis"],
        summary="Les questions utiles",
        description="Exactement les faits inconnus qui peuvent encore changer une réponse, le plus "
        "utile d'abord ; pour les premières, ce que chaque valeur laisserait possible.",
        responses=answers(Interrogation, "Les questions.", *_FAILURES),
        openapi_extra={**scenario_body(service.examples), **query_parameters(PAST)},
    )
    async def questions(request: Request) -> Response:
        past = service.past.asked(parameters.parameter(request, PARAMETER))
        body = await json_body(request)
        return given_once(await service.answer(service.questions(body, today(), past)))

    @router.post(
        "/api/v1/pistes",
        operation_id="chercher_pistes",
        tags=["avis"],
        summary="Les voies vers une meilleure réponse",
        description="Les changements les plus proches qui donnent une meilleure réponse, chacun "
        "dit comme une chose à faire, par qui, et sur quel fondement.",
        responses=answers(Pistes, "Les voies.", *_FAILURES),
        openapi_extra={**scenario_body(service.examples), **query_parameters(PAST)},
    )
    async def ways_out(request: Request) -> Response:
        past = service.past.asked(parameters.parameter(request, PARAMETER))
        body = await json_body(request)
        return given_once(await service.answer(service.ways_out(body, today(), past)))

    return router
