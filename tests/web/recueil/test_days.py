"""The day asked for, the day compared with, and what a mistyped one gives."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from starlette.testclient import TestClient

from coopdec_rules.web.avis import permalink
from coopdec_rules.web.avis.permalink import Link
from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.room import Room
from coopdec_rules.workshop.cases import Case
from tests.web.recueil.conftest import THEN, TODAY

from ..links import SEAL

HTML = {"accept": "text/html"}


def test_links_keep_the_days_that_were_asked_for(room: Room, both: Days) -> None:
    assert both.link("textes/a b") == "/recueil/textes/a%20b?au=2005-03-01&et=2026-11-22"
    assert (
        both.link("normes", "norme-N-1") == "/recueil/normes?au=2005-03-01&et=2026-11-22#norme-N-1"
    )
    by_default = Days(room.book, TODAY, TODAY, chosen=False)
    assert by_default.link("") == "/recueil"


def test_steps_lead_to_the_law_before_and_after(room: Room, then: Days) -> None:
    before, after = then.steps["avant"], then.steps["apres"]
    assert room.book.at(before).end == room.book.at(THEN).start - dt.timedelta(days=1)
    assert room.book.at(after).start == after
    assert "apres" not in Days(room.book, TODAY, dt.date.max, True).steps
    assert "avant" not in Days(room.book, TODAY, dt.date.min, True).steps


def test_presence_of_a_rule_on_two_days(room: Room, both: Days) -> None:
    (lost,) = room.book.versions("engagement-poursuivi")
    assert both.presence(lost) == "premier"
    assert both.at(TODAY, THEN).presence(lost) == "second"
    assert both.at(TODAY).presence(lost) == "aucun"
    assert both.at(THEN, THEN).presence(lost) == "deux"


@pytest.mark.parametrize("written", ["2005-03-01", "01/03/2005", "1/3/2005"])
def test_a_day_is_read_as_browsers_and_people_write_it(client: TestClient, written: str) -> None:
    page = client.get("/recueil", params={"au": written}, headers=HTML)
    assert page.status_code == 200
    assert "Droit lu au <strong>1er mars 2005</strong>" in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("au=2005", "« 2005 » n’est pas une date"),
        ("au=2005-02-30", "n’est pas une date"),
        ("au=31/02/2005", "n’est pas une date"),
        ("et=hier", "« hier »"),
        ("au=2005-03-01&au=2006-03-01", "est donné deux fois"),
        ("aux=2005-03-01", "Vouliez-vous dire"),
        ("au=%00%E2%80%AE", "n’est pas une date"),
    ],
)
def test_a_day_that_cannot_be_read_never_shows_another_law(
    client: TestClient, query: str, said: str
) -> None:
    page = client.get(f"/recueil?{query}", headers=HTML)
    assert page.status_code == 422
    assert said in page.text.replace("\u202f", " ").replace("\u00a0", " ")


def test_an_empty_second_day_compares_nothing(client: TestClient) -> None:
    page = client.get("/recueil?au=2005-03-01&et=", headers=HTML)
    assert page.status_code == 200
    assert "comparé" not in page.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_read(client: TestClient, day: str) -> None:
    for path in ("/recueil", "/recueil/regles/commune-dessaisie", "/recueil/graphe"):
        assert client.get(path, params={"au": day, "et": day}, headers=HTML).status_code == 200


def test_rules_named_in_an_avis_open_on_the_day_that_it_was_read_at(
    client: TestClient, cases: list[Case]
) -> None:
    case = next(case for case in cases if case.id == "commune-de-communaute-urbaine-eau")
    page = client.get(
        "/avis/detail?" + permalink.query(Link(dict(case.scenario)), SEAL), headers=HTML
    ).text
    links = re.findall(r'href="(/recueil/regles/[^"]*)"', page)
    day = case.scenario["date"]
    assert links
    assert {link.partition("?")[2] for link in links} == {f"au={day}"}
    assert client.get(links[0], headers=HTML).status_code == 200
