"""The work of the soak test: prints resident memory (MB) after the warm-up and at the end.

Run as ``python -m tests.engine.soak RULES``.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import random
import sys
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import to_json
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.loader import load_rulebook

from .documents import document
from .real import drawn
from .scenarios import Scenarios

EVALUATIONS, WARM_UP = 20_000, 2_000
#: One evaluation in this many is a whole avis.
ADVICE = 20
#: Distinct scenarios; each comes back, at every day where it can be.
DISTINCT = 700
TODAY = dt.date(2020, 1, 1)


def statm() -> float | None:
    """Resident memory of this process, in MB; ``None`` where it cannot be read."""
    path = Path("/proc/self/statm")
    if not path.is_file():
        return None
    pages = int(path.read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main(rules: Path) -> None:
    book = load_rulebook(rules)
    scenarios = Scenarios(book)
    advisor = Advisor(book)
    # Few states, so that the warm-up compiles them all: what is measured is what requests leave.
    days = [state.start or dt.date(1990, 1, 1) for state in book.states()][::4]
    work: list[tuple[dt.date, FactBase, dict[str, Any]]] = []
    for seed in range(DISTINCT):
        _, drawn_base = drawn(scenarios, seed)
        for day in days:
            base = FactBase({**drawn_base.scenario, "date": day}, drawn_base.items)
            text = document(book, base)
            # What was possible on its own day may not be on this one.
            if scenarios.possible(advisor.reader.read(text, TODAY).base):
                work.append((day, base, text))
    random.Random(1).shuffle(work)

    warm = 0.0
    for number, (day, base, text) in enumerate(islice(cycle(work), EVALUATIONS)):
        if number == WARM_UP:
            gc.collect()
            warm = statm() or 0.0
        if number % ADVICE:
            advisor.engine.evaluate(day, base)
        else:
            to_json(advisor.advise(text, TODAY))
    gc.collect()
    print(warm, statm() or 0.0)
    advisor.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
