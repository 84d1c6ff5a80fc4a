"""The API on a real port, against its own ``/sante``: scenarios never seen, and seen before."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from benchmarks.figures import Figures
from benchmarks.http_load import get, post, rate, sent, server
from coopdec_rules.advice.documents import to_json
from coopdec_rules.web.serving import Limits

#: Rounds of each kind, each after one of ``/sante``, and seconds of one.
ROUNDS, SECONDS = 4, 1.0
#: Share of the room for answers that those seen before may take, and what is kept beside each:
#: in so little room none is dropped for another.
_SHARE, _BESIDE = 1 / 8, 16 * 1024


def main(figures: Figures, scenarios: Sequence[dict[str, Any]]) -> None:
    """Measure on the worked cases, which are its real input."""
    with server() as port:
        asked = [post("/api/v1/avis", to_json(scenario)) for scenario in scenarios]
        sent(port, asked)  # what is made on first use is made
        again = _fitting(port, asked)
        without = _renamed(scenarios, 4000, "?raisonnement=non")
        reasoned = _renamed(scenarios, 400)
        kinds: tuple[tuple[str, str, float, Sequence[bytes], bool], ...] = (
            ("http.jamais_vus.moteur", "jamais vus, sans raisonnement", 0.3, without, False),
            ("http.jamais_vus", "jamais vus, raisonnés", 0.03, reasoned, False),
            ("http.deja_vus", f"déjà vus ({len(again)} scénarios)", 1 / 3, again, True),
        )
        for key, title, goal, requests, seen in kinds:
            _measure(figures, port, key, title, goal, requests, seen)


def _measure(
    figures: Figures,
    port: int,
    key: str,
    title: str,
    goal: float,
    requests: Sequence[bytes],
    seen: bool,
) -> None:
    """``seen``: all are sent once just before each round; else each round has its own, all new."""
    size = max(1, len(requests) // ROUNDS)
    rounds = []
    for turn in range(ROUNDS):
        base = rate(port, [get("/sante")], SECONDS)
        part = requests if seen else requests[turn * size : (turn + 1) * size]
        if seen:
            sent(port, part)
        rounds.append((base, rate(port, part, SECONDS, again=seen)))
    ratio = statistics.median(mine / base for base, mine in rounds)
    base, mine = (statistics.median(side) for side in zip(*rounds, strict=True))
    figures.add(
        key,
        f"HTTP, avis de scénarios {title} / sante",
        ratio,
        goal=goal,
        detail=f"{mine:.0f} contre {base:.0f} requêtes par seconde, une connexion",
    )


def _fitting(port: int, requests: Sequence[bytes]) -> list[bytes]:
    """The first requests of which all answers are kept together."""
    room = Limits().answers_bytes * _SHARE
    found: list[bytes] = []
    for request in requests:
        room -= sent(port, [request]) + _BESIDE
        if room < 0:
            break
        found.append(request)
    return found


def _renamed(scenarios: Sequence[dict[str, Any]], count: int, query: str = "") -> list[bytes]:
    """The worked cases under other names, so that no request is sent twice."""
    found = []
    for number in range(count):
        scenario = scenarios[number % len(scenarios)]
        actor = {**scenario["acteur"], "nom": f"essai {number}"}
        found.append(post(f"/api/v1/avis{query}", to_json({**scenario, "acteur": actor})))
    return found
