"""What is kept to be given again, the least used dropped first: bounded by its size in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from cachetools import LRUCache

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")


class Kept(Generic[_K, _V]):
    """At most ``most`` bytes of answers, each weighed by ``weigh``.  Safe to share between threads.

    What alone weighs more is not kept.
    """

    def __init__(self, most: int, weigh: Callable[[_V], int]) -> None:
        self._found: LRUCache[_K, _V] = LRUCache(most, getsizeof=weigh)
        self._lock = threading.Lock()

    def get(self, key: _K) -> _V | None:
        """What is kept under ``key``, if it still is."""
        with self._lock:
            return self._found.get(key)

    def put(self, key: _K, value: _V) -> _V:
        """Keep ``value``, and give it back."""
        with self._lock:
            if self._found.getsizeof(value) <= self._found.maxsize:
                self._found[key] = value
        return value

    def made(self, key: _K, make: Callable[[], _V]) -> _V:
        """What is kept under ``key``, else what ``make`` gives.  Two threads may both make it."""
        found = self.get(key)
        return self.put(key, make()) if found is None else found

    @property
    def size(self) -> int:
        """Bytes kept, as weighed."""
        return int(self._found.currsize)

    @property
    def count(self) -> int:
        """How many answers are kept."""
        return len(self._found)
