"""What every handler needs: the advisor, the worked cases, and what is made once from them."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from coopdec_rules.advice.advisor import Advice, Advisor
from coopdec_rules.advice.documents import parse_json, to_json
from coopdec_rules.errors import RulebookError, ScenarioError
from coopdec_rules.rulebook.location import cases_folder
from coopdec_rules.web import catalogue
from coopdec_rules.web.api.schemas import RecueilDecrit
from coopdec_rules.web.problems import Refused
from coopdec_rules.workshop.cases import Case, load_cases

_log = logging.getLogger(__name__)

#: How many answers are remembered, and the largest request that is.  Each takes about 60 KB, and
#: as much again once its JSON was asked for.
REMEMBERED = 512
REMEMBERED_BODY = 8 * 1024


@dataclass(frozen=True, slots=True)
class _Asked:
    """A scenario asked about, known by its text; ``document`` saves reading the text again."""

    body: bytes
    document: Mapping[str, object] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Answered:
    """An advice, and its avis in JSON, written once when it is asked for."""

    advice: Advice

    @cached_property
    def json(self) -> bytes:
        """The avis as the API gives it."""
        return to_json(self.advice.avis)


class Service:
    """Shared by all requests.  Nothing in it depends on a request."""

    def __init__(self, advisor: Advisor, cases: Iterable[Case]) -> None:
        self.advisor = advisor
        self.book = advisor.rulebook
        self.cases = {case.id: case for case in cases}
        self.examples = catalogue.examples(self.cases.values())
        self.health = to_json({"statut": "ok", "recueil": catalogue.served(self.book)})
        self.vocabulary = to_json(catalogue.vocabulary(self.book, advisor.wording))
        #: The same request asked again (a link that a council opens, a form gone back to) is
        #: answered from memory: an avis depends on nothing else than what is given here.
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._advice)
        self._asked = lru_cache(maxsize=REMEMBERED)(self._questions)
        self._opened = lru_cache(maxsize=REMEMBERED)(self._ways_out)
        self._summaries: dict[tuple[str, str] | None, RecueilDecrit] = {}

    def avis(self, body: bytes, complete: bool, today: dt.date, reasoning: bool = True) -> bytes:
        """The avis, in JSON, for the JSON scenario ``body``.

        Raises ``Refused`` when the body is not JSON, ``ScenarioError`` when it is no scenario.
        """
        return self._asked_for(_Asked(body), complete, today, reasoning).json

    def advice(
        self, document: Mapping[str, object], today: dt.date, complete: bool = False
    ) -> Advice:
        """The advice on a scenario document.  Raises ``ScenarioError`` when it is no scenario."""
        body = to_json(document, sort=True)
        return self._asked_for(_Asked(body, document), complete, today, True).advice

    def _asked_for(
        self, asked: _Asked, complete: bool, today: dt.date, reasoning: bool
    ) -> Answered:
        if complete or len(asked.body) > REMEMBERED_BODY:
            return self._advice(asked, complete, today, reasoning)
        return self._remembered(asked, complete, today, reasoning)

    def questions(self, body: bytes, today: dt.date) -> bytes:
        """The questions still open, in JSON.  Raises as ``avis`` does."""
        ask = self._questions if len(body) > REMEMBERED_BODY else self._asked
        return ask(body, today)

    def ways_out(self, body: bytes, today: dt.date) -> bytes:
        """What would give a better answer, in JSON.  Raises as ``avis`` does."""
        ask = self._ways_out if len(body) > REMEMBERED_BODY else self._opened
        return ask(body, today)

    def _advice(self, asked: _Asked, complete: bool, today: dt.date, reasoning: bool) -> Answered:
        document = _document(asked.body) if asked.document is None else asked.document
        return Answered(self.advisor.advise(document, today, complete, reasoning))

    def _questions(self, body: bytes, today: dt.date) -> bytes:
        return to_json(self.advisor.questions(_document(body), today))

    def _ways_out(self, body: bytes, today: dt.date) -> bytes:
        return to_json(self.advisor.ways_out(_document(body), today))

    def summary(self, day: dt.date | None) -> bytes:
        """The rulebook's summary in JSON; made once for each state of the law."""
        key = None if day is None else self.book.at(day).key
        if key not in self._summaries:
            self._summaries[key] = catalogue.rulebook_summary(self.book, self.advisor.wording, day)
        return to_json({**self._summaries[key], "date": day})


def _document(body: bytes) -> object:
    try:
        return parse_json(body)
    except ScenarioError as error:
        raise Refused("illisible", error.problems[0].message, error.problems) from None


def load_service(advisor: Advisor) -> Service:
    """The service with the project's worked cases.

    Cases are only examples here: when they cannot be read, that is logged and the service runs
    without them.
    """
    try:
        cases = load_cases(cases_folder())
    except RulebookError as error:
        _log.warning("Worked cases left out, they cannot be read:\n%s", error)
        cases = []
    return Service(advisor, cases)
