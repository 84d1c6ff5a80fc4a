"""Sets the printed avis with Typst: an accessible (PDF/UA-1) document, made in memory.

Only the fonts that the package embeds are used: the same avis gives the same pages on every
machine.  Nothing is read from the disk but the template, and nothing from the network.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from functools import cache
from importlib import resources

import orjson
import typst

from coopdec_rules.advice.advisor import Advice
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.report.content import content

#: One document at a time: setting one takes all of a processor, and the compiler is shared.
_LOCK = threading.Lock()
_BEYOND_LATIN = re.compile("[^\u0000-\u024f\u2000-\u206f\u20ac\u25a1]")


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)


@cache
def _template() -> bytes:
    return resources.files(__package__).joinpath("avis.typ").read_bytes()


def _compiled(data: str, stamp: dt.datetime) -> object:
    return _compiler().compile(
        _template(),
        format="pdf",
        sys_inputs={"avis": data},
        pdf_standards=["ua-1"],
        timestamp=stamp,
    )


def render(book: Rulebook, advice: Advice, dated: bool, today: dt.date) -> bytes:
    """The PDF of an avis made on ``today``; ``dated``: its scenario gives the date itself."""
    data = orjson.dumps(content(book, advice, dated, today)).decode()
    stamp = dt.datetime(today.year, today.month, today.day, tzinfo=dt.UTC)
    with _LOCK:
        try:
            made = _compiled(data, stamp)
        except typst.TypstError:
            # Letters that the fonts have one by one and not together: only Latin ones are kept.
            made = _compiled(_BEYOND_LATIN.sub("\u25a1", data), stamp)
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no single document")
    return made
