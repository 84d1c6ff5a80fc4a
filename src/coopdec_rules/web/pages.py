"""Pages for people: the form, the avis, the description of the API, and errors."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from coopdec_rules.advice.documents import to_json
from coopdec_rules.replay.signing import Signer
from coopdec_rules.web.assets import Assets
from coopdec_rules.web.avis.pages import AvisPages
from coopdec_rules.web.avis.seal import Seal
from coopdec_rules.web.avis.view import AvisWords, capital
from coopdec_rules.web.documents.pages import DocumentPages
from coopdec_rules.web.field_view import field_id
from coopdec_rules.web.fields import FieldCodec
from coopdec_rules.web.guide.pages import GuidePages
from coopdec_rules.web.hosting.prefix import prefixed
from coopdec_rules.web.hosting.settings import Settings
from coopdec_rules.web.lots.pages import LotPages
from coopdec_rules.web.panorama.pages import PanoramaPages
from coopdec_rules.web.problems import KINDS, Kind
from coopdec_rules.web.recueil.routes import ReadingRoom
from coopdec_rules.web.service import Service
from coopdec_rules.web.site import SitePages, footer
from coopdec_rules.web.typography import french_page

_HERE = Path(__file__).parent


class Pages:
    """Renders every page; ``router`` serves them."""

    def __init__(self, service: Service, settings: Settings, signer: Signer | None = None) -> None:
        self.service = service
        self.settings = settings
        self.codec = FieldCodec(service.book)
        assets = Assets(_HERE / "static")
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["majuscule"] = capital
        self._templates.globals.update(
            mots=AvisWords(service.book),
            field_id=field_id,
            recueil=service.book,
            pied=footer(settings),
            statique=assets.url,
            style=assets.url("style.css"),
            documents=service.documents is not None,
        )
        self.router = self._routes()
        self.router.include_router(assets.router)
        self.router.include_router(SitePages(settings, self._page).router)
        self.router.include_router(LotPages(service, self._page).router)
        self.router.include_router(PanoramaPages(service, self._page).router)
        guide = GuidePages(service, self.codec, self._page)
        self.router.include_router(guide.router)
        seal = Seal(settings.key)
        avis = AvisPages(service, self.codec, self._page, guide.refused, seal, settings, signer)
        self.router.include_router(avis.router)
        if service.documents is not None:
            made = DocumentPages(service, service.documents, avis, self._page)
            self.router.include_router(made.router)
        self.router.include_router(ReadingRoom(service, self._page).router)

    def failure(self, kind: Kind, detail: str | None = None) -> Response:
        """The page that tells a failure."""
        page = self._page("erreur.html", kind.status, kind=kind, detail=detail or kind.detail)
        page.headers.update(kind.headers)
        return page

    def _page(self, template: str, status: int = 200, /, **values: object) -> Response:
        html = french_page(self._templates.get_template(template).render(**values))
        body = prefixed(html, self.settings.prefix).encode("utf-8", "replace")
        return Response(body, status, media_type="text/html; charset=utf-8")

    def _routes(self) -> APIRouter:
        router = APIRouter(include_in_schema=False, default_response_class=Response)

        @router.get("/api")
        def api(request: Request) -> Response:
            # The address that this page was asked at, whatever stands before the service.
            address = f"{request.url.scheme}://{request.url.netloc}{self.settings.prefix}"
            paths = request.app.openapi()["paths"]
            example = self.service.examples[0] if self.service.examples else None
            return self._page(
                "api.html",
                adresse=address,
                chemins=paths,
                exemple=to_json(example.scenario).decode() if example else "{}",
                problemes=list(KINDS.values()),
            )

        return router
