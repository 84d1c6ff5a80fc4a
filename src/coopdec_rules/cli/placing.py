"""``coopdec avis --lieu``: who acts, filled in from the directory."""

from __future__ import annotations

import datetime as dt
from typing import Any

from rich.text import Text

from coopdec_rules.cli.common import err, fail
from coopdec_rules.territories import Found, Match, fill, load_directory
from coopdec_rules.territories.data_file import DirectoryError

#: Found so, it is what was asked, if nothing else is found so too.
_SURE = frozenset((Found.CODE, Found.FORMER_CODE, Found.DISTRICT, Found.EXACT, Found.EXACT_CORE))
_SHOWN = 8


def placed(document: dict[str, Any], query: str, today: dt.date) -> dict[str, Any]:
    """``document`` with what the directory knows of the territory that ``query`` names.

    What the document states stays; where the additions come from is told.  Ends the command when
    the query names no territory, or several.
    """
    try:
        directory = load_directory()
        matches = directory.search(query, _SHOWN)
    except DirectoryError as error:
        fail(str(error))
    if not matches:
        fail(f"--lieu : « {query} » n'est le nom ni le code d'aucune commune, d'aucun groupement.")
    if not _certain(matches):
        choices = " ; ".join(f"{m.territory.label} : {m.territory.code}" for m in matches)
        fail(f"--lieu : « {query} » peut être plusieurs territoires ; donner un code. {choices}")
    territory = matches[0].territory
    actor = document.get("acteur") or {}
    if not isinstance(actor, dict):
        return document  # its reader tells the mistake
    filled, _ = fill({**document, "acteur": {**actor, "code": territory.code}}, directory)
    day = document.get("date")
    told = directory.notice_at(day if isinstance(day, dt.date) else today, territory)
    for text in (f"{territory.label}, {territory.nature_label}.", *territory.remarks, told):
        err.print(Text(text, style="dim"), soft_wrap=True)
    return filled if isinstance(filled, dict) else document


def _certain(matches: list[Match]) -> bool:
    first = matches[0].found
    return len(matches) == 1 or (first in _SURE and matches[1].found is not first)
