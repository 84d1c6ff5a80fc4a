"""Assistants over HTTP: ``/mcp``, behind the same guards and in the same turns as the API.

Imported only when the host asks for it: the SDK takes a second to load.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from urllib.parse import urlsplit

from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from coopdec_rules.advice.documents import MAX_BYTES
from coopdec_rules.assistants.desk import AssistantDesk, Unanswered
from coopdec_rules.assistants.server import make_server
from coopdec_rules.web.hosting.settings import Settings
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.service import Service

PATH = "/mcp"
#: Names of this machine, whatever the port.
_HERE = ("127.0.0.1", "localhost", "[::1]")


class _Posted:
    """The protocol without its open streams: each request has one answer, sent whole."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # The inner application knows its own path alone, whatever the prefix.
        await self.app({**scope, "path": PATH, "root_path": ""}, receive, send)


def assistants_route(
    service: Service, settings: Settings
) -> tuple[Route, Callable[[], AbstractAsyncContextManager[None]]]:
    """The route of assistants, and what must run as long as it is served."""

    async def run(document: object, work: Callable[[], str]) -> str:
        turns = service.desk.pages if document is None else service.desk.of(document)
        try:
            return await turns.run(work)
        except Refused as refused:
            raise Unanswered(refused.detail) from None

    server = make_server(AssistantDesk(service.advisor, service.documents, run))
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=MAX_BYTES,
        transport_security=_security(settings),
    )
    return Route(PATH, _Posted(app), methods=["POST"]), server.session_manager.run


def _security(settings: Settings) -> TransportSecuritySettings:
    """Which names of this host are answered to, so that no page of another site speaks to it."""
    public = urlsplit(settings.public_address)
    names = [*_HERE, settings.address]
    hosts = [host for name in names for host in (name, f"{name}:*")]
    origins = [f"http://{host}" for host in hosts]
    if public.netloc:
        hosts.append(public.netloc)
        origins.append(f"{public.scheme}://{public.netloc}")
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins)
