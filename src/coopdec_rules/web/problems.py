"""Errors told to API clients: problem documents (RFC 9457), in French."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import orjson
from starlette.responses import Response
from starlette.types import Scope

from coopdec_rules.errors import Problem

MEDIA_TYPE = "application/problem+json"
#: Paths that always answer programs: they begin, or end, so.
_PROGRAMS = ("/api/", "/openapi.json", "/sante", "/pret", "/metrics")
_FILES = (".json",)


@dataclass(frozen=True, slots=True)
class Kind:
    """A family of errors; ``slug`` names it in ``type`` and anchors its entry on the page /api."""

    slug: str
    status: int
    title: str
    detail: str
    #: Seconds after which the same request may be sent again; ``None``: it would fail again.
    retry: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What a response of this kind says in its headers."""
        return {} if self.retry is None else {"Retry-After": str(self.retry)}


_KINDS = (
    Kind("illisible", 400, "Document illisible", "Le corps de la requête ne peut pas être lu."),
    Kind("lien", 400, "Lien illisible", "Ce lien ne porte pas un scénario lisible."),
    Kind("cle", 401, "Clé refusée", "Cette adresse demande une clé."),
    Kind("introuvable", 404, "Adresse introuvable", "Rien n'existe à cette adresse."),
    Kind("methode", 405, "Méthode refusée", "Cette adresse n'accepte pas cette méthode."),
    Kind(
        "document",
        409,
        "Document refusé",
        "Ce document ne peut pas être fait à partir de cet avis.",
    ),
    Kind(
        "recueil",
        409,
        "Recueil illisible",
        "Le recueil demandé ne se lit plus avec ce logiciel.",
    ),
    Kind("lent", 408, "Requête trop lente", "La requête n'est pas arrivée à temps."),
    Kind("trop-grand", 413, "Document trop grand", "Le corps de la requête est trop grand."),
    Kind(
        "format", 415, "Format refusé", "Le corps de la requête n'est pas dans un format accepté."
    ),
    Kind("limite", 429, "Limite atteinte", "La limite de cette clé est atteinte."),
    Kind("scenario", 422, "Scénario refusé", "Le scénario contient des erreurs."),
    Kind("parametre", 422, "Paramètre refusé", "L'adresse porte un paramètre qui n'existe pas."),
    Kind(
        "interne",
        500,
        "Erreur interne",
        "Le service n'a pas pu répondre. L'erreur est enregistrée ; aucun avis n'est rendu.",
    ),
    Kind(
        "occupe",
        503,
        "Service occupé",
        "Trop de demandes sont en cours. Rien n'est perdu : redemandez dans quelques secondes.",
        retry=5,
    ),
)
KINDS: Mapping[str, Kind] = {kind.slug: kind for kind in _KINDS}
#: The kind told for an HTTP status raised by the framework.
_BY_STATUS = {kind.status: kind for kind in reversed(_KINDS)}


class Refused(Exception):
    """A request that is not served, for a reason of one of the known kinds."""

    def __init__(
        self, slug: str, detail: str | None = None, errors: Iterable[Problem] = ()
    ) -> None:
        self.kind = KINDS[slug]
        self.detail = detail or self.kind.detail
        self.errors = tuple(errors)
        super().__init__(self.detail)


def reads_pages(scope: Scope) -> bool:
    """Whether the request comes from someone reading pages rather than from a program."""
    path = str(scope.get("path", ""))
    if path.startswith(_PROGRAMS) or path.endswith(_FILES):
        return False
    return any(
        name == b"accept" and b"text/html" in value for name, value in scope.get("headers", ())
    )


def kind_of(status: int) -> Kind:
    """The kind of error for an HTTP status; an unforeseen status keeps its number."""
    known = _BY_STATUS.get(status)
    if known is not None:
        return known
    base = KINDS["interne"] if status >= 500 else KINDS["illisible"]
    return Kind(base.slug, status, base.title, base.detail)


def problem(
    scope: Scope,
    kind: Kind,
    detail: str | None = None,
    errors: Iterable[Problem] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A response that is a problem document about the request in ``scope``."""
    return Response(
        orjson.dumps(document(scope, kind, detail, errors)),
        kind.status,
        headers={**kind.headers, **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def document(
    scope: Scope, kind: Kind, detail: str | None = None, errors: Iterable[Problem] = ()
) -> dict[str, object]:
    """A problem document about the request in ``scope``."""
    return {
        "type": f"/api#probleme-{kind.slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail or kind.detail,
        "instance": quote(str(scope.get("path", "")), errors="replace"),
        "erreurs": [entry(error) for error in errors],
    }


def entry(error: Problem) -> dict[str, str | None]:
    """One mistake of a scenario as a problem document lists it."""
    return {
        "pointeur": error.pointer,
        "message": error.message,
        "trouve": error.found,
        "attendu": error.expected,
        "suggestion": error.suggestion,
    }


def count_of(errors: int) -> str:
    """How many mistakes a scenario has, as a sentence."""
    return f"Le scénario contient {errors} erreur{'s' if errors > 1 else ''}."
