"""Has PDFs set by a process, replaced when it holds too much memory and killed when slow."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from typing import IO

from coopdec_rules.web import typeset
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.serving import Limits
from coopdec_rules.web.turns import Turns
from coopdec_rules.web.typeset import DONE, LENGTH, Document, Unsettable

_log = logging.getLogger(__name__)
_TOO_SLOW = "Ce document n'a pas pu être composé à temps. Redemandez-le un peu plus tard."


class _Gone(Exception):
    """The process ended before it answered."""


class Press:
    """One process that sets PDFs, started when first needed.  Safe to share between threads."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.turns = Turns(name, 1, limits.pdf_waiting, limits.pdf_waiting_seconds)
        self._seconds = limits.pdf_seconds
        self._most = limits.pdf_process_bytes
        #: The process, if there is one; ended with this object, and with the interpreter.
        self._running: list[subprocess.Popen[bytes]] = []
        self._end = weakref.finalize(self, _ended, self._running)

    @property
    def pid(self) -> int | None:
        """The process that sets PDFs, if there is one now."""
        return self._running[0].pid if self._running else None

    async def pdf(self, document: Callable[[], Document | bytes]) -> bytes:
        """The PDF of the document that ``document`` gives (in another thread), in its turn.

        When it gives bytes, they are the PDF already.  Raises ``Refused`` when too many wait, or
        when setting it takes too long; ``Unsettable`` when Typst refuses it.
        """
        return await self.turns.run(self._made, document)

    def _made(self, document: Callable[[], Document | bytes]) -> bytes:
        found = document()
        if isinstance(found, bytes):
            return found
        try:
            return self._set(found)
        except _Gone:
            # Killed by the host, perhaps for its memory: once more, in a new process.
            return self._set(found)

    def _set(self, document: Document) -> bytes:
        if not self._running:
            self._running.append(_started())
        process = self._running[0]
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self._seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            state, held, body = _asked(process, document.written())
        except (OSError, _Gone):
            _ended(self._running)
            if late.is_set():
                _log.warning("A PDF took more than %s s to set, it is given up", self._seconds)
                raise Refused("occupe", _TOO_SLOW) from None
            raise _Gone from None
        finally:
            timer.cancel()
        if held > self._most:
            _ended(self._running)
        if state != DONE:
            raise Unsettable(body.decode("utf-8", "replace"))
        return body

    def close(self) -> None:
        """End the process, whatever it does."""
        self.turns.close()
        self._end()


def _started() -> subprocess.Popen[bytes]:
    # Run as a file, and not as a module of the package: it imports nothing of it.
    command = [sys.executable, "-P", typeset.__file__]
    return subprocess.Popen(  # noqa: S603 (this interpreter, this package)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    )


def _ended(running: list[subprocess.Popen[bytes]]) -> None:
    while running:
        process = running.pop()
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()


def _asked(process: subprocess.Popen[bytes], written: bytes) -> tuple[bytes, int, bytes]:
    """State, memory held and body of the answer.  Raises ``_Gone`` and ``OSError``."""
    if process.stdin is None or process.stdout is None:
        raise _Gone
    for piece in (len(written).to_bytes(LENGTH), written):
        view = memoryview(piece)
        while view:
            view = view[process.stdin.write(view) :]
    answer = _read(process.stdout, int.from_bytes(_read(process.stdout, LENGTH)))
    return answer[:1], int.from_bytes(answer[1 : 1 + LENGTH]), answer[1 + LENGTH :]


def _read(pipe: IO[bytes], count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        piece = pipe.read(count - len(found))
        if not piece:
            raise _Gone
        found += piece
    return bytes(found)
