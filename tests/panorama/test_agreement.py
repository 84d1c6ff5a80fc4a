"""The tier rules beside the groups that the study published."""

from __future__ import annotations

import dataclasses

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.panorama.data import Panorama
from coopdec_rules.panorama.peers import Directory
from coopdec_rules.workshop.agreement import Agreement, Compared, agreement
from coopdec_rules.workshop.cases import Case

#: Cases whose facts do not settle the published tier, and what they leave open.
UNSETTLED = {
    "dracenoise-relations-moyen-orient": ("naissante", "ponctuelle_reflexion"),
    "palier-pays-d-aix": ("avancee", "naissante"),
}


@pytest.fixture(scope="module")
def measured(advisor: Advisor, cases: list[Case], panorama: Panorama) -> Agreement:
    return agreement(advisor, cases, panorama)


def test_the_rules_give_the_published_tier_or_the_case_says_why_not(measured: Agreement) -> None:
    assert {c.case: c.possible for c in measured.cases if not c.agrees} == UNSETTLED
    assert sum(c.agrees for c in measured.cases) == len(measured.cases) - len(UNSETTLED) >= 64
    assert not any(c.excluded for c in measured.cases)
    for one in measured.cases:
        if not one.agrees:
            assert "ne se déduit pas" in one.note
    assert measured.faults == ()


def test_own_facts_alone_never_exclude_the_published_tier(measured: Agreement) -> None:
    assert len(measured.own) == 23
    assert not any(one.excluded for one in measured.own)
    assert all(one.given is None for one in measured.own)
    narrowed = [one for one in measured.own if len(one.possible) < 6]
    assert len(narrowed) == 23


def test_each_community_told_of_is_a_case(
    measured: Agreement, panorama: Panorama, cases: list[Case], directory: Directory
) -> None:
    told = {c.id for c in panorama.communities.values() if c.stories or c.links}
    shown = set()
    for case in cases:
        actor = case.scenario.get("acteur") or {}
        place = directory.place_of(actor.get("nom"), actor.get("nature"))
        if place and case.origin == "etude_2006" and case.scenario.get("engagement"):
            shown.add(place.id)
    assert told - shown == set()
    assert len(measured.untold) == 5


def test_cases_state_what_the_data_say(
    cases: list[Case], panorama: Panorama, directory: Directory
) -> None:
    """A case of the study never contradicts what the study tells of its community or its group."""
    compared = 0
    for case in cases:
        actor = case.scenario.get("acteur") or {}
        place = directory.place_of(actor.get("nom"), actor.get("nature"))
        if place is None or case.origin != "etude_2006":
            continue
        group = panorama.group_facts(place.tier) if place.tier else {}
        known = {**group, **panorama.communities[place.id].facts}
        for name, value in (case.scenario.get("engagement") or {}).items():
            if name in known:
                said = ("non", "oui")[value] if isinstance(value, bool) else str(value)
                assert said == known[name], (case.id, name)
                compared += 1
    assert compared > 100


def test_a_disagreement_without_a_note_is_a_fault(
    advisor: Advisor, cases: list[Case], panorama: Panorama
) -> None:
    aix = next(case for case in cases if case.id == "palier-pays-d-aix")
    found = agreement(advisor, [dataclasses.replace(aix, note="")], panorama)
    assert found.faults == (
        "palier-pays-d-aix : palier indeterminee, publié naissante, sans note qui l'explique.",
    )


def test_an_excluded_tier_is_a_fault() -> None:
    one = Compared("", "x", "CA X", "avancee", "naissante", (), "")
    assert one.excluded
    found = Agreement((), (one,), (), ())
    assert found.faults == ("CA X : les règles excluent le palier publié (avancee).",)
