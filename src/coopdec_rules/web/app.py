"""The application: routes, errors and limits put together."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import Scope

from coopdec_rules import __version__
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import MAX_BYTES
from coopdec_rules.errors import EngineError, ScenarioError
from coopdec_rules.replay.signing import Signer
from coopdec_rules.web.api import openapi
from coopdec_rules.web.api.documents import documents_router
from coopdec_rules.web.api.lots import LOTS, lots_router
from coopdec_rules.web.api.panorama import panorama_router
from coopdec_rules.web.api.reasoning import reasoning_router
from coopdec_rules.web.api.replay import replay_router
from coopdec_rules.web.api.routes import api_router
from coopdec_rules.web.api.territories import territories_router
from coopdec_rules.web.guard import Guard
from coopdec_rules.web.hosting.access import Access
from coopdec_rules.web.hosting.admission import Admission, Origins
from coopdec_rules.web.hosting.metrics import Metrics, kept
from coopdec_rules.web.hosting.prefix import Prefix
from coopdec_rules.web.hosting.readiness import Readiness
from coopdec_rules.web.hosting.settings import Settings
from coopdec_rules.web.limits import Body, BodyLimit, told_size
from coopdec_rules.web.lots.pages import PAGE
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
from coopdec_rules.web.sending import Sending
from coopdec_rules.web.service import Service, load_advisor, load_service

if TYPE_CHECKING:
    from coopdec_rules.web.hosting.keys import Keys

_log = logging.getLogger(__name__)
#: What a form adds to the file that it sends.
_ENVELOPE = 16 * 1024


def create_app(
    advisor: Advisor | None = None,
    service: Service | None = None,
    settings: Settings | None = None,
) -> FastAPI:
    """The application on an advisor (by default, one on the project's rulebook), as it is set.

    ``app.state`` holds ``settings`` (by default, those of a service nothing is set of) and
    ``readiness``, which whoever serves the application has to prepare.  The key of the settings
    marks the links to an avis (``Seal``).

    Raises ``SettingsError`` when the file of keys cannot be read; ``RulebookError`` when no advisor
    is given and the rulebook cannot be loaded.  The caller keeps, and closes, the advisor or the
    service it gave.
    """
    settings = settings or Settings()
    # First: a file of keys that cannot be read must not leave the service open.
    keys = _keys(settings)
    own = service is None
    if service is None:
        limits = settings.limits
        service = load_service(advisor or load_advisor(limits), limits)

    running: AbstractAsyncContextManager[None] = nullcontext()
    assistants: list[BaseRoute] = []
    if settings.assistants == "oui":
        # Only here: the SDK takes a second to import.
        from coopdec_rules.web.assistants import assistants_route

        route, served = assistants_route(service, settings)
        assistants, running = [route], served()

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        async with running:
            yield
        if own:
            service.close()

    app = FastAPI(
        lifespan=life,
        title="Coopération décentralisée : avis",
        version=__version__,
        # The ready-made documentation pages load their scripts from elsewhere; see /api instead.
        docs_url=None,
        redoc_url=None,
        servers=[{"url": settings.public_address or settings.prefix or "/"}],
    )
    app.state.settings = settings
    app.state.readiness = Readiness(service.advisor)
    metrics = Metrics(settings.metrics, partial(kept, service))
    signer = None if settings.key is None else Signer(settings.key)
    pages = Pages(service, settings, signer)
    app.include_router(app.state.readiness.router)
    app.include_router(metrics.router)
    app.include_router(api_router(service))
    app.include_router(reasoning_router(service))
    app.include_router(replay_router(service, signer))
    if service.documents is not None:
        app.include_router(documents_router(service, service.documents))
    app.include_router(lots_router(service))
    app.include_router(territories_router())
    app.include_router(panorama_router())
    app.router.routes.extend(assistants)
    app.include_router(pages.router)
    openapi.install(app, service, settings)
    _handle_errors(app, pages)
    app.add_middleware(
        BodyLimit,
        limit=Body(MAX_BYTES, service.limits.body_seconds),
        apart={
            LOTS: None,
            PAGE: Body(service.limits.lot_bytes + _ENVELOPE, service.limits.lot_seconds),
        },
        refuse=lambda scope, limit, slug: _refused_body(pages, scope, limit, KINDS[slug]),
    )
    app.add_middleware(Sending, kept=service.limits.packed_bytes)
    if keys is not None:
        app.add_middleware(Admission, keys=keys, without=settings.admitted.without)
    if settings.admitted.origins:
        app.add_middleware(Origins, origins=settings.admitted.origins)
    app.add_middleware(
        Guard,
        failed=lambda scope: _failure(pages, scope, KINDS["interne"]),
        hsts=settings.hsts,
    )
    app.add_middleware(Prefix, prefix=settings.prefix)
    app.add_middleware(Access, observe=metrics.observe)
    return app


def _keys(settings: Settings) -> Keys | None:
    if settings.admitted.file is None:
        return None
    # What counts requests is only loaded by who asks for keys.
    from coopdec_rules.web.hosting.keys import load_keys

    return load_keys(settings.admitted.file)


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


def _refused_body(pages: Pages, scope: Scope, limit: Body, kind: Kind) -> Response:
    """What is said of a body that is not read to its end; the connection closes after it."""
    large = kind is KINDS["trop-grand"]
    detail = f"{kind.detail[:-1]} : {told_size(limit.bytes)} au plus." if large else None
    response = _failure(pages, scope, kind, detail)
    response.headers["Connection"] = "close"
    return response


def _failure(pages: Pages, scope: Scope, kind: Kind, detail: str | None = None) -> Response:
    """The same failure as a page for a reader and as a problem document for a program."""
    if reads_pages(scope):
        return pages.failure(kind, detail)
    return problem(scope, kind, detail)
