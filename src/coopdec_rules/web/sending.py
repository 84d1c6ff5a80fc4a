"""Sends answers small, or not at all when the client has them: br and gzip, ETag and 304."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coopdec_rules.web.kept import Kept

#: Types that compress well; a PDF is compressed already.
_TEXTS = ("text/", "application/json", "application/problem+json", "application/yaml",
          "image/svg+xml")  # fmt: skip
#: Below this many bytes, nothing is gained; above that many, it is done in a thread.
_LEAST, _QUICK = 600, 100_000
#: The type of answers that are sent as they are worked out: nothing is gathered of them.
STREAMED = "application/x-ndjson"


def _br(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=4, mode=brotli.MODE_TEXT))


def _gzip(body: bytes) -> bytes:
    return zlib.compress(body, 4, zlib.MAX_WBITS | 16)


#: What is offered, the best first.
_CODINGS: dict[str, Callable[[bytes], bytes]] = {"br": _br, "gzip": _gzip}


class Sending:
    """ASGI middleware around an application whose answers come whole, but for those streamed.

    What GET answers bears an ETag, unless nobody may keep it (``no-store``).  What was compressed
    is kept, in at most ``kept`` bytes, for those that bear one.
    """

    def __init__(self, app: ASGIApp, kept: int) -> None:
        self.app = app
        self._kept: Kept[tuple[str, str], bytes] = Kept(kept, len)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start: Message = {}
        pieces: list[bytes] = []

        async def gathered(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                if _streamed(message):
                    await send(message)
            elif _streamed(start):
                await send(message)
            elif message["type"] == "http.response.body":
                pieces.append(message.get("body", b""))
                if not message.get("more_body", False):
                    await self._send(scope, start, b"".join(pieces), send)
            else:
                await send(message)

        await self.app(scope, receive, gathered)

    async def _send(self, scope: Scope, start: Message, body: bytes, send: Send) -> None:
        asked, headers = Headers(scope=scope), MutableHeaders(raw=list(start["headers"]))
        tag = _tag(scope, start, headers, body)
        if tag:
            headers["ETag"] = tag
        if _varies(headers):
            headers.add_vary_header("Accept-Encoding")
            coding = _accepted(asked.get("accept-encoding", ""))
        else:
            coding = None
        if tag and _known(tag, asked.get("if-none-match", "")):
            for name in ("content-length", "content-type"):
                del headers[name]
            await send({**start, "status": 304, "headers": headers.raw})
            await send({"type": "http.response.body", "body": b""})
            return
        if coding and len(body) >= _LEAST:
            body = await self._packed(tag, coding, body)
            headers["Content-Encoding"] = coding
            headers["Content-Length"] = str(len(body))
        await send({**start, "headers": headers.raw})
        await send({"type": "http.response.body", "body": body})

    async def _packed(self, tag: str, coding: str, body: bytes) -> bytes:
        found = self._kept.get((tag, coding)) if tag else None
        if found is None:
            pack = _CODINGS[coding]
            found = await run_in_threadpool(pack, body) if len(body) > _QUICK else pack(body)
            if tag:
                self._kept.put((tag, coding), found)
        return found


def _tag(scope: Scope, start: Message, headers: Headers, body: bytes) -> str:
    """The ETag of an answer, or nothing.  It is weak: one body may be sent in several codings."""
    kept = scope["method"] == "GET" and start["status"] == 200
    if not kept or "no-store" in headers.get("cache-control", ""):
        return ""
    return f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def _known(tag: str, asked: str) -> bool:
    tags = [each.strip().removeprefix("W/") for each in asked.split(",")]
    return tag.removeprefix("W/") in tags or asked.strip() == "*"


def _streamed(start: Message) -> bool:
    return any(
        name == b"content-type" and value.startswith(STREAMED.encode())
        for name, value in start.get("headers", ())
    )


def _varies(headers: Headers) -> bool:
    return "content-encoding" not in headers and headers.get("content-type", "").startswith(_TEXTS)


def _accepted(asked: str) -> str | None:
    """The best coding that ``Accept-Encoding`` takes; ``None`` for none."""
    weights: dict[str, float] = {}
    for part in asked.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        quality = parameters.strip().removeprefix("q=")
        try:
            weights[name.strip()] = float(quality) if quality else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    every = weights.get("*", 0.0)
    found = {name: weights.get(name, every) for name in _CODINGS}
    best = max(found, key=lambda name: found[name])
    return best if found[best] > 0 else None
