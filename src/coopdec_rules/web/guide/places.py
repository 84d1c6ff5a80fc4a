"""Find yourself: the commune or grouping that acts, searched by name and written into the form.

The directory is given as what loads it: a page that shows no territory does not wait for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from coopdec_rules.rulebook.words import number
from coopdec_rules.territories import Directory, Match, Said, Territory
from coopdec_rules.territories.codes import digits, plain_code
from coopdec_rules.territories.model import COMMUNE

#: How many answers to a search are shown.
LIMIT = 8
#: Where a scenario describes who acts, and the theme's group that the search stands before.
ACTOR = "acteur"
_CODE = "code"
#: The fact whose values are the domains of competence.
DOMAIN = "volet.domaine"


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

    ``advice``: what to do when nothing is found.  ``beyond``: what the query may name, which is
    not among the answers.
    """

    query: str
    found: tuple[TerritoryView, ...] | None
    advice: str = "Vérifiez l'orthographe, ou répondez aux questions ci-dessous."
    beyond: str = ""

    @property
    def chosen(self) -> str:
        """The answer chosen beforehand: the only one, if nothing else may be meant."""
        alone = self.found and len(self.found) == 1 and not self.beyond
        return self.found[0].code if self.found and alone else ""

    @property
    def status(self) -> str:
        """How many answers there are, for those who cannot see them."""
        if self.found is None:
            return ""
        count = len(self.found)
        if not count:
            return "Aucune commune ni groupement de ce nom."
        return "1 réponse." if count == 1 else f"{count} réponses."


@dataclass(frozen=True, slots=True)
class ExercisedView:
    """What the national base cites for a grouping: domains in words, and what goes with them.

    ``doubtful``: domains cited without proof; ``unknown``: why nothing is known, or nothing.
    """

    name: str
    domains: tuple[str, ...]
    doubtful: tuple[str, ...]
    notice: str
    unknown: str


def search(load: Callable[[], Directory], query: str) -> SearchView:
    """Answers to a query; none is searched for less than two letters."""
    query = query.strip()
    if len(query) < 2:
        return SearchView(query, None)
    directory = load()
    found = tuple(map(_view, directory.search(query, LIMIT)))
    if not found and digits(plain_code(query)):
        return SearchView(query, (), directory.unknown_code(query).message)
    return SearchView(query, found, beyond=directory.beyond(query))


def _view(match: Match) -> TerritoryView:
    territory = match.territory
    people = f", {number(territory.population)} habitants" if territory.peopled else ""
    return TerritoryView(
        territory.code,
        territory.name,
        f"{territory.nature_label}, {territory.department.name} ({territory.department.code})"
        f"{people}",
        match.note,
    )


def filled(document: dict[str, Any], territory: Territory) -> dict[str, Any]:
    """The document with this actor; what was said of another one is not kept."""
    return {**document, ACTOR: territory.as_scenario()[ACTOR]}


def name(document: Mapping[str, object]) -> str:
    """How a document names who acts, or nothing."""
    actor = document.get(ACTOR)
    found = actor.get("nom") if isinstance(actor, Mapping) else None
    return found if isinstance(found, str) else ""


def exercised(
    load: Callable[[], Directory], document: Mapping[str, object], labels: Mapping[str, str]
) -> tuple[ExercisedView, ...]:
    """What the base cites for the actor, or for the groupings of the commune that acts.

    ``labels``: the domains in words, by code.
    """
    territory = _actor(load, document)
    if territory is None:
        return ()
    directory = load()
    groupings = [territory] if territory.nature != COMMUNE else [
        group for group in (territory.grouping, territory.second) if group is not None
    ]  # fmt: skip
    return tuple(_exercised(directory, grouping, labels) for grouping in groupings)


def _exercised(
    directory: Directory, grouping: Territory, labels: Mapping[str, str]
) -> ExercisedView:
    found = directory.competences(grouping)
    words = found.domains()
    return ExercisedView(
        grouping.name,
        tuple(
            f"{labels.get(w.domain, w.domain)} ({'tout' if w.whole else 'en partie'})"
            for w in words
            if w.said is Said.PRESENT
        ),
        tuple(labels.get(w.domain, w.domain) for w in words if w.said is Said.DOUBTFUL),
        found.notice,
        found.unknown or "",
    )


def notices(
    load: Callable[[], Directory], document: Mapping[str, object], day: dt.date
) -> tuple[str, ...]:
    """What to know of an actor described by the directory, at the date of the scenario."""
    territory = _actor(load, document)
    return () if territory is None else (load().notice_at(day, territory), *territory.remarks)


def plain_notice(
    load: Callable[[], Directory], document: Mapping[str, object], day: dt.date
) -> str:
    """Where an actor's description comes from, when nothing of it is to be checked; else ""."""
    territory = _actor(load, document)
    if territory is None or territory.remarks:
        return ""
    directory = load()
    told = directory.notice_at(day, territory)
    return told if told == directory.notice_of(territory) else ""


def _actor(load: Callable[[], Directory], document: Mapping[str, object]) -> Territory | None:
    """The territory that the actor's code and name say, if they say the same one."""
    actor = document.get(ACTOR)
    if not isinstance(actor, dict):
        return None
    code = actor.get(_CODE)
    territory = load().by_code(code) if isinstance(code, str) else None
    return None if territory is None or actor.get("nom") != territory.name else territory
