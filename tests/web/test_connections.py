"""Slow and idle connections end, and so does the process: real sockets, a small application."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

#: Reads the whole body and gives it back; /long never ends, /grand is more than anyone takes.
SERVICE = """
import asyncio, socket, threading, time
import uvicorn
from starlette.responses import Response
from coopdec_rules.web.connections import Config
from coopdec_rules.web.limits import Body, BodyLimit
from coopdec_rules.web.serving import Limits

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message["body"], message["more_body"]
    if scope["path"] == "/long":
        threading.Thread(target=time.sleep, args=(60,)).start()
        await asyncio.sleep(60)
    if scope["path"] == "/grand":
        body = b"x" * 20_000_000
    await Response(body)(scope, receive, send)

def refuse(scope, limit, slug):
    return Response(slug, 408 if slug == "lent" else 413, headers={"Connection": "close"})

limits = Limits(connections=12, head_seconds=1, body_seconds=1.5, taking_seconds=1, idle_seconds=1,
                stop_seconds=2)
listener = socket.create_server(("127.0.0.1", 0), backlog=200)
print(listener.getsockname()[1], flush=True)
limited = BodyLimit(app, Body(1000, limits.body_seconds), {}, refuse)
config = Config(limited, limits, log_level="critical")
uvicorn.Server(config).run(sockets=[listener])
"""
WHOLE = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
HALF = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 30\r\n\r\nabc"


class Small:
    """The small application, in a process of its own."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", SERVICE], stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def open(self, sent: bytes = b"") -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        connection.sendall(sent)
        return connection

    def answers(self) -> bool:
        with self.open(WHOLE) as connection:
            return connection.recv(1000).startswith(b"HTTP/1.1 200")

    def stop(self) -> float:
        """Seconds it takes to stop when asked."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        return time.monotonic() - start


@pytest.fixture
def small() -> Iterator[Small]:
    service = Small()
    assert service.answers()
    yield service
    if service.process.poll() is None:
        service.process.kill()
        service.process.wait()
    assert service.process.stdout is not None
    service.process.stdout.close()


def ended(connection: socket.socket) -> float:
    """Seconds until the other side closes; what it says meanwhile is read."""
    start = time.monotonic()
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        pass
    return time.monotonic() - start


def test_each_slow_client_has_its_time_and_stops_nobody(small: Small) -> None:
    with ExitStack() as opened:

        def open_(sent: bytes) -> socket.socket:
            return opened.enter_context(small.open(sent))

        silent, half_head, half_body, idle = (
            open_(b""),
            open_(b"GET / HT"),
            open_(HALF),
            open_(WHOLE),
        )
        greedy = opened.enter_context(socket.socket())
        greedy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        greedy.settimeout(10)
        greedy.connect(("127.0.0.1", small.port))
        greedy.sendall(WHOLE.replace(b" / ", b" /grand "))
        dripping = open_(b"")
        start = time.monotonic()
        cut = None
        while cut is None and time.monotonic() - start < 8:
            try:
                dripping.sendall(b"G" if cut is None else b"")
                time.sleep(0.1)
            except OSError:
                cut = time.monotonic() - start
        assert cut is not None
        assert cut < 3
        assert ended(silent) < 3
        assert ended(half_head) < 3
        assert half_body.recv(1000).startswith(b"HTTP/1.1 408")
        assert ended(half_body) < 3
        assert idle.recv(1000).startswith(b"HTTP/1.1 200")
        assert ended(idle) < 3
        time.sleep(1)
        read = 0
        try:
            while piece := greedy.recv(65_536):
                read += len(piece)
        except ConnectionResetError:
            pass
        assert read < 20_000_000
        assert small.answers()


def test_the_oldest_idle_connection_makes_room(small: Small) -> None:
    with ExitStack() as opened:
        first = opened.enter_context(small.open())
        half = opened.enter_context(small.open(HALF))
        for _ in range(40):
            opened.enter_context(small.open())
        assert small.answers()
        assert ended(first) < 0.9  # before its own time is over
        # A request under way is never cut for it.
        half.sendall(b"x" * 27)
        assert half.recv(1000).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("sent", [HALF, b"GET / HT", WHOLE.replace(b" / ", b" /long ")])
def test_it_stops_in_time_whatever_a_client_does(small: Small, sent: bytes) -> None:
    with small.open(sent):
        time.sleep(0.2)
        # Two seconds for what was begun, then a second and a half for a thread that still works.
        assert small.stop() < (4.5 if b"long" in sent else 1.5)
