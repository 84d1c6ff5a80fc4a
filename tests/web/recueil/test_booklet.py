"""The whole rulebook as a PDF."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

from starlette.testclient import TestClient

from coopdec_rules.web.recueil.booklet import Booklets, content
from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.room import Room
from tests.web.recueil.conftest import TODAY


def rules_of(data: dict[str, Any]) -> list[str]:
    return [
        rule["id"].replace("\u200b", "")
        for text in data["textes"]
        for passage in text["passages"]
        for rule in passage["regles"]
    ]


def test_it_holds_every_rule_in_force_and_no_other(room: Room, then: Days) -> None:
    written = [r.id for r in then.state.rules if r.file.startswith("textes/") and not r.table]
    assert sorted(rules_of(content(room, then))) == sorted(written)


def test_it_says_which_law_and_which_rulebook(room: Room, then: Days) -> None:
    data = content(room, then)
    assert data["droit"] == "Droit en vigueur du 25 février 2005 au 8 mai 2005"
    assert data["version"] == room.book.version
    assert data["empreinte"] == room.book.fingerprint


def test_it_is_an_accessible_document_made_once_for_each_law(
    client: TestClient, room: Room, then: Days
) -> None:
    answer = client.get("/recueil.pdf?au=2005-03-01")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    for part in (b"pdfuaid:part", b"/MarkInfo", b"/StructTreeRoot", b"/Outlines"):
        assert part in answer.content
    booklets = Booklets(room)
    made = asyncio.run(booklets.pdf(then))
    assert made == answer.content
    assert asyncio.run(booklets.pdf(then.at(then.day + dt.timedelta(days=1)))) is made


def test_the_oldest_and_the_latest_law_are_set_too(room: Room) -> None:
    booklets = Booklets(room)
    for day in (dt.date.min, dt.date.max):
        made = asyncio.run(booklets.pdf(Days(room.book, TODAY, day, True)))
        assert made.startswith(b"%PDF-")


def test_it_is_read_on_one_day_only(client: TestClient) -> None:
    answer = client.get("/recueil.pdf?au=2005-03-01&et=2006-03-01", headers={"accept": "text/html"})
    assert answer.status_code == 422
    assert "une seule date" in answer.text
