"""``coopdec servir`` as a process, alone and with workers; who watches the workers."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

import coopdec_rules

#: A service of one page, served by several workers: its pid and the text of a file.  It does not
#: start when the file says so; a second file has the first worker killed before it is ready.
SMALL = """
import os, signal, socket, sys
from contextlib import suppress
from functools import partial
from pathlib import Path
import uvicorn
from coopdec_rules.web.hosting.workers import Supervisor, leave_with_supervisor

def application(file):
    leave_with_supervisor()
    with suppress(FileNotFoundError):
        os.rename(file + ".tue", file + ".mort")  # once, whichever worker comes first
        os.kill(os.getpid(), signal.SIGKILL)
    text = Path(file).read_text()
    if "illisible" in text:
        sys.exit(2)
    body = f"{os.getpid()} {text}".encode()
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})
    return app

if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(
        partial(application, sys.argv[1]), factory=True, workers=2, lifespan="off", log_config=None
    )
    supervisor = Supervisor(config, [listener], lambda: print("prêt", flush=True))
    supervisor.run()
    sys.exit(3 if supervisor.failed else 0)
"""

SOURCES = str(Path(coopdec_rules.__file__).parent.parent)


def _until(true: Callable[[], object], seconds: float = 40) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, "nothing came"
        time.sleep(0.05)


class Small:
    """The small service, running."""

    def __init__(self, folder: Path, text: str) -> None:
        script = folder / "service.py"
        script.write_text(SMALL)
        self.file = folder / "texte"
        self.file.write_text(text)
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(self.file)], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def answer(self) -> tuple[int, str]:
        """Pid and text of the worker that answers."""
        pid, _, text = httpx.get(f"http://127.0.0.1:{self.port}", timeout=20).text.partition(" ")
        return int(pid), text

    def pids(self) -> set[int]:
        """Workers that answer."""
        return {self.answer()[0] for _ in range(20)}

    def close(self) -> None:
        assert self.process.stdout is not None
        self.process.stdout.close()

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    service = Small(tmp_path, "un")
    yield service
    if service.process.poll() is None:
        service.stop(signal.SIGKILL)
    service.close()


def test_workers_are_started_again_and_replaced_without_stopping(small: Small) -> None:
    assert small.process.stdout is not None
    assert small.process.stdout.readline() == "prêt\n"
    _until(lambda: len(small.pids()) == 2)
    first = small.pids()
    os.kill(min(first), signal.SIGKILL)
    _until(lambda: len(small.pids()) == 2 and small.pids() != first)
    second = small.pids()
    assert max(first) in second

    small.file.write_text("deux")
    small.process.send_signal(signal.SIGHUP)
    _until(lambda: all(small.answer()[1] == "deux" for _ in range(20)))
    third = small.pids()
    assert not third & second

    small.file.write_text("illisible")
    small.process.send_signal(signal.SIGHUP)
    time.sleep(2)
    # On a busy machine, the one that cannot be read takes longer than that to give up.
    _until(lambda: small.pids() == third)
    assert small.answer()[1] == "deux"
    assert small.stop() == 0


def test_workers_leave_with_a_supervisor_that_is_killed(small: Small) -> None:
    _until(small.pids)
    small.stop(signal.SIGKILL)

    def free() -> bool:
        try:
            socket.create_server(("127.0.0.1", small.port)).close()
        except OSError:
            return False
        return True

    _until(free)


def test_the_supervisor_gives_up_when_no_worker_ever_starts(tmp_path: Path) -> None:
    small = Small(tmp_path, "illisible")
    assert small.process.wait(30) == 3
    small.close()


def test_a_worker_killed_before_any_is_ready_is_started_again(tmp_path: Path) -> None:
    (tmp_path / "texte.tue").touch()
    small = Small(tmp_path, "un")
    try:
        _until(lambda: len(small.pids()) == 2)
        assert (tmp_path / "texte.mort").exists()
        assert small.stop() == 0
    finally:
        small.process.kill()
        small.process.wait()
        small.close()


def _serve(folder: Path, *words: str) -> subprocess.Popen[str]:
    environ = {k: v for k, v in os.environ.items() if not k.startswith("COOPDEC_")}
    return subprocess.Popen(
        [sys.executable, "-m", "coopdec_rules.cli", "servir", *words],
        cwd=folder,
        env={**environ, "PYTHONPATH": SOURCES, "XDG_STATE_HOME": str(folder / "etat")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_port_that_is_taken_is_said_before_anything_else(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        process = _serve(tmp_path, "--port", str(port))
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (2, "")
    assert err.startswith(f"Le port {port} de 127.0.0.1 est déjà pris par un autre programme.")
    assert not (tmp_path / "etat").exists()


def test_the_whole_service_with_two_workers(tmp_path: Path) -> None:
    (tmp_path / "coopdec.toml").write_text('workers = 2\nport = 0\nmesures = "locales"\n')
    process = _serve(tmp_path)
    try:
        assert process.stdout is not None
        announced = re.search(r"http://\S+", process.stdout.readline())
        assert announced
        with httpx.Client(base_url=announced[0], timeout=30) as client:
            assert client.get("/pret").json()["statut"] == "prêt"
            scenario = {"acteur": {"nature": "commune"}}
            assert client.post("/api/v1/avis", json=scenario).status_code == 200
            assert "server" not in client.get("/sante").headers
        figures = httpx.get(f"{announced[0]}/metrics", timeout=30).text
        assert 'route="/api/v1/avis",statut="200"} 1.0' in figures
        assert re.search(r'coopdec_memoire_octets\{pid="\d+"\} \d', figures)
        assert (tmp_path / "coopdec.cle").stat().st_mode & 0o777 == 0o600
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0
