"""The printed avis, as Typst sets it."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib import resources

import orjson

from coopdec_rules.advice.advisor import Advice
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.report.content import content
from coopdec_rules.web.typeset import Document

#: Letters that the fonts may have one by one and not together: only Latin ones are sure.
_BEYOND_LATIN = "[^\u0000-\u024f\u2000-\u206f\u20ac\u25a1]"


@cache
def _template() -> str:
    return resources.files(__package__).joinpath("avis.typ").read_text("utf-8")


def document(
    book: Rulebook,
    advice: Advice,
    dated: bool,
    today: dt.date,
    address: str = "",
    subject: str = "",
) -> Document:
    """The document of an avis made on ``today``; ``dated``: its scenario gives the date itself.

    ``address`` is the public address of the avis, ``subject`` what it is about when the scenario
    does not name it; "": there is none to show.
    """
    data = orjson.dumps(content(book, advice, dated, today, address, subject)).decode()
    return Document(_template(), {"avis": data}, today.isoformat(), _BEYOND_LATIN)
