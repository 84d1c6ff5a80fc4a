"""Fields and scenarios: from one to the other and back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from coopdec_rules.advice.scenario import MAX_ITEMS
from coopdec_rules.rulebook.model import Fact
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.fields import FieldCodec, Fields, ItemChange
from coopdec_rules.workshop.cases import Case

ANSWERS = ("habilitation", "habilitation_possibles", "maitrise_ouvrage", "palier", "volets")


@pytest.fixture(scope="session")
def reader(rulebook: Rulebook) -> FieldCodec:
    return FieldCodec(rulebook)


# -- from a scenario to the form and back --------------------------------------------------------


def through_the_form(reader: FieldCodec, document: object) -> dict[str, Any]:
    """The document read from the fields that a browser would send for it."""
    state = reader.fill(document)
    fields = [(name, state.values.get(name, "")) for name, _ in reader.names(state)]
    sent = parse_qsl(urlencode(fields), keep_blank_values=True, errors="strict")
    read, change, problems = reader.read(sent)
    assert not problems
    assert change is None
    return reader.document(read)


def values(fact: Fact) -> st.SearchStrategy[Any]:
    low, high = fact.minimum, fact.maximum
    match fact.type:
        case "booleen":
            return st.booleans()
        case "choix":
            return st.sampled_from(list(fact.values))
        case "nombre":
            return st.integers(int(Decimal(str(low or 0))), int(Decimal(str(high or 10**9))))
        case "montant":
            return st.integers(0, 10**12).map(lambda cents: cents / 100)
        case "date":
            first = low if isinstance(low, dt.date) else dt.date(1, 1, 1)
            last = high if isinstance(high, dt.date) else dt.date(9999, 12, 31)
            return st.dates(first, last).map(dt.date.isoformat)
        case _:
            text = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60)
            return text.map(str.strip).filter(bool)


@st.composite
def documents(draw: st.DrawFn, book: Rulebook) -> dict[str, Any]:
    document: dict[str, Any] = {}

    def put(place: dict[str, Any], path: tuple[str, ...], fact: Fact) -> None:
        if not draw(st.booleans()):
            return
        for key in path[:-1]:
            place = place.setdefault(key, {})
        place[path[-1]] = draw(values(fact))

    for fact in book.facts.values():
        if not fact.scope:
            put(document, fact.path, fact)
    for group in book.groups.values():
        if not group.repeated:
            continue
        entries: list[dict[str, Any]] = []
        for _ in range(draw(st.integers(0, 3))):
            entry: dict[str, Any] = {}
            for fact in book.facts.values():
                if fact.scope == group.id:
                    put(entry, fact.key, fact)
            entries.append(entry)
        if entries not in ([], [{}]):
            place = document
            for key in group.path[:-1]:
                place = place.setdefault(key, {})
            place[group.path[-1]] = entries
    return document


@given(st.data())
@settings(
    max_examples=200, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_a_scenario_survives_the_form(
    reader: FieldCodec, rulebook: Rulebook, data: st.DataObject
) -> None:
    document = data.draw(documents(rulebook))
    assert through_the_form(reader, document) == document


def test_the_form_answers_as_the_api_on_every_case(
    client: TestClient, reader: FieldCodec, cases: list[Case]
) -> None:
    for number, case in enumerate(cases[:: len(cases) // 150]):
        # The same scenario is reasoned on in the same way: looked at for some ten cases.
        avis = "/api/v1/avis" + ("" if number % 15 == 0 else "?raisonnement=non")
        document = through_the_form(reader, case.scenario)
        by_form = client.post(avis, json=document).json()
        shown = client.get(f"/api/v1/cas/{case.id}").json()
        by_api = client.post(avis, json=shown["scenario"]).json()
        if "impossible" in case.expected:
            assert by_form["erreurs"] == by_api["erreurs"], case.id
            continue
        assert {k: by_form[k] for k in ANSWERS} == {k: by_api[k] for k in ANSWERS}, case.id
        assert by_form["resume"] == by_api["resume"], case.id


@pytest.mark.parametrize(
    ("pointer", "typed", "value"),
    [
        ("/acteur/population", "67 000", 67000),
        ("/acteur/population", "67\u202f000", 67000),
        ("/acteur/population", "beaucoup", "beaucoup"),
        ("/acteur/population", "²", "²"),
        ("/action/contributions/0/montant", "40 000,50 €", 40000.5),
        ("/action/contributions/0/montant", "40000", 40000),
        ("/action/contributions/0/montant", "1,234", "1,234"),
        ("/date", "1/3/2006", "2006-03-01"),
        ("/date", "01.03.2006", "2006-03-01"),
        ("/date", "2006-03-01", "2006-03-01"),
        ("/date", "mars 2006", "2006-03-01"),
        ("/date", "1er mars 06", "1er mars 06"),
        ("/partenaire/0/pays", "sénégal", "SN"),
        ("/partenaire/0/pays", "Congo", "Congo"),
        ("/date", "31/02/2006", "31/02/2006"),
        ("/action/urgence", "non", False),
        ("/action/urgence", "peut-être", "peut-être"),
        ("/acteur/nom", "  Vienne ", "Vienne"),
    ],
)
def test_what_people_type_becomes_what_a_scenario_writes(
    reader: FieldCodec, pointer: str, typed: str, value: object
) -> None:
    state, _, problems = reader.read([(pointer, typed)])
    assert not problems
    place: Any = reader.document(state)
    for key in pointer.split("/")[1:]:
        place = place[int(key) if isinstance(place, list) else key]
    assert place == value
    assert type(place) is type(value)


# -- repeated groups -----------------------------------------------------------------------------


def volets(state: Fields) -> list[str]:
    count = state.counts["volet"]
    return [state.values.get(f"/action/volets/{i}/domaine", "") for i in range(count)]


def test_items_are_added_and_removed_without_losing_the_others(reader: FieldCodec) -> None:
    state = reader.blank()
    assert volets(state) == [""]
    state.values["/action/volets/0/domaine"] = "eau"
    state = reader.apply(state, ItemChange("volet"))
    assert volets(state) == ["eau", ""]
    state.values["/action/volets/1/domaine"] = "sante"
    state = reader.apply(state, ItemChange("volet"))
    state = reader.apply(state, ItemChange("volet", 0))
    assert volets(state) == ["sante", ""]
    state = reader.apply(state, ItemChange("volet", 1))
    state = reader.apply(state, ItemChange("volet", 0))
    assert volets(state) == [""]


def test_there_is_a_limit_to_adding(reader: FieldCodec) -> None:
    state = reader.blank()
    for _ in range(60):
        state = reader.apply(state, ItemChange("volet"))
    assert state.counts["volet"] == MAX_ITEMS


def test_one_step_changes_its_own_answers_only(reader: FieldCodec) -> None:
    state = reader.fill({"acteur": {"nature": "commune", "nom": "Vienne"}})
    problems = reader.overlay(state, [("/acteur/nom", "Calais"), ("/acteur/natur", "x")])
    assert reader.document(state) == {"acteur": {"nature": "commune", "nom": "Calais"}}
    assert [(p.pointer, p.suggestion) for p in problems] == [("/acteur/natur", "/acteur/nature")]
    twice = reader.overlay(state, [("/acteur/nom", "A"), ("/acteur/nom", "B")])
    assert [p.message for p in twice] == ["Ce champ est donné deux fois."]
    assert reader.document(state)["acteur"]["nom"] == "A"


@pytest.mark.parametrize(
    ("pointer", "fact"),
    [
        ("/acteur/nature", ("acteur.nature", None)),
        ("/action/volets/0/domaine", ("volet.domaine", 0)),
        ("/action/volets/1/domaine", None),
        ("/action/volets", None),
        ("", None),
        ("/acteur/natur", None),
    ],
)
def test_a_pointer_leads_to_its_fact(
    reader: FieldCodec, pointer: str, fact: tuple[str, int | None] | None
) -> None:
    found = reader.place(pointer, reader.blank())
    assert (None if found is None else (found[0].id, found[1])) == fact
