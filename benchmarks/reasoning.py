"""Questions, reasons and ways out of a request against one avis of the engine; memory used."""

from __future__ import annotations

import datetime as dt
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.figures import Figures
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.garbage import keep_what_is_loaded
from coopdec_rules.reasoning.places import Shape
from coopdec_rules.reasoning.reasoner import Reasoner
from coopdec_rules.rulebook.rulebook import Rulebook

#: The p95 of a request, in p50 of an avis of the engine alone.
GOAL = 20
#: For a reasoned avis, p50 and p95.
GOALS = {"avis raisonné": (5, 12)}
#: Milliseconds of the first avis at a date.
COLD_GOAL = 300
#: One moment out of so many.
_EVERY = 6
TODAY = dt.date(2006, 3, 1)
#: What an official says first.
_ORDINARY: dict[str, Any] = {
    "acteur": {"nature": "commune", "groupement": {"nature": "communaute_communes"}},
    "action": {"objet": "cooperation", "lieu": "etranger", "volets": [{"domaine": "eau"}]},
    "acte": {"forme": "convention"},
}


def main(figures: Figures, adviser: Advisor, documents: Sequence[dict[str, Any]]) -> None:
    """Measure on scenarios as people write them: the worked cases, most of them incomplete."""
    kinds: dict[str, Callable[[dict[str, Any]], object]] = {
        "avis du moteur seul": lambda d: adviser.advise(d, TODAY, reasoning=False).avis,
        "questions": lambda d: adviser.questions(d, TODAY),
        "pistes et leviers": lambda d: adviser.ways_out(d, TODAY),
        "avis raisonné": lambda d: adviser.advise(d, TODAY).avis,
    }
    times: dict[str, list[float]] = {name: [] for name in kinds}
    for round_ in range(2):  # the first makes what is made once
        for document in documents:
            for name, call in kinds.items():
                start = time.perf_counter()
                call(document)
                if round_:
                    times[name].append((time.perf_counter() - start) * 1000)
    base = statistics.median(times.pop("avis du moteur seul"))
    for name, found in times.items():
        p50, p95 = statistics.median(found), statistics.quantiles(found, n=20)[18]
        key = f"raisonnement.{name.replace(' ', '_')}"
        title = f"{name} / avis du moteur"
        goal50, goal95 = GOALS.get(name, (None, GOAL))
        detail = f"ms contre {base:.2f} ms"
        figures.add(f"{key}.p50", f"{title}, p50", p50 / base, "", goal50, f"{p50:.2f} {detail}")
        figures.add(f"{key}.p95", f"{title}, p95", p95 / base, "", goal95, f"{p95:.2f} {detail}")
    _cold(figures, adviser.rulebook)
    _memory(figures, adviser)


def _cold(figures: Figures, book: Rulebook) -> None:
    """The first avis at a date never asked about: the law of that day is compiled for it."""
    adviser = Advisor(book)
    adviser.advise(_ORDINARY, TODAY)
    keep_what_is_loaded()  # as the service does when it starts
    times = []
    for moment in adviser.reasoner.moments[::_EVERY]:
        start = time.perf_counter()
        adviser.advise(_ORDINARY, moment.day)
        times.append((time.perf_counter() - start) * 1000)
    title = f"premier avis raisonné à une date froide ({len(times)} dates)"
    figures.add("froid.p50", f"{title}, p50", statistics.median(times), "ms")
    figures.add("froid.max", f"{title}, le plus long", max(times), "ms", COLD_GOAL)


def _memory(figures: Figures, adviser: Advisor) -> None:
    """Resident memory of every moment's programs, one volet and one budget."""
    book = adviser.rulebook
    answers = [(name, None) for name in ("habilitation", "maitrise_ouvrage", "palier.actuel")]
    shape = Shape.of({group.id: 1 for group in book.groups.values() if group.repeated})
    reasoner = Reasoner(book)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    for moment in reasoner.moments:
        here = reasoner.at(moment.day)
        single = here.solver.single(shape)
        for answer in answers:
            single.answer(answer)
        single.program.possible([])
        twin = here.solver.twin(shape)
        for answer in answers:
            twin.differ(answer)
        twin.program.possible([])
    spent = time.perf_counter() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    count = len(reasoner.moments)
    title = f"raisonneur, chacun des {count} moments du droit"
    figures.add("raisonneur.memoire", f"{title}, mémoire", grown / count, "Mo")
    figures.add("raisonneur.duree", f"{title}, durée", spent / count * 1000, "ms")
