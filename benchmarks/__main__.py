"""``make bench``: the engine and a whole avis against Zen, and the API against its own ``/sante``.

Every figure is a ratio between two things measured in turn in the same run, on the same scenarios.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import zen

from benchmarks import proofs, reasoning, territories
from benchmarks.http_load import get, once, post, rate, server
from benchmarks.scenarios import scenarios
from benchmarks.zen_export import ZenExport
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import to_json
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.errors import ScenarioError
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import cases_folder, rules_folder
from coopdec_rules.workshop.cases import load_cases

COUNT = 300
TODAY = dt.date(2006, 3, 1)


def main() -> None:
    """Measure and print.  The API is measured on the worked cases, which are its real input."""
    start = time.perf_counter()
    book = load_rulebook(rules_folder())
    load = time.perf_counter() - start
    adviser = Advisor(book)
    documents = [d for d in scenarios(book, 2 * COUNT) if _possible(adviser, d)][:COUNT]
    read = [adviser.reader.read(document, TODAY) for document in documents]
    law = adviser.engine.law(TODAY)
    export = ZenExport(law, {"volet": 2, "financement": 1})
    decision = zen.ZenEngine().create_decision(export.document())
    contexts = [export.context(scenario.base) for scenario in read]
    differing = sum(
        _differs(adviser, scenario.base, decision, context)
        for scenario, context in zip(read, contexts, strict=True)
    )
    print(f"chargement du recueil : {load * 1000:.0f} ms")
    print(f"{COUNT} scénarios complets, {len(law.rules)} règles : {differing} écarts avec Zen")

    def forget() -> None:
        law._memory.clear()

    traced = [lambda c=c: decision.evaluate(c, {"trace": True}) for c in contexts]
    engine = [lambda s=s: adviser.engine.evaluate(TODAY, s.base) for s in read]
    avis = [lambda d=d: adviser.advise(d, TODAY, reasoning=False).avis for d in documents]
    baseline, cold = _interleaved(traced, engine, before=forget)
    _report("moteur, mémoire vidée à chaque fois / Zen avec trace", cold, baseline, 0.6)
    baseline, warm = _interleaved(traced, engine)
    _report("moteur / Zen avec trace", warm, baseline, 0.6)
    baseline, whole = _interleaved(traced, avis, before=forget)
    _report("avis complet de deux volets, mémoire vidée / Zen avec trace", whole, baseline, 3)
    baseline, whole = _interleaved(traced, avis)
    _report("avis complet de deux volets / Zen avec trace", whole, baseline, 3)
    territories.main()
    proofs.main(book)
    cases = [
        dict(case.scenario)
        for case in load_cases(cases_folder())
        if "impossible" not in case.expected
    ]
    reasoning.main(adviser, cases)
    _http(cases)
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


def _report(title: str, times: list[float], against: list[float], goal: float) -> None:
    p50, p95 = _quantiles(times)
    base50, base95 = _quantiles(against)
    print(
        f"{title} : p50 {p50 / base50:.3f}, p95 {p95 / base95:.3f} (à atteindre : {goal}) — "
        f"p50 {p50:.3f} ms contre {base50:.3f} ms"
    )


def _quantiles(times: list[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20)[18]


def _http(scenarios: list[dict[str, Any]]) -> None:
    with server() as port:
        health = [get("/sante")]
        again = [post("/api/v1/avis", to_json(scenario)) for scenario in scenarios]
        once(port, again)
        for title, requests in (
            ("jamais vus, sans raisonnement", _renamed(scenarios, 4000, "?raisonnement=non")),
            ("jamais vus, raisonnés", _renamed(scenarios, 400)),
            ("déjà vus", again),
        ):
            rounds = []
            size = max(1, len(requests) // 4)
            for turn in range(4):
                part = requests if requests is again else requests[turn * size : (turn + 1) * size]
                rounds.append((rate(port, health, 1), rate(port, part, 1)))
            ratio = statistics.median(mine / base for base, mine in rounds)
            base, mine = (statistics.median(side) for side in zip(*rounds, strict=True))
            print(
                f"HTTP, avis de scénarios {title} / sante : {ratio:.3f} (à atteindre : 0,333) — "
                f"{mine:.0f} contre {base:.0f} requêtes par seconde, une connexion"
            )


def _renamed(scenarios: list[dict[str, Any]], count: int, query: str = "") -> list[bytes]:
    """The worked cases under other names, so that no request is sent twice."""
    found = []
    for number in range(count):
        scenario = scenarios[number % len(scenarios)]
        actor = {**scenario["acteur"], "nom": f"essai {number}"}
        found.append(post(f"/api/v1/avis{query}", to_json({**scenario, "acteur": actor})))
    return found


if __name__ == "__main__":
    main()
