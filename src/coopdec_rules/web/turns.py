"""Work that takes the processor, a few at a time, with a waiting room of a known size.

Each kind of work has threads of its own: what is slow never takes those of what is quick, and the
event loop only waits.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import re
import threading
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import orjson
from starlette.requests import Request
from starlette.responses import Response

from coopdec_rules.rulebook.paths import value_at
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.serving import Limits

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Turns:
    """Runs work in at most ``at_once`` threads.  Safe to share between event loops.

    Beyond ``waiting`` pieces of work waiting for their turn, or ``seconds`` of wait, work is
    refused (``Refused``, kind « occupe »).  What has begun is let end.
    """

    def __init__(self, name: str, at_once: int, waiting: int, seconds: float) -> None:
        #: Pieces of work that are taken, those being done included.
        self.most = at_once + waiting
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._inside = 0

    @property
    def inside(self) -> int:
        """Pieces of work being done or waiting."""
        return self._inside

    async def run(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """What ``work`` gives, done in its turn.  Raises ``Refused``, and whatever it raises."""
        with self._lock:
            if self._inside >= self.most:
                raise Refused("occupe")
            self._inside += 1
        context = contextvars.copy_context()
        call = functools.partial(context.run, work, *args, **kwargs)
        future = self._threads.submit(call)
        future.add_done_callback(self._left)
        done = asyncio.wrap_future(future)
        try:
            await asyncio.wait((done,), timeout=self._seconds)
            if future.cancelled() or (not done.done() and future.cancel()):
                raise Refused("occupe")
            return await done
        finally:
            future.cancel()  # left before its turn: nobody reads the answer any more

    def _left(self, _: object) -> None:
        with self._lock:
            self._inside -= 1

    def endpoint(
        self, handler: Callable[[Request], Response]
    ) -> Callable[[Request], Awaitable[Response]]:
        """A handler of requests that runs in its turn."""

        async def answer(request: Request) -> Response:
            return await self.run(handler, request)

        return answer

    def close(self) -> None:
        """Refuse whatever waits; what has begun ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


#: A scenario whose lists have in all more items than this, beyond the first of each, is long.
_LONG = 2


_ITEM = re.compile(r".*?/[0-9]+(?=/)")


class Desk:
    """The turns of one process: ordinary scenarios, long ones, and pages that work out no avis."""

    def __init__(self, book: Rulebook, limits: Limits) -> None:
        wait = limits.waiting_seconds
        self.avis = Turns("avis", limits.avis_at_once, limits.avis_waiting, wait)
        self.long = Turns("long", limits.long_at_once, limits.long_waiting, wait)
        self.pages = Turns("page", limits.pages_at_once, limits.pages_waiting, wait)
        #: Pages of rules: an example is made up for each, which takes up to some seconds.
        self.examples = Turns("regle", 1, limits.pages_waiting, wait)
        self._lists = [group.path for group in book.groups.values() if group.repeated]

    def of(self, document: object) -> Turns:
        """The turns in which an avis on a scenario document is worked out."""
        more = 0
        for path in self._lists:
            items = value_at(document, path)
            if isinstance(items, list):
                more += max(0, len(items) - 1)
        return self.long if more > _LONG else self.avis

    def of_body(self, body: bytes) -> Turns:
        """The same, of a JSON body that is only looked at; one that cannot be read is little."""
        try:
            return self.of(orjson.loads(body))
        except orjson.JSONDecodeError:
            return self.avis

    def of_fields(self, names: Iterable[str]) -> Turns:
        """The turns of a form sent, by the names (pointers) of its fields."""
        items = {found.group() for name in names if (found := _ITEM.match(name))}
        return self.long if len(items) > len(self._lists) + _LONG else self.avis

    def close(self) -> None:
        """Refuse whatever waits."""
        for turns in (self.avis, self.long, self.pages, self.examples):
            turns.close()
