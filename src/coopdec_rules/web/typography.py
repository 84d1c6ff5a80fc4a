"""French spaces: a mark such as « ? » or « : » never starts a line."""

from __future__ import annotations

import re

_NARROW, _WIDE = "\u202f", "\u00a0"
#: Tags, and whole elements whose text must stay as it is.
_KEPT = re.compile(r"(<(?:pre|code)\b.*?</(?:pre|code)>|<[^>]*>)", re.DOTALL)
_BEFORE = re.compile(r" (?=[?!;:»%€](?:\s|$|[).,]))")
_AFTER = re.compile(r"(?<=«) ")


def french_spaces(html: str) -> str:
    """The page with no-break spaces where French wants them, in its text only.

    >>> french_spaces('<p title="a ?">Qui agit ?</p>').replace(_NARROW, "_")
    '<p title="a ?">Qui agit_?</p>'
    """
    parts = _KEPT.split(html)
    # Even places are text, odd ones what is kept.
    parts[::2] = [_spaced(text) if " " in text else text for text in parts[::2]]
    return "".join(parts)


def french_text(text: str) -> str:
    """A plain text with no-break spaces where French wants them."""
    return _spaced(text)


def _spaced(text: str) -> str:
    text = _BEFORE.sub(lambda m: _WIDE if m.string[m.end()] in ":»%€" else _NARROW, text)
    return _AFTER.sub(_WIDE, text)
