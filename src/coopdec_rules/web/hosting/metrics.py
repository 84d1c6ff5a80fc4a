"""Figures for Prometheus: requests and their durations by route, and what is kept in memory.

With several workers, each writes its figures in files of a folder that they share, and any of them
answers for all.
"""

from __future__ import annotations

import ipaddress
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from fastapi import APIRouter
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from coopdec_rules.web.hosting.workers import FOLDER_VARIABLE
from coopdec_rules.web.service import Service

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
#: Seconds between two looks at what is kept.
_EVERY = 1.0
_FORWARDED = (b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via")

#: Figures of what is kept.
MEANINGS = {
    "coopdec_etats_du_droit": "États du droit compilés et gardés prêts.",
    "coopdec_gardes": "Réponses gardées pour être redonnées.",
    "coopdec_gardes_octets": "Place des réponses gardées.",
    "coopdec_memoire_pdf_octets": "Mémoire résidente du processus qui compose les PDF.",
    "coopdec_en_cours": "Demandes travaillées ou qui attendent leur tour.",
}
disable_created_metrics()  # type: ignore[no-untyped-call]
#: What is kept: name of the figure, value of its label ``nom`` (may be empty) -> value.
Kept = Mapping[tuple[str, str], float]


class Metrics:
    """``router`` serves ``/metrics`` to whom ``allowed`` says: « non », « locales », « ouvertes ».

    ``kept`` gives the current values of the figures named in ``MEANINGS``.
    """

    def __init__(self, allowed: str, kept: Callable[[], Kept]) -> None:
        self.allowed = allowed
        self._kept = kept
        self._shared = FOLDER_VARIABLE in os.environ
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "coopdec_requetes", "Demandes auxquelles il a été répondu (statut 0 : client parti).",
            ("methode", "route", "statut"), registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "coopdec_duree_secondes", "Durée des réponses.",
            ("route",), buckets=_BUCKETS, registry=self._registry,
        )  # fmt: skip
        self._gauges: dict[str, Gauge] = {}
        self._memory = self._gauge("coopdec_memoire_octets", "Mémoire résidente du processus.", ())
        self._looked = 0.0
        self.router = APIRouter(include_in_schema=False, default_response_class=Response)
        self.router.add_api_route("/metrics", self._answer)

    def _gauge(self, name: str, meaning: str, labels: tuple[str, ...]) -> Gauge:
        return Gauge(name, meaning, labels, registry=self._registry, multiprocess_mode="liveall")

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        self._look()

    def _look(self) -> None:
        """Read what is kept, at most once a second."""
        now = time.monotonic()
        if now - self._looked < _EVERY:
            return
        self._looked = now
        self._memory.set(resident())
        for (name, label), value in self._kept().items():
            if name not in self._gauges:
                self._gauges[name] = self._gauge(name, MEANINGS[name], ("nom",))
            self._gauges[name].labels(label).set(value)

    async def _answer(self, request: Request) -> Response:
        if self.allowed == "non" or (self.allowed == "locales" and not _local(request)):
            raise HTTPException(404)
        self._looked = 0.0
        self._look()
        registry = self._registry
        if self._shared:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return Response(
            generate_latest(registry),
            headers={"Cache-Control": "no-store"},
            media_type=_TYPE,
        )


def kept(service: Service) -> Kept:
    """What a service keeps in memory now."""
    desk = service.desk
    found: dict[tuple[str, str], float] = {
        ("coopdec_etats_du_droit", "moteur"): service.advisor.engine.compiled
    }
    for name, cache in (("reponses", service.answers), ("avis", service.advices)):
        found["coopdec_gardes", name] = cache.count
        found["coopdec_gardes_octets", name] = cache.size
    for name, turns in (
        ("avis", desk.avis),
        ("longs", desk.long),
        ("pages", desk.pages),
        ("lots", service.lots),
    ):
        found["coopdec_en_cours", name] = turns.inside
    for name, press in (("pdf", service.reports), ("livrets", service.booklets)):
        found["coopdec_en_cours", name] = press.turns.inside
        found["coopdec_memoire_pdf_octets", name] = resident(press.pid) if press.pid else 0
    return found


def _local(request: Request) -> bool:
    """Whether a request comes from this machine, and through no proxy."""
    if any(name in _FORWARDED for name, _ in request.scope["headers"]) or request.client is None:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def resident(pid: int | str = "self") -> int:
    """Bytes of memory that a process holds; 0 once it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
