"""What the national base lets presume of the holder of a competence: never more than it proves."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.territories import Directory, Said, load_directory
from coopdec_rules.web.guide.interest import Judge

#: A communauté de communes that the base cites for water, a part of roads, and cultural events.
CC = "200000172"
MEMBER = "74042"
YEAR, TODAY = dt.date(2024, 6, 1), dt.date(2026, 11, 25)


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory()


@pytest.fixture
def said(advisor: Advisor, directory: Directory):
    """What is presumed of each volet of the territory's scenario, with where it comes from."""

    def _said(
        place: str, /, *volets: dict[str, str], day: dt.date = YEAR, **actor: Any
    ) -> dict[int | None, tuple[Any, str]]:
        territory = directory.by_code(place)
        assert territory is not None
        facts = {**territory.as_scenario()["acteur"], **actor}
        scenario = advisor.read({"acteur": facts, "action": {"volets": list(volets)}}, day)
        return {p.item: (p.value, p.origin) for p in scenario.presumed
                if p.fact.id == "volet.transfert"}  # fmt: skip

    return _said


def test_what_the_law_names_and_the_base_cites_in_full_is_presumed_held(said) -> None:
    for code in (CC, MEMBER):
        ((value, origin),) = said(code, {"domaine": "eau"}).values()
        assert value == "totale"
        assert "Banatic" in origin
        assert "2023 environ" in origin
        assert "CC Faucigny - Glières" in origin
        assert "« eau potable »" in origin
        assert "La loi a changé" not in origin


def test_a_citation_proves_no_more_than_a_part_of_what_statutes_add(said, directory) -> None:
    word = directory.competences(directory.by_code(CC)).on("voirie")
    assert word.said is Said.PRESENT
    assert not word.whole
    assert said(CC, {"domaine": "voirie"})[0][0] == "partielle"
    # Cited as a whole, but the law gives the community nothing in this domain: its statutes do.
    vienne = directory.by_code("38544")
    assert directory.competences(vienne.grouping).on("action_culturelle").whole
    assert said("38544", {"domaine": "action_culturelle"})[0][0] == "partielle"


def test_what_the_law_obliges_is_not_contradicted_by_a_part(said, directory) -> None:
    vienne = directory.by_code("38544").grouping
    word = directory.competences(vienne).on("habitat_logement")
    assert (word.said, word.whole) == (Said.PRESENT, False)
    assert said(vienne.code, {"domaine": "habitat_logement"}) == {}


def test_silence_and_doubt_presume_nothing(said, directory) -> None:
    told = directory.competences(directory.by_code(CC))
    assert told.on("urbanisme").said is Said.SILENT
    assert told.on("abattoirs").said is not Said.PRESENT
    # Paris-Saclay is cited for transport, which Île-de-France Mobilités organises.
    paris = directory.by_code("200056232")
    assert directory.competences(paris).on("transports_urbains").said is Said.DOUBTFUL
    assert said(CC, {"domaine": "urbanisme"}, {"domaine": "abattoirs"}, {}) == {}
    # Roissy is cited for something else of it, and the law gives it to that authority all the same.
    roissy = directory.by_code("200055655")
    assert directory.competences(roissy).on("transports_urbains").said is Said.PRESENT
    for community in (paris, roissy):
        assert said(community.code, {"domaine": "transports_urbains"}) == {}


def test_each_volet_has_its_own_domain(said) -> None:
    found = said(CC, {"domaine": "eau"}, {"domaine": "urbanisme"}, {"domaine": "voirie"})
    assert {item: value for item, (value, _) in found.items()} == {0: "totale", 2: "partielle"}


@pytest.mark.parametrize("stated", ["aucune", "partielle", "totale", "inconnu"])
def test_what_is_stated_always_wins(said, stated: str) -> None:
    assert said(CC, {"domaine": "eau", "transfert": stated}) == {}


@pytest.mark.parametrize(
    "actor",
    [
        {"nature": "communaute_agglomeration"},
        {"groupement": {"nature": "communaute_agglomeration"}},
        {"groupement": {"nature": "aucun"}},
        {"groupement": {"nature": "communaute_communes", "nom": "CC d'ailleurs"}},
        {"groupement": {}},
        {"code": "99999"},
        {"code": None},
    ],
)
def test_another_grouping_than_that_of_the_base_presumes_nothing(said, actor: Any) -> None:
    assert said(MEMBER, {"domaine": "eau"}, **actor) == {}


def test_the_base_says_nothing_of_the_years_before_it(said) -> None:
    assert said(CC, {"domaine": "eau"}, day=dt.date(2022, 12, 31)) == {}
    assert said(CC, {"domaine": "eau"}, day=dt.date(2023, 1, 1))[0][0] == "totale"


def test_a_law_changed_since_the_base_is_told(said) -> None:
    assert "La loi a changé le 13/04/2025" in said(CC, {"domaine": "eau"}, day=TODAY)[0][1]


def test_an_exception_of_one_commune_is_not_ruled_out_by_its_community(said, directory) -> None:
    """A community is cited for tourism even if one of its communes, a resort, kept its own."""
    told = directory.competences(directory.by_code("38544").grouping).on("tourisme")
    assert (told.said, told.whole) == (Said.PRESENT, True)
    assert said("38544", {"domaine": "tourisme"})[0][0] == "partielle"


def test_the_avis_shows_it_and_a_statement_takes_its_place(advisor: Advisor, directory) -> None:
    territory = directory.by_code(MEMBER)
    document = {
        **territory.as_scenario(),
        "date": "2024-06-01",
        "action": {"operation": "projet", "objet": "cooperation",
                   "volets": [{"domaine": "eau"}]},
    }  # fmt: skip
    avis = advisor.advise(document, TODAY).avis
    (entry,) = [p for p in avis["presumes"] if p["fait"] == "volet.transfert"]
    assert entry["valeur"] == "totale"
    assert entry["pointeur"] == "/action/volets/0/transfert"
    assert "Banatic" in (entry["origine"] or "")
    assert avis["volets"][0]["detenteur"] == "groupement"
    document["action"]["volets"][0]["transfert"] = "aucune"
    corrected = advisor.advise(document, TODAY).avis
    assert "volet.transfert" not in {p["fait"] for p in corrected["presumes"]}
    assert corrected["volets"][0]["detenteur"] == "communes"


def test_the_form_asks_it_with_what_is_presumed(advisor: Advisor, directory) -> None:
    territory = directory.by_code(MEMBER)
    judge = Judge(advisor)
    fact = advisor.rulebook.facts["volet.transfert"]
    document = {
        **territory.as_scenario(),
        "date": "2024-06-01",
        "action": {"objet": "cooperation", "volets": [{"domaine": "voirie"}, {"domaine": "eau"}]},
        "partenaire": {"nature": "collectivite_territoriale", "pays": "SN"},
    }
    found = judge.judge(document, TODAY)
    presumed = found.presumed(fact, 0)
    assert presumed is not None
    assert presumed.value == "partielle"
    # The competence decides who answers for the action: the presumption deserves an answer.
    assert found.of(fact, 0) == "main"
