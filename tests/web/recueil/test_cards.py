"""Cards of rules: on a day, and beside another day."""

from __future__ import annotations

import datetime as dt
import itertools
import threading

import pytest
from starlette.testclient import TestClient

from coopdec_rules.rulebook.model import Rule, Source
from coopdec_rules.web.app import create_app
from coopdec_rules.web.recueil import decided
from coopdec_rules.web.recueil.cards import compared
from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.decided import Decided
from coopdec_rules.web.recueil.room import Room
from coopdec_rules.web.recueil.sources import finding
from coopdec_rules.web.service import Service
from coopdec_rules.workshop.cases import Case
from tests.web.recueil.conftest import THEN, TODAY

from ...effort import often

#: A refusal of 2005, in its version of then.
RULE = "commune-dessaisie@2001-04-20"
#: A refusal that has stood unchanged since 1992, and an exception that came later.
STANDING, LATER = "groupement-hors-competence", "education-par-politique-de-la-ville-etude"


def version(room: Room, key: str) -> Rule:
    """A rule by its key."""
    return next(rule for rule in room.book.versions(key.partition("@")[0]) if rule.key == key)


def test_exceptions_tell_whether_they_are_in_force_that_day(room: Room) -> None:
    (rule,) = room.book.versions(STANDING)
    before = room.cards.card(rule, dt.date(1998, 1, 1))
    after = room.cards.card(rule, THEN)
    assert {line.rule: line.active for line in after.aside_by}[LATER]
    assert not {line.rule: line.active for line in before.aside_by}[LATER]
    (late,) = [line for line in before.aside_by if line.rule == LATER]
    assert "13 juillet 1999" in late.note
    assert before.aside_by[-1] is late


def test_an_exception_that_begins_between_two_days_is_marked(room: Room) -> None:
    (rule,) = room.book.versions(STANDING)
    days = Days(room.book, TODAY, dt.date(1998, 1, 1), True, THEN)
    left, right = compared(room.cards, rule, days)
    assert left is not None
    assert right is not None
    assert left.changed == right.changed == ["exceptions"]
    assert [line.rule for line in right.aside_by if line.mark] == [LATER]


def test_a_rule_that_ended_leads_to_what_followed_it(room: Room, both: Days) -> None:
    (rule,) = room.book.versions("regime-1992")
    assert [card is None for card in room.pair(rule, both)] == [False, True]
    following = room.cards.followed(rule)
    assert "regime-2007" in {r.id for r in following}
    assert {r.period.start for r in following} == {dt.date(2007, 2, 7)}
    for later in following:
        assert rule.key in {r.key for r in room.cards.preceded(later)}


def test_versions_of_a_rule_follow_one_another(room: Room) -> None:
    versions = room.book.versions("competences:communaute_agglomeration:eau")
    assert len(versions) > 1
    for earlier, later in itertools.pairwise(versions):
        assert later in room.cards.followed(earlier)
        assert all(r.id == later.id for r in room.cards.followed(earlier))


def test_what_the_law_still_concludes_today_is_counted(room: Room) -> None:
    still = room.still(version(room, RULE), TODAY)
    rules = [r for r in room.book.at(TODAY).rules if r.table is None]
    assert [(name, value) for name, value, _ in still] == [
        ("volet.point_competence", "empeche"),
        ("volet.etendue", "aucune"),
    ]
    for name, value, count in still:
        assert count == sum(1 for r in rules if (name, value) in r.concludes) > 0


def test_cards_say_everything_the_rule_says(room: Room) -> None:
    for rule in room.book.rules:
        card = room.cards.card(rule, rule.period.start or rule.period.end or THEN)
        assert len(card.concludes) == len(rule.concludes)
        assert len(card.effects) == len(rule.effects) + (rule.ceiling is not None)
        assert sorted(line.rule for line in card.sets_aside) == sorted(rule.sets_aside)
        assert len(card.sources) == len(rule.sources)
        shown = " ".join(line.text for lines in card.lists().values() for line in lines)
        assert "{" not in shown + card.title, rule.key


def test_no_address_of_an_official_text_is_made_up(room: Room) -> None:
    for source in room.book.sources.values():
        found = finding(source)
        assert found.address == source.address
        assert found.advice
        assert "http" not in found.advice
    law = Source("x", "Loi n° 92-125 du 6 février 1992", "loi", "", "texte")
    assert "« n° 92-125 »" in finding(law).advice
    case = Source("x", "Conseil d'État, 26 octobre 2001, n° 234332", "jurisprudence", "", "texte")
    assert "234332" in finding(case).advice
    letter = Source("x", "Circulaire, NOR INTB0100124C", "circulaire", "", "texte")
    assert "NOR INTB0100124C" in finding(letter).advice


def test_examples_are_cases_where_the_rule_decides(room: Room) -> None:
    rule = version(room, RULE)
    uses = room.decided.uses(rule)
    assert uses
    example = room.decided.example(rule)
    assert example is not None
    assert rule.period.contains(example.day)
    assert example.facts
    assert len(example.answers) == 3
    ident = example.form.removeprefix("/?cas=")
    assert ident in {use.case.id for use in uses if use.decides}


def test_a_rule_that_no_case_shows_applies_in_the_scenario_made_up_for_it(
    room: Room, service: Service
) -> None:
    """Three of today's law and one that has ended: each other law costs seconds to read."""
    bare = [r for r in room.book.rules if not any(use.decides for use in room.decided.uses(r))]
    made = 0
    today = [r for r in bare if r.period.end is None]
    ended = [r for r in bare if r.period.end is not None]
    for rule in [*today[:: max(len(today) // often(3), 1)], *ended[:1]]:
        scenario = service.advisor.example(rule)
        if scenario is None:
            continue
        made += 1
        avis = service.advisor.advise(scenario, TODAY, reasoning=False).avis
        assert rule.period.contains(dt.date.fromisoformat(avis["droit_au"])), rule.key
        applied = {m["regle"] for m in avis["motifs"] if m["etat"] == "appliquee"}
        assert rule.id in applied, rule.key
    assert made > 1


def test_a_page_does_not_wait_for_the_cases_to_be_read(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def none_yet(_: Decided) -> list[Case]:
        gate.wait(20)
        return [case for case in service.cases.values() if case.origin == "etude_2006"][:1]

    monkeypatch.setattr(Decided, "_cases", none_yet)
    monkeypatch.setattr(decided, "PATIENCE", 0)
    client = TestClient(create_app(service=service))
    page = "/recueil/regles/acteur-commune"
    assert "se lisent encore" in client.get(page, headers={"accept": "text/html"}).text
    gate.set()
    monkeypatch.setattr(decided, "PATIENCE", 20)
    assert "se lisent encore" not in client.get(page, headers={"accept": "text/html"}).text
