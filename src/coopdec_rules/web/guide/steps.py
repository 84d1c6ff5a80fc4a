"""Shows the steps of the guided form, and leads from one to another.

The state travels in the page and in its address (``permalink``): every change answers with a
redirection to an address that holds all of it, so that a reload, a bookmark or the back button
lose nothing, and nothing is kept on the server.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.errors import Problem
from coopdec_rules.territories import load_directory
from coopdec_rules.web.avis.permalink import decode
from coopdec_rules.web.avis.view import AvisWords
from coopdec_rules.web.field_view import field_id, mistake_text
from coopdec_rules.web.fields import FieldCodec, Fields
from coopdec_rules.web.guide import places
from coopdec_rules.web.guide.draft import SUMMARY, Checker, Draft
from coopdec_rules.web.guide.interest import Judge
from coopdec_rules.web.guide.summary import chapters
from coopdec_rules.web.guide.view import GuidePresenter, StepView
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.render import Render
from coopdec_rules.web.service import Service

#: Somebody's affair: neither indexed nor kept by anyone, the browser included.
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}


@dataclass(frozen=True, slots=True)
class Shown:
    """How a step is shown.

    ``query``: a search; ``missing``: tell which required answers are missing; ``brought``: the
    answers just given bring questions; ``found``: an actor was just filled in; ``unchosen``: it was
    asked for, without a choice; ``assumed``: a day was read from less; ``example``: title of the
    worked case that the answers come from.
    """

    query: str = ""
    unchosen: bool = False
    assumed: bool = False
    missing: bool = False
    brought: bool = False
    found: bool = False
    example: str | None = None


class Steps:
    """The steps of one service's form.  Keeps nothing from one request to the next."""

    def __init__(self, service: Service, codec: FieldCodec, render: Render) -> None:
        self.service = service
        self.codec = codec
        self.render = render
        self.checker = Checker(service.advisor)
        self.judge = Judge(service.advisor, service.limits)
        self.presenter = GuidePresenter(service.book, codec, service.advisor.wording)
        self.words = AvisWords(service.book)
        self.names = (*service.book.themes, SUMMARY)

    def draft(self, state: Fields, extra: Sequence[Problem] = ()) -> Draft:
        """The scenario that fields describe."""
        return Draft(self.codec, self.checker, state, extra)

    def opened(self, code: str | None) -> Fields:
        """The form that a link's scenario fills.

        Raises ``Refused``, also for lists too long for the form: none of it is dropped.
        """
        if not code:
            return self.codec.blank()
        document = decode(code)
        if problems := self.service.advisor.reader.too_long(document):
            told = f"{problems[0].pointer} : {mistake_text(problems[0])}"
            raise Refused("scenario", told, problems)
        return self.codec.fill(document)

    def day(self, document: Mapping[str, object]) -> dt.date:
        """The day the law of a document being written is read at."""
        return self.service.advisor.reader.readable(document, paris_today())[0].day

    def show(self, ident: str, draft: Draft, how: Shown, status: int = 200) -> Response:
        today = paris_today()
        interest = self.judge.judge(draft.document, today)
        mistakes = tuple(self.presenter.mistakes(draft, how.missing, ident))
        values = {
            "themes": self.presenter.themes,
            "etape": ident,
            "numero": self.names.index(ident) + 1,
            "precedente": self.presenter.previous(ident),
            "brouillon": draft,
            "faites": self.presenter.answered(draft),
            "fautes": mistakes,
            "jour": self.words.day(interest.day.isoformat()),
            "exemple": how.example,
            "lieu_dit": places.notices(load_directory, draft.document, interest.day),
            "exercees": self._exercised(draft),
        }
        if ident == SUMMARY:
            response = self.render(
                "formulaire_resume.html",
                status,
                **values,
                chapitres=tuple(chapters(self.presenter, draft, interest)),
                ouvertes=self._open_questions(draft),
            )
        else:
            view = self.presenter.step(ident, draft, interest, how.missing)
            response = self.render(
                "formulaire.html",
                status,
                **values,
                vue=view,
                suivante=self.presenter.following(ident),
                recherche=self._search(view, how.query),
                remplie=how.found,
                sans_choix=how.unchosen,
                supposee=how.assumed,
                nouvelles=how.brought,
            )
        response.headers.update(PRIVATE)
        return response

    def _search(self, view: StepView, query: str) -> places.SearchView | None:
        """The search of the actor, on the step that asks who acts."""
        return places.search(load_directory, query) if view.acts else None

    def _exercised(self, draft: Draft) -> tuple[places.ExercisedView, ...]:
        """What the national base cites for the actor's grouping."""
        domains = self.service.book.facts.get(places.DOMAIN)
        labels = domains.values if domains else {}
        return places.exercised(load_directory, draft.document, labels)

    def _open_questions(self, draft: Draft) -> list[tuple[str, str | None]]:
        """Questions that still bear on the avis, each with the address where it is asked."""
        if draft.problems:
            return []
        found = []
        # Remembered: the avis asked next is this one.
        advice = self.service.advice(draft.document, paris_today())
        for question in advice.avis["questions"]:
            if question["pertinent_si"] is not None:
                continue
            text = question["question"]
            if question["element"] is not None:
                text = f"{self.words.item(question['fait'], question['element'])} : {text}"
            found.append((text, self._place_of(question["pointeur"], draft)))
        return found

    def _place_of(self, pointer: str, draft: Draft) -> str | None:
        """Address of the step that asks a fact, at its field."""
        found = self.codec.place(pointer, draft.state)
        if found is None:
            return None
        return draft.address(self.presenter.theme_of(found[0]).id, field_id(pointer))

    def go(self, ident: str, draft: Draft, how: Shown, anchor: str = "") -> Response:
        """To a step: by its address, or at once when the scenario is too long for one."""
        more = {"fautes": "1"} if how.missing else {}
        more |= {"q": how.query} if how.query else {}
        more |= {"choix": "1"} if how.unchosen else {}
        more |= {"lu": "1"} if how.assumed else {}
        more |= {"nouvelles": "1"} if how.brought else {}
        more |= {"rempli": "1"} if how.found else {}
        address = draft.address(ident, anchor, **more)
        if address is None or draft.extra:
            return self.show(ident, draft, how, 422 if draft.extra else 200)
        return RedirectResponse(address, 303, headers=PRIVATE)

    def view(self, step: str, draft: Draft) -> StepView:
        interest = self.judge.judge(draft.document, paris_today())
        return self.presenter.step(step, draft, interest, missing=False)

    def part(self, step: str, before: Draft, draft: Draft) -> Response:
        """The questions alone, as the answers leave them."""
        interest = self.judge.judge(draft.document, paris_today())
        view = self.presenter.step(step, draft, interest, missing=False)
        asked = set(self.view(step, before).asked)
        response = self.render(
            "formulaire_questions.html",
            vue=view,
            brouillon=draft,
            jour=self.words.day(interest.day.isoformat()),
            lieu_dit=places.notices(load_directory, draft.document, interest.day),
            exercees=self._exercised(draft),
            adresse=draft.address(step),
            nombre=sum(name not in asked for name in view.asked),
        )
        response.headers.update(PRIVATE)
        return response
