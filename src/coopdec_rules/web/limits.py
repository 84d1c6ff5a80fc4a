"""Refuses bodies that are too large or too slow, the announced ones before reading them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TOO_LARGE, _TOO_SLOW = "trop-grand", "lent"


class _Unread(Exception):
    """The body was given up while it was being read; the argument tells why."""


@dataclass(frozen=True, slots=True)
class Body:
    """The most bytes of a body, and how long it may take to come."""

    bytes: int
    seconds: float


class BodyLimit:
    """ASGI middleware: reads at most so many bytes of a body, in at most so many seconds.

    ``apart`` has the limits of some addresses; ``None``: the address watches over its body itself.
    ``refuse`` answers another body, with its limit and the kind of problem that it is
    (« trop-grand », « lent »).
    """

    def __init__(
        self,
        app: ASGIApp,
        limit: Body,
        apart: Mapping[str, Body | None],
        refuse: Callable[[Scope, Body, str], Response],
    ) -> None:
        self.app = app
        self.limit = limit
        self.apart = apart
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.apart.get(scope["path"], self.limit)
        if limit is None:
            await self.app(scope, receive, send)
            return
        if announced(scope) > limit.bytes:
            await self.refuse(scope, limit, _TOO_LARGE)(scope, receive, send)
            return
        seen = 0
        started = whole = False
        end = asyncio.get_running_loop().time() + limit.seconds

        async def counted() -> Message:
            nonlocal seen, whole
            try:
                # Once it is whole, what is waited for is the end of the connection.
                async with asyncio.timeout_at(None if whole else end):
                    message = await receive()
            except TimeoutError:
                raise _Unread(_TOO_SLOW) from None
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                whole = not message.get("more_body", False)
                if seen > limit.bytes:
                    raise _Unread(_TOO_LARGE)
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, counted, watched)
        except _Unread as why:
            if not started:
                await self.refuse(scope, limit, str(why))(scope, receive, send)


def told_size(count: int) -> str:
    """A number of bytes, in words.

    >>> told_size(262_144)
    '256 Kio'
    """
    return f"{count // 1024} Kio" if count < 2**20 else f"{count // 2**20} Mio"


def announced(scope: Scope) -> int:
    """The body's announced length; 0 when none is, or none that can be read."""
    for name, value in scope["headers"]:
        if name == b"content-length" and len(value) < 20 and value.isdigit():
            return int(value)
    return 0
