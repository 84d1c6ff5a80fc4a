"""Routes of documents, calendar and bodies under ``/api/v1/documents``."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from coopdec_rules.advice.advisor import Advice
from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.documents import calendar_file
from coopdec_rules.documents.room import Documents, Offer
from coopdec_rules.documents.typography import set_text
from coopdec_rules.web import parameters
from coopdec_rules.web.api import documents_schemas as shapes
from coopdec_rules.web.api.openapi import Json, answers, query_parameters, scenario_body
from coopdec_rules.web.api.routes import given_once, json_response, require_json
from coopdec_rules.web.documents.files import FORMATS, MEDIA, written
from coopdec_rules.web.documents.pages import calendar_of, checked, made
from coopdec_rules.web.service import Service, read_body
from coopdec_rules.web.typeset import Document as Typeset

_FAILURES = ("illisible", "trop-grand", "format", "scenario", "parametre", "occupe")
_FORM, _PUBLISHED = "format", "publication"
_DAY = {"type": "string", "format": "date"}


def documents_router(service: Service, documents: Documents) -> APIRouter:
    """Routes that tell and make documents from a scenario."""
    router = APIRouter(default_response_class=Response)

    @router.get(
        "/api/v1/documents",
        tags=["documents"],
        summary="Les modèles de documents",
        description="Tous les documents que le recueil sait préparer.",
        responses=answers(shapes.Modeles, "Les modèles.", "parametre"),
    )
    async def models(request: Request) -> Response:
        parameters.parameter(request)
        return json_response(to_json(_models(documents)))

    @router.post(
        "/api/v1/documents",
        tags=["documents"],
        summary="Ce qu'un avis permet de préparer",
        description="Les documents que la situation appelle, chacun possible ou non et pourquoi, "
        "le calendrier, et à qui écrire.",
        responses=answers(shapes.DocumentsPossibles, "Les documents possibles.", *_FAILURES),
        openapi_extra={
            **scenario_body(service.examples),
            **query_parameters((
                _PUBLISHED,
                "Jour où la délibération est publiée et transmise ; par défaut, le jour ouvré qui "
                "suit la séance.",
                _DAY,
            )),
        },
    )  # fmt: skip
    async def possible(request: Request) -> Response:
        published = parameters.day(request, _PUBLISHED)
        body = await _body(request)
        turns = service.desk.of_body(body)
        return given_once(await turns.run(_possible, service, documents, body, published))

    @router.post(
        "/api/v1/documents/calendrier",
        tags=["documents"],
        summary="Le calendrier pour un agenda",
        description="Les étapes datées, au format iCalendar.",
        responses=_file_answers({"text/calendar": {"schema": {"type": "string"}}}, *_FAILURES),
        openapi_extra={
            **scenario_body(service.examples),
            **query_parameters((_PUBLISHED, "Jour de publication et de transmission.", _DAY)),
        },
    )
    async def calendar(request: Request) -> Response:
        published = parameters.day(request, _PUBLISHED)
        body = await _body(request)

        def work() -> tuple[bytes, str]:
            advice = _advice(service, body)
            return calendar_of(documents, advice, checked(published, advice))

        data, stem = await service.desk.of_body(body).run(work)
        return _file(data, f"{stem}.ics", calendar_file.MEDIA)

    @router.post(
        "/api/v1/documents/{document}",
        tags=["documents"],
        summary="Un document",
        description="Le document, prêt à relire. Une délibération ou une convention n'est jamais "
        "faite quand l'avis refuse ou ne sait pas répondre (409).",
        responses=_file_answers(
            {media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA.values()},
            *_FAILURES,
            "introuvable",
            "document",
        ),
        openapi_extra=_document_extra(service, documents),
    )
    async def document(request: Request) -> Response:
        form = parameters.among(
            parameters.parameter(request, _FORM), _FORM, tuple(FORMATS)
        ) or next(iter(FORMATS))
        body = await _body(request)

        def work() -> tuple[bytes | Typeset, str]:
            found = made(documents, _advice(service, body), request.path_params["document"])
            return written(found, form), f"{found.stem}.{form}"

        data, name = await service.desk.of_body(body).run(work)
        if isinstance(data, Typeset):
            typeset = data
            data = await service.reports.pdf(lambda: typeset)
        return _file(data, name, MEDIA[form])

    return router


def _document_extra(service: Service, documents: Documents) -> Json:
    names = [model.id for model in documents.library.ordered()]
    return {
        **scenario_body(service.examples),
        "parameters": [
            {
                "name": "document", "in": "path", "required": True,
                "description": "Identifiant du modèle (GET /api/v1/documents).",
                "schema": {"type": "string", "minLength": 1},
                "examples": {name: {"value": name} for name in names[:1]},
            },
            {
                "name": _FORM, "in": "query", "required": False,
                "description": "Format du fichier ; docx par défaut.",
                "schema": {"type": "string", "enum": list(FORMATS)},
            },
        ],
    }  # fmt: skip


def _file_answers(content: Json, *failures: str) -> dict[int | str, Json]:
    found = answers(shapes.DocumentsPossibles, "Le fichier.", *failures)
    found[200] = {"description": "Le fichier.", "content": content}
    return found


async def _body(request: Request) -> bytes:
    require_json(request)
    return await request.body()


def _advice(service: Service, body: bytes) -> Advice:
    """The advice on a body.  Raises ``Refused`` and ``ScenarioError``."""
    return service.advisor.advise(read_body(body), paris_today())


def _file(data: bytes, name: str, media: str) -> Response:
    return Response(
        data,
        media_type=media,
        headers={
            "Cache-Control": "no-store", "Content-Disposition": f"attachment; filename={name}",
        },
    )  # fmt: skip


def _models(documents: Documents) -> shapes.Modeles:
    gates = documents.library.gates
    return {
        "empreinte": documents.fingerprint,
        "documents": [
            {
                "document": model.id,
                "titre": set_text(model.title),
                "usage": set_text(model.use),
                "genre": model.kind,
                "genre_libelle": set_text(gates[model.kind].title),
                "acte": gates[model.kind].act,
                "en_vigueur": model.period.words,
            }
            for model in documents.library.ordered()
        ],
    }


def _possible(
    service: Service, documents: Documents, body: bytes, published: dt.date | None
) -> bytes:
    advice = _advice(service, body)
    given = documents.given(advice, checked(published, advice))
    found: shapes.DocumentsPossibles = {
        "habilitation": advice.avis["habilitation"],
        "droit_au": advice.avis["droit_au"],
        "documents": [_offer(offer) for offer in documents.offers(advice, paris_today())],
        "publication": given.publication.isoformat(),
        "transmission": given.transmission.isoformat(),
        "etapes": [
            {
                "etape": entry.step.id,
                "titre": entry.title,
                "texte": entry.text or None,
                "date": entry.date.isoformat() if entry.date else None,
                "quand": entry.when,
                "borne": entry.bound,
                "genre": entry.kind,
                "qui": entry.who,
                "source": entry.source,
                "contacts": [contact.id for contact in entry.contacts],
                "si": entry.condition or None,
                "a_confirmer": entry.to_confirm or None,
            }
            for entry in documents.calendar(advice, given).entries
        ],
        "contacts": [
            {
                "contact": contact.id,
                "nom": set_text(contact.name),
                "site": contact.site,
                "quand": set_text(contact.reason),
                "verifie_le": contact.checked.isoformat() if contact.checked else None,
                "a_confirmer": set_text(contact.to_confirm) or None,
            }
            for contact in documents.contacts(advice)
        ],
        "empreinte_des_modeles": documents.fingerprint,
    }
    return to_json(found)


def _offer(offer: Offer) -> shapes.DocumentPossible:
    return {
        "document": offer.model.id,
        "titre": offer.title,
        "usage": offer.use,
        "genre": offer.kind,
        "acte": offer.act,
        "etat": offer.state,
        "raison": offer.reason or None,
        "mode": offer.mode,
    }
