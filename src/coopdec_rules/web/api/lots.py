"""``/api/v1/lots``: scenarios sent one a line, answered one a line."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from coopdec_rules.advice.today import today
from coopdec_rules.batch.choices import CHOICES, DEFAULT
from coopdec_rules.web import parameters
from coopdec_rules.web.api.lots_schemas import LigneDeLot
from coopdec_rules.web.api.openapi import Json, Responses, answers, query_parameters
from coopdec_rules.web.lots.asked import Asked, choices_of
from coopdec_rules.web.lots.flow import Flow
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.sending import STREAMED
from coopdec_rules.web.service import Service

LOTS = "/api/v1/lots"
#: What lines of JSON are announced as.
_LINES = (STREAMED, "application/jsonl", "application/jsonlines", "application/x-jsonlines")
_FAILURES = ("illisible", "lent", "trop-grand", "format", "parametre", "occupe")
_WORDS, _REASONING, _COLUMNS = "libelles", "raisonnement", "colonnes"
_YES, _WITHOUT = "oui", "non"
#: Lines are described as bytes: no schema says what each of them is.
_TEXT = {"type": "string", "format": "binary"}


def lots_router(service: Service) -> APIRouter:
    """The route of tables."""
    router = APIRouter(default_response_class=Response)
    limits = service.limits

    @router.post(
        LOTS,
        operation_id="rendre_lot",
        tags=["avis"],
        summary="Répondre à beaucoup de scénarios",
        description="Un scénario JSON par ligne, avec un « id » à côté s'il y en a un ; une "
        "réponse par ligne (LigneDeLot), dans le même ordre, envoyée à mesure. Une ligne fautive "
        "est rendue avec ses erreurs et n'arrête pas les autres ; une ligne vide n'a pas de "
        "réponse. Si la suite n'est pas répondue, une dernière ligne « arret » le dit. "
        f"{limits.lot_rows} lignes, {limits.lot_bytes // 2**20} Mio et {limits.lot_seconds:g} "
        "secondes au plus.",
        responses=_responses(),
        openapi_extra={
            "requestBody": {
                "required": True,
                "description": "Un scénario par ligne.",
                "content": {STREAMED: {"schema": _TEXT}},
            },
            **query_parameters(
                (
                    _COLUMNS,
                    "Les réponses voulues, séparées par des virgules, parmi "
                    f"{', '.join(CHOICES)} ; par défaut : {', '.join(DEFAULT)}.",
                    {"type": "string"},
                ),
                (
                    _WORDS,
                    "« oui » : les réponses en mots au lieu de codes.",
                    {"type": "string", "enum": [_YES]},
                ),
                (
                    _REASONING,
                    "« non » : sans examiner toutes les suites possibles ; plus rapide, et "
                    "davantage de réponses restent vides.",
                    {"type": "string", "enum": [_WITHOUT]},
                ),
            ),
        },
    )
    async def lots(request: Request) -> Response:
        given = parameters.parameters(request, _COLUMNS, _WORDS, _REASONING)
        asked = Asked(
            choices_of(given.get(_COLUMNS)),
            parameters.among(given.get(_WORDS), _WORDS, (_YES,)) is not None,
            parameters.among(given.get(_REASONING), _REASONING, (_WITHOUT,)) is None,
            today(),
        )
        _require_lines(request)
        return Flow(request, service.lots, asked.adviser(service.advisor))

    return router


def _require_lines(request: Request) -> None:
    """Refuse a body announced as something else; one that announces nothing is read."""
    announced = request.headers.get("content-type", STREAMED)
    if announced.partition(";")[0].strip().lower() not in _LINES:
        raise Refused(
            "format", f"Les scénarios s'envoient un par ligne, en JSON (Content-Type: {STREAMED})."
        )


def _responses() -> Responses:
    found = answers(LigneDeLot, "Les réponses, une par ligne (LigneDeLot).", *_FAILURES)
    lines: Json = {"schema": _TEXT}
    found[200]["content"] = {STREAMED: lines}
    return found
