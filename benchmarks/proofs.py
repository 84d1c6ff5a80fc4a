"""Time and memory of the proofs of the whole rulebook, at one day and at all."""

from __future__ import annotations

import datetime as dt
import resource
import time

from coopdec_rules.reasoning.proofs.run import prove
from coopdec_rules.rulebook.rulebook import Rulebook

DAY = dt.date(2006, 3, 1)


def main(book: Rulebook) -> None:
    """Measure and print."""
    for title, day in ((f"au {DAY.isoformat()}", DAY), ("à toutes les dates", None)):
        start, cpu = time.perf_counter(), time.process_time()
        found = prove(book, day)
        print(
            f"preuves {title} : {time.perf_counter() - start:.1f} s "
            f"({time.process_time() - cpu:.1f} s de calcul ; à atteindre : 180), "
            f"{found.moments} moments, "
            f"{sum(fault.serious for fault in found.faults)} défauts"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"mémoire du processus à la fin des preuves, au plus : {peak:.0f} Mo")
