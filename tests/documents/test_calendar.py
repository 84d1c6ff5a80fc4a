"""Delays as the law counts them, and the calendar of an action."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from icalendar import Calendar as Ics

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.documents import calendar_file
from coopdec_rules.documents.delays import (
    ALSACE_MOSELLE,
    clear_days_before,
    clear_months_after,
    is_working,
    next_working,
)
from coopdec_rules.documents.room import Documents
from coopdec_rules.documents.steps import Given, WhenError, dated, parse_when

from .conftest import advise, scenario, subsidy


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("seance", "clear", "last"),
    [
        ("2026-12-10", 5, "2026-12-04"),
        ("2026-12-10", 3, "2026-12-06"),
        ("2026-12-10", 1, "2026-12-08"),
        ("2027-01-04", 5, "2026-12-29"),
    ],
)
def test_clear_days_before_a_seance(seance: str, clear: int, last: str) -> None:
    # Neither the day of sending nor that of the séance counts.
    assert clear_days_before(day(seance), clear) == day(last)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-12-11", "2027-02-12"),
        ("2026-12-30", "2027-03-01"),
        ("2027-02-26", "2027-04-27"),
        ("2027-03-12", "2027-05-13"),
        ("2026-06-30", "2026-08-31"),
    ],
)
def test_two_clear_months(start: str, end: str) -> None:
    assert clear_months_after(day(start), 2) == day(end)


def test_holidays_of_alsace_moselle_carry_a_delay_further() -> None:
    boxing_day = day("2024-12-26")
    assert is_working(boxing_day)
    assert not is_working(boxing_day, ALSACE_MOSELLE)
    assert next_working(boxing_day, ALSACE_MOSELLE) == day("2024-12-27")


@pytest.mark.parametrize(
    "words",
    [
        "seance 5 jours",
        "seance - cinq jours",
        "le 31 février",
        "le 29 février",
        "seance - 5 semaines",
    ],
)
def test_what_is_not_a_delay_is_refused(words: str) -> None:
    with pytest.raises(WhenError):
        parse_when(words)


def days_of(
    documents: Documents, advisor: Advisor, document: dict[str, Any]
) -> dict[str, dt.date | None]:
    calendar = documents.calendar(advise(advisor, document))
    return {entry.step.id: entry.date for entry in calendar.entries}


def actor(**changes: Any) -> dict[str, Any]:
    return {"nom": "Essai", "nature": "commune", "population": 31000, **changes}


@pytest.mark.parametrize(
    ("who", "step", "last"),
    [
        (actor(), "convocation", "2026-12-04"),
        (actor(population=3500), "convocation", "2026-12-04"),
        (actor(population=3499), "convocation-petite", "2026-12-06"),
        (actor(population=900, alsace_moselle="oui"), "convocation-petite-alsace-moselle",
         "2026-12-07"),
        (actor(population=9000, alsace_moselle="oui"), "convocation", "2026-12-04"),
        (actor(nature="communaute_communes", population=900), "convocation-groupement",
         "2026-12-04"),
    ],
)  # fmt: skip
def test_each_actor_has_its_own_delay_of_convocation(
    documents: Documents, advisor: Advisor, who: dict[str, Any], step: str, last: str
) -> None:
    found = days_of(documents, advisor, scenario(acteur=who))
    assert found[step] == day(last)
    assert sum(name.startswith("convocation") for name in found) == 1


def test_the_appeal_runs_from_the_publication_that_is_told(
    documents: Documents, advisor: Advisor
) -> None:
    advice = advise(advisor, subsidy())
    given = documents.given(advice, day("2026-12-30"))
    found = {e.step.id: e for e in documents.calendar(advice, given).entries}
    assert found["recours"].date == day("2027-03-01")
    assert found["executoire"].date == day("2026-12-30")
    usual = {e.step.id: e.date for e in documents.calendar(advice).entries}
    assert usual["publier"] == day("2026-12-11")
    assert usual["recours"] == day("2027-02-12")


def test_steps_follow_the_law_of_the_day(documents: Documents, advisor: Advisor) -> None:
    old = days_of(documents, advisor, scenario("2006-03-01"))
    assert "liste" not in old
    assert "cncd" not in old
    assert "compte-rendu-affiche" in old
    new = days_of(documents, advisor, scenario())
    assert new["liste"] == day("2026-12-17")
    assert "cncd" in new
    assert new["evaluation"] is None  # nothing says when the convention ends


def test_every_step_has_a_source_and_a_day_or_says_that_it_has_none(documents: Documents) -> None:
    given = Given(day("2026-12-10"), day("2026-12-11"), day("2026-12-11"))
    days = dated(documents.steps.steps, given)
    for step in documents.steps.steps:
        assert step.cited.on(day("2026-12-10")), step.id
        assert (days[step.id] is None) == (not step.when.names and step.when.fixed is None), step.id


def test_the_calendar_file_reopens_and_is_the_same_each_time(
    documents: Documents, advisor: Advisor
) -> None:
    calendar = documents.calendar(advise(advisor, subsidy()))
    body = calendar_file.write(calendar, "Vienne ; essai, « à » vérifier")
    assert body == calendar_file.write(calendar, "Vienne ; essai, « à » vérifier")
    events = list(Ics.from_ical(body).walk("VEVENT"))
    assert len(events) == sum(1 for entry in calendar.entries if entry.date)
    assert len({str(event["uid"]) for event in events}) == len(events)
    starts = {event.decoded("dtstart") for event in events}
    assert starts == {entry.date for entry in calendar.entries if entry.date}
