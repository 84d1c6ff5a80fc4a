"""The web server (uvicorn) within limits: slow or idle connections end, and so does the process.

uvicorn waits for ever for the head of a request, for the end of its body and for whoever does not
take its answer; here each has its time.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from coopdec_rules.web.serving import Limits

#: Seconds left, once the application has ended, to threads that still work.
_LAST = 1.5
#: Seconds a thread keeps the interpreter while another waits for it; 5 ms by default.
_SWITCH = 0.001
#: ``M_ARENA_MAX`` of malloc.h.
_ARENAS = -8


class Config(uvicorn.Config):
    """The settings of a server within ``limits``; ``more`` are uvicorn's own."""

    def __init__(self, app: ASGIApp | Callable[[], ASGIApp], limits: Limits, **more: Any) -> None:
        self.limits = limits
        super().__init__(
            app,
            http=Connection,
            ws="none",
            lifespan="on",
            server_header=False,
            timeout_keep_alive=limits.idle_seconds,  # type: ignore[arg-type]
            timeout_graceful_shutdown=limits.stop_seconds,  # type: ignore[arg-type]
            **more,
        )

    def load(self) -> None:
        """Load the application; from then on, its process ends when it is told to."""
        _few_arenas()
        # The event loop has the interpreter back sooner from threads that work.
        sys.setswitchinterval(_SWITCH)
        super().load()
        self.loaded_app = _Ending(self.loaded_app)


def _few_arenas() -> None:
    """Have the threads share two arenas of memory: each would keep its own for itself (glibc)."""
    try:
        ctypes.CDLL(None).mallopt(_ARENAS, 2)
    except (OSError, AttributeError):
        return  # another C library, which does otherwise


class Connection(HttpToolsProtocol):
    """One connection: at any moment, it works or it has a time to end."""

    config: Config

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = config.limits
        self._end: asyncio.TimerHandle | None = None
        self._untaken: asyncio.TimerHandle | None = None
        self.since = self.loop.time()

    @property
    def idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self._limits.connections:
            idle = [c for c in self.connections if isinstance(c, Connection) and c.idle]
            min(idle, key=lambda connection: connection.since).cut()
        self._wait()

    def cut(self) -> None:
        """End the connection, whatever it does."""
        self.connections.discard(self)
        self.transport.abort()

    def _wait(self) -> None:
        """From now on, a head is awaited."""
        if self._end is None and not self.transport.is_closing():
            self._end = self.loop.call_later(self._limits.head_seconds, self.cut)

    def _stop_waiting(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.idle and self.timeout_keep_alive_task is None:
            self._wait()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._untaken is None:
            self._untaken = self.loop.call_later(self._limits.taking_seconds, self.cut)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._untaken is not None:
            self._untaken.cancel()
            self._untaken = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)
        self._unset_keepalive_if_required()

    def shutdown(self) -> None:
        """Asked to stop: what still arrives is not waited for, what is asked is answered."""
        if not self.idle and self.cycle.more_body:
            self.cut()
        else:
            super().shutdown()


class _Ending:
    """Once the application has ended, the process does, even if a thread still works."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return

        async def watched() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                timer = threading.Timer(_LAST, os._exit, (0,))
                timer.daemon = True
                timer.start()
            return message

        await self.app(scope, watched, send)
