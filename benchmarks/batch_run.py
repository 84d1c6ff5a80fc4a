"""One run of ``coopdec lot`` in a process of its own, for its time and its memory.

``python -m benchmarks.batch_run TABLE SORTIE`` prints them as JSON; the loading of the rulebook is
told apart.
"""

from __future__ import annotations

import argparse
import json
import time
from contextlib import closing
from pathlib import Path

from benchmarks.rows import TODAY
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.batch.running import BatchAdvisor, Request
from coopdec_rules.garbage import keep_what_is_loaded
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder


def main() -> None:
    """Answer a table, and print what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batch_run")
    parser.add_argument("table", type=Path)
    parser.add_argument("sortie", type=Path)
    parser.add_argument("--raisonnement", action="store_true")
    given = parser.parse_args()
    start = time.perf_counter()
    with closing(Advisor(load_rulebook(rules_folder()))) as adviser:
        keep_what_is_loaded()
        loaded = time.perf_counter()
        cpu = time.process_time()
        rejects = given.sortie.with_name(f"{given.sortie.stem}-rejets{given.sortie.suffix}")
        request = Request(
            given.table, given.sortie, rejects, reasoning=given.raisonnement, day=TODAY
        )
        summary = BatchAdvisor(adviser).run(request)
        found = {
            "load": loaded - start,
            "seconds": time.perf_counter() - loaded,
            "cpu": time.process_time() - cpu,
            "megabytes": _most_memory(),
            "answered": summary.answered,
            "refused": summary.refused,
            "answers": dict(summary.answers),
        }
    print(json.dumps(found))


def _most_memory() -> float:
    """Megabytes of this process at most; getrusage would count what its parent had."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("/proc/self/status has no VmHWM")


if __name__ == "__main__":
    main()
