"""Requests per second of the served application, by a plain keep-alive client on loopback."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import coopdec_rules

_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@contextmanager
def server() -> Iterator[int]:
    """The application in a process of its own, as it comes; gives its port and ends it by its pid.

    No setting of the machine counts: neither its environment nor a file of the current folder.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "coopdec_rules.cli", "servir", "--port", str(port)]
    environ = {k: v for k, v in os.environ.items() if not k.startswith("COOPDEC_")}
    sources = str(Path(coopdec_rules.__file__).parent.parent)
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environ, "PYTHONPATH": sources, "XDG_STATE_HOME": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(port)
            yield port
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=20)


def _wait(port: int) -> None:
    """Wait until the service says that it is ready."""
    for _ in range(600):
        try:
            sent(port, [get("/pret")])
        except (OSError, RuntimeError):
            time.sleep(0.1)
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


def rate(port: int, requests: Sequence[bytes], seconds: float, again: bool = True) -> float:
    """Requests answered 200 per second, on one connection, cycling through ``requests``.

    Without ``again``, each is sent once at most: it ends early when there are no more.
    """
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        done = 0
        start = time.perf_counter()
        while (elapsed := time.perf_counter() - start) < seconds:
            if done >= len(requests) and not again:
                break
            link.sendall(requests[done % len(requests)])
            _read(link)
            done += 1
    return done / elapsed


def sent(port: int, requests: Sequence[bytes]) -> int:
    """Send every request once; bytes of the bodies of the answers."""
    with socket.create_connection(("127.0.0.1", port)) as link:
        total = 0
        for request in requests:
            link.sendall(request)
            total += _read(link)
    return total


def _read(link: socket.socket) -> int:
    """Read an answer; how many bytes its body has."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = link.recv(65536)
        if not piece:
            raise RuntimeError("the server closed the connection")
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(head.split(b"\r\n", 1)[0].decode())
    found = _LENGTH.search(head)
    length = int(found.group(1)) if found else 0
    missing = length - len(body)
    while missing > 0:
        missing -= len(link.recv(65536))
    return length
