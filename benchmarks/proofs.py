"""Time and memory of the proofs of the whole rulebook, at one day and at all."""

from __future__ import annotations

import datetime as dt
import resource
import time

from benchmarks.figures import Figures
from coopdec_rules.reasoning.proofs.run import prove
from coopdec_rules.rulebook.rulebook import Rulebook

DAY = dt.date(2006, 3, 1)


def main(figures: Figures, book: Rulebook) -> None:
    """Measure one day, then all."""
    for key, title, day in (
        ("preuves.un_jour", f"au {DAY.isoformat()}", DAY),
        ("preuves", "à toutes les dates", None),
    ):
        start, cpu = time.perf_counter(), time.process_time()
        found = prove(book, day)
        spent = time.process_time() - cpu
        figures.add(
            key,
            f"preuves {title}",
            time.perf_counter() - start,
            "s",
            180,
            f"{spent:.1f} s de calcul, {found.moments} moments, "
            f"{sum(fault.serious for fault in found.faults)} défauts",
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures.add("preuves.memoire", "mémoire au plus, preuves faites", peak, "Mo")
