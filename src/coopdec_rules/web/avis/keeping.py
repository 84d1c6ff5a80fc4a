"""To keep an avis and to hand it on: file names, a letter by mail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from coopdec_rules.documents.compose import slug
from coopdec_rules.web.avis import permalink
from coopdec_rules.web.avis.permalink import Link
from coopdec_rules.web.avis.seal import Seal

#: The longest address that mail programs open.
_MAIL = 1900
#: What a name of a commune begins with, and a file name does without.
_KIND = re.compile(r"^(?:commune|ville|departement|region)-(?:de-la-|de-l-|des-|de-|du-|d-)?")


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
