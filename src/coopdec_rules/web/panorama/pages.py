"""The page ``/panorama``: what communities and towns really did in 2005 and 2006."""

from __future__ import annotations

import logging
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from coopdec_rules.errors import RulebookError
from coopdec_rules.panorama.data import shipped
from coopdec_rules.panorama.nation import load_nation
from coopdec_rules.rulebook.location import cases_folder
from coopdec_rules.territories import load_directory
from coopdec_rules.web.api.panorama import ROOT, UNREADABLE
from coopdec_rules.web.panorama.nation import nation_values
from coopdec_rules.web.panorama.view import page_values
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.render import Render
from coopdec_rules.web.service import Service

_log = logging.getLogger(__name__)
_DRAWINGS = Path(__file__).parent.parent / "static" / "panorama"


class PanoramaPages:
    """Serves the page; it depends on nothing that a request says, and is written once."""

    def __init__(self, service: Service, render: Render) -> None:
        self.service = service
        self.render = render
        self._written: bytes | None = None
        self.router = APIRouter(include_in_schema=False, default_response_class=Response)
        self.router.add_api_route("/panorama", self._page)

    async def _page(self, request: Request) -> Response:
        if self._written is None:
            self._written = await self.service.desk.pages.run(self._write)
        return Response(self._written, media_type="text/html; charset=utf-8")

    def _write(self) -> bytes:
        try:
            panorama = shipped(cases_folder())
        except RulebookError as error:
            _log.warning("The panorama cannot be read:\n%s", error)
            raise Refused("introuvable", UNREADABLE) from None
        values = page_values(panorama, _DRAWINGS)
        nation = nation_values(self.service.book, load_nation(), load_directory())
        return bytes(self.render("panorama.html", **values, nation=nation, racine=ROOT).body)
