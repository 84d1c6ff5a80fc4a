"""To keep an avis and to hand it on: file names, a letter by mail."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from coopdec_rules.web.avis import permalink
from coopdec_rules.web.avis.permalink import Link
from coopdec_rules.web.avis.seal import Seal

#: Letters of each part of a file name, and the longest address that mail programs open.
_PART, _MAIL = 40, 1900
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o"})
#: What a name of a commune begins with, and a file name does without.
_KIND = re.compile(r"^(?:commune|ville|departement|region)-(?:de-la-|de-l-|des-|de-|du-|d-)?")


def slug(text: str) -> str:
    """A text as a part of a file name: ASCII letters, digits and hyphens.

    >>> slug("Don après le séisme : œuvre n° 2")
    'don-apres-le-seisme-oeuvre-n-2'
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    letters = plain.encode("ascii", "ignore").decode().lower()
    whole = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    if len(whole) <= _PART:
        return whole
    return whole[: _PART + 1].rpartition("-")[0] or whole[:_PART]


def file_name(kind: str, subject: Sequence[str], day: str) -> str:
    """The name of a file, without its suffix: what it is, commune, object, day.

    ``subject`` is the object of the action and the name of the actor, as far as they are known.

    >>> file_name("avis", ("Un puits à Dori", "Commune de Sarlat-la-Canéda"), "2026-11-26")
    'avis-sarlat-la-caneda-un-puits-a-dori-2026-11-26'
    """
    parts = [_KIND.sub("", slug(text)) for text in reversed(subject)]
    return "-".join(filter(None, (kind, *parts, day)))


def mail(base: str, subject: Sequence[str], link: Link, seal: Seal) -> str | None:
    """A letter that gives the address of an avis; ``None`` when it is too long for mail programs.

    What a link tells of past answers is left out when the address is too long with it.
    """
    title = " — ".join(("Avis", *subject))[:150]
    for sent in (link, replace(link, fingerprint=None, answers=None, before=None)):
        address = f"{base}/avis?{permalink.query(sent, seal)}"
        body = f"Bonjour,\r\n\r\nVoici l\u2019avis : {address}\r\n"
        found = f"mailto:?subject={quote(title, safe='')}&body={quote(body, safe='')}"
        if len(found) <= _MAIL:
            return found
    return None
