"""The page of what an avis lets prepare, and its files, from the same permalink."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from coopdec_rules.advice.advisor import Advice
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.documents import calendar_file
from coopdec_rules.documents.blocks import Document as Composed
from coopdec_rules.documents.compose import slug
from coopdec_rules.documents.room import Closed, Documents, Offer
from coopdec_rules.errors import ScenarioError, suggest
from coopdec_rules.rulebook.words import date as date_words
from coopdec_rules.web.avis import permalink
from coopdec_rules.web.avis.pages import PRIVATE, AvisPages
from coopdec_rules.web.avis.permalink import MAX_LINK, Link
from coopdec_rules.web.documents.files import FORMATS, MEDIA, written
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.render import Render
from coopdec_rules.web.sent import sent_fields
from coopdec_rules.web.service import Service
from coopdec_rules.web.typeset import Document as Typeset

#: Names of the fields that the page adds to a permalink.
SEANCE, PUBLICATION = "seance", "publication"
_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)
_KINDS = {
    "limite": "délai légal",
    "effet": "condition pour que l'acte ait effet",
    "conseil": "conseil",
}
_NO_LINK = "Cette adresse doit porter un scénario (paramètre « s »)."


@dataclass(frozen=True, slots=True)
class File:
    """A file to download, or what it is set from."""

    name: str
    body: bytes | Typeset
    media: str


class DocumentPages:
    """Routes of documents, calendar and contacts; ``avis`` reads links and shows mistakes."""

    def __init__(
        self, service: Service, documents: Documents, avis: AvisPages, render: Render
    ) -> None:
        self.service, self.documents = service, documents
        self.avis, self.render = avis, render
        self.router = self._routes()

    # -- the page ------------------------------------------------------------------------------

    def _page(self, pairs: Sequence[tuple[str, str]], sent: bool) -> Response:
        fields = dict(pairs)
        link = self._link(pairs)
        mistake = ""
        if sent and fields.get(SEANCE):
            day = _day(fields[SEANCE])
            if day is None:
                mistake = "Cette date de séance ne se lit pas : écrire par exemple 2026-12-10."
            else:
                document = {**link.document, "date": day.isoformat()}
                link = Link(document, situation=link.situation)
        published = _day(fields.get(PUBLICATION, ""))
        if fields.get(PUBLICATION) and published is None:
            mistake = "Cette date de publication ne se lit pas : écrire par exemple 2026-12-11."
        query = self._query(link)
        if sent and query is not None and not mistake:
            more = {PUBLICATION: published.isoformat()} if published else {}
            return RedirectResponse(
                f"/avis/documents?{query}{'&' if more else ''}{urlencode(more)}", 303
            )
        try:
            advice = self.avis.advice(link)
        except ScenarioError as error:
            return self.avis.form_page(self.avis.codec.fill(link.document), error)
        return self._shown(link, advice, query, published, mistake)

    def _shown(
        self, link: Link, advice: Advice, query: str | None, published: dt.date | None,
        mistake: str,
    ) -> Response:  # fmt: skip
        today = paris_today()
        day = advice.scenario.day
        if published is not None and published < day:
            mistake, published = "La publication ne peut pas précéder la séance.", None
        given = self.documents.given(advice, published)
        calendar = self.documents.calendar(advice, given)
        offers = self.documents.offers(advice, today)
        code = permalink.encode(link.document)
        return self.render(
            "documents.html",
            422 if mistake else 200,
            objet=self.avis.subject(advice, link),
            phrase=advice.avis["resume"]["habilitation"],
            jour=date_words(day),
            seance=day.isoformat(),
            publication=published.isoformat() if published else None,
            publie=date_words(given.publication),
            suffixe=f"&{urlencode({PUBLICATION: published.isoformat()})}" if published else "",
            passee=day < today,
            code=code,
            de=link.situation,
            d=link.day.isoformat() if link.day and not link.dated else None,
            lien=query,
            retour=f"/avis?{query}" if query else f"/demande?{urlencode({'s': code})}",
            faute=mistake,
            formats=list(FORMATS.items()),
            groupes=_grouped(offers),
            etapes=calendar.entries,
            genres=_KINDS,
            contacts=self.documents.contacts(advice),
        )

    # -- files ---------------------------------------------------------------------------------

    def _file(self, pairs: Sequence[tuple[str, str]], ident: str, form: str) -> File:
        advice = self.avis.advice(self._link(pairs))
        document = made(self.documents, advice, ident, self._published(pairs, advice))
        return File(f"{document.stem}.{form}", written(document, form), MEDIA[form])

    def _calendar(self, pairs: Sequence[tuple[str, str]]) -> File:
        advice = self.avis.advice(self._link(pairs))
        published = self._published(pairs, advice)
        body, stem = calendar_of(self.documents, advice, published)
        return File(f"{stem}.ics", body, calendar_file.MEDIA)

    def _published(self, pairs: Sequence[tuple[str, str]], advice: Advice) -> dt.date | None:
        """The day of publication that an address gives.  Raises ``Refused``."""
        text = dict(pairs).get(PUBLICATION, "")
        published = _day(text)
        if text and published is None:
            raise Refused("parametre", "La date de publication ne se lit pas (AAAA-MM-JJ).")
        return checked(published, advice)

    def _link(self, pairs: Sequence[tuple[str, str]]) -> Link:
        link = permalink.read(pairs, self.avis.seal)
        if link is None:
            raise Refused("lien", _NO_LINK)
        return link

    def _query(self, link: Link) -> str | None:
        """The query of the link, when an address can carry it."""
        kept = Link(link.document, link.day, situation=link.situation)
        query = permalink.query(kept, self.avis.seal)
        return query if len(query) <= MAX_LINK else None

    # -- routes --------------------------------------------------------------------------------

    def _routes(self) -> APIRouter:
        router = APIRouter(include_in_schema=False, default_response_class=Response)

        def add(path: str, work: Callable[..., Response | File]) -> None:
            async def get(request: Request) -> Response:
                return await self._answer(request, request.query_params.multi_items(), False, work)

            async def post(request: Request) -> Response:
                return await self._answer(request, await sent_fields(request), True, work)

            router.add_api_route(path, get, methods=["GET"])
            router.add_api_route(path, post, methods=["POST"])

        add("/avis/documents", lambda _, pairs, sent: self._page(pairs, sent))
        add("/avis/documents/calendrier.ics", lambda _, pairs, __: self._calendar(pairs))
        add("/avis/documents/{nom}", lambda request, pairs, _: self._named(request, pairs))
        return router

    def _named(self, request: Request, pairs: Sequence[tuple[str, str]]) -> File:
        ident, _, form = request.path_params["nom"].rpartition(".")
        if form not in FORMATS or ident not in self.documents.library.models:
            raise Refused("introuvable")
        return self._file(pairs, ident, form)

    async def _answer(
        self,
        request: Request,
        pairs: Sequence[tuple[str, str]],
        sent: bool,
        work: Callable[..., Response | File],
    ) -> Response:
        turns = self.service.desk.of(self._link(pairs).document)
        found = await turns.run(work, request, pairs, sent)
        response = found if isinstance(found, Response) else await self._sent(found)
        response.headers.update(PRIVATE)
        return response

    async def _sent(self, file: File) -> Response:
        body = file.body
        if isinstance(body, Typeset):
            document = body
            body = await self.service.reports.pdf(lambda: document)
        response = Response(body, media_type=file.media)
        response.headers["Content-Disposition"] = f"attachment; filename={file.name}"
        return response


def checked(published: dt.date | None, advice: Advice) -> dt.date | None:
    """A day of publication that the séance precedes.  Raises ``Refused``."""
    if published is not None and published < advice.scenario.day:
        raise Refused("parametre", "La publication ne peut pas précéder la séance.")
    return published


def made(
    documents: Documents, advice: Advice, ident: str, published: dt.date | None = None
) -> Composed:
    """A document.  Raises ``Refused``: it is not one, or the avis does not allow it."""
    if ident not in documents.library.models:
        near = suggest(ident, documents.library.models)
        raise Refused(
            "introuvable",
            "Ce document n'existe pas." + (f" Vouliez-vous dire « {near} » ?" if near else ""),
        )
    try:
        given = documents.given(advice, published)
        return documents.make(advice, ident, paris_today(), given)
    except Closed as error:
        raise Refused("document", str(error)) from None


def calendar_of(
    documents: Documents, advice: Advice, published: dt.date | None
) -> tuple[bytes, str]:
    """The .ics file of the calendar, and the stem of its name."""
    calendar = documents.calendar(advice, documents.given(advice, published))
    actor = str(advice.scenario.base.scenario.get("acteur.nom") or "collectivité")
    title = f"{actor} : démarches de la séance du {date_words(advice.scenario.day)}"
    stem = f"{slug(actor)}_calendrier_{advice.scenario.day.isoformat()}"
    return calendar_file.write(calendar, title), stem


def _grouped(offers: Sequence[Offer]) -> list[tuple[str, list[Offer]]]:
    """The documents kind by kind, in the order of the first of each; what may be made first."""
    found: dict[str, list[Offer]] = {}
    for offer in offers:
        found.setdefault(offer.kind_title, []).append(offer)
    return [
        (title, sorted(kind, key=lambda offer: offer.state != "possible"))
        for title, kind in found.items()
    ]


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if _FIRST <= day <= _LAST else None
