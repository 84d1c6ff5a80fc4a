"""Routes of the start page and of the guided form."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from coopdec_rules.errors import ScenarioError, suggest
from coopdec_rules.territories import load_directory
from coopdec_rules.web.avis.permalink import decode
from coopdec_rules.web.fields import FieldCodec, Fields
from coopdec_rules.web.guide import course_pages as courses
from coopdec_rules.web.guide import places
from coopdec_rules.web.guide.answers import Answers
from coopdec_rules.web.guide.course_pages import CoursePages
from coopdec_rules.web.guide.draft import PATH, SUMMARY
from coopdec_rules.web.guide.steps import PRIVATE, Shown, Steps
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.render import Render
from coopdec_rules.web.sent import sent_fields
from coopdec_rules.web.service import Service
from coopdec_rules.web.turns import Turns

#: Other doors, shown on the start page when they exist.
_LINKS = (
    ("/recueil", "Le recueil : les règles, leurs articles et leur histoire"),
    ("/panorama", "Le panorama : ce que font les collectivités"),
    ("/lots", "Répondre à tout un fichier de scénarios"),
    ("/api", "L'API, pour les programmes"),
)


class GuidePages:
    """The start page and the guided form of one service."""

    def __init__(self, service: Service, codec: FieldCodec, render: Render) -> None:
        self.service = service
        self.render = render
        self.steps = Steps(service, codec, render)
        self.answers = Answers(self.steps)
        self.courses = CoursePages(self.steps, self.answers)
        self.router = self._routes()

    def refused(self, state: Fields, error: ScenarioError) -> Response:
        """The summary of answers that cannot be advised on, with every mistake."""
        known = self.steps.draft(state).problems
        extra = [problem for problem in error.problems if problem not in known]
        return self.steps.show(SUMMARY, self.steps.draft(state, extra), Shown(missing=True), 422)

    def _start(self, request: Request) -> Response:
        served = {getattr(route, "path", "") for route in request.app.routes}
        links = [(path, text) for path, text in _LINKS if path in served]
        return self.render(
            "accueil.html",
            situations=tuple(self.service.book.situations.values()),
            exemples=self.service.examples,
            liens=links,
        )

    def _asked(self, request: Request) -> Response:
        query = request.query_params
        if (ident := query.get("cas")) is not None:
            return self._case(ident)
        step = query.get("etape", self.steps.names[0])
        draft = self.steps.draft(self.steps.opened(query.get("s")))
        if "fait" in query:
            return self.answers.to_fact(query["fait"], draft)
        if step not in self.steps.names:
            near = suggest(step, self.steps.names)
            hint = f" Vouliez-vous dire « {near} » ?" if near else ""
            raise Refused("introuvable", f"Cette étape n'existe pas.{hint}")
        case = self.service.cases.get(query.get("exemple", ""))
        how = Shown(
            query=query.get("q", "")[:100],
            unchosen=query.get("choix") == "1",
            assumed=query.get("lu") == "1",
            missing=query.get("fautes") == "1",
            brought=query.get("nouvelles") == "1",
            example=case.title if case else None,
            found=query.get("rempli") == "1",
        )
        return self.steps.show(step, draft, how)

    def _case(self, ident: str) -> Response:
        case = self.service.cases.get(ident)
        if case is None:
            near = suggest(ident, self.service.cases)
            hint = f" Vouliez-vous dire « {near} » ?" if near else ""
            raise Refused("introuvable", f"Cet exemple n'existe pas.{hint}")
        draft = self.steps.draft(self.steps.codec.fill(case.scenario))
        address = draft.address(SUMMARY, exemple=ident)
        if address is None:
            return self.steps.show(SUMMARY, draft, Shown(example=case.title))
        return RedirectResponse(address, 303, headers=PRIVATE)

    def _routes(self) -> APIRouter:
        router = APIRouter(include_in_schema=False, default_response_class=Response)

        desk = self.service.desk

        @router.get("/")
        async def start(request: Request) -> Response:
            ident = request.query_params.get("cas")
            if ident is None:
                return await desk.pages.run(self._start, request)
            return await desk.avis.run(self._case, ident)

        @router.get(PATH)
        async def step(request: Request) -> Response:
            code = request.query_params.get("s")
            return await self._turns([("s", code)] if code else []).run(self._asked, request)

        @router.get(f"{PATH}/lieux")
        async def territories(request: Request) -> Response:
            return await desk.pages.run(self._places, request)

        @router.post(PATH)
        async def sent(request: Request) -> Response:
            fields = await sent_fields(request)
            part = request.headers.get("hx-request") == "true"
            return await self._turns(fields).run(self.answers.sent, fields, part)

        @router.get(f"{courses.PATH}/{{ident}}")
        async def situation(ident: str, request: Request) -> Response:
            code = request.query_params.get("s")
            turns = self._turns([("s", code)] if code else [])
            return await turns.run(self.courses.shown, ident, request)

        @router.post(f"{courses.PATH}/{{ident}}")
        async def answered(ident: str, request: Request) -> Response:
            fields = await sent_fields(request)
            part = request.headers.get("hx-request") == "true"
            return await self._turns(fields).run(self.courses.sent, ident, fields, part)

        return router

    def _turns(self, fields: Sequence[tuple[str, str]]) -> Turns:
        """The turns in which a draft is read.  Raises ``Refused`` when its link is broken."""
        code = next((text for name, text in fields if name == "s" and text), None)
        return self.service.desk.of(decode(code) if code else None)

    def _places(self, request: Request) -> Response:
        found = places.search(load_directory, request.query_params.get("q", "")[:100])
        return self.render("formulaire_lieux.html", recherche=found)
