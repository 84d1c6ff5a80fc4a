"""The shipped division: complete, consistent, and said in the vocabulary's words."""

from __future__ import annotations

import datetime as dt

import pytest

from coopdec_rules.advice.scenario import ScenarioReader
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.territories import NATURES, Directory, Territory, load_directory
from coopdec_rules.territories.base import EPT

PARTICULAR = {
    "200046977": "lyon", "200054781": "grand_paris", "200054807": "aix_marseille_provence",
}  # fmt: skip


def _get(directory: Directory, code: str) -> Territory:
    found = directory.by_code(code)
    assert found is not None, code
    return found


def _groupings(directory: Directory) -> list[Territory]:
    """Those with own taxation."""
    return [t for t in directory.territories if t.nature != "commune" and t.kind != EPT]


def test_the_whole_division_is_there(directory: Directory) -> None:
    communes = [t for t in directory.territories if t.nature == "commune"]
    assert directory.vintage == "2026"
    assert len(communes) == 34_958
    # As many as the official geographic code counts in metropolitan France and the DROM.
    assert len([t for t in communes if t.department.code not in ("975", "987", "988")]) == 34_875
    assert len(_groupings(directory)) == 1255
    assert len({t.code for t in directory.territories}) == len(directory.territories)
    assert "Licence Ouverte" in directory.header["licence"]
    assert load_directory() is directory


def test_natures_are_those_of_the_vocabulary(directory: Directory, rulebook: Rulebook) -> None:
    labels = rulebook.facts["acteur.nature"].values
    assert {code: labels[code] for code in NATURES} == NATURES
    of_group = rulebook.facts["acteur.groupement.nature"].values
    every = (*_groupings(directory), *directory.others)
    assert {t.nature for t in every} - {None} <= set(of_group)
    statuses = rulebook.facts["acteur.statut_particulier"].values
    assert {t.status for t in (*every, *directory.territories)} - {""} <= set(statuses)
    # Whoever is not quite of its nature is said in words, and told apart from the ordinary ones.
    particular = {t.code for t in _groupings(directory) if t.kind and t.kind != EPT}
    assert particular == set(PARTICULAR)
    assert all(t.kind and t.remarks for t in every if t.status not in ("", "aucun"))
    assert all(t.status for t in every if t.nature == "metropole" or t.kind == EPT)


def test_members_and_groupings_agree(directory: Directory) -> None:
    seen = set()
    for group in _groupings(directory):
        assert group.members
        for commune in directory.members(group):
            assert commune.grouping is group
            assert commune.code not in seen
            seen.add(commune.code)
    parisian = [t for t in directory.territories if t.kind == EPT]
    assert len(parisian) == 11
    assert sum(len(t.members) for t in parisian) == 129
    assert all(c.second is t for t in parisian for c in directory.members(t))
    assert all(t.members == () for t in directory.others)
    alone = {t.code for t in directory.territories if t.nature == "commune" and not t.grouping}
    assert len(seen) + len(alone) == 34_958
    # The four islands that belong to no grouping; the others are overseas collectivities.
    assert {c for c in alone if c[:2] not in ("97", "98")} == {"22016", "29083", "29155", "85113"}


def test_every_territory_makes_a_scenario_that_can_be_read(
    directory: Directory, rulebook: Rulebook
) -> None:
    reader = ScenarioReader(rulebook)
    for territory in directory.territories[::50] + tuple(_groupings(directory)):
        document = territory.as_scenario()
        facts = reader.read(document, dt.date(2026, 6, 1)).base.scenario
        assert facts["acteur.population"] == territory.population
        assert facts["acteur.nature"] == document["acteur"]["nature"]


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("75056", "ile_de_france"), ("97411", "outre_mer"), ("97502", "outre_mer"),
        ("98818", "outre_mer"), ("38544", "ailleurs"), ("2A004", "ailleurs"),
    ],
)  # fmt: skip
def test_zones_where_the_law_of_competences_is_its_own(
    directory: Directory, code: str, zone: str
) -> None:
    assert _get(directory, code).as_scenario()["acteur"]["zone"] == zone


def test_a_commune_gives_its_grouping(directory: Directory) -> None:
    vienne = _get(directory, "38544")
    assert vienne.label == "Vienne (Isère, 38)"
    assert vienne.region.name == "Auvergne-Rhône-Alpes"
    assert vienne.as_scenario() == {
        "acteur": {
            "nom": "Vienne", "code": "38544", "nature": "commune",
            "population": vienne.population,
            "groupement": {"nature": "communaute_agglomeration", "nom": "CA Vienne Condrieu"},
            "zone": "ailleurs",
        }
    }  # fmt: skip
    assert vienne.grouping is not None
    assert "groupement" not in vienne.grouping.as_scenario()["acteur"]


@pytest.mark.parametrize("code", ["75056", "93066", "29155", "98735"])
def test_a_grouping_that_is_not_known_for_sure_stays_unknown(
    directory: Directory, code: str
) -> None:
    commune = _get(directory, code)
    assert "groupement" not in commune.as_scenario()["acteur"]
    assert commune.remarks


@pytest.mark.parametrize("code", sorted(PARTICULAR))
def test_particular_statuses_are_told_and_filled_in_with_the_nature(
    directory: Directory, code: str
) -> None:
    group = _get(directory, code)
    assert "CGCT" in group.remarks[0]
    actor = group.as_scenario()["acteur"]
    assert (actor["nature"], actor["statut_particulier"]) == ("metropole", PARTICULAR[code])
    for commune in directory.members(group)[:5]:
        # A commune of the Grand Paris has two groupings: which one, its competence says.
        withheld = code == "200054781"
        given = commune.as_scenario()["acteur"].get("groupement")
        assert (given is None) == withheld
        assert withheld or given["statut_particulier"] == PARTICULAR[code]


def test_what_the_list_of_natures_does_not_name_has_a_status(directory: Directory) -> None:
    def facts(code: str) -> tuple[str, ...]:
        actor = _get(directory, code).as_scenario()["acteur"]
        return actor["nature"], actor.get("statut_particulier", "")

    kinds = {t.kind: t for t in (*directory.territories, *directory.others) if t.kind}
    pole = "pôle d'équilibre territorial et rural (PETR)"
    assert facts(kinds[EPT].code) == ("syndicat_communes", "territoire_grand_paris")
    assert facts(kinds[pole].code) == ("syndicat_mixte", "pole")
    assert facts(kinds["pôle métropolitain"].code) == ("syndicat_mixte", "pole")
    assert facts("75056") == ("commune", "paris")
    assert facts("98818") == ("commune", "commune_outre_mer")
    assert facts("243300316") == ("metropole", "aucun")
    # Nothing is said of the status of what the law describes without one.
    assert facts("38544") == ("commune", "")


def test_a_syndicat_mixte_is_said_closed_or_open(directory: Directory) -> None:
    kinds = {t.kind: t.as_scenario()["acteur"] for t in directory.others}
    assert kinds["syndicat mixte fermé"]["syndicat_mixte"] == "ferme"
    assert kinds["syndicat mixte ouvert"]["syndicat_mixte"] == "ouvert"
    assert "syndicat_mixte" not in kinds["syndicat de communes à vocation unique (SIVU)"]


def test_alsace_and_moselle_are_said(directory: Directory) -> None:
    for code in ("67482", "57463"):
        assert _get(directory, code).as_scenario()["acteur"]["alsace_moselle"] == "oui"
    # Elsewhere the vocabulary presumes that it is not there.
    assert "alsace_moselle" not in _get(directory, "38544").as_scenario()["acteur"]


@pytest.mark.parametrize("code", ["75101", "69381", "97701", "97801", "98411", "98611", "98901"])
def test_what_is_no_commune_is_not_there(directory: Directory, code: str) -> None:
    assert directory.by_code(code) is None


@pytest.mark.parametrize(
    ("code", "suggestion"),
    [
        ("75101", "75056"),  # an arrondissement
        ("69232", "69123"),  # a former code
        ("1053", "01053"),
        ("200046978", "200046977"),
        ("123456789", None),
        ("99999", None),
        ("", None),
        ("38200", None),  # the postcode of several communes
        ("69200", "69259"),  # of Vénissieux alone
        ("x" * 5000, None),
    ],
)
def test_an_unknown_code_is_told_with_what_may_be_meant(
    directory: Directory, code: str, suggestion: str | None
) -> None:
    problem = directory.unknown_code(code, "/acteur/code")
    assert problem.suggestion == suggestion
    assert problem.pointer == "/acteur/code"
    assert "code postal" in (problem.expected or "")
    assert len(str(problem)) < 600


def test_a_postcode_is_never_read_silently_as_a_code(directory: Directory) -> None:
    # Saunay has the INSEE code 37240, which is also the postcode of Ligueil and of others.
    told = directory.code_notice("37240") or ""
    assert "lu ici comme un code INSEE, celui de Saunay" in told
    assert "Ligueil (code INSEE 37130)" in told
    assert directory.code_notice("38544") is None
    assert directory.code_notice("75012") is None
    assert "code postal, celui de Paris (code INSEE 75056)" in str(directory.unknown_code("75012"))
    assert "chercher la commune par son nom" in str(directory.unknown_code("99999"))


def test_codes_are_read_as_people_write_them(directory: Directory) -> None:
    for code in (" 200046977 ", "200 046 977", "200\u00a0046\u202f977"):
        assert directory.by_code(code) is _get(directory, "200046977")
    assert directory.by_code("2a004") is _get(directory, "2A004")


def test_the_notice_says_today_and_warns_of_another_date(directory: Directory) -> None:
    vienne = _get(directory, "38544")
    assert "2026" in directory.notice
    assert directory.notice_at(dt.date(2026, 3, 1), vienne) == directory.notice
    past = directory.notice_at(dt.date(2006, 3, 1), vienne)
    assert past.startswith(directory.notice)
    assert "01/03/2006" in past


def test_what_comes_from_the_national_base_says_so(directory: Directory) -> None:
    syndicat = _get(directory, "257500041")
    for day in (dt.date(2026, 3, 1), dt.date(2006, 3, 1)):
        told = directory.notice_at(day, syndicat)
        assert directory.base.vintage in told
        assert "vérifier la nature" in told
    # Its population is shown, and never filled in: the base does not say which it is.
    assert syndicat.population > 0
    assert set(syndicat.as_scenario()["acteur"]) == {
        "nom",
        "code",
        "nature",
        "zone",
        "syndicat_mixte",
    }
