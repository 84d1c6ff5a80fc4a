"""Where the time of an avis goes: ``python -m benchmarks.profile`` (docs/profil.md)."""

from __future__ import annotations

import cProfile
import datetime as dt
import pstats
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import to_json
from coopdec_rules.errors import ScenarioError
from coopdec_rules.garbage import keep_what_is_loaded
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import cases_folder, rules_folder
from coopdec_rules.workshop.cases import load_cases

TODAY = dt.date(2026, 6, 1)
#: One case out of so many is profiled, those of three years whose law differs.
_EVERY, _YEARS = 3, ("2006", "2024", "2025")
#: The stages of an avis: the function that is one, by file and name.  None is inside another.
STAGES: Mapping[str, tuple[str, str]] = {
    "lire le scénario": ("advice/advisor.py", "read"),
    "lire la loi (moteur), et la lecture de 2006": ("engine/evaluation.py", "read"),
    "ce qu'attend chaque réponse": ("advice/waiting.py", "waiting"),
    "situation : cellules des faits": ("reasoning/situation.py", "situation_of"),
    "suites tirées au sort": ("reasoning/sampling.py", "draw"),
    "réponses certaines (solveur)": ("reasoning/reasoner.py", "_outlook"),
    "questions (solveur)": ("reasoning/reasoner.py", "_questions"),
    "faits qui suffisent (solveur)": ("reasoning/solver.py", "sufficient"),
    "leviers et palier suivant": ("reasoning/levers.py", "find"),
    "écrire l'avis": ("advice/avis.py", "build_avis"),
    "écrire le JSON": ("advice/documents.py", "to_json"),
}


def main() -> None:
    """Print, for an avis with and without reasoning, the share of each stage."""
    adviser = Advisor(load_rulebook(rules_folder()))
    keep_what_is_loaded()
    documents = [document for document in _documents() if _possible(adviser, document)]
    calls: dict[str, Callable[[Any], object]] = {
        "sans raisonnement": lambda d: to_json(adviser.advise(d, TODAY, reasoning=False).avis),
        "avec raisonnement": lambda d: to_json(adviser.advise(d, TODAY).avis),
    }
    for name, call in calls.items():
        times = []
        for round_ in range(2):  # the first makes what is made once
            for document in documents:
                start = time.process_time()
                call(document)
                if round_:
                    times.append((time.process_time() - start) * 1000)
        p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[18]
        print(f"\n{name} : {len(documents)} scénarios, p50 {p50:.1f} ms, p95 {p95:.1f} ms\n")
        profile = cProfile.Profile()
        profile.enable()
        for document in documents:
            call(document)
        profile.disable()
        print("| étape | part |\n|---|---|")
        print(*_shares(pstats.Stats(profile)), sep="\n")
    adviser.close()


def _documents() -> list[Any]:
    found = [case.scenario for case in load_cases(cases_folder())]
    return [one for one in found if str(one.get("date"))[:4] in _YEARS][::_EVERY]


def _possible(adviser: Advisor, document: Any) -> bool:
    try:
        adviser.advise(document, TODAY, reasoning=False)
    except ScenarioError:
        return False
    return True


def _shares(stats: pstats.Stats) -> list[str]:
    entries: Mapping[tuple[str, int, str], Any] = stats.stats  # type: ignore[attr-defined]
    whole = stats.total_tt  # type: ignore[attr-defined]
    lines, told = [], 0.0
    for title, (file, function) in STAGES.items():
        spent = sum(
            entry[3]
            for (path, _, name), entry in entries.items()
            if path.endswith(f"coopdec_rules/{file}") and name == function
        )
        told += spent
        if spent:
            lines.append(f"| {title} | {spent / whole:.0%} |")
    return [*lines, f"| le reste | {max(whole - told, 0) / whole:.0%} |"]


if __name__ == "__main__":
    main()
