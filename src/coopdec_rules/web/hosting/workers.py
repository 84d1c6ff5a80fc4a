"""Several processes that answer on one socket, each with the rulebook, and who watches them.

uvicorn's supervisor starts them, starts again one that dies, and on SIGHUP replaces each by a new
one, which has read the rulebook anew, once that one is ready; one that cannot read it replaces
nothing.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType

from prometheus_client.multiprocess import mark_process_dead
from uvicorn.config import Config
from uvicorn.supervisors.multiprocess import Multiprocess, Process

_log = logging.getLogger(__name__)
#: Names the folder of figures shared by the workers; the library reads it when it is imported.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
#: Seconds after which a worker that says nothing is taken for dead.
_SILENCE = 30.0
#: Seconds between two tries at starting a worker that dies before it is ready.
_PAUSE = 5.0


class Supervisor(Multiprocess):
    """``started`` is called once, when a worker is ready to answer.

    ``failed`` after ``run``: no worker was ever ready.
    """

    def __init__(
        self, config: Config, sockets: list[socket.socket], started: Callable[[], None]
    ) -> None:
        super().__init__(config, sockets)
        self.failed = False
        self._started = started
        self._served = False
        self._again = 0.0
        # At once, even while a new worker is waited for.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.should_exit.set()

    def keep_subprocess_alive(self) -> None:
        """Start again the workers that died; wait a little when they die before being ready."""
        if not self._served:
            self._first()
            return
        for index, process in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            if process.is_alive(timeout=_SILENCE):
                continue
            if process.exitcode is None:
                _log.error("Le processus %s ne répond plus : il est arrêté", process.pid)
                process.kill()
                process.join()
            self._replace(index, process)

    def _replace(self, index: int, process: Process) -> None:
        """Start another worker in the place of one that died, a little after the one before."""
        if time.monotonic() < self._again:
            return
        self._again = time.monotonic() + _PAUSE
        self._forget(process)
        _log.error("Le processus %s s'est arrêté : un autre démarre", process.pid)
        fresh = Process(self.config, self.sockets)
        fresh.start()
        self.processes[index] = fresh

    def _first(self) -> None:
        """Before any worker was ready: announce the first that is; give up when one cannot.

        One that was killed (a negative code) says nothing of what the others will do.
        """
        for index, process in enumerate(self.processes):
            if process.process.is_alive():
                if process.is_ready(timeout=0.2):
                    self._served = True
                    self._started()
                    return
            elif (process.exitcode or 0) < 0:
                self._replace(index, process)
            else:
                self.failed = True
                self.should_exit.set()
                return

    def restart_all(self) -> None:
        """Replace each worker, once its replacement is ready."""
        before = list(self.processes)
        super().restart_all()
        for process in before:
            if process not in self.processes:
                self._forget(process)
        kept = sum(1 for process in before if process in self.processes)
        if kept:
            _log.error("Recueil ou réglages refusés : %s processus gardent les anciens", kept)
        else:
            _log.info("Les %s processus ont été remplacés", len(before))

    @staticmethod
    def _forget(process: Process) -> None:
        """Leave a dead worker out of the figures of those that live."""
        if process.pid is not None and FOLDER_VARIABLE in os.environ:
            mark_process_dead(process.pid)  # type: ignore[no-untyped-call]


def leave_with_supervisor() -> None:
    """In a worker: stop as if asked to, should the supervisor be killed."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="supervisor").start()
