"""The collector of garbage told what is there to stay.

The rulebook, its compiled law and the programs of the reasoner are millions of small objects that
live as long as the process.  Looking for garbage among them stops everything for a second or so.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: New objects that call for a look at the youngest, and looks that call for one at older ones:
#: what an avis makes goes before the second.
_THRESHOLDS = (20_000, 20, 20)


@contextmanager
def paused() -> Iterator[None]:
    """Many small objects that are all kept: looking for garbage among them takes half the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def keep_what_is_loaded() -> None:
    """Look no more at what exists now, and less often at the rest."""
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
