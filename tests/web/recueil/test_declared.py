"""Impossible combinations and properties, as a lawyer reads them."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from starlette.testclient import TestClient

from coopdec_rules.rulebook.model import Property
from coopdec_rules.web.recueil.booklet import content
from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.room import Room
from coopdec_rules.web.recueil.texts import PROPERTIES, SPACE, Declared
from tests.web.recueil.conftest import THEN, TODAY


def read(client: TestClient, address: str) -> str:
    """What a page says, without its tags."""
    page = client.get(address, headers={"accept": "text/html"})
    assert page.status_code == 200
    text = html.unescape(re.sub("<[^>]*>", "", page.text))
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def found(room: Room, name: str) -> Declared:
    every = (*room.book.impossible, *room.book.properties)
    return next(declared for declared in every if declared.id == name)


def said(room: Room, name: str, days: Days) -> list[str]:
    statement = room.declarations.statement(found(room, name), days)
    return [f"{line.word} {line.before}{line.part}" for line in statement.said]


def test_every_declaration_stands_once_in_its_text(room: Room) -> None:
    for folder, declared in (
        (SPACE, room.book.impossible),
        (PROPERTIES, room.book.properties),
    ):
        texts = room.declarations.texts[folder].values()
        placed = [entry.id for text in texts for entry in text.declared]
        assert sorted(placed) == sorted(entry.id for entry in declared)
        assert all(text.prose and not text.rules for text in texts)
        assert not any("yaml" in passage.html for text in texts for passage in text.passages)


def test_a_combination_reads_as_what_no_scenario_can_have(room: Room, then: Days) -> None:
    assert said(room, "metropole-avant-sa-creation", then) == [
        "Aucun scénario ne peut avoir : nature de la collectivité : métropole"
    ]
    first, second = said(room, "communaute-urbaine-pas-encore-nouvelle", then)
    assert first.startswith("Aucun scénario ne peut avoir à la fois : nature de la collectivité")
    assert second == "et communauté urbaine antérieure à juillet 1999 : non"


def test_a_consequence_reads_as_what_always_follows(room: Room, then: Days) -> None:
    assert said(room, "palier-agir-fait-quitter-le-premier", then)[0].startswith("Toujours : ")
    *conditions, last = said(room, "l-entente-n-est-jamais-autorisee", then)
    assert [line.split(" ")[0] for line in conditions] == ["Si", "et"]
    assert last == "alors, toujours : habilitation : autre que « autorisée »"


def test_a_change_that_never_makes_worse_says_both_values_and_the_order(
    room: Room, then: Days
) -> None:
    given, never = said(room, "decider-n-empire-jamais", then)
    assert given == (
        "Toutes choses égales par ailleurs, donner « oui » à « décision prise » au lieu de « non »"
    )
    assert never.startswith("n'empire jamais « l'organe qui décide »")
    assert never.endswith(
        "(du pire au meilleur : s'y oppose, à obtenir, à faire, établi, sans objet)"
    )
    name = "volet-autorise-seulement-si-tout-est-etabli"
    assert room.declarations.statement(found(room, name), then).scope == "volet"


def test_conditions_that_no_rule_has_are_read_too(room: Room, then: Days) -> None:
    known = len(room.book.atoms)
    assert len(room.book.all_atoms) > known
    for declared in (*room.book.impossible, *room.book.properties):
        statement = room.declarations.statement(declared, then)
        assert statement.said, declared.id
        assert statement.sources, declared.id
        for line in statement.said:
            assert not re.search(r"\b[a-z]+[._][a-z_]+\b", str(line.part)), declared.id


@pytest.mark.parametrize("folder", [SPACE, PROPERTIES])
def test_those_in_force_on_the_day_are_open_and_the_others_folded(
    client: TestClient, room: Room, folder: str
) -> None:
    for name, text in room.declarations.texts[folder].items():
        page = client.get(f"/recueil/{folder}/{name}?au={THEN.isoformat()}").text
        folded = [d for d in text.declared if not d.period.contains(THEN)]
        assert page.count('<details class="eteinte">') == len(folded)
        assert page.count("les autres sont repliées") == bool(folded)
        for declared in text.declared:
            kind = "propriete" if isinstance(declared, Property) else "impossible"
            assert page.count(f' id="{kind}-{declared.id}"') == 1


def test_two_days_say_which_one_a_property_is_in_force_on(client: TestClient) -> None:
    text = read(client, "/recueil/proprietes/30-competence?au=2005-03-01&et=2024-01-01")
    assert "− le 1er mars 2005 seulement Aucun délai n’expire avant le 18 août 2006" in text
    assert "celles qui ne le sont aucun des deux jours sont repliées" in text


def test_the_page_says_what_a_proof_is_worth(client: TestClient, room: Room) -> None:
    text = read(client, "/recueil/proprietes")
    assert "coopdec recueil prouver" in text
    assert "Elle ne remplace pas la relecture d’un juriste" in text
    for title in (text.title for text in room.declarations.texts[PROPERTIES].values()):
        assert title.replace("'", "\u2019") in read(client, "/recueil/proprietes")
    assert "Ce que le recueil déclare" in read(client, "/recueil")


def test_search_finds_declarations_and_those_out_of_force_come_last(room: Room) -> None:
    entries = room.search.find("métropole avant sa création").entries
    assert ("impossible", "metropole-avant-sa-creation") in {(e.kind, e.id) for e in entries}
    entries = room.search.find("décider n'empire jamais").entries
    assert (entries[0].kind, entries[0].id) == ("propriete", "decider-n-empire-jamais")


def test_the_document_holds_those_in_force_and_names_the_others(room: Room) -> None:
    days = Days(room.book, TODAY, dt.date(2024, 1, 1), chosen=True)
    listed = content(room, days)["declarations"]
    passages = [passage for text in listed for passage in text["passages"]]
    # Long names have places where a line may break.
    shown = {c["id"].replace("\u200b", "") for p in passages for c in p["regles"]}
    others = {name.replace("\u200b", "").split(" ")[0] for p in passages for name in p["eteintes"]}
    every = (*room.book.impossible, *room.book.properties)
    assert shown == {declared.id for declared in every if declared.period.contains(days.day)}
    assert others == {declared.id for declared in every} - shown
