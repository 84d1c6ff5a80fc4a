"""The outermost layer: security headers, HEAD, and an answer to errors that nothing foresaw."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)
_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        b"img-src 'self' data:; form-action 'self'; "
        b"base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ),
)


class Guard:
    """ASGI middleware: every response carries the headers; no exception leaves without an answer.

    ``failed`` makes the response to an unforeseen exception, which is logged with its traceback.
    ``hsts`` is how many seconds a browser is told to come back by HTTPS only; 0: not told.
    """

    def __init__(self, app: ASGIApp, failed: Callable[[Scope], Response], hsts: int = 0) -> None:
        self.app = app
        self.failed = failed
        told = (b"strict-transport-security", b"max-age=%d" % hsts)
        self.headers = (*_HEADERS, told) if hsts else _HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False
        head = scope["method"] == "HEAD"

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": [*message.get("headers", ()), *self.headers]}
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # HEAD is answered by whatever answers GET.
        inner = {**scope, "method": "GET"} if head else scope
        try:
            await self.app(inner, receive, guarded)
        except ClientDisconnect:
            return  # nobody is left to answer
        except Exception:
            # Neither the path nor the query: they may hold what a person wrote.
            route = getattr(inner.get("route"), "path", None)
            _log.exception("Unforeseen error on %s %s", scope["method"], route)
            if not started:
                await self.failed(scope)(scope, receive, guarded)
        finally:
            # Found by the router in its copy, and told in the log of requests.
            if "route" in inner:
                scope["route"] = inner["route"]
