"""The way from a situation: who acts, then the few questions that matter, then the avis.

As in the long way, the page and its address carry everything, and nothing is kept here: ``s`` the
answers, ``vu`` what earlier screens asked, ``ici`` what this one asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from coopdec_rules.advice.answers import ACTOR_NATURE
from coopdec_rules.advice.course import MOST, Course, stated_at
from coopdec_rules.advice.scenario import Scenario, pointer_of
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.errors import Problem, suggest
from coopdec_rules.rulebook.situations import Situation
from coopdec_rules.territories import load_directory
from coopdec_rules.web.avis.permalink import MAX_LINK
from coopdec_rules.web.fields import Fields
from coopdec_rules.web.guide import course_view, places
from coopdec_rules.web.guide.answers import AVIS, FILL, Answers
from coopdec_rules.web.guide.course_view import At, CoursePresenter, CourseView
from coopdec_rules.web.guide.draft import Draft
from coopdec_rules.web.guide.steps import PRIVATE, Steps
from coopdec_rules.web.problems import Refused

PATH = "/situation"
#: Questions of one screen.
PER_SCREEN = 4
#: What the first screen asks: who acts, when.
WHO: tuple[At, ...] = (("date", None), (ACTOR_NATURE, None))
#: Fields that are not answers.
_OWN = {"s", "vu", "ici", "aller", "chercher", "q", "deja", "lieu", "propose"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where someone is on the way from a situation."""

    situation: Situation
    draft: Draft
    seen: tuple[At, ...] = ()
    here: tuple[At, ...] = ()

    def address(self, **more: str) -> str | None:
        """Its address; ``None`` when the answers are too long for one."""
        pairs = {"s": self.draft.code}
        for name, facts in (("vu", self.seen), ("ici", self.here)):
            if facts:
                pairs[name] = course_view.written(facts)
        found = f"{PATH}/{self.situation.id}?{urlencode({**pairs, **more})}"
        return found if len(found) <= MAX_LINK else None


class CoursePages:
    """Shows the screens of a situation, and leads from one to the next.  Keeps nothing."""

    def __init__(self, steps: Steps, answers: Answers) -> None:
        self.steps = steps
        self.answers = answers
        self.book = steps.service.book
        self.presenter = CoursePresenter(
            self.book, steps.presenter.fields, steps.service.advisor.wording
        )

    # -- asked for ---------------------------------------------------------------------------

    def shown(self, ident: str, request: Request) -> Response:
        """The screen of an address."""
        query = request.query_params
        situation = self._situation(ident)
        place = Place(
            situation,
            self._opened(situation, query.get("s")),
            course_view.read(self.book, query.get("vu", "")),
            course_view.read(self.book, query.get("ici", "")),
        )
        if not self._who_known(place.draft) or query.get("qui") == "1":
            return self._who(place, query.get("q", "")[:100], query.get("choix") == "1")
        return self._questions(place, query.get("lu") == "1")

    # -- sent --------------------------------------------------------------------------------

    def sent(self, ident: str, fields: list[tuple[str, str]], part: bool) -> Response:
        """Answers; ``part``: only the questions are wanted, to replace those of the page."""
        situation = self._situation(ident)
        own: dict[str, str] = {}
        rest: list[tuple[str, str]] = []
        for name, text in fields:
            if name in _OWN and name not in own:
                own[name] = text
            else:
                rest.append((name, text))
        before = self._opened(situation, own.get("s"))
        state = self._opened(situation, own.get("s")).state
        extra = self.steps.codec.overlay(state, rest)
        assumed = self.steps.codec.assumed(rest)
        self._copy(situation, before, state)
        place = Place(
            situation,
            self.steps.draft(state, extra),
            course_view.read(self.book, own.get("vu", "")),
            course_view.read(self.book, own.get("ici", "")),
        )
        if part and place.here != WHO:
            return self._part(place)
        if own.get("aller") == AVIS:
            return self.answers.to_avis(place.draft, place.situation.id)
        if place.here == WHO or not self._who_known(place.draft):
            return self._who_sent(place, own, assumed)
        return self._onward(place, assumed)

    def _who_sent(self, place: Place, own: dict[str, str], assumed: bool) -> Response:
        """From the first screen: a search, a choice in it, or answers typed.

        ``assumed``: a day was read from less than it says.
        """
        query = own.get("q", "").strip()
        searching = "chercher" in own or (query != "" and query != own.get("deja", "").strip())
        code = own.get("lieu", "")
        if code and code == own.get("propose") and searching:
            code = ""
        if code and "chercher" not in own:
            territory = load_directory().by_code(code)
            if territory is None:
                raise Refused("introuvable", "Cette commune ou ce groupement n'existe pas.")
            filled = self.steps.codec.fill(places.filled(place.draft.document, territory))
            place = Place(place.situation, self.steps.draft(filled, place.draft.extra))
        elif searching:
            return self._go(place, q=query, qui="1")
        elif own.get("aller") == FILL:
            return self._go(place, q=query, qui="1", choix="1")
        if self._mistakes(place.draft, WHO) or not self._who_known(place.draft):
            return self._who(place, query, False, told=True)
        return self._go(Place(place.situation, place.draft), lu="1" if assumed else "")

    def _onward(self, place: Place, assumed: bool) -> Response:
        """To the next questions, or to the avis when nothing more is worth asking."""
        if self._mistakes(place.draft, place.here):
            return self._questions(place, told=True)
        if assumed:
            return self._go(place, lu="1")
        following = Place(
            place.situation, place.draft, tuple(dict.fromkeys((*place.seen, *place.here)))
        )
        scenario, course = self._course(following)
        if not self._asked(following, scenario, course):
            return self.answers.to_avis(place.draft, place.situation.id)
        return self._go(following)

    def _copy(self, situation: Situation, before: Draft, state: Fields) -> None:
        """Write what answers also say, unless something else was said of it."""
        facts = self.book.facts
        for name, copy in situation.copies.items():
            source, target = facts[name], facts[copy.target]
            count = state.counts[source.scope] if source.scope else 1
            for item in range(count):
                if target.scope and item >= state.counts[target.scope]:
                    continue
                here, there = pointer_of(source, item), pointer_of(target, item)
                said = state.values.get(there, "")
                earlier = copy.values.get(before.state.values.get(here, ""), "")
                now = copy.values.get(state.values.get(here, ""), "")
                if said in ("", earlier) and said != now:
                    state.values[there] = now

    # -- shown -------------------------------------------------------------------------------

    def _who(self, place: Place, query: str, unchosen: bool, told: bool = False) -> Response:
        place = Place(place.situation, place.draft, place.seen, WHO)
        problems = self._mistakes(place.draft, WHO) if told else ()
        by_pointer = {p.pointer: p for p in problems}
        fields = {}
        for name, _ in WHO:
            fact = self.book.facts[name]
            pointer = pointer_of(fact, None)
            fields[name] = self.steps.presenter.fields.field(
                fact,
                pointer,
                place.draft.state.values.get(pointer, ""),
                by_pointer.get(pointer),
            )
        return self._render(
            "situation_qui.html",
            place,
            recherche=places.search(load_directory, query),
            sans_choix=unchosen,
            champs=fields,
            fautes=len(problems),
            status=422 if place.draft.extra else 200,
        )

    def _questions(self, place: Place, assumed: bool = False, told: bool = False) -> Response:
        view = self._view(place)
        if isinstance(view, Response):
            return view
        place, shown = view
        return self._render(
            "situation.html",
            place,
            vue=shown,
            fautes=sum(asked.field.error is not None for asked in shown.asked) if told else 0,
            supposee=assumed,
            status=422 if place.draft.extra else 200,
        )

    def _part(self, place: Place) -> Response:
        view = self._view(place)
        if isinstance(view, Response):
            return view
        place, shown = view
        return self._render("situation_questions.html", place, vue=shown)

    def _view(self, place: Place) -> Response | tuple[Place, CourseView]:
        """The place with what it asks, and how that is shown; to the avis when nothing is."""
        scenario, course = self._course(place)
        here = self._asked(place, scenario, course)
        if not here:
            return self.answers.to_avis(place.draft, place.situation.id)
        place = Place(place.situation, place.draft, place.seen, here)
        shown = self.presenter.view(
            course,
            here,
            place.draft,
            self.steps.judge.beside(scenario),
            {(p.fact.id, p.item): p for p in scenario.presumed if p.origin},
            MOST - len(place.seen) - len(here),
            place.situation.words,
        )
        return place, shown

    def _course(self, place: Place) -> tuple[Scenario, Course]:
        advisor = self.steps.service.advisor
        scenario = advisor.readable(place.draft.document, paris_today())
        return scenario, advisor.course(scenario, place.situation, place.seen)

    def _asked(self, place: Place, scenario: Scenario, course: Course) -> tuple[At, ...]:
        """What a screen asks: what it did and still matters or is answered, then what is next."""
        room = min(PER_SCREEN, MOST - len(place.seen))
        useful = [question.at for question in course.questions]
        wrong = {p.pointer for p in place.draft.typed}
        kept = [
            at
            for at in place.here
            if at not in place.seen
            and (
                at in useful
                or stated_at(scenario, at)
                or pointer_of(self.book.facts[at[0]], at[1]) in wrong
            )
        ]
        return tuple(dict.fromkeys([*kept, *useful]))[: max(room, len(kept))]

    def _render(self, template: str, place: Place, status: int = 200, **values: object) -> Response:
        document = place.draft.document
        day = self.steps.day(document)
        response = self.steps.render(
            template,
            status,
            situation=place.situation,
            brouillon=place.draft,
            vu=course_view.written(place.seen),
            ici=course_view.written(place.here),
            adresse=place.address(),
            qui=place.address(qui="1"),
            acteur=places.name(document),
            numero=2 if place.here == WHO else 3 + (len(place.seen) > 0),
            jour=self.steps.words.day(day.isoformat()),
            lieu_dit=places.notices(load_directory, document, day),
            exercees=(),
            resume=place.draft.address("resume"),
            **values,
        )
        response.headers.update(PRIVATE)
        return response

    # -- helpers -----------------------------------------------------------------------------

    def _go(self, place: Place, **more: str) -> Response:
        address = place.address(**{name: text for name, text in more.items() if text})
        if address is None or place.draft.extra:
            if more or not self._who_known(place.draft):
                return self._who(place, more.get("q", ""), bool(more.get("choix")))
            return self._questions(place)
        return RedirectResponse(address, 303, headers=PRIVATE)

    def _situation(self, ident: str) -> Situation:
        found = self.book.situations.get(ident)
        if found is None:
            near = suggest(ident, self.book.situations)
            hint = f" Vouliez-vous dire « {near} » ?" if near else ""
            raise Refused("introuvable", f"Cette situation n'existe pas.{hint}")
        return found

    def _opened(self, situation: Situation, code: str | None) -> Draft:
        """The draft of a link; without one, what the words of the situation say."""
        if code:
            return self.steps.draft(self.steps.opened(code))
        return self.steps.draft(self.steps.codec.fill(situation.scenario(self.book.facts)))

    def _who_known(self, draft: Draft) -> bool:
        fact = self.book.facts[ACTOR_NATURE]
        return fact.kind.read(draft.state.values.get(pointer_of(fact, None), ""), fact) is not None

    def _mistakes(self, draft: Draft, here: tuple[At, ...]) -> tuple[Problem, ...]:
        pointers = {pointer_of(self.book.facts[name], item) for name, item in here}
        return tuple(p for p in (*draft.extra, *draft.problems) if p.pointer in pointers)
