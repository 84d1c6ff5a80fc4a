"""How many tables are answered at once: each has a thread of its own until it is done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from coopdec_rules.web.problems import Refused
from coopdec_rules.web.serving import Limits
from coopdec_rules.web.turns import Turns

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Lots:
    """The tables being answered.  Safe to share between event loops."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        most = limits.lots_at_once
        # A table is in one place of ``taken``, so that its work never waits for another's.
        self._turns = Turns("lot", most, most, limits.lot_seconds)
        self._lock = threading.Lock()
        self._free = most

    @property
    def inside(self) -> int:
        """Tables being answered."""
        return self.limits.lots_at_once - self._free

    @contextmanager
    def taken(self) -> Iterator[None]:
        """A place, for the time of a table.  Raises ``Refused`` (« occupe ») when there is none."""
        with self._lock:
            if not self._free:
                raise Refused("occupe")
            self._free -= 1
        try:
            yield
        finally:
            with self._lock:
                self._free += 1

    async def run(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """What ``work`` gives, done in a thread.  Raises whatever it raises."""
        return await self._turns.run(work, *args, **kwargs)

    def close(self) -> None:
        """Refuse whatever waits."""
        self._turns.close()
