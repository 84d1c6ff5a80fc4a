"""French typography of pages: apostrophes, and spaces so that no mark such as « ? » starts a line.

What a space that never breaks is, is in ``documents.typography``.
"""

from __future__ import annotations

import re

from coopdec_rules.documents import typography

#: Tags, and whole elements whose text must stay as it is.
_KEPT = re.compile(r"(<(?:pre|code)\b.*?</(?:pre|code)>|<[^>]*>)", re.DOTALL)
#: A straight apostrophe of elision, as it is typed and as templates escape it.
_ELISION = re.compile(r"(?<=\w)(?:'|&#39;)(?=\w|«|$)")


def french_page(html: str) -> str:
    """The page with typographic apostrophes and no-break spaces, in its text only.

    >>> french_page('<p title="a ?">Qui l&#39;a dit ?</p>').replace("\u202f", "_")
    '<p title="a ?">Qui l\u2019a dit_?</p>'
    """
    parts = _KEPT.split(html)
    # Even places are text, odd ones what is kept.
    parts[::2] = [french_text(text) if text and not text.isspace() else text for text in parts[::2]]
    return "".join(parts)


def french_text(text: str) -> str:
    """A plain text with typographic apostrophes and no-break spaces.

    >>> french_text("l'eau").replace("\u2019", "_")
    'l_eau'
    """
    if "'" in text or "&#39;" in text:
        text = _ELISION.sub("\u2019", text)
    return typography.french_text(text) if " " in text else text
