"""The avis: its page, its permalink, answers given on the page, and what one can download."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from coopdec_rules.advice.advisor import Advice
from coopdec_rules.advice.answers import ACTION_TITLE, ACTOR_NAME
from coopdec_rules.advice.models import Avis
from coopdec_rules.advice.replies import answer_codes
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.errors import Problem, ScenarioError
from coopdec_rules.replay.signing import Signer
from coopdec_rules.territories import load_directory
from coopdec_rules.web.avis import downloads, keeping, permalink
from coopdec_rules.web.avis.detail_view import detail_view
from coopdec_rules.web.avis.lexicon import Lexicon
from coopdec_rules.web.avis.page_view import PageView, page_view
from coopdec_rules.web.avis.permalink import DIGITS, MAX_LINK, Link
from coopdec_rules.web.avis.seal import Seal
from coopdec_rules.web.fields import FieldCodec, Fields
from coopdec_rules.web.guide import places
from coopdec_rules.web.guide.draft import PATH, SUMMARY
from coopdec_rules.web.hosting.settings import Settings
from coopdec_rules.web.problems import Refused, reads_pages
from coopdec_rules.web.render import Render
from coopdec_rules.web.sent import sent_fields
from coopdec_rules.web.service import Service
from coopdec_rules.web.turns import Turns
from coopdec_rules.web.typeset import Document

#: Facts that say, in the title of an avis, what it is about.
_SUBJECT = (ACTION_TITLE, ACTOR_NAME)
#: Where the reasoning is, rule by rule.
DETAIL = "/avis/detail"
#: How many answers just given a page names.
_NAMED = 10
#: Parts of the page where one answers: one comes back there.
PLACES = ("questions", "suite", "palier", "presumes")
#: Names of what a form sends beside facts.
_BESIDE = (*permalink.NAMES, "ici")
#: An avis is somebody's affair: it is neither kept on the way nor indexed.
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


@dataclass(frozen=True, slots=True)
class _File:
    """A file to download, or the document from which it is set."""

    name: str
    body: bytes | Document
    media: str


class AvisPages:
    """Routes of everything that shows one avis to a person.

    ``form_page`` shows the form again, with the mistakes found in what was sent; ``seal`` marks
    what links tell of past answers, ``signer`` receipts; ``settings`` give the public address and
    the prefix.
    """

    def __init__(
        self,
        service: Service,
        codec: FieldCodec,
        render: Render,
        form_page: Callable[[Fields, ScenarioError], Response],
        seal: Seal,
        settings: Settings,
        signer: Signer | None = None,
    ) -> None:
        self.service = service
        self.codec = codec
        self.render = render
        self.form_page = form_page
        self.seal = seal
        self.settings = settings
        self.signer = signer
        self.router = self._routes()

    # -- one avis ----------------------------------------------------------------------------

    def advice(self, link: Link, complete: bool = False) -> Advice:
        """What today's rulebook answers on a link's scenario.  Raises ``ScenarioError``."""
        return self.service.advice(link.document, link.reading_day(paris_today()), complete)

    def _current(self, link: Link, avis: Avis) -> Link:
        """The same scenario, with the day, the rulebook and the answers of this avis."""
        return Link(
            link.document,
            None if link.dated else dt.date.fromisoformat(avis["droit_au"]),
            self.service.book.fingerprint[:DIGITS],
            answer_codes(avis),
            situation=link.situation,
        )

    def subject(self, advice: Advice, link: Link) -> list[str]:
        """What the avis is about, as the scenario names it, or the situation it came from; who."""
        facts = advice.scenario.base.scenario
        found = [str(facts[name]) for name in _SUBJECT if name in facts]
        situation = self.service.book.situations.get(link.situation)
        named = situation is None or ACTION_TITLE in facts
        return found if named or situation is None else [situation.title, *found]

    def _show(
        self,
        link: Link,
        base: str,
        answered: Sequence[str] = (),
        here: str = "",
        mistakes: Sequence[Problem] = (),
        typed: dict[str, str] | None = None,
    ) -> Response:
        """The page of an avis, for a reader who comes from ``here``, at the address ``base``."""
        try:
            advice = self.advice(link)
        except ScenarioError as error:
            return self._private(self.form_page(self.codec.fill(link.document), error))
        avis = advice.avis
        current = self._current(link, avis)
        view: PageView = page_view(self.service, advice, link, current, self.seal)
        shared = self._shared(advice, link, current)
        follow = view.follow(link.before, answered) if link.before else None
        day = dt.date.fromisoformat(avis["droit_au"])
        plain = places.plain_notice(load_directory, link.document, day)
        if here not in PLACES or (here == "presumes" and not view.presumed):
            here = ""
        if here == "suite" and not view.later_questions:
            here = "questions"
        response = self.render(
            "avis.html",
            422 if mistakes else 200,
            **shared,
            vue=view,
            mots=view.words,
            lexique=Lexicon(self.service.book.wordbook),
            modifier=f"{PATH}?{urlencode({'etape': SUMMARY, 's': shared['code']})}",
            adresse=f"{base}/avis?{shared['lien']}",
            courriel=keeping.mail(base, self.subject(advice, link), current, self.seal),
            suivi=follow,
            ici=here if follow else "",
            provenance=plain,
            lieu_dit=() if plain else places.notices(load_directory, link.document, day),
            exercees=(),  # shown by the form, where they can be corrected
            fautes={problem.pointer: problem for problem in mistakes},
            saisies=typed or {},
        )
        return self._private(response)

    def _detail(self, link: Link, complete: bool) -> Response:
        """The reasoning of an avis, rule by rule, and the files that replay it."""
        try:
            advice = self.advice(link, complete)
        except ScenarioError as error:
            return self._private(self.form_page(self.codec.fill(link.document), error))
        return self._private(
            self.render(
                "avis_detail.html",
                **self._shared(advice, link, self._current(link, advice.avis)),
                detail=detail_view(self.service, advice),
                lexique=str,
                complet=complete,
            )
        )

    def _shared(self, advice: Advice, link: Link, current: Link) -> dict[str, object]:
        """What every page of an avis is given."""
        query = permalink.query(current, self.seal)
        return {
            "avis": advice.avis,
            "objet": self.subject(advice, link),
            "code": permalink.encode(link.document),
            "jour": current.day.isoformat() if current.day else None,
            "de": link.situation,
            "lien": query if len(query) <= MAX_LINK else None,
            "ancien": permalink.query(link, self.seal) if link.fingerprint else None,
        }

    def _private(self, response: Response) -> Response:
        response.headers.update(PRIVATE)
        return response

    # -- answers sent ------------------------------------------------------------------------

    def _sent(self, fields: list[tuple[str, str]], base: str) -> Response:
        """A whole form, or answers to add to the scenario of a page."""
        if any(name == "s" for name, _ in fields):
            return self._answered(fields, base)
        state, _, problems = self.codec.read(fields)
        if problems:
            return self._private(self.form_page(state, ScenarioError(problems)))
        link = Link(self.codec.document(state))
        try:
            advice = self.advice(link)
        except ScenarioError as error:
            return self._private(self.form_page(state, error))
        return self._towards(self._current(link, advice.avis)) or self._show(link, base)

    def _answered(self, fields: list[tuple[str, str]], base: str) -> Response:
        link = permalink.read(fields, self.seal)
        if link is None:  # the caller saw an « s »
            raise Refused("lien")
        before = self.advice(link).avis
        state = self.codec.fill(link.document)
        # A field left empty is a question left open.
        given = [(n, text) for n, text in fields if n not in _BESIDE and text.strip()]
        here = next((text for n, text in fields if n == "ici"), "")
        problems = self.codec.overlay(state, given)
        if problems:
            raise Refused("illisible", f"{problems[0].message} ({problems[0].pointer})")
        typed = dict(given)
        changed = Link(
            self.codec.document(state),
            link.day,
            before=answer_codes(before),
            situation=link.situation,
        )
        try:
            avis = self.advice(changed).avis
        except ScenarioError as error:
            return self._show(link, base, mistakes=error.problems, typed=typed)
        named = list(typed)[:_NAMED]
        current = replace(self._current(changed, avis), before=changed.before)
        return self._towards(current, named, here) or self._show(changed, base, named, here)

    def _towards(self, link: Link, answered: Sequence[str] = (), here: str = "") -> Response | None:
        """A redirection to the permalink; ``None`` when it is too long for an address."""
        query = permalink.query(link, self.seal)
        if answered:
            query += "&" + urlencode([("q", name) for name in answered])
        if here in PLACES:
            query += f"&ici={here}"
        if len(query) > MAX_LINK:
            return None
        anchor = "#suivi" if link.before is not None else ""
        return self._private(RedirectResponse(f"/avis?{query}{anchor}", 303))

    # -- routes ------------------------------------------------------------------------------

    def _routes(self) -> APIRouter:
        router = APIRouter(include_in_schema=False, default_response_class=Response)

        @router.get("/avis")
        async def avis(request: Request) -> Response:
            pairs = request.query_params.multi_items()
            link = permalink.read(pairs, self.seal)
            if link is None:
                return RedirectResponse("/", 303)
            return await self.service.desk.of(link.document).run(
                self._show,
                link,
                self.base(request),
                request.query_params.getlist("q")[:_NAMED],
                request.query_params.get("ici", ""),
            )

        @router.post("/avis")
        async def sent(request: Request) -> Response:
            fields = await sent_fields(request)
            return await self._turns(fields).run(self._sent, fields, self.base(request))

        async def detail(request: Request, pairs: Sequence[tuple[str, str]]) -> Response:
            link = permalink.read(pairs, self.seal)
            if link is None:
                return RedirectResponse("/", 303)
            complete = request.query_params.get("complet") == "1"
            return await self.service.desk.of(link.document).run(self._detail, link, complete)

        @router.get(DETAIL)
        async def detail_asked(request: Request) -> Response:
            return await detail(request, request.query_params.multi_items())

        @router.post(DETAIL)
        async def detail_sent(request: Request) -> Response:
            return await detail(request, await sent_fields(request))

        for name, make in downloads.files(self.signer).items():
            self._download(router, name, make)
        return router

    def _download(self, router: APIRouter, name: str, make: downloads.Maker) -> None:
        """Serve a file from a permalink, or from the same fields sent by a form."""

        async def answer(request: Request, pairs: Sequence[tuple[str, str]]) -> Response:
            by_person = reads_pages(request.scope)
            found = await self._turns(pairs).run(self._file, pairs, name, make, by_person)
            if isinstance(found, Response):
                return found
            body = found.body
            if isinstance(body, Document):
                document = body
                body = await self.service.reports.pdf(lambda: document)
            response = Response(body, media_type=found.media)
            response.headers["Content-Disposition"] = f"attachment; filename={quote(found.name)}"
            return self._private(response)

        async def get(request: Request) -> Response:
            return await answer(request, request.query_params.multi_items())

        async def post(request: Request) -> Response:
            return await answer(request, await sent_fields(request))

        router.add_api_route(f"/{name}", get, methods=["GET"])
        router.add_api_route(f"/{name}", post, methods=["POST"])

    def _turns(self, pairs: Sequence[tuple[str, str]]) -> Turns:
        """The turns of what is asked.  Raises ``Refused`` when it carries a broken link."""
        desk, link = self.service.desk, permalink.read(pairs, self.seal)
        return desk.of_fields(name for name, _ in pairs) if link is None else desk.of(link.document)

    def _file(
        self, pairs: Sequence[tuple[str, str]], name: str, make: downloads.Maker, by_person: bool
    ) -> Response | _File:
        """The file asked for.

        A refused scenario is told as the form to whom reads pages (``by_person``), and as a problem
        document (``ScenarioError``) to programs.
        """
        link = permalink.read(pairs, self.seal)
        if link is None:
            raise Refused("lien", "Cette adresse doit porter un scénario (paramètre « s »).")
        try:
            advice = self.advice(link)
        except ScenarioError as error:
            if not by_person:
                raise
            return self._private(self.form_page(self.codec.fill(link.document), error))
        current = self._current(link, advice.avis)
        body, media = make(self.service, link, advice, self._public(current))
        stem, _, suffix = name.partition(".")
        named = keeping.file_name(stem, self.subject(advice, link), advice.avis["droit_au"])
        return _File(f"{named}.{suffix}", body, media)

    def base(self, request: Request) -> str:
        """The address of the service: the public one, else the one this page was asked at."""
        here = f"{request.url.scheme}://{request.url.netloc}{self.settings.prefix}"
        return self.settings.public_address or here

    def _public(self, link: Link) -> str:
        """The public address of an avis; "" when the host gives none, or it is too long."""
        query = permalink.query(link, self.seal)
        public = self.settings.public_address
        return f"{public}/avis?{query}" if public and len(query) <= MAX_LINK else ""
