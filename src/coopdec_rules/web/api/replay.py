"""Routes of older rulebooks, of receipts and of their verification."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.errors import ScenarioError
from coopdec_rules.replay.models import Recu, Verification
from coopdec_rules.replay.receipt import read_receipt, receipt_of
from coopdec_rules.replay.signing import Signer
from coopdec_rules.replay.verifying import verify
from coopdec_rules.web import catalogue, parameters
from coopdec_rules.web.api import schemas
from coopdec_rules.web.api.openapi import Json, answers, query_parameters, scenario_body
from coopdec_rules.web.api.routes import PAST, WITHOUT, given_once, json_response
from coopdec_rules.web.bodies import glance, json_body, read_body
from coopdec_rules.web.past import PARAMETER
from coopdec_rules.web.past_process import Question
from coopdec_rules.web.problems import KINDS, Refused
from coopdec_rules.web.service import Service

_FAILURES = ("illisible", "trop-grand", "format", "scenario", "parametre", "recueil", "occupe")
_REASONING = "raisonnement"


def replay_router(service: Service, signer: Signer | None) -> APIRouter:
    """Routes of the rulebooks kept and of receipts, which ``signer`` signs."""
    router = APIRouter(default_response_class=Response)

    @router.get(
        "/api/v1/recueil/versions",
        operation_id="lister_recueils",
        tags=["recueil"],
        summary="Les recueils gardés",
        description="Le recueil servi et ceux d'avant, qu'un avis peut demander (« recueil »).",
        responses=answers(schemas.RecueilsGardes, "Les recueils.", "parametre"),
    )
    async def versions(request: Request) -> Response:
        parameters.parameter(request)
        kept = service.past.archives.all.values()
        return json_response(to_json(catalogue.rulebooks_kept(service.book, kept)))

    @router.post(
        "/api/v1/avis/recu",
        operation_id="rendre_recu",
        tags=["avis"],
        summary="Le reçu d'un avis",
        description="L'avis réduit à ce qui permet de le rejouer et de le comparer plus tard, avec "
        "son empreinte : la même pour la même demande, sur toute machine. Signé si l'hôte a une "
        "clé ; la signature dit que cet hôte l'a délivré, ce que lui seul peut confirmer.",
        responses=answers(Recu, "Le reçu.", *_FAILURES),
        openapi_extra={
            **scenario_body(service.examples),
            **query_parameters(
                PAST,
                (
                    _REASONING,
                    "« non » : sans examiner toutes les suites possibles.",
                    {"type": "string", "enum": [WITHOUT]},
                ),
            ),
        },
    )
    async def recu(request: Request) -> Response:
        given = parameters.parameters(request, PARAMETER, _REASONING)
        reasoning = parameters.among(given.get(_REASONING), _REASONING, (WITHOUT,)) is None
        asked = service.past.asked(given.get(PARAMETER))
        body, today = await json_body(request), paris_today()

        if asked is not None:
            read_body(body)
            question = Question("recu", body, today, reasoning=reasoning, signer=signer)
            return given_once(await service.past.answer(asked, question))

        def work() -> bytes:
            made = receipt_of(service.advisor, read_body(body), today, reasoning)
            return to_json(made if signer is None else signer.signed(made, today))

        return given_once(await service.desk.of(glance(body)).run(work))

    @router.post(
        "/api/v1/recus/verification",
        operation_id="verifier_recu",
        tags=["avis"],
        summary="Vérifier un reçu",
        description="Dit si le reçu est intact et signé d'ici, le rejoue avec son recueil et avec "
        "celui d'aujourd'hui, et explique ce qui a changé, règle par règle.",
        responses=answers(Verification, "La vérification.", *_FAILURES),
        openapi_extra=_receipt_body(),
    )
    async def verification(request: Request) -> Response:
        parameters.parameter(request)
        body = await json_body(request)
        try:
            asked = read_receipt(body)
        except ScenarioError as error:
            raise Refused("illisible", error.problems[0].message, error.problems) from None
        return given_once(await _verified(service, asked, body, signer))

    return router


async def _verified(service: Service, asked: Recu, body: bytes, signer: Signer | None) -> bytes:
    wanted, why = asked["recueil"], None
    past: Advisor | None = service.advisor
    if wanted["empreinte"] != service.book.fingerprint:
        past, entry = None, service.past.archives.find(wanted["empreinte"])
        if entry is None:
            why = (
                f"le recueil {parameters.shown(wanted['version'])} d'empreinte "
                f"{parameters.shown(wanted['empreinte'][:12])} n'est pas gardé ici."
            )
        else:
            question = Question("verification", body, paris_today(), signer=signer)
            try:
                return await service.past.answer(entry, question)
            except Refused as refused:
                if refused.kind is not KINDS["recueil"]:
                    raise
                why = refused.detail
    turns = service.desk.of(asked["scenario"])
    return to_json(await turns.run(verify, asked, service.advisor, past, why, signer))


def _receipt_body() -> Json:
    return {
        "requestBody": {
            "required": True,
            "description": "Un reçu, tel que POST /api/v1/avis/recu l'a rendu.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Recu"}}},
        }
    }
