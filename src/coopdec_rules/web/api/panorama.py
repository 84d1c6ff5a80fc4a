"""``/api/v1/panorama``: the data of the study and the survey, in JSON and in CSV."""

from __future__ import annotations

import logging
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from coopdec_rules.advice.documents import to_json
from coopdec_rules.errors import Problem, RulebookError, suggest
from coopdec_rules.panorama.checks import Report, verify
from coopdec_rules.panorama.data import FOLDER, Panorama, shipped
from coopdec_rules.panorama.tables import Table
from coopdec_rules.rulebook.location import cases_folder
from coopdec_rules.web import parameters
from coopdec_rules.web.api import panorama_schemas
from coopdec_rules.web.api.openapi import Responses, answers, path_parameter
from coopdec_rules.web.problems import Refused

ROOT = "/api/v1/panorama"
#: Told when an installation has no data, or data that cannot be read.
UNREADABLE = "Les données du panorama manquent ou ne peuvent pas être lues sur ce service."
_log = logging.getLogger(__name__)
_EXAMPLES = ("communautes", "accords")


def panorama_router() -> APIRouter:
    """Routes of the panorama.  The data are read at the first request that needs them."""
    router = APIRouter(default_response_class=Response)

    @router.get(
        ROOT,
        operation_id="lire_panorama",
        tags=["panorama"],
        summary="Les tables du panorama",
        description="Les tables tirées de l'étude de 2006 et de l'enquête auprès de 29 villes, et "
        "leurs colonnes.",
        responses=answers(
            panorama_schemas.PanoramaDecrit, "Les tables.", "introuvable", "parametre"
        ),
    )
    def panorama(request: Request) -> Response:
        parameters.parameter(request)
        tables = _data().tables.values()
        return _json(
            {
                "tables": [_listed(table) for table in tables],
                "colonnes": {table.name: _columns(table) for table in tables},
            }
        )

    @router.get(
        f"{ROOT}/verifications",
        operation_id="verifier_panorama",
        tags=["panorama"],
        summary="Les tableaux recomptés",
        description="Chaque chiffre imprimé à côté du même recompté, et les contradictions des "
        "documents avec leur explication.",
        responses=answers(
            panorama_schemas.Verifications, "Les vérifications.", "introuvable", "parametre"
        ),
    )
    def verifications(request: Request) -> Response:
        parameters.parameter(request)
        return _json(_verified(verify(_data())))

    # Before the next one, whose pattern takes any name.
    @router.get(
        f"{ROOT}/{{table}}.csv",
        operation_id="lire_table_csv",
        tags=["panorama"],
        summary="Une table en CSV",
        description="Les lignes d'une table, en CSV (UTF-8, virgules).",
        responses=_csv_answers(),
        openapi_extra=path_parameter("table", "Nom de la table.", _EXAMPLES),
    )
    def table_csv(request: Request) -> Response:
        parameters.parameter(request)
        name = _table(request.path_params["table"]).name
        headers = {"Content-Disposition": f'attachment; filename="panorama-{name}.csv"'}
        body = (_folder() / f"{name}.csv").read_bytes()
        return Response(body, headers=headers, media_type="text/csv; charset=utf-8")

    @router.get(
        f"{ROOT}/{{table}}",
        operation_id="lire_table",
        tags=["panorama"],
        summary="Une table en JSON",
        description="Les lignes d'une table, en JSON. null : le document ne le dit pas.",
        responses=answers(
            panorama_schemas.TableServie, "La table.", "introuvable", "parametre"
        ),
        openapi_extra=path_parameter("table", "Nom de la table.", _EXAMPLES),
    )  # fmt: skip
    def table_json(request: Request) -> Response:
        parameters.parameter(request)
        table = _table(request.path_params["table"])
        return _json(
            {
                "table": table.name,
                "titre": table.title,
                "document": table.document,
                "date": table.date,
                "lignes": [
                    {k: list(v) if isinstance(v, tuple) else v for k, v in row.items()}
                    for row in table.rows
                ],
            }
        )

    return router


def _folder() -> Path:
    return cases_folder() / FOLDER


def _data() -> Panorama:
    try:
        return shipped(cases_folder())
    except RulebookError as error:
        _log.warning("The panorama cannot be read:\n%s", error)
        raise Refused("introuvable", UNREADABLE) from None


def _table(name: str) -> Table:
    tables = _data().tables
    found = tables.get(name)
    if found is None:
        near = suggest(name, tables)
        hint = f" Vouliez-vous dire « {near} » ?" if near else ""
        message = "Cette table n'existe pas."
        known = ", ".join(tables)
        raise Refused(
            "introuvable", message + hint,
            [Problem("", message, parameters.shown(name), known, near)],
        )  # fmt: skip
    return found


def _json(document: object) -> Response:
    return Response(to_json(document), media_type="application/json")


def _csv_answers() -> Responses:
    found = answers(panorama_schemas.TableServie, "La table.", "introuvable", "parametre")
    found[200] = {
        "description": "La table.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
    return found


def _listed(table: Table) -> panorama_schemas.TableEnListe:
    return {
        "table": table.name,
        "titre": table.title,
        "document": table.document,
        "date": table.date,
        "lignes": len(table.rows),
        "json": f"{ROOT}/{table.name}",
        "csv": f"{ROOT}/{table.name}.csv",
    }


def _columns(table: Table) -> list[panorama_schemas.Colonne]:
    return [
        {
            "nom": column.name,
            "type": column.type,
            "cle": column.key,
            "obligatoire": column.required,
            "valeurs": list(column.values),
            "description": column.description,
        }
        for column in table.columns
    ]


def _verified(report: Report) -> panorama_schemas.Verifications:
    return {
        "chiffres": [
            {
                "id": check.id,
                "tableau": check.section,
                "libelle": check.label,
                "imprime": check.printed,
                "recompte": check.counted,
                "egal": check.equal,
            }
            for check in report.checks
        ],
        "ecarts": [
            {
                "ecart": gap.id,
                "imprime": gap.printed,
                "recompte": gap.counted,
                "constat": gap.finding,
                "explication": gap.explanation,
                "appui": gap.support,
                "passage": gap.passage,
            }
            for gap in report.gaps.values()
        ],
    }
