"""Puts things after what they need, without recursion: chains may be as long as the law is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


class CircleError(Exception):
    """Something needs itself; ``path`` goes from it back to it."""

    def __init__(self, path: tuple[Hashable, ...]) -> None:
        super().__init__(" → ".join(map(str, path)))
        self.path = path


def in_order(roots: Iterable[T], needs: Callable[[T], Iterable[T]]) -> Iterator[T]:
    """The roots and all they need, each once, after what it needs itself.

    Raises ``CircleError``.
    """
    done: set[T] = set()
    for root in roots:
        if root in done:
            continue
        path = {root: iter(needs(root))}
        while path:
            here, left = next(reversed(path.items()))
            for there in left:
                if there in path:
                    steps = tuple(path)
                    raise CircleError((*steps[steps.index(there) :], there))
                if there not in done:
                    path[there] = iter(needs(there))
                    break
            else:
                del path[here]
                done.add(here)
                yield here
