"""French spaces: a mark such as « ? » or « : » never starts a line."""

from __future__ import annotations

import re

from coopdec_rules.documents.typography import french_text

#: Tags, and whole elements whose text must stay as it is.
_KEPT = re.compile(r"(<(?:pre|code)\b.*?</(?:pre|code)>|<[^>]*>)", re.DOTALL)


def french_spaces(html: str) -> str:
    """The page with no-break spaces where French wants them, in its text only.

    >>> french_spaces('<p title="a ?">Qui agit ?</p>').replace(NARROW, "_")
    '<p title="a ?">Qui agit_?</p>'
    """
    parts = _KEPT.split(html)
    # Even places are text, odd ones what is kept.
    parts[::2] = [french_text(text) if " " in text else text for text in parts[::2]]
    return "".join(parts)
