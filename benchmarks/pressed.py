"""A service under pressure: the served application in a process, and clients that lean on it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx

_T = TypeVar("_T")
HTML = {"Accept": "text/html"}
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Served:
    """A service that answers on ``port``."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """The processes that answer: those below, or the service itself."""
        beside = ("resource_tracker", "typeset")
        below = [
            pid
            for pid in children(self.process.pid)
            if not any(name in _command(pid) for name in beside)
        ]
        return below or [self.process.pid]

    def memory(self) -> float:
        """Mebibytes held by the largest process that answers."""
        return max(resident(pid) for pid in self.workers())

    def setting(self) -> float:
        """Mebibytes held by the processes that set PDFs."""
        found = [pid for worker in self.workers() for pid in children(worker)]
        return sum(resident(pid) for pid in found if "typeset" in _command(pid))

    def stop(self) -> float:
        """Seconds it takes to stop when asked; it is killed after thirty."""
        start = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        return time.perf_counter() - start


@contextmanager
def served(root: Path, **environment: str) -> Iterator[Served]:
    """The application of a checkout, ready to answer; ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "coopdec_rules.cli", "servir", "--port", str(port)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    service = Served(process, port)
    try:
        _until_it_answers(service)
        yield service
    finally:
        if process.poll() is None:
            service.stop()


def _until_it_answers(service: Served) -> None:
    body = {"acteur": {"nature": "commune"}}
    for _ in range(600):
        if service.process.poll() is not None:
            break
        try:
            httpx.post(f"{service.address}/api/v1/avis", json=body, timeout=60)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the service did not start")


def children(pid: int) -> list[int]:
    """Processes started by one, those that ended left out."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(each) for each in text.split() if _command(int(each))]


def resident(pid: int) -> float:
    """Mebibytes that a process holds; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 2**20
    except OSError:
        return 0.0


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


@dataclass(frozen=True)
class Answer:
    """What one request got: its status (0: none) and how many seconds it took."""

    status: int
    seconds: float
    body: bytes = b""


async def ask(client: httpx.AsyncClient, method: str, path: str, **more: object) -> Answer:
    """One request, whatever becomes of it."""
    start = time.perf_counter()
    try:
        found = await client.request(method, path, **more)  # type: ignore[arg-type]
    except httpx.HTTPError:
        return Answer(0, time.perf_counter() - start)
    return Answer(found.status_code, time.perf_counter() - start, found.content)


def all_at_once(
    service: Served,
    asked: Callable[[httpx.AsyncClient], Iterable[Awaitable[_T]]],
    beside: Iterable[str] = (),
) -> tuple[list[_T], dict[str, list[Answer]], float]:
    """Everything asked at once, and meanwhile pages of ``beside`` asked again and again.

    Answers, answers of each page beside, and the seconds that it all took.
    """

    async def run() -> tuple[list[_T], dict[str, list[Answer]], float]:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        async with (
            httpx.AsyncClient(base_url=service.address, timeout=180, limits=limits) as client,
            httpx.AsyncClient(base_url=service.address, timeout=180) as other,
        ):
            found: dict[str, list[Answer]] = {path: [] for path in beside}

            async def again(path: str) -> None:
                while True:
                    found[path].append(await ask(other, "GET", path, headers=HTML))
                    await asyncio.sleep(0.05)

            watching = [asyncio.ensure_future(again(path)) for path in found]
            start = time.perf_counter()
            answers = list(await asyncio.gather(*asked(client)))
            seconds = time.perf_counter() - start
            for each in watching:
                each.cancel()
            await asyncio.gather(*watching, return_exceptions=True)
            return answers, found, seconds

    return asyncio.run(run())
