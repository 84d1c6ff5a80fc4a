"""French typography of plain texts: spaces that never break, apostrophes that curl."""

from __future__ import annotations

import re

NARROW, WIDE = "\u202f", "\u00a0"
_BEFORE = re.compile(r" (?=[?!;:»%€](?:\s|$|[).,]))")
_AFTER = re.compile(r"(?<=«) ")
#: Between the thousands of a number.
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
#: Places where a number must stay with the word that announces it.
_NUMBERED = re.compile(r"(\bn°|\bart\.|\b[LRD]\.|\b[Aa]rticles?) (?=[0-9LRDIVX])")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w|«)")
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_DAY = re.compile(rf"(\b[0-9]{{1,2}}|\b1er) (?=(?:{_MONTHS})\b)")


def french_text(text: str) -> str:
    """A plain text with no-break spaces where French wants them.

    >>> french_text("Qui agit ?").replace(NARROW, "_")
    'Qui agit_?'
    >>> french_text("5 000 euros").replace(NARROW, "_")
    '5_000 euros'
    """
    text = _BEFORE.sub(lambda m: WIDE if m.string[m.end()] in ":»%€" else NARROW, text)
    text = _THOUSANDS.sub(NARROW, text)
    return _AFTER.sub(WIDE, text)


def set_text(text: str) -> str:
    """A text of the rulebook as a printed page wants it: spaces, numbers, apostrophes.

    >>> set_text("l'article L. 1115-1").replace(WIDE, "_")
    'l’article_L._1115-1'
    """
    text = _APOSTROPHE.sub("’", text)
    text = _NUMBERED.sub(lambda m: m[1] + WIDE, text)
    return french_text(_DAY.sub(lambda m: m[1] + WIDE, text))
