"""Requests per second of the served application, by a plain keep-alive client on loopback."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@contextmanager
def server() -> Iterator[int]:
    """The application in a process of its own; gives its port and ends it by its pid."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "coopdec_rules.cli", "servir", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start")


def get(path: str) -> bytes:
    """A keep-alive GET request."""
    return f"GET {path} HTTP/1.1\r\nHost: essai\r\n\r\n".encode()


def post(path: str, body: bytes) -> bytes:
    """A keep-alive POST request with a JSON body."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: essai\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def rate(port: int, requests: Sequence[bytes], seconds: float) -> float:
    """Requests answered 200 per second, on one connection, cycling through ``requests``."""
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        done = 0
        start = time.perf_counter()
        while (elapsed := time.perf_counter() - start) < seconds:
            link.sendall(requests[done % len(requests)])
            _read(link)
            done += 1
    return done / elapsed


def once(port: int, requests: Sequence[bytes]) -> None:
    """Send every request once, so that what is made on first use is made."""
    with socket.create_connection(("127.0.0.1", port)) as link:
        for request in requests:
            link.sendall(request)
            _read(link)


def _read(link: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += link.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(head.split(b"\r\n", 1)[0].decode())
    found = _LENGTH.search(head)
    missing = (int(found.group(1)) if found else 0) - len(body)
    while missing > 0:
        missing -= len(link.recv(65536))
