"""The application: routes, errors and limits put together."""

from __future__ import annotations

import logging

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from coopdec_rules import __version__
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import MAX_BYTES
from coopdec_rules.errors import EngineError, ScenarioError
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.web.api import openapi
from coopdec_rules.web.api.panorama import panorama_router
from coopdec_rules.web.api.reasoning import reasoning_router
from coopdec_rules.web.api.routes import api_router
from coopdec_rules.web.api.territories import territories_router
from coopdec_rules.web.avis.seal import Seal
from coopdec_rules.web.guard import Guard
from coopdec_rules.web.limits import BodyLimit
from coopdec_rules.web.pages import Pages
from coopdec_rules.web.problems import (
    KINDS,
    Kind,
    Refused,
    count_of,
    kind_of,
    problem,
    reads_pages,
)
from coopdec_rules.web.service import Service, load_service

_log = logging.getLogger(__name__)


def create_app(
    advisor: Advisor | None = None, service: Service | None = None, key: bytes | None = None
) -> FastAPI:
    """The application on an advisor (by default, one on the project's rulebook).

    ``key``, the host's, marks the links to an avis (``Seal``).  Raises ``RulebookError`` when no
    advisor is given and the rulebook cannot be loaded.  The caller keeps, and closes, the advisor
    it gave.
    """
    if service is None:
        service = load_service(advisor or Advisor(load_rulebook(rules_folder())))
    app = FastAPI(
        title="Coopération décentralisée : avis",
        version=__version__,
        # The ready-made documentation pages load their scripts from elsewhere; see /api instead.
        docs_url=None,
        redoc_url=None,
    )
    pages = Pages(service, Seal(key))
    app.include_router(api_router(service))
    app.include_router(reasoning_router(service))
    app.include_router(territories_router())
    app.include_router(panorama_router())
    app.include_router(pages.router)
    openapi.install(app, service)
    _handle_errors(app, pages)
    too_large = KINDS["trop-grand"]
    detail = f"{too_large.detail[:-1]} : {MAX_BYTES // 1024} Kio au plus."
    app.add_middleware(
        BodyLimit,
        limit=MAX_BYTES,
        refuse=lambda scope: _failure(pages, scope, too_large, detail),
    )
    app.add_middleware(Guard, failed=lambda scope: _failure(pages, scope, KINDS["interne"]))
    return app


def _handle_errors(app: FastAPI, pages: Pages) -> None:
    @app.exception_handler(ScenarioError)
    async def scenario(request: Request, error: ScenarioError) -> Response:
        detail = count_of(len(error.problems))
        return problem(request.scope, KINDS["scenario"], detail, error.problems)

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> Response:
        if reads_pages(request.scope):
            return pages.failure(error.kind, error.detail)
        return problem(request.scope, error.kind, error.detail, error.errors)

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        response = _failure(pages, request.scope, kind_of(error.status_code))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(EngineError)
    async def engine(request: Request, error: EngineError) -> Response:
        _log.error("The engine failed, no avis is given", exc_info=error)
        return _failure(pages, request.scope, KINDS["interne"])


def _failure(pages: Pages, scope: Scope, kind: Kind, detail: str | None = None) -> Response:
    """The same failure as a page for a reader and as a problem document for a program."""
    if reads_pages(scope):
        return pages.failure(kind, detail)
    return problem(scope, kind, detail)
