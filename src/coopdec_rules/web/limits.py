"""Refuses bodies that are too large, before reading them when their length is announced."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class _TooLarge(Exception):
    """The body went over the limit while it was being read."""


class BodyLimit:
    """ASGI middleware: a body of more than ``limit`` bytes is answered by ``refuse``."""

    def __init__(self, app: ASGIApp, limit: int, refuse: Callable[[Scope], Response]) -> None:
        self.app = app
        self.limit = limit
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if _announced(scope) > self.limit:
            await self.refuse(scope)(scope, receive, send)
            return
        seen = 0
        started = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > self.limit:
                    raise _TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, counted, watched)
        except _TooLarge:
            if not started:
                await self.refuse(scope)(scope, receive, send)


def _announced(scope: Scope) -> int:
    """The body's announced length; 0 when none is, or none that can be read."""
    for name, value in scope["headers"]:
        if name == b"content-length" and len(value) < 20 and value.isdigit():
            return int(value)
    return 0
