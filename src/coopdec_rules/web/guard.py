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
)


class Guard:
    """ASGI middleware: every response carries the headers; no exception leaves without an answer.

    ``failed`` makes the response to an unforeseen exception, which is logged with its traceback.
    """

    def __init__(self, app: ASGIApp, failed: Callable[[Scope], Response]) -> None:
        self.app = app
        self.failed = failed

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
                message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
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
            _log.exception("Unforeseen error on %s %r", scope["method"], scope["path"])
            if not started:
                await self.failed(scope)(scope, receive, guarded)
