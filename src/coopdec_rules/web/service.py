"""What every handler needs: the advisor, the worked cases, and what is made once from them."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from coopdec_rules.advice.advisor import Advice, Advisor
from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.short import short
from coopdec_rules.documents.room import load_documents
from coopdec_rules.errors import RulebookError
from coopdec_rules.garbage import keep_what_is_loaded
from coopdec_rules.rulebook.archives import Archived, Archives
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import archives_folder, cases_folder, rules_folder
from coopdec_rules.web import catalogue
from coopdec_rules.web.bodies import glance, read_body
from coopdec_rules.web.kept import Kept
from coopdec_rules.web.lots.pool import Lots
from coopdec_rules.web.past import PastRulebooks
from coopdec_rules.web.past_process import Question
from coopdec_rules.web.press import Press
from coopdec_rules.web.serving import Limits
from coopdec_rules.web.turns import Desk
from coopdec_rules.workshop.cases import Case, load_cases

_log = logging.getLogger(__name__)

#: The largest request of which the answer is kept, in bytes.
_KEPT_BODY = 8 * 1024
#: Bytes that an advice takes in memory for each byte of its avis in JSON (measured: 1.2 to 2.3),
#: and what else is kept with an answer: its request and its place.
_WEIGHT, _BESIDE = 2.3, 2 * _KEPT_BODY


@dataclass(frozen=True, slots=True)
class _Weighed:
    """An advice, and what it takes in memory."""

    advice: Advice
    bytes: int


@dataclass(frozen=True, slots=True)
class Work:
    """An answer asked for with a JSON ``body``: what it is kept under, and what works it out."""

    key: tuple[object, ...]
    body: bytes
    work: Callable[[], bytes]
    #: The older rulebook that it is asked of, and how; ``None``: the one served.
    past: Archived | None = None
    question: Question | None = None


class Service:
    """Shared by all requests.  Nothing in it depends on a request."""

    def __init__(
        self,
        advisor: Advisor,
        cases: Iterable[Case],
        limits: Limits | None = None,
        archives: Archives | None = None,
    ) -> None:
        """``archives``: the released rulebooks kept; none by default."""
        self.advisor = advisor
        self.book = advisor.rulebook
        self.limits = limits = limits or Limits()
        self.documents = load_documents(self.book)
        self.desk = Desk(self.book, limits)
        self.lots = Lots(limits)
        self.past = PastRulebooks(self.book, archives or Archives(), limits)
        self.reports, self.booklets = Press("pdf", limits), Press("livret", limits)
        self.cases = {case.id: case for case in cases}
        self.examples = catalogue.examples(self.cases.values())
        self.health = to_json({"statut": "ok", "recueil": catalogue.served(self.book)})
        self.vocabulary = to_json(catalogue.vocabulary(self.book, advisor.wording))
        #: The same request asked again (a link that a council opens, a form gone back to) is
        #: answered from memory: an answer depends on nothing else than what it is kept under.
        half = limits.answers_bytes // 2
        self.answers: Kept[tuple[object, ...], bytes] = Kept(half, lambda b: len(b) + _BESIDE)
        self.advices: Kept[tuple[bytes, dt.date], _Weighed] = Kept(half, lambda kept: kept.bytes)

    def avis(
        self,
        body: bytes,
        complete: bool,
        today: dt.date,
        reasoning: bool = True,
        brief: bool = False,
        past: Archived | None = None,
    ) -> Work:
        """The avis (``brief``: its short form), in JSON, for the JSON scenario ``body``.

        Its work raises ``Refused`` when the body is not JSON, ``ScenarioError`` when it is no
        scenario.
        """

        def work() -> bytes:
            avis = self.advisor.advise(read_body(body), today, complete, reasoning).avis
            return to_json(short(avis) if brief else avis)

        asked = Question("avis", body, today, complete, reasoning, brief)
        return Work(("avis", complete, reasoning, brief, today), body, work, past, asked)

    def questions(self, body: bytes, today: dt.date, past: Archived | None = None) -> Work:
        """The questions still open, in JSON.  Its work raises as that of ``avis`` does."""
        return Work(
            ("questions", today), body,
            lambda: to_json(self.advisor.questions(read_body(body), today)),
            past, Question("questions", body, today),
        )  # fmt: skip

    def ways_out(self, body: bytes, today: dt.date, past: Archived | None = None) -> Work:
        """What would give a better answer, in JSON.  Its work raises as that of ``avis`` does."""
        return Work(
            ("pistes", today), body,
            lambda: to_json(self.advisor.ways_out(read_body(body), today)),
            past, Question("pistes", body, today),
        )  # fmt: skip

    async def answer(self, asked: Work) -> bytes:
        """An answer: the one kept, else worked out in its turn."""
        key = (*asked.key, asked.past and asked.past.fingerprint, asked.body)
        found = self.answers.get(key)
        if found is None:
            if asked.past is not None and asked.question is not None:
                read_body(asked.body)
                found = await self.past.answer(asked.past, asked.question)
            else:
                found = await self.desk.of(glance(asked.body)).run(asked.work)
            if len(asked.body) <= _KEPT_BODY:
                self.answers.put(key, found)
        return found

    def advice(
        self, document: Mapping[str, object], today: dt.date, complete: bool = False
    ) -> Advice:
        """The advice on a scenario document.  Raises ``ScenarioError`` when it is no scenario."""
        body = to_json(document, sort=True)
        if complete or len(body) > _KEPT_BODY:
            return self.advisor.advise(document, today, complete)

        def made() -> _Weighed:
            advice = self.advisor.advise(document, today)
            return _Weighed(advice, _BESIDE + int(_WEIGHT * len(to_json(advice.avis))))

        return self.advices.made((body, today), made).advice

    def close(self) -> None:
        """Refuse what waits, and end the processes that set PDFs."""
        self.desk.close()
        self.lots.close()
        self.past.turns.close()
        self.past.close()
        self.reports.close()
        self.booklets.close()

    def summary(self, day: dt.date | None) -> bytes:
        """The rulebook's summary in JSON."""
        return self.answers.made(
            ("recueil", day),
            lambda: to_json(catalogue.rulebook_summary(self.book, self.advisor.wording, day)),
        )


def load_advisor(limits: Limits) -> Advisor:
    """An advisor on the project's rulebook, within limits.  Raises ``RulebookError``."""
    return Advisor(load_rulebook(rules_folder()), memory=limits.memory)


def load_service(advisor: Advisor, limits: Limits | None = None) -> Service:
    """The service with the project's worked cases.

    Cases are only examples here, and older rulebooks are asked for by few: when they cannot be
    read, that is logged and the service runs without them.
    """
    try:
        cases = load_cases(cases_folder())
    except RulebookError as error:
        _log.warning("Worked cases left out, they cannot be read:\n%s", error)
        cases = []
    try:
        archives = Archives(archives_folder())
    except RulebookError as error:
        _log.warning("Older rulebooks left out, their list cannot be read:\n%s", error)
        archives = Archives()
    service = Service(advisor, cases, limits, archives)
    keep_what_is_loaded()
    return service
