"""Search: what a lawyer types finds what she means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from coopdec_rules.web.recueil.room import Room
from coopdec_rules.web.recueil.search import fold, words_of


def found(room: Room, query: str) -> list[tuple[str, str]]:
    return [(entry.kind, entry.id) for entry in room.search.find(query).entries]


@pytest.mark.parametrize(
    "query", ["commune dessaisie", "COMMUNE DESSAISIE", "communes dessaisie", "Dessaisié commune"]
)
def test_accents_capitals_and_plurals_do_not_count(room: Room, query: str) -> None:
    assert found(room, query)[0] == ("regle", "commune-dessaisie")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("N-32", ("norme", "N-32")),
        ("Saint-Vallier", ("source", "saint-vallier")),
        ("détenteur de la compétence", ("conclusion", "volet.detenteur")),
        ("INTB0100124C", ("source", "circulaire-2001")),
        ("interet-infra-communautaire", ("regle", "interet-infra-communautaire")),
    ],
)
def test_each_kind_of_thing_is_found(room: Room, query: str, expected: tuple[str, str]) -> None:
    assert expected in found(room, query)


def test_when_no_entry_has_every_word_the_nearest_are_told_as_such(room: Room) -> None:
    results = room.search.find("commune dessaisie zzzz")
    assert results.partial
    assert results.entries[0].id == "commune-dessaisie"
    assert not room.search.find("zzzz").entries
    assert not room.search.find("   ").asked


def test_rules_that_are_not_in_force_come_last(client: TestClient) -> None:
    page = client.get("/recueil/recherche?q=humanitaire&au=2005-03-01").text
    rules = page[: page.index('id="genre-passage"')]
    assert rules.rindex(">En vigueur le 1er mars") < rules.index(">Pas en vigueur le 1er mars")


@given(st.text(max_size=80))
def test_anything_may_be_typed(room: Room, query: str) -> None:
    results = room.search.find(query)
    assert len(results.entries) <= 60


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text) or not text.isascii()
    assert all(word == fold(word) for word in words_of(text))


def test_what_is_typed_is_shown_and_escaped(client: TestClient) -> None:
    page = client.get("/recueil/recherche", params={"q": '"><script>x</script>'}).text
    assert "<script>x" not in page
    assert "&lt;script&gt;" in page
