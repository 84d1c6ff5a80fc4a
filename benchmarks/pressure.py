"""``make pression``: what the service becomes when many, slow or hostile clients lean on it.

``--racine`` measures the code of another checkout, ``--json`` keeps the figures, which
``python -m benchmarks --comparer A B`` puts side by side; ``--avis`` is how many avis are asked to
draw the curve of memory.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx

from benchmarks.figures import ROOT, Figures, about, told
from benchmarks.pressed import Answer, Served, all_at_once, ask, served
from coopdec_rules.reasoning.moments import moments
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.avis.permalink import encode

_JSON = {"Content-Type": "application/json"}
_AVIS = "/api/v1/avis"
#: How many times the curve of memory goes over all moments of the law.
_ROUNDS = 10
_HALF = (
    b"POST /api/v1/avis HTTP/1.1\r\nHost: essai\r\nContent-Type: application/json\r\n"
    b'Content-Length: 400\r\n\r\n{"acteur": '
)


def scenario(volets: int = 1, name: str = "", date: str = "") -> dict[str, Any]:
    """A small scenario, whose volets bear a name."""
    found: dict[str, Any] = {
        "acteur": {"nature": "commune"},
        "action": {"volets": [{"domaine": "eau", "intitule": name}] + [{}] * (volets - 1)},
    }
    return {**found, "date": date} if date else found


def worst(answers: Sequence[Answer]) -> float:
    """The longest answer, in milliseconds."""
    return 1000 * max((answer.seconds for answer in answers), default=0)


def count(answers: Sequence[Answer]) -> str:
    """How many answers of each status."""
    statuses = sorted({answer.status for answer in answers})
    return ", ".join(f"{sum(a.status == s for a in answers)} × {s}" for s in statuses)


def crowd(figures: Figures, service: Served) -> None:
    """64 clients, each with a scenario of its own: everyone gets the answer to what they asked."""

    async def client_of(client: httpx.AsyncClient, number: int) -> list[tuple[str, Answer]]:
        names = [f"Volet {number}-{turn}" for turn in range(3)]
        return [(n, await ask(client, "POST", _AVIS, json=scenario(1, n))) for n in names]

    found, beside, seconds = all_at_once(
        service,
        lambda client: (client_of(client, number) for number in range(64)),
        ["/sante"],
    )
    pairs = [pair for each in found for pair in each]
    answers = [answer for _, answer in pairs]
    crossed = sum(a.status == 200 and f'"{name}"'.encode() not in a.body for name, a in pairs)
    figures.add("foule.croisees", "64 clients : réponses croisées", crossed, detail=count(answers))
    figures.add("foule.duree", "64 clients, 192 avis", seconds, "s")
    figures.add("foule.sante", "/sante pendant ce temps, au pire", worst(beside["/sante"]), "ms")


def heavy(figures: Figures, service: Served) -> None:
    """Twenty links of 50 and of 24 empty volets with every rule, and an ordinary avis meanwhile."""
    for volets in (50, 24):
        path = f"/avis?s={encode(scenario(volets))}&complet=1"
        plain = f"/avis?s={encode(scenario(1, 'ordinaire', '2006-03-01'))}"
        answers, beside, seconds = all_at_once(
            service,
            lambda client, path=path: (  # type: ignore[misc]
                ask(client, "GET", path, headers={"Accept": "text/html"}) for _ in range(20)
            ),
            ["/sante", plain],
        )
        name = f"lourd{volets}"
        largest = max(len(answer.body) for answer in answers)
        figures.add(f"{name}.duree", f"20 liens de {volets} volets", seconds, "s",
                    detail=count(answers))  # fmt: skip
        figures.add(f"{name}.page", "la plus longue page", largest / 1e6, "Mo")
        figures.add(f"{name}.sante", "/sante, au pire", worst(beside["/sante"]), "ms")
        figures.add(f"{name}.avis", "un avis ordinaire, au pire", worst(beside[plain]), "ms",
                    detail=count(beside[plain]))  # fmt: skip
    figures.add("lourd.memoire", "mémoire ensuite", service.memory(), "Mio")


def pdfs(figures: Figures, service: Served) -> None:
    """60 booklets over 14 dates, with plain pages meanwhile."""
    paths = [f"/recueil.pdf?au={1995 + number % 14 * 2}-06-01" for number in range(60)]
    answers, beside, seconds = all_at_once(
        service,
        lambda client: (ask(client, "GET", path) for path in paths),
        ["/sante", "/recueil"],
    )
    figures.add("pdf.duree", "60 livrets sur 14 dates", seconds, "s", detail=count(answers))
    figures.add("pdf.sante", "/sante, au pire", worst(beside["/sante"]), "ms")
    figures.add("pdf.page", "une page du recueil, au pire", worst(beside["/recueil"]), "ms")
    figures.add("pdf.memoire", "mémoire ensuite", service.memory(), "Mio")
    figures.add("pdf.processus", "processus qui composent", service.setting(), "Mio")


def dates(figures: Figures, service: Served, book: Rulebook) -> None:
    """An avis with reasoning at every moment of the law, each for the first time."""
    times = []
    with httpx.Client(base_url=service.address, timeout=120) as client:
        for number, moment in enumerate(moments(book)):
            body = scenario(1, f"date {number}", moment.day.isoformat())
            start = time.perf_counter()
            client.post(_AVIS, json=body).raise_for_status()
            times.append(1000 * (time.perf_counter() - start))
    figures.add("dates.mediane", "premier avis à une date, médiane", statistics.median(times), "ms")
    figures.add("dates.pire", "premier avis à une date, au pire", max(times), "ms", goal=300)
    figures.add("dates.memoire", "mémoire après toutes les dates", service.memory(), "Mio",
                goal=500)  # fmt: skip


def memory(figures: Figures, service: Served, book: Rulebook, many: int) -> None:
    """The curve of memory over ``many`` avis with reasoning: ten rounds of all moments of the law.

    Of 20,000, one in sixteen comes to a moment that was dropped: more would measure compiling.
    """
    days = [moment.day.isoformat() for moment in moments(book)]
    rounds = [day for day in days for _ in range(max(1, many // _ROUNDS // len(days)))]
    with httpx.Client(base_url=service.address, timeout=120) as client:
        for number, day in enumerate(rounds * _ROUNDS, 1):
            body = scenario(1 + number % 3, f"n° {number}", day)
            client.post(_AVIS, json=body).raise_for_status()
            if number % len(rounds) == 0:
                figures.add(f"courbe.{number}", f"mémoire après {number} avis", service.memory(),
                            "Mio")  # fmt: skip


def open_links(figures: Figures, service: Served) -> None:
    """800 connections that say half a request, then 40 bodies that never end."""
    with ExitStack() as opened:
        links = [
            opened.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=20))
            for _ in range(800)
        ]
        for link in links:
            _say(link, b"GET / HTTP/1.1\r\nHost: es")
        times = []
        for _ in range(20):
            start = time.perf_counter()
            httpx.get(f"{service.address}/sante", timeout=60)
            times.append(1000 * (time.perf_counter() - start))
        figures.add("ouvertes.sante", "/sante, 800 demandes à moitié dites", max(times), "ms")
        time.sleep(12)
        figures.add("ouvertes.restent", "encore ouvertes après 12 s", sum(map(_lives, links)))
    with ExitStack() as opened:
        slow = [
            opened.enter_context(socket.create_connection(("127.0.0.1", service.port), timeout=60))
            for _ in range(40)
        ]
        for link in slow:
            _say(link, _HALF)
        time.sleep(23)
        figures.add("lentes.restent", "corps à moitié dits encore attendus après 23 s",
                    sum(map(_lives, slow)))  # fmt: skip


def _say(link: socket.socket, text: bytes) -> None:
    with suppress(OSError):  # closed already, which is what is counted
        link.sendall(text)


def _lives(link: socket.socket) -> bool:
    """Whether the service still holds its side of a connection."""
    link.setblocking(False)
    try:
        while link.recv(65_536):
            pass
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def stop(figures: Figures, root: Path) -> None:
    """Asked to stop while a client holds a body half sent."""
    with served(root) as service, socket.create_connection(("127.0.0.1", service.port)) as link:
        link.sendall(_HALF)
        time.sleep(0.5)
        figures.add("arret.corps", "arrêt, un corps à moitié dit (30 : jamais)", service.stop(),
                    "s", goal=10)  # fmt: skip


def killed(figures: Figures, root: Path) -> None:
    """One of two workers killed: requests that fail, and when there are two again."""
    with served(root, COOPDEC_WORKERS="2") as service:
        before = service.workers()
        if len(before) < 2:
            raise RuntimeError("two workers were asked for, and are not there")
        with httpx.Client(base_url=service.address, timeout=60) as client:
            os.kill(before[0], signal.SIGKILL)
            start, failed, asked = time.perf_counter(), 0, 0
            while time.perf_counter() - start < 60:
                asked += 1
                try:
                    failed += client.get("/sante", headers={"Connection": "close"}).is_error
                except httpx.HTTPError:
                    failed += 1
                now = service.workers()
                if len(now) == 2 and before[0] not in now:
                    break
                time.sleep(0.05)
        figures.add("tue.echecs", "un processus sur deux tué : demandes perdues", failed,
                    detail=f"sur {asked}")  # fmt: skip
        figures.add("tue.retour", "un autre démarre après", time.perf_counter() - start, "s")


def _scenes(book: Rulebook, many: int) -> Mapping[str, Callable[[Figures, Served], None]]:
    return {
        "dates": lambda figures, service: dates(figures, service, book),
        "courbe": lambda figures, service: memory(figures, service, book, many),
        "foule": crowd,
        "lourd": heavy,
        "pdf": pdfs,
        "ouvertes": open_links,
    }


def _alone() -> Iterator[tuple[str, Callable[[Figures, Path], None]]]:
    yield "arret", stop
    yield "tue", killed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pressure", description="Pression.")
    parser.add_argument("--json", type=Path, metavar="FICHIER", help="garde les mesures en JSON")
    parser.add_argument("--racine", type=Path, default=ROOT, help="le dossier du code mesuré")
    parser.add_argument("--avis", type=int, default=2000, help="combien d'avis pour la mémoire")
    parser.add_argument("--seulement", nargs="+", default=[], metavar="SCÈNE",
                        help="dates courbe foule lourd pdf ouvertes arret tue")  # fmt: skip
    given = parser.parse_args()
    book = load_rulebook(rules_folder())
    figures = Figures(about(book))
    print(*told(figures.about), sep="\n")

    def wanted(name: str) -> bool:
        return not given.seulement or name in given.seulement

    scenes = {k: v for k, v in _scenes(book, given.avis).items() if wanted(k)}
    if scenes:
        with served(given.racine) as service:
            figures.add("depart.memoire", "mémoire au départ", service.memory(), "Mio")
            for scene in scenes.values():
                scene(figures, service)
            figures.add("fin.memoire", "mémoire à la fin", service.memory(), "Mio")
    for name, alone in _alone():
        if wanted(name):
            alone(figures, given.racine)
    if given.json:
        figures.write(given.json)


if __name__ == "__main__":
    main()
