"""Whether the service can answer: what is made once is made, and the engine gives an avis."""

from __future__ import annotations

import logging
import threading

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import to_json
from coopdec_rules.territories.directory import load_directory
from coopdec_rules.web import catalogue

_log = logging.getLogger(__name__)
_SMALL = {"acteur": {"nature": "commune"}}
_READY, _PREPARING, _BROKEN = "prêt", "en préparation", "en panne"


class Readiness:
    """``router`` serves ``/pret``: 200 when an avis was just given, else 503."""

    def __init__(self, advisor: Advisor) -> None:
        self.advisor = advisor
        self.prepared = threading.Event()
        self.router = APIRouter(include_in_schema=False, default_response_class=Response)
        self.router.add_api_route("/pret", self._answer)

    def prepare(self) -> None:
        """Make what first requests would wait for: the law of today, the directory of communes."""
        self.advisor.advise(_SMALL)
        load_directory().prepare()
        self.prepared.set()

    def state(self) -> str:
        """Try the engine; which of the three states it is in."""
        if not self.prepared.is_set():
            return _PREPARING
        try:
            self.advisor.advise(_SMALL, reasoning=False)
        except Exception:
            _log.exception("Le moteur ne rend plus d'avis")
            return _BROKEN
        return _READY

    async def _answer(self, request: Request) -> Response:
        state = await run_in_threadpool(self.state)
        body = to_json({"statut": state, "recueil": catalogue.served(self.advisor.rulebook)})
        headers = {"Cache-Control": "no-store"}
        if state == _READY:
            return Response(body, headers=headers, media_type="application/json")
        headers["Retry-After"] = "2"
        return Response(body, 503, headers=headers, media_type="application/json")
