"""Find yourself: the commune or grouping that acts, searched by name and written into the form.

The directory is given as what loads it: a page that shows no territory does not wait for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from coopdec_rules.rulebook.words import number
from coopdec_rules.territories import Directory, Match, Territory
from coopdec_rules.territories.codes import digits, plain_code

#: How many answers to a search are shown.
LIMIT = 8
#: Where a scenario describes who acts, and the theme's group that the search stands before.
ACTOR = "acteur"
_CODE = "code"


@dataclass(frozen=True, slots=True)
class TerritoryView:
    """One answer to a search; ``detail`` tells homonyms apart, ``note`` how it was found."""

    code: str
    name: str
    detail: str
    note: str


@dataclass(frozen=True, slots=True)
class SearchView:
    """The search, with its answers when one was made (``None`` otherwise).

    ``advice``: what to do when nothing is found.
    """

    query: str
    found: tuple[TerritoryView, ...] | None
    advice: str = "Vérifiez l'orthographe, ou répondez aux questions ci-dessous."

    @property
    def chosen(self) -> str:
        """The answer chosen beforehand: the only one, if there is only one."""
        return self.found[0].code if self.found and len(self.found) == 1 else ""

    @property
    def status(self) -> str:
        """How many answers there are, for those who cannot see them."""
        if self.found is None:
            return ""
        count = len(self.found)
        if not count:
            return "Aucune commune ni groupement de ce nom."
        return "1 réponse." if count == 1 else f"{count} réponses."


def search(load: Callable[[], Directory], query: str) -> SearchView:
    """Answers to a query; none is searched for less than two letters."""
    query = query.strip()
    if len(query) < 2:
        return SearchView(query, None)
    directory = load()
    found = tuple(map(_view, directory.search(query, LIMIT)))
    if not found and digits(plain_code(query)):
        return SearchView(query, (), directory.unknown_code(query).message)
    return SearchView(query, found)


def _view(match: Match) -> TerritoryView:
    territory = match.territory
    return TerritoryView(
        territory.code,
        territory.name,
        f"{territory.nature_label}, {territory.department.name} ({territory.department.code}), "
        f"{number(territory.population)} habitants",
        match.note,
    )


def filled(document: dict[str, Any], territory: Territory) -> dict[str, Any]:
    """The document with this actor; what was said of another one is not kept."""
    return {**document, ACTOR: territory.as_scenario()[ACTOR]}


def notices(
    load: Callable[[], Directory], document: Mapping[str, object], day: dt.date
) -> tuple[str, ...]:
    """What to know of an actor described by the directory, at the date of the scenario."""
    actor = document.get(ACTOR)
    if not isinstance(actor, dict):
        return ()
    code = actor.get(_CODE)
    if not isinstance(code, str):
        return ()
    directory = load()
    territory = directory.by_code(code)
    if territory is None or actor.get("nom") != territory.name:
        return ()
    return (directory.notice_at(day), *territory.remarks)
