"""How far the tier rules give the groups that the 2006 study published.

Two measures, because the study tells little of each community.  *Cases*: the worked cases taken
from the study, whose facts on the engagement are partly those it gives for a whole group.  *Own
facts*: only what it tells of the community itself, where it tells something; most facts then stay
unknown, and what counts is that the rules never exclude the published tier.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coopdec_rules.advice import answers
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.panorama.data import Panorama
from coopdec_rules.panorama.peers import Directory
from coopdec_rules.workshop.cases import Case

#: The study's census was made in the third quarter of 2005 (section II).
CENSUS = dt.date(2005, 9, 30)
#: Origin of the cases that are taken from the study, and the facts that bear on a tier.
_ORIGIN, _ENGAGEMENT = "etude_2006", "engagement"


@dataclass(frozen=True, slots=True)
class Compared:
    """One tier given beside the published one.

    ``given`` is ``None`` when the facts do not settle it; ``possible`` is then what they leave
    open.  ``note`` is what the case says of it; ``case`` is empty for a measure on own facts.
    """

    case: str
    community: str
    name: str
    published: str
    given: str | None
    possible: tuple[str, ...]
    note: str

    @property
    def agrees(self) -> bool:
        """The rules give the published tier."""
        return self.given == self.published

    @property
    def excluded(self) -> bool:
        """The rules cannot give the published tier: a contradiction, not a want of facts."""
        return not self.agrees and self.published not in self.possible


@dataclass(frozen=True, slots=True)
class Agreement:
    """Both measures; ``untold`` are the named communities of which nothing is told."""

    cases: tuple[Compared, ...]
    own: tuple[Compared, ...]
    without_facts: tuple[str, ...]
    untold: tuple[str, ...]

    @property
    def communities(self) -> frozenset[str]:
        """Communities that a case compared is about."""
        return frozenset(one.community for one in self.cases)

    @property
    def faults(self) -> tuple[str, ...]:
        """Disagreements that nothing explains."""
        found = [
            f"{one.case} : palier {one.given or answers.UNDETERMINED}, publié {one.published}, "
            "sans note qui l'explique."
            for one in self.cases
            if not one.agrees and not one.note
        ]
        found += [
            f"{one.name} : les règles excluent le palier publié ({one.published})."
            for one in self.own
            if one.excluded
        ]
        return tuple(found)


def agreement(advisor: Advisor, cases: Iterable[Case], panorama: Panorama) -> Agreement:
    """Compare the tier rules with the published groups, over every case with facts."""
    directory = Directory(panorama)
    compared: list[Compared] = []
    without: list[str] = []
    for case in cases:
        actor = case.scenario.get("acteur")
        name, nature = (
            (actor.get("nom"), actor.get("nature")) if isinstance(actor, Mapping) else (None, None)
        )
        place = directory.place_of(name, nature)
        if case.origin != _ORIGIN or place is None or place.tier is None:
            continue
        if not case.scenario.get(_ENGAGEMENT):
            without.append(case.id)
            continue
        compared.append(
            _compared(advisor, case.scenario, case.id, place.id, place.name, place.tier, case.note)
        )
    own: list[Compared] = []
    untold: list[str] = []
    for community in panorama.communities.values():
        if not community.stories and not community.links:
            untold.append(community.title)
        if community.tier is None or not community.facts:
            continue
        scenario = {
            "date": CENSUS,
            "acteur": {"nom": community.title, "nature": community.nature},
            _ENGAGEMENT: dict(community.facts),
        }
        own.append(
            _compared(
                advisor, scenario, "", community.id, community.title, community.tier, community.note
            )
        )
    return Agreement(tuple(compared), tuple(own), tuple(without), tuple(untold))


def _compared(
    advisor: Advisor,
    scenario: Mapping[str, object],
    case: str,
    ident: str,
    name: str,
    published: str,
    note: str,
) -> Compared:
    tier = advisor.advise(scenario).avis["palier"]
    given = tier["actuel"]
    return Compared(
        case=case,
        community=ident,
        name=name,
        published=published,
        given=None if given == answers.UNDETERMINED else given,
        possible=tuple(tier["actuel_possibles"]),
        note=note,
    )
