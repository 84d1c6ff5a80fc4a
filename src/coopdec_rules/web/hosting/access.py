"""One line of log and one count of metrics for each request, under its identifier."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coopdec_rules.web.hosting.admission import KEY
from coopdec_rules.web.hosting.logs import FIELDS, REQUEST

_log = logging.getLogger(__name__)
_HEADER = b"x-request-id"
#: What an identifier may be, to be taken as it is.
_SANE = re.compile(rb"[A-Za-z0-9._-]{8,64}")
#: Asked by machines every few seconds: written at level « debug » only.
_PROBES = frozenset({"/sante", "/pret", "/metrics"})
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})
#: What a request is filed under when it leads nowhere.
NOWHERE = "(aucune)"

#: Told of each request: method, route, status, seconds.
Observer = Callable[[str, str, int, float], None]


class Access:
    """ASGI middleware, the outermost: identifier, log, metrics.

    What is written of a request is its method and the template of its route: never its path, its
    query, its body or its address; of a key, the name of whom it was given to.
    """

    def __init__(self, app: ASGIApp, observe: Observer) -> None:
        self.app = app
        self.observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        ident = _identifier(scope)
        token = REQUEST.set(ident)
        status = 0
        start = time.perf_counter()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (_HEADER, ident.encode())]
                message = {**message, "headers": headers}
            await send(message)

        try:
            await self.app(scope, receive, named)
        finally:
            self._tell(scope, status, time.perf_counter() - start)
            REQUEST.reset(token)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        """``status`` 0: the client left before it was answered."""
        route = str(getattr(scope.get("route"), "path", NOWHERE))
        method = scope["method"] if scope["method"] in _METHODS else "AUTRE"
        self.observe(method, route, status, seconds)
        _log.log(
            logging.DEBUG if route in _PROBES and status < 400 else logging.INFO,
            "demande",
            extra={
                FIELDS: {
                    "methode": method,
                    "route": route,
                    "statut": status,
                    **({"cle": scope[KEY]} if KEY in scope else {}),
                    "duree_ms": round(seconds * 1000, 1),
                }
            },
        )


def _identifier(scope: Scope) -> str:
    """The identifier that the request bears, when it is a sane one, else a new one."""
    given = [value for name, value in scope["headers"] if name == _HEADER]
    if len(given) == 1 and _SANE.fullmatch(given[0]):
        return str(given[0].decode("ascii"))
    return secrets.token_hex(8)
