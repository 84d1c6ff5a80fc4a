"""Pages for people: the form, the avis, the description of the API, and errors."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import parse_qsl

import orjson
from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.scenario import pointer_of
from coopdec_rules.errors import ScenarioError, suggest
from coopdec_rules.web.avis_view import AvisWords, capital
from coopdec_rules.web.form import FormReader, FormState
from coopdec_rules.web.form_view import FormPresenter, field_id
from coopdec_rules.web.problems import KINDS, Kind, Refused
from coopdec_rules.web.service import Service
from coopdec_rules.web.typography import french_spaces

_HERE = Path(__file__).parent
_FORM_TYPE = "application/x-www-form-urlencoded"
_MAX_FIELDS = 4000
#: Facts that say, in the title of an avis, what it is about.
_SUBJECT = ("action.intitule", "acteur.nom")
#: Paths that always answer programs.
_FOR_PROGRAMS = ("/api/", "/openapi.json", "/sante")


class Pages:
    """Renders every page; ``router`` serves them."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.form = FormReader(service.book)
        self.presenter = FormPresenter(service.book, service.advisor.wording)
        self._subject = [
            pointer_of(service.book.facts[name], None)
            for name in _SUBJECT
            if name in service.book.facts
        ]
        style = (_HERE / "static" / "style.css").read_bytes()
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
            style=f"/static/style.css?v={hashlib.sha256(style).hexdigest()[:12]}",
        )
        self.router = self._routes(style)

    def wanted(self, scope: Scope) -> bool:
        """Whether the request comes from someone reading pages rather than from a program."""
        path = str(scope.get("path", ""))
        if path.startswith(_FOR_PROGRAMS):
            return False
        return any(
            name == b"accept" and b"text/html" in value for name, value in scope.get("headers", ())
        )

    def failure(self, kind: Kind, detail: str | None = None) -> Response:
        """The page that tells a failure."""
        return self._page("erreur.html", kind.status, kind=kind, detail=detail or kind.detail)

    def _page(self, template: str, status: int = 200, /, **values: object) -> Response:
        html = french_spaces(self._templates.get_template(template).render(**values))
        body = html.encode("utf-8", "replace")
        return Response(body, status, media_type="text/html; charset=utf-8")

    def _form_page(
        self, state: FormState, error: ScenarioError | None = None, example: str | None = None
    ) -> Response:
        view = self.presenter.show(state, error.problems if error else ())
        return self._page(
            "formulaire.html",
            422 if error else 200,
            vue=view,
            exemples=self.service.examples,
            exemple=example,
        )

    def _avis_page(self, state: FormState) -> Response:
        document = self.form.document(state)
        try:
            avis = self.service.advisor.advise(document)
        except ScenarioError as error:
            return self._form_page(state, error)
        # Empty fields of a repeated group are sent back too: they keep its items.
        sent = [(name, state.values.get(name, ""), fact) for name, fact in self.form.names(state)]
        hidden = [(name, text) for name, text, fact in sent if text or fact.scope]
        scenario = orjson.dumps(orjson.loads(to_json(document)), option=orjson.OPT_INDENT_2)
        return self._page(
            "avis.html",
            avis=avis,
            objet=[text for text in map(state.values.get, self._subject) if text],
            champs=hidden,
            scenario=scenario.decode(),
        )

    def _routes(self, style: bytes) -> APIRouter:
        router = APIRouter(include_in_schema=False, default_response_class=Response)

        @router.get("/")
        async def form(request: Request) -> Response:
            ident = request.query_params.get("cas")
            if ident is None:
                return self._form_page(self.form.blank())
            case = self.service.cases.get(ident)
            if case is None:
                near = suggest(ident, self.service.cases)
                hint = f" Vouliez-vous dire « {near} » ?" if near else ""
                return self.failure(KINDS["introuvable"], f"Cet exemple n'existe pas.{hint}")
            return self._form_page(self.form.fill(case.scenario), example=case.title)

        @router.post("/")
        async def change(request: Request) -> Response:
            state, change, problems = self.form.read(await _fields(request))
            if problems:
                return self._form_page(state, ScenarioError(problems))
            return self._form_page(self.form.apply(state, change) if change else state)

        @router.post("/avis")
        async def avis(request: Request) -> Response:
            state, _, problems = self.form.read(await _fields(request))
            if problems:
                return self._form_page(state, ScenarioError(problems))
            # In a thread: a long page takes tens of milliseconds to write, during which the API
            # goes on answering.
            return await run_in_threadpool(self._avis_page, state)

        @router.get("/avis")
        async def avis_without_form(request: Request) -> Response:
            return RedirectResponse("/", 303)

        @router.get("/api")
        async def api(request: Request) -> Response:
            host, port = request.scope.get("server") or ("127.0.0.1", None)
            address = f"http://{host}:{port}" if port else f"http://{host}"
            paths = request.app.openapi()["paths"]
            example = self.service.examples[0] if self.service.examples else None
            return self._page(
                "api.html",
                adresse=address,
                chemins=paths,
                exemple=to_json(example.scenario).decode() if example else "{}",
                problemes=list(KINDS.values()),
            )

        @router.get("/static/style.css")
        async def stylesheet(request: Request) -> Response:
            # Its address bears its content's hash: it may be kept for good.
            headers = {"Cache-Control": "public, max-age=31536000, immutable"}
            return Response(style, headers=headers, media_type="text/css; charset=utf-8")

        return router


async def _fields(request: Request) -> list[tuple[str, str]]:
    """Fields of a form sent.  Raises ``Refused``."""
    media = request.headers.get("content-type", _FORM_TYPE).partition(";")[0].strip().lower()
    if media != _FORM_TYPE:
        raise Refused("format", "Le formulaire s'envoie en application/x-www-form-urlencoded.")
    try:
        return parse_qsl(
            (await request.body()).decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_FIELDS,
        )
    except ValueError:
        raise Refused("illisible", "Le formulaire envoyé ne peut pas être lu.") from None
