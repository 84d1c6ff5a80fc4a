"""Searching as people type."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coopdec_rules.territories import Directory, Found, Territory, load_directory
from coopdec_rules.territories import directory as module
from coopdec_rules.territories.text import core, grouping_cores, words, words_of_all
from coopdec_rules.web.guide.places import search


def _codes(directory: Directory, query: str, limit: int = 10) -> list[str]:
    return [match.territory.code for match in directory.search(query, limit)]


def _first(directory: Directory, query: str) -> str:
    found = directory.search(query, 1)
    return found[0].territory.name if found else ""


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Vienne", "Vienne"),
        ("VIENNE", "Vienne"),
        ("l'hay les roses", "L'Haÿ-les-Roses"),
        ("L’HAŸ–LES–ROSES", "L'Haÿ-les-Roses"),
        ("lhaylesroses", "L'Haÿ-les-Roses"),
        ("oeuilly", "Œuilly"),
        ("mans", "Le Mans"),
        ("st etienne", "Saint-Étienne"),
        ("St.-Étienne", "Saint-Étienne"),
        ("ste foy les lyon", "Sainte-Foy-lès-Lyon"),
        ("stes maries de la mer", "Saintes-Maries-de-la-Mer"),
        ("villurbane", "Villeurbanne"),
        ("CA vienne condrieu", "CA Vienne Condrieu"),
        ("communauté d'agglo vienne condrieu", "CA Vienne Condrieu"),
        ("communauté de communes du pays d'uzès", "CC Pays d'Uzès"),
        ("cc uzes", "CC Pays d'Uzès"),
        ("C.C. du Pays d'Uzès", "CC Pays d'Uzès"),
        ("métropole de Bordeaux", "Bordeaux Métropole"),
        ("Bordeaux metropole", "Bordeaux Métropole"),
        ("metropole de lyon", "Métropole de Lyon"),
        ("communauté urbaine de dunkerque", "CU de Dunkerque"),
        ("cobas", "CA Bassin d'Arcachon Sud (COBAS)"),
        ("7 vallées", "CC des 7 Vallées"),
        ("la rochele", "CA de La Rochelle"),
        ("sain etienne", "Saint-Étienne Métropole"),
        ("plaine commune", "Plaine Commune"),
        (
            "sipperec",
            "SI de la périphérie de Paris pour les énergies et les réseaux de "
            "communication (SIPPEREC)",
        ),
        ("SIAEPA des Coteaux de l'Estuaire", "SIAEPA des Coteaux de l'Estuaire"),
        ("chatillon en michaille", "Valserhône"),
        ("Paris 12e", "Paris"),
        ("vienne (38)", "Vienne"),
        ("38200 vienne", "Vienne"),
        ("ajacio 2a", "Ajaccio"),
        ("Lyon 3", "Lyon"),
        ("5ème arrondissement de Marseille", "Marseille"),
        # The nature is wrong: the grouping is found all the same.
        ("cc de vannes", "CA Golfe du Morbihan - Vannes Agglomération"),
    ],
)
def test_names_are_found_as_people_write_them(directory: Directory, query: str, name: str) -> None:
    assert words(_first(directory, query)) == words(name)


def test_homonyms_come_by_population_and_show_their_department(directory: Directory) -> None:
    for query, count in (("Saint-Denis", 4), ("sainte colombe", 10)):
        found = [m for m in directory.search(query, 50) if m.found is Found.EXACT]
        assert len(found) >= count
        assert len({m.territory.label for m in found}) == len(found)
        people = [m.territory.population for m in found]
        assert people == sorted(people, reverse=True)
    labels = [m.territory.label for m in directory.search("st-denis", 2)]
    assert labels == ["Saint-Denis (La Réunion, 974)", "Saint-Denis (Seine-Saint-Denis, 93)"]


def test_better_matches_come_first(directory: Directory) -> None:
    order = list(Found)
    for query in ("lyon", "arles", "mans", "saint", "ville", "pays"):
        ranks = [order.index(m.found) for m in directory.search(query, 50)]
        assert ranks == sorted(ranks), query
    found = directory.search("arles", 50)
    assert [m.territory.code for m in found[:1]] == ["13004"]
    assert {Found.EXACT, Found.PREFIX, Found.WORDS} <= {m.found for m in found}


def test_names_that_look_alike_come_only_when_nothing_else_does(directory: Directory) -> None:
    assert {m.found for m in directory.search("sint etiene", 5)} == {Found.NEAR}
    assert Found.NEAR not in {m.found for m in directory.search("saint etienne", 50)}
    assert directory.search("zzzz") == []
    assert directory.search("zz") == []
    assert directory.search("'!") == []


def test_a_last_st_may_begin_another_word(directory: Directory) -> None:
    assert "67482" in _codes(directory, "st", 50)
    assert "42218" in _codes(directory, "st", 50)


def test_a_nature_alone_lists_its_groupings(directory: Directory) -> None:
    found = directory.search("communauté urbaine", 50)
    assert len(found) == 14
    assert {m.territory.nature for m in found} == {"communaute_urbaine"}
    # A short one is also the beginning of a name.
    assert "06029" in _codes(directory, "ca", 50)


def test_codes_are_found(directory: Directory) -> None:
    assert _codes(directory, "38544") == ["38544"]
    assert _codes(directory, "200 046 977") == ["200046977"]
    assert _codes(directory, "2a004") == ["2A004"]
    assert _codes(directory, "257500041") == ["257500041"]
    assert directory.search("69232")[0].found is Found.FORMER_CODE
    started = _codes(directory, "385", 50)
    assert len(started) > 5
    assert all(code.startswith("385") for code in started)


def test_a_number_that_may_be_a_postcode_is_told(directory: Directory) -> None:
    both = directory.search("37240")
    assert both[0].territory.name == "Saunay"
    assert "C'est aussi un code postal" in both[0].note
    assert {m.found for m in both[1:]} == {Found.POSTCODE}
    assert "Ligueil" in [m.territory.name for m in both]
    assert all("37240, qui n'est pas un code INSEE" in m.note for m in both[1:])
    postcode, former = directory.search("75012")
    assert (postcode.territory.name, postcode.found) == ("Paris", Found.POSTCODE)
    assert (former.territory.name, former.found) == ("Boulogne-Billancourt", Found.FORMER_CODE)
    assert "ancienne commune" in former.note
    assert directory.search("99999") == []


def test_every_postcode_is_told_from_a_code(directory: Directory) -> None:
    """Whoever types a postcode is never shown another commune without a word."""
    for postcode, communes in directory.by_postcode.items():
        found = directory.search(postcode, 50)
        assert set(communes[:20]) <= {m.territory.code for m in found}, postcode
        silent = [m.territory.code for m in found if not m.note]
        assert set(silent) <= set(communes), postcode


def test_a_departement_beside_a_name_tells_homonyms_apart(directory: Directory) -> None:
    assert _codes(directory, "Saint-Denis 93")[0] == "93066"
    assert _codes(directory, "saint denis (974)")[0] == "97411"
    assert {m.territory.department.code for m in directory.search("st denis 11", 50)} == {"11"}
    # A number that is part of a name stays so.
    assert directory.search("SDE 07", 1)[0].territory.name.startswith("Syndicat départemental")


def test_an_arrondissement_leads_to_its_commune(directory: Directory) -> None:
    (found,) = directory.search("Paris 12e")
    assert found.found is Found.DISTRICT
    assert found.note.startswith("Le 12e arrondissement fait partie")
    assert "Le 1er" in directory.search("lyon 1er arrondissement")[0].note
    for wrong in ("Paris 21", "Lyon 10e", "Marseille 17e", "Paris 0"):
        assert "n'a pas d'arrondissement" in directory.search(wrong)[0].note
    assert Found.DISTRICT not in {m.found for m in directory.search("Lyon", 50)}
    assert Found.DISTRICT not in {m.found for m in directory.search("Nantes 3", 50)}


def test_a_commune_that_is_part_of_another_is_told(directory: Directory) -> None:
    (found,) = directory.search("Châtillon-en-Michaille")
    assert (found.territory.name, found.found) == ("Valserhône", Found.FORMER_NAME)
    assert "commune déléguée ou associée de Valserhône" in found.note
    # A commune of today with the same name comes first.
    homonyms = directory.search("Dommartin", 50)
    assert homonyms[0].found is Found.EXACT
    assert Found.FORMER_NAME in {m.found for m in homonyms}


def test_syndicats_come_after_communes_and_communities(directory: Directory) -> None:
    others = {t.code for t in directory.others}
    for query in ("saint", "vienne", "eaux", "pays"):
        found = [m for m in directory.search(query, 50) if m.found is Found.WORDS]
        late = [m.territory.code in others for m in found]
        assert late == sorted(late), query


@given(st.integers(0, 36_000), st.data())
def test_one_wrong_letter_still_finds(place: int, data: st.DataObject) -> None:
    directory = load_directory()
    communes = [t for t in directory.territories if t.nature == "commune"]
    commune = communes[place % len(communes)]
    key = "".join(core(words(commune.name)))
    assume(len(key) >= 5)
    at = data.draw(st.integers(0, len(key) - 1))
    kind = data.draw(st.sampled_from(["drop", "change", "add"]))
    letter = data.draw(st.sampled_from("aeioubcdz"))
    written = {
        "drop": key[:at] + key[at + 1 :],
        "change": key[:at] + letter + key[at + 1 :],
        "add": key[:at] + letter + key[at:],
    }[kind]
    found = directory.search(written, 50)
    # Unless the mistake makes a name, or the beginning of names, or too many others are as near.
    proper = {m.found for m in found} - {Found.NEAR}
    same = {"".join(core(words(m.territory.name))) for m in found}
    assert key in same or proper or len(found) == 50


def test_many_names_are_cut_into_words_as_one_is(directory: Directory) -> None:
    names = [t.name for t in (*directory.territories, *directory.others)]
    assert list(map(tuple, words_of_all(names))) == list(map(words, names))


def test_every_territory_is_found_by_its_own_name(directory: Directory) -> None:
    for territory in directory.territories[::25]:
        exact = {m.territory.code for m in directory.search(territory.name, 50)}
        assert territory.code in exact, territory
    for territory in directory.territories:
        if territory.nature != "commune":
            assert territory.code in _codes(directory, territory.name, 50), territory


@given(st.text(max_size=150), st.integers(-5, 80))
def test_any_text_is_answered(query: str, limit: int) -> None:
    found = load_directory().search(query, limit)
    assert len(found) <= max(1, min(limit, 50))
    assert len({match.territory.code for match in found}) == len(found)
    load_directory().by_code(query)
    str(load_directory().unknown_code(query))


@given(
    st.lists(st.sampled_from(["st", "ste", "cc", "ca", "metropole", "communaute", "de", "la", "l'",
                              "saint", "paris", "agglo", "d", "38", "2A", "-", "(", "œ"]),
             min_size=1, max_size=5)
)  # fmt: skip
def test_any_mix_of_usual_words_is_answered(parts: list[str]) -> None:
    assert len(load_directory().search(" ".join(parts), 50)) <= 50


@given(st.integers(0, 36_000), st.booleans(), st.sampled_from(["-", " ", "'", "  "]))
def test_writing_does_not_matter(place: int, capitals: bool, mark: str) -> None:
    territory: Territory = load_directory().territories[place % 36_000]
    written = mark.join(words(territory.name))
    written = written.upper() if capitals else written
    usual = [m.territory.code for m in load_directory().search(territory.name, 20)]
    assert [m.territory.code for m in load_directory().search(written, 20)] == usual


def test_a_grouping_named_only_by_its_nature_keeps_its_words() -> None:
    assert grouping_cores(["CC de la Communauté", "Métropole"]) == [("communaute",), ("metropole",)]


def test_the_directory_is_read_once_by_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(module, "_loaded", None)
    monkeypatch.setattr(
        module, "Directory", lambda *_: made.append(1) or SimpleNamespace(number=len(made))
    )
    monkeypatch.setattr(module, "decode", lambda text: text)
    threads = [threading.Thread(target=load_directory) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("Collectivité de Corse", "choisir la nature « région »"),
        ("Collectivité européenne d'Alsace", "Collectivité européenne d'Alsace »"),
        ("CeA", "art. L. 3431-1"),
        ("isère", "choisir la nature « département »"),
        ("conseil départemental du Val-de-Marne", "« Val-de-Marne » est aussi"),
        ("Région Bretagne", "choisir la nature « région »"),
        ("La Réunion", "« département » ou « région »"),
        ("Nouvelle-Calédonie", "représentant de l'État"),
    ],
)
def test_what_the_directory_has_not_is_told(directory: Directory, query: str, said: str) -> None:
    assert said in directory.beyond(query)


@pytest.mark.parametrize("query", ["Paris", "Lyon", "Corsept", "", "département", "x" * 500])
def test_nothing_is_told_of_another_name(directory: Directory, query: str) -> None:
    assert directory.beyond(query) == ""


def test_what_is_found_beside_is_not_chosen_for_the_user(directory: Directory) -> None:
    found = search(lambda: directory, "Collectivité de Corse")
    assert found.beyond
    assert found.chosen == ""
