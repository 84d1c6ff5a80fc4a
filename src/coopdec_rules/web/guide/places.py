"""Find yourself: the commune or grouping that acts, searched by name and written into the form."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from coopdec_rules.rulebook.words import number
from coopdec_rules.territories import Directory, Territory

#: How many answers to a search are shown.
LIMIT = 8
#: Where a scenario describes who acts, and the theme's group that the search stands before.
ACTOR = "acteur"
_CODE = "code"


@dataclass(frozen=True, slots=True)
class TerritoryView:
    """One answer to a search; ``detail`` tells homonyms apart."""

    code: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class SearchView:
    """The search, with its answers when one was made (``None`` otherwise)."""

    query: str
    found: tuple[TerritoryView, ...] | None

    @property
    def status(self) -> str:
        """How many answers there are, for those who cannot see them."""
        if self.found is None:
            return ""
        count = len(self.found)
        if not count:
            return "Aucune commune ni communauté de ce nom."
        return "1 réponse." if count == 1 else f"{count} réponses."


def search(directory: Directory, query: str) -> SearchView:
    """Answers to a query; none is searched for less than two letters."""
    query = query.strip()
    if len(query) < 2:
        return SearchView(query, None)
    found = directory.search(query, LIMIT)
    return SearchView(query, tuple(_view(match.territory) for match in found))


def _view(territory: Territory) -> TerritoryView:
    return TerritoryView(
        territory.code,
        territory.name,
        f"{territory.nature_label}, {territory.department.name} ({territory.department.code}), "
        f"{number(territory.population)} habitants",
    )


def filled(document: dict[str, Any], territory: Territory) -> dict[str, Any]:
    """The document with this actor; what was said of another one is not kept."""
    return {**document, ACTOR: territory.as_scenario()[ACTOR]}


def notices(directory: Directory, document: dict[str, Any], day: dt.date) -> tuple[str, ...]:
    """What to know of an actor described by the directory, at the date of the scenario."""
    actor = document.get(ACTOR)
    if not isinstance(actor, dict):
        return ()
    code = actor.get(_CODE)
    territory = directory.by_code(code) if isinstance(code, str) else None
    if territory is None or actor.get("nom") != territory.name:
        return ()
    return (directory.notice_at(day), *territory.remarks)
