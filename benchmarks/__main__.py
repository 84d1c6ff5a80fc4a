"""``make bench``: the engine and a whole avis against Zen, and the API against its own ``/sante``.

Every figure is a ratio between two things measured in turn in the same run, on the same scenarios,
or says its unit.  ``--json FILE`` keeps a run, ``--comparer A B`` puts two of them side by side.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import zen

from benchmarks import batch, proofs, reasoning, served, territories
from benchmarks.figures import Figures, about, compared, told
from benchmarks.scenarios import items, scenarios
from benchmarks.zen_export import ZenExport
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.errors import ScenarioError
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import cases_folder, rules_folder
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.workshop.cases import load_cases

COUNT = 300
TODAY = dt.date(2006, 3, 1)


def main() -> None:
    """Measure and print, or compare two runs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Mesures.")
    parser.add_argument("--json", type=Path, metavar="FICHIER", help="garde les mesures en JSON")
    parser.add_argument(
        "--comparer", type=Path, nargs=2, metavar=("A", "B"), help="compare deux fichiers gardés"
    )
    parser.add_argument("--partie", choices=("lot",), help="ne mesure que cette partie")
    given = parser.parse_args()
    if given.comparer:
        first, second = (json.loads(file.read_text(encoding="utf-8")) for file in given.comparer)
        print(*compared(first, second), sep="\n")
        return
    start = time.perf_counter()
    book = load_rulebook(rules_folder())
    load = time.perf_counter() - start
    figures = Figures(about(book))
    print(*told(figures.about), sep="\n")
    figures.add("chargement", "chargement du recueil", load * 1000, "ms")
    if given.partie == "lot":
        with closing(Advisor(book)) as adviser:
            batch.main(figures, adviser)
    else:
        measure(figures, book)
    if given.json:
        figures.write(given.json)


def measure(figures: Figures, book: Rulebook) -> None:
    """Everything that is measured but the loading of the rulebook."""
    adviser = Advisor(book)
    documents = [d for d in scenarios(book, 2 * COUNT) if _possible(adviser, d)][:COUNT]
    read = [adviser.reader.read(document, TODAY) for document in documents]
    law = adviser.engine.law(TODAY)
    export = ZenExport(law, items(book))
    decision = zen.ZenEngine().create_decision(export.document())
    contexts = [export.context(scenario.base) for scenario in read]
    differing = sum(
        _differs(adviser, scenario.base, decision, context)
        for scenario, context in zip(read, contexts, strict=True)
    )
    figures.add(
        "zen.ecarts",
        "écarts avec Zen",
        differing,
        goal=0,
        detail=f"{COUNT} scénarios complets, {len(law.rules)} règles",
    )

    def forget() -> None:
        law._memory.clear()

    traced = [lambda c=c: decision.evaluate(c, {"trace": True}) for c in contexts]
    engine = [lambda s=s: adviser.engine.evaluate(TODAY, s.base) for s in read]
    avis = [lambda d=d: adviser.advise(d, TODAY, reasoning=False).avis for d in documents]
    baseline, cold = _interleaved(traced, engine, before=forget)
    _report(
        figures,
        "moteur.froid",
        "moteur, mémoire vidée à chaque fois / Zen avec trace",
        cold,
        baseline,
        0.6,
    )
    baseline, warm = _interleaved(traced, engine)
    _report(figures, "moteur", "moteur / Zen avec trace", warm, baseline, 0.6)
    baseline, whole = _interleaved(traced, avis, before=forget)
    _report(
        figures,
        "avis.froid",
        "avis complet de deux volets, mémoire vidée / Zen avec trace",
        whole,
        baseline,
        3,
    )
    baseline, whole = _interleaved(traced, avis)
    _report(figures, "avis", "avis complet de deux volets / Zen avec trace", whole, baseline, 3)
    territories.main(figures)
    proofs.main(figures, book)
    cases = [
        dict(case.scenario)
        for case in load_cases(cases_folder())
        if "impossible" not in case.expected
    ]
    reasoning.main(figures, adviser, cases)
    served.main(figures, cases)
    batch.main(figures, adviser)
    adviser.close()


def _possible(adviser: Advisor, document: dict[str, Any]) -> bool:
    """Whether the rulebook does not declare the scenario impossible."""
    try:
        adviser.advise(document, TODAY, reasoning=False)
    except ScenarioError:
        return False
    return True


def _differs(adviser: Advisor, base: FactBase, decision: Any, context: dict[str, Any]) -> bool:
    findings = adviser.engine.evaluate(TODAY, base)
    result = decision.evaluate(context)["result"]
    law = adviser.engine.law(TODAY)
    for index, rule in enumerate(law.rules):
        readings = (
            [("", findings.scenario)]
            if rule.scope is None
            else [(f"_{i}", r) for i, r in enumerate(findings.items[rule.scope])]
        )
        for place, reading in readings:
            if (reading.effective.get(index) == "v") != bool(result[f"r{index}{place}"]):
                return True
    return False


def _interleaved(
    first: Sequence[Callable[[], Any]],
    second: Sequence[Callable[[], Any]],
    before: Callable[[], None] | None = None,
) -> tuple[list[float], list[float]]:
    """Milliseconds of each call, the two kinds in turn, after one round to warm up."""
    times: tuple[list[float], list[float]] = ([], [])
    for round_ in range(2):
        for pair in zip(first, second, strict=True):
            for side, call in enumerate(pair):
                if before is not None:
                    before()
                start = time.perf_counter()
                call()
                if round_:
                    times[side].append((time.perf_counter() - start) * 1000)
    return times


def _report(
    figures: Figures,
    key: str,
    title: str,
    times: list[float],
    against: list[float],
    goal: float,
) -> None:
    pairs = zip(("p50", "p95"), _quantiles(times), _quantiles(against), strict=True)
    for name, mine, base in pairs:
        detail = f"{mine:.3f} ms contre {base:.3f} ms"
        figures.add(f"{key}.{name}", f"{title}, {name}", mine / base, "", goal, detail)


def _quantiles(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20)[18]


if __name__ == "__main__":
    main()
