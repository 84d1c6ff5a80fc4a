"""Scenarios sent line by line, answered line by line while they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from coopdec_rules.web.limits import announced, told_size
from coopdec_rules.web.lots.incoming import Incoming
from coopdec_rules.web.lots.pool import Lots
from coopdec_rules.web.problems import Refused, document
from coopdec_rules.web.sending import STREAMED

if TYPE_CHECKING:
    from coopdec_rules.batch.lines import LineAdvisor

#: Lines answered together, at most.
_TOGETHER = 512
#: The key of the last line, when the rest of the body is not answered: why.
STOPPED = "arret"


class Flow(Response):
    """The answer to a body of lines.  ``adviser`` makes what answers them, in a thread.

    Nothing is sent before the first answers: what is wrong by then has its own status.
    """

    def __init__(self, request: Request, lots: Lots, adviser: Callable[[], LineAdvisor]) -> None:
        super().__init__(
            media_type=STREAMED,
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
        del self.headers["content-length"]
        self._request = request
        self._lots = lots
        self._adviser = adviser

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limits = self._lots.limits
        if announced(scope) > limits.lot_bytes:
            raise Refused("trop-grand", f"{told_size(limits.lot_bytes)} au plus en une fois.")
        with self._lots.taken():
            incoming = Incoming(self._request.stream(), limits)
            reading = asyncio.create_task(incoming.read())
            try:
                await self._answer(scope, send, incoming)
                # Whoever left while sending is told of as one who left.
                await reading
            finally:
                reading.cancel()

    async def _answer(self, scope: Scope, send: Send, incoming: Incoming) -> None:
        started = False
        async for piece in self._pieces(scope, incoming):
            if not started:
                started = True
                await send({"type": "http.response.start", "status": 200,
                            "headers": self.raw_headers})  # fmt: skip
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        if not started:
            raise incoming.stopped or Refused(
                "illisible", "Le corps est vide : une ligne par scénario est attendue."
            )
        await send({"type": "http.response.body", "body": b""})

    async def _pieces(self, scope: Scope, incoming: Incoming) -> AsyncIterator[bytes]:
        """The answers, some lines at a time; last, why the rest is not answered if it is not."""
        end = asyncio.get_running_loop().time() + self._lots.limits.lot_seconds
        adviser = await self._lots.run(self._adviser)
        answered = 0
        while lines := await incoming.take(_TOGETHER):
            if asyncio.get_running_loop().time() > end:
                incoming.stopped = Refused(
                    "lent",
                    f"{self._lots.limits.lot_seconds:g} secondes au plus en une fois : envoyez la "
                    "suite dans une autre demande.",
                )
                break
            piece = await self._lots.run(_written, adviser, lines)
            answered = lines[-1][0]
            if piece:
                yield piece
        if incoming.stopped is not None and answered:
            why = document(scope, incoming.stopped.kind, incoming.stopped.detail)
            yield orjson.dumps({STOPPED: why, "lignes": answered}) + b"\n"


def _written(adviser: LineAdvisor, lines: Sequence[tuple[int, bytes]]) -> bytes:
    return b"".join(line.written() for line in adviser.answer(lines))
