"""What every handler needs: the advisor, the worked cases, and what is made once from them."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from functools import lru_cache

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.cases import Case, load_cases
from coopdec_rules.advice.documents import parse_json, to_json
from coopdec_rules.errors import RulebookError, ScenarioError
from coopdec_rules.rulebook.location import cases_folder
from coopdec_rules.web import catalogue
from coopdec_rules.web.problems import Refused

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
        self.examples = catalogue.five_examples(self.cases.values())
        self.health = to_json({"statut": "ok", "recueil": catalogue.served(self.book)})
        self.vocabulary = to_json(catalogue.vocabulary(self.book, advisor.wording))
        #: The same request asked again (a link that a council opens, a form gone back to) is
        #: answered from memory: an avis depends on nothing else than what is given here.
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._avis)
        self._summaries: dict[tuple[str, str] | None, catalogue.Data] = {}

    def avis(self, body: bytes, complete: bool, today: dt.date) -> bytes:
        """The avis, in JSON, for the JSON scenario ``body``.

        Raises ``Refused`` when the body is not JSON, ``ScenarioError`` when it is no scenario.
        """
        if complete or len(body) > REMEMBERED_BODY:
            return self._avis(body, complete, today)
        return self._remembered(body, complete, today)

    def _avis(self, body: bytes, complete: bool, today: dt.date) -> bytes:
        try:
            document = parse_json(body)
        except ScenarioError as error:
            raise Refused("illisible", error.problems[0].message, error.problems) from None
        return to_json(self.advisor.advise(document, today, complete))

    def summary(self, day: dt.date | None) -> bytes:
        """The rulebook's summary in JSON; made once for each state of the law."""
        key = None if day is None else self.book.at(day).key
        if key not in self._summaries:
            self._summaries[key] = catalogue.rulebook_summary(self.book, self.advisor.wording, day)
        return to_json({**self._summaries[key], "date": day})


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
