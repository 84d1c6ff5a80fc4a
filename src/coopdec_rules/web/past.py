"""Older rulebooks behind the service: which there are, and one of them compiled at a time.

What is asked of them goes one at a time, to a process that holds one rulebook and is replaced when
another is asked for: it takes seconds to load and the memory of a second service, and must never
keep today's questions waiting.
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from coopdec_rules.errors import EngineError, Problem, ScenarioError, suggest
from coopdec_rules.rulebook.archives import Archived, Archives
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.parameters import shown
from coopdec_rules.web.past_process import Answer, Books, Question, serve
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.serving import Limits
from coopdec_rules.web.turns import Turns

#: Name of the parameter that asks for an older rulebook.
PARAMETER = "recueil"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Running:
    fingerprint: str
    process: BaseProcess
    connection: Connection


class PastRulebooks:
    """The rulebooks of ``archives``, beside ``served``.  Safe to share between threads."""

    def __init__(self, served: Rulebook, archives: Archives, limits: Limits) -> None:
        self.served, self.archives = served, archives
        self.turns = Turns("ancien", 1, limits.past_waiting, limits.past_seconds)
        self._seconds, self._idle = limits.past_seconds, limits.past_idle_seconds
        self._running: _Running | None = None
        self._lock = threading.Lock()
        self._rest: threading.Timer | None = None
        #: Why some cannot be read, by fingerprint: it is worked out once.
        self._unreadable: dict[str, str] = {}

    @property
    def pid(self) -> int | None:
        """The process that answers with an older rulebook, if there is one now."""
        running = self._running
        return None if running is None else running.process.pid

    def asked(self, name: str | None) -> Archived | None:
        """The older rulebook asked for; ``None``: the one served.

        Raises ``Refused`` when there is none of that version or fingerprint.
        """
        if name is None:
            return None
        found = self.archives.find(name)
        if found is not None:
            return None if found.fingerprint == self.served.fingerprint else found
        if name == self.served.version or (
            len(name) >= 8 and self.served.fingerprint.startswith(name)
        ):
            return None
        known = list(dict.fromkeys([*self.archives.all, self.served.version]))
        message = f"Le recueil « {shown(name)} » n'est pas gardé."
        near = suggest(name, known)
        raise Refused(
            "parametre", message, [Problem("", message, shown(name), ", ".join(known), near)]
        )

    async def answer(self, entry: Archived, question: Question) -> bytes:
        """What an older rulebook answers, in JSON, in its turn.

        Raises ``ScenarioError``, and ``Refused``: it cannot be read, too many wait, it takes too
        long.
        """
        return await self.turns.run(self._answer, entry, question)

    def _answer(self, entry: Archived, question: Question) -> bytes:
        why = self._unreadable.get(entry.fingerprint)
        if why is not None:
            raise Refused("recueil", why)
        with self._lock:
            found = self._ask(entry, question)
        if found.unreadable:
            self._unreadable[entry.fingerprint] = found.unreadable
            raise Refused("recueil", found.unreadable)
        if found.problems:
            raise ScenarioError(found.problems)
        if found.broken:
            raise EngineError(found.broken)
        return found.body

    def _ask(self, entry: Archived, question: Question) -> Answer:
        self._rests(None)
        running = self._running
        if running is None or running.fingerprint != entry.fingerprint:
            self._end()
            running = self._running = self._started(entry)
        try:
            running.connection.send(question)
            if not running.connection.poll(self._seconds):
                _log.warning("An older rulebook took more than %s s, it is given up", self._seconds)
                raise Refused("occupe")
            answer: Answer = running.connection.recv()
        except (EOFError, OSError):
            # Killed by the host, perhaps for its memory; the question may be asked again.
            self._end()
            raise Refused("occupe") from None
        except Refused:
            self._end()
            raise
        self._rests(self._idle)
        return answer

    def _started(self, entry: Archived) -> _Running:
        context = multiprocessing.get_context("spawn")
        mine, its = context.Pipe()
        folder = self.served.folder or Path()
        books = Books(self.archives.folder, entry, folder, self.served.fingerprint)
        process = context.Process(target=serve, args=(its, books), daemon=True, name="ancien")
        process.start()
        its.close()
        return _Running(entry.fingerprint, process, mine)

    def _rests(self, seconds: float | None) -> None:
        """End the process when nothing is asked of it for so long; ``None``: it works."""
        if self._rest is not None:
            self._rest.cancel()
        self._rest = None
        if seconds is not None:
            self._rest = threading.Timer(seconds, self.close)
            self._rest.daemon = True
            self._rest.start()

    def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.process.kill()
            running.process.join()
            running.connection.close()

    def close(self) -> None:
        """Let go of the older rulebook, once it has answered."""
        with self._lock:
            self._rests(None)
            self._end()
