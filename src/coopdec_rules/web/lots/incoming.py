"""Lines of a body, taken as they come, within what a table may be."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from coopdec_rules.advice.documents import MAX_BYTES
from coopdec_rules.web.limits import told_size
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.serving import Limits

#: Seconds that lines wait for others, to be answered together.
_PAUSE = 0.15


class Incoming:
    """The lines of a body; ``read`` fills it while ``take`` empties it.

    What is read is never held back by what is answered: a client that only reads the answers once
    it has sent everything is not kept waiting for ever.  ``stopped`` tells why the rest of the body
    is not read.
    """

    def __init__(self, body: AsyncIterator[bytes], limits: Limits) -> None:
        self._body = body
        self._limits = limits
        self._lines: deque[tuple[int, bytes]] = deque()
        self._came = asyncio.Event()
        self._ended = False
        self._number = 0
        self.stopped: Refused | None = None

    async def read(self) -> None:
        """Read the body to its end, or as far as it may go.  Raises ``ClientDisconnect``."""
        try:
            await self._read()
        except Refused as refused:
            self.stopped = refused
        finally:
            self._ended = True
            self._came.set()

    async def _read(self) -> None:
        seen, rest = 0, b""
        while True:
            try:
                async with asyncio.timeout(self._limits.body_seconds):
                    piece = await anext(self._body, None)
            except TimeoutError:
                raise Refused("lent") from None
            if piece is None:
                break
            room = self._limits.lot_bytes - seen
            seen += len(piece)
            *whole, rest = (rest + piece[:room]).split(b"\n")
            for line in whole:
                self._add(line)
            if len(piece) > room:
                raise Refused(
                    "trop-grand",
                    f"{told_size(self._limits.lot_bytes)} au plus en une fois : envoyez la suite "
                    "dans une autre demande.",
                )
            if len(rest) > 2 * MAX_BYTES:
                raise Refused("trop-grand", f"La ligne {self._number + 1} est trop longue.")
        if rest.strip():
            self._add(rest)

    def _add(self, line: bytes) -> None:
        if self._number >= self._limits.lot_rows:
            raise Refused(
                "trop-grand",
                f"{self._limits.lot_rows} lignes au plus en une fois : envoyez la suite dans une "
                "autre demande.",
            )
        self._number += 1
        self._lines.append((self._number, line))
        self._came.set()

    async def take(self, most: int) -> list[tuple[int, bytes]]:
        """Some lines with their numbers, as soon as there are any; none: it is over."""
        await self._wait(1, None)
        await self._wait(most, _PAUSE)
        return [self._lines.popleft() for _ in range(min(most, len(self._lines)))]

    async def _wait(self, count: int, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                while len(self._lines) < count and not self._ended:
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            return
