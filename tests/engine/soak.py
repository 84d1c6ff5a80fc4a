"""The work of the soak test: prints resident memory (MB) after the warm-up and at the end.

Run as ``python -m tests.engine.soak RULES``.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import sys
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import to_json
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.loader import load_rulebook

from ..effort import often
from .documents import document
from .real import drawn
from .scenarios import Scenarios

#: The warm-up goes through all the work several times: bounded memories fill up in it.
EVALUATIONS, WARM_UP = often(14_000), 8_000
#: One evaluation in this many is a whole avis, and one in this many an avis with its reasoning.
ADVICE, REASONED = 20, 80
#: Distinct avis with their reasoning.
DEEP = 12
#: Times that each of them is made before the measure.
ROUNDS = 10
#: Distinct scenarios; each comes back, at every day where it can be.
DISTINCT = 200
TODAY = dt.date(2020, 1, 1)


def statm() -> float:
    """Resident memory of this process, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main(rules: Path) -> None:
    book = load_rulebook(rules)
    advisor = Advisor(book)
    # Few states, so that the warm-up compiles them all: what is measured is what requests leave.
    days = [state.start or dt.date(1990, 1, 1) for state in book.states()][::24]
    work = _work(advisor, days)
    # Programs are kept for each moment and shape, in bounded number: those of two days and of one
    # shape are all made before the measure.
    deep = [text for day, base, text in work if day in days[-2:]][:DEEP]
    # Several times: what a solver learns of a program fills up to a bound of its own.
    for text in deep * ROUNDS:
        advisor.advise(text, TODAY)

    warm, reasoned = 0.0, 0
    for number, (day, base, text) in enumerate(islice(cycle(work), EVALUATIONS)):
        if number == WARM_UP:
            gc.collect()
            warm = statm()
        if number % REASONED == 0:
            to_json(advisor.advise(deep[reasoned % len(deep)], TODAY).avis)
            reasoned += 1
        elif number % ADVICE == 0:
            to_json(advisor.advise(text, TODAY, reasoning=False).avis)
        else:
            advisor.engine.evaluate(day, base)
    gc.collect()
    print(warm, statm())
    advisor.close()


def _work(advisor: Advisor, days: list[dt.date]) -> list[tuple[dt.date, FactBase, dict[str, Any]]]:
    """Every scenario on every day where it can be, with the document that says it.

    All scenarios and all days come early, so that the warm-up meets them.
    """
    book = advisor.rulebook
    scenarios = Scenarios(book)
    bases = [drawn(scenarios, seed)[1] for seed in range(DISTINCT)]
    found = []
    for turn in range(len(days)):
        for number, drawn_base in enumerate(bases):
            day = days[(number + turn) % len(days)]
            base = FactBase({**drawn_base.scenario, "date": day}, drawn_base.items)
            text = document(book, base)
            # What was possible on its own day may not be on this one.
            if _small(base) and scenarios.possible(advisor.reader.read(text, TODAY).base):
                found.append((day, base, text))
    return found


def _small(base: FactBase) -> bool:
    return all(len(items) <= 1 for items in base.items.values())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
