"""How much the random tests try: ``EFFORT`` (1 by default) multiplies their counts.

The suite runs at every change and must be short; ``make test EFFORT=8`` looks much further.
"""

from __future__ import annotations

import os

EFFORT = max(1, int(os.environ.get("EFFORT", "1")))


def often(count: int) -> int:
    """How many times to try what is tried ``count`` times in a plain run."""
    return count * EFFORT
