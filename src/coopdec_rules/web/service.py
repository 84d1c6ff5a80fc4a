"""What every handler needs: the advisor, the worked cases, and what is made once from them."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from functools import lru_cache

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import parse_json, to_json
from coopdec_rules.errors import RulebookError, ScenarioError
from coopdec_rules.rulebook.location import cases_folder
from coopdec_rules.web import catalogue
from coopdec_rules.web.problems import Refused
from coopdec_rules.workshop.cases import Case, load_cases

_log = logging.getLogger(__name__)

#: How many answers are remembered (about 40 KB each), and the largest request that is.
REMEMBERED = 512
REMEMBERED_BODY = 8 * 1024


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
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._avis)
        self._asked = lru_cache(maxsize=REMEMBERED)(self._questions)
        self._opened = lru_cache(maxsize=REMEMBERED)(self._ways_out)
        self._summaries: dict[tuple[str, str] | None, catalogue.Data] = {}

    def avis(self, body: bytes, complete: bool, today: dt.date, reasoning: bool = True) -> bytes:
        """The avis, in JSON, for the JSON scenario ``body``.

        Raises ``Refused`` when the body is not JSON, ``ScenarioError`` when it is no scenario.
        """
        if complete or len(body) > REMEMBERED_BODY:
            return self._avis(body, complete, today, reasoning)
        return self._remembered(body, complete, today, reasoning)

    def questions(self, body: bytes, today: dt.date) -> bytes:
        """The questions still open, in JSON.  Raises as ``avis`` does."""
        ask = self._questions if len(body) > REMEMBERED_BODY else self._asked
        return ask(body, today)

    def ways_out(self, body: bytes, today: dt.date) -> bytes:
        """What would give a better answer, in JSON.  Raises as ``avis`` does."""
        ask = self._ways_out if len(body) > REMEMBERED_BODY else self._opened
        return ask(body, today)

    def _avis(self, body: bytes, complete: bool, today: dt.date, reasoning: bool) -> bytes:
        return to_json(self.advisor.advise(_document(body), today, complete, reasoning))

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
