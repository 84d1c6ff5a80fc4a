"""Memory stays where it is over thousands of evaluations, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ..effort import EFFORT
from .soak import ADVICE, EVALUATIONS, REASONED, WARM_UP

LIMIT_MB = 2.0


def test_memory_does_not_grow(rules_root: Path) -> None:
    root = rules_root.parent
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.soak", str(rules_root)],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=600 * EFFORT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    warm, end = (float(word) for word in done.stdout.split())
    assert EVALUATIONS >= 14_000
    assert WARM_UP <= EVALUATIONS * 0.6
    assert 0 < ADVICE < REASONED < 100
    assert end - warm <= LIMIT_MB, f"{warm:.1f} MB after warm-up, {end:.1f} MB at the end"
