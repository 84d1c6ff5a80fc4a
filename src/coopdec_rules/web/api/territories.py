"""``/api/v1/territoires``: the communes and groupings of today, found by name or by code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from coopdec_rules.advice.documents import to_json
from coopdec_rules.territories import Area, Directory, Territory, load_directory
from coopdec_rules.territories.directory import MAX_LIMIT, MAX_QUERY
from coopdec_rules.territories.documents import competences_document
from coopdec_rules.web import parameters
from coopdec_rules.web.api import territories_schemas
from coopdec_rules.web.api.openapi import answers, path_parameter
from coopdec_rules.web.problems import Refused

_LIMIT = 10
_KNOWN = (
    "Le découpage est celui d'aujourd'hui (« millesime ») ; les syndicats et les compétences "
    "viennent de la base nationale sur l'intercommunalité, d'un autre état (« "
    "competences.millesime ») ; les membres des syndicats ne sont pas dans les données."
)
_PARAMETERS = [
    {
        "name": "q", "in": "query", "required": True,
        "description": "Nom, début ou mots du nom, code INSEE, code postal, numéro SIREN, "
        "arrondissement de Paris, Lyon ou Marseille. Accents, tirets, apostrophes, majuscules, "
        "« St » et la nature du groupement ne comptent pas.",
        "schema": {"type": "string", "minLength": 1, "maxLength": MAX_QUERY},
        "examples": {"nom": {"value": "st denis"}, "code": {"value": "38544"}},
    },
    {
        "name": "limite", "in": "query", "required": False,
        "description": f"Nombre de réponses au plus ({_LIMIT} par défaut).",
        "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": _LIMIT},
    },
]  # fmt: skip


def territories_router() -> APIRouter:
    """Routes of the territories.  The directory is read at the first request that needs it."""
    router = APIRouter(default_response_class=Response)

    # Not ``async``: the first call reads the directory, half a second that must not hold the loop.
    @router.get(
        "/api/v1/territoires",
        operation_id="chercher_territoires",
        tags=["territoires"],
        summary="Chercher une commune ou un groupement",
        description=f"Trouve une commune ou un groupement, et les faits qui s'en déduisent. "
        f"{_KNOWN}",
        responses=answers(territories_schemas.Territoires, "Les territoires.", "parametre"),
        openapi_extra={"parameters": _PARAMETERS},
    )
    def territoires(request: Request) -> Response:
        given = parameters.parameters(request, "q", "limite")
        limit = parameters.whole(given.get("limite"), "limite", 1, MAX_LIMIT, _LIMIT)
        query = given.get("q")
        if not query or len(query) > MAX_QUERY:
            raise Refused(
                "parametre",
                f"Le paramètre « q » doit porter un nom ou un code, de 1 à {MAX_QUERY} caractères.",
            )
        directory = load_directory()
        matches = directory.search(query, limit)
        found = [
            {
                **_shown(match.territory),
                "trouve_par": match.found.value,
                "precision": match.note or None,
            }
            for match in matches
        ]
        body = {"recherche": _echoed(query), "territoires": found}
        return _json(directory, body, [match.territory for match in matches])

    @router.get(
        "/api/v1/territoires/{code}",
        operation_id="lire_territoire",
        tags=["territoires"],
        summary="Une commune ou un groupement",
        description=f"Le territoire d'un code INSEE ou d'un numéro SIREN, avec ses communes et "
        f"ses compétences. {_KNOWN}",
        responses=answers(
            territories_schemas.TerritoireDecrit, "Le territoire.", "introuvable", "parametre"
        ),
        openapi_extra=path_parameter(
            "code", "Code INSEE d'une commune ou numéro SIREN d'un groupement.", ["38544"]
        ),
    )
    def territoire(request: Request) -> Response:
        parameters.parameter(request)
        directory = load_directory()
        code = request.path_params["code"]
        found = directory.by_code(code)
        if found is None:
            problem = directory.unknown_code(code)
            hint = f" Vouliez-vous dire « {problem.suggestion} » ?" if problem.suggestion else ""
            raise Refused("introuvable", problem.message + hint, [problem])
        members = [
            {"code": member.code, "nom": member.name, "population": member.population}
            for member in directory.members(found)
        ]
        described: dict[str, object] = {
            "territoire": _shown(found),
            "lecture_du_code": directory.code_notice(code),
            "communes": members,
            "competences": competences_document(directory.competences(found)),
        }
        return _json(directory, described, [found])

    return router


def _json(directory: Directory, body: Mapping[str, object], shown: Iterable[Territory]) -> Response:
    """``shown``: the territories of the body, whose source is told."""
    notices = dict.fromkeys(map(directory.notice_of, shown)) or [directory.notice]
    known = {"millesime": directory.vintage, "mention": " ".join(notices)}
    return Response(to_json({**known, **body}), media_type="application/json")


def _shown(territory: Territory) -> territories_schemas.Territoire:
    return {
        "code": territory.code,
        "nom": territory.name,
        "libelle": territory.label,
        "nature": territory.nature,
        "nature_libelle": territory.nature_label,
        "statut_particulier": territory.status or None,
        "population": territory.population,
        "departement": _area(territory.department),
        "region": _area(territory.region),
        "groupement": _grouping(territory.grouping),
        "etablissement_territorial": _grouping(territory.second),
        "codes_postaux": list(territory.postcodes),
        "remarques": list(territory.remarks),
        "scenario": territory.as_scenario(),
    }


def _grouping(group: Territory | None) -> territories_schemas.GroupementDeCommune | None:
    if group is None:
        return None
    return {
        "code": group.code,
        "nom": group.name,
        "nature": group.nature,
        "statut_particulier": group.status or None,
    }


def _area(area: Area) -> territories_schemas.Ressort:
    return {"code": area.code, "nom": area.name}


def _echoed(query: str) -> str:
    """The query as JSON can carry it back."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in query)
