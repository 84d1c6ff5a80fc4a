"""Every total of both documents, recounted; each contradiction stated."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from coopdec_rules.panorama.checks import Report, verify
from coopdec_rules.panorama.data import Panorama, load_panorama, number, text

from .test_tables import spoil

#: Every printed figure that the data do not give back: what is printed, what is counted.
DIFFERENT = {
    "introduction/epci": (2572, 2566),
    "groupes/etudiees": (132, 131),
    "groupes/actives": (58, 57),
    "groupes/avancees": (28, 27),
    "aires/total/ponctuelle_reflexion": (18, 19),
    "aires/total/avancee": (9, 10),
    "aires/total/transfrontaliere": (5, 6),
    "aires/total/total": (48, 51),
    "texte-aires/liens": (48, 45),
    "texte-aires/pas-positionnees": (5, 6),
    "texte-aires/pays": (26, 25),
    "texte-aires/rang/amerique_nord": (5, 6),
    "annexe/LV": (1, 0),
    "annexe/total": (100, 99),
    "repartition/4": (1, 2),
    "repartition/5": (4, 3),
    "repartition/6": (1, 2),
    "repartition/7": (1, 0),
    "repartition/9": (1, 0),
    "repartition/10": (0, 1),
}


@pytest.fixture(scope="module")
def report(panorama: Panorama) -> Report:
    return verify(panorama)


def test_each_contradiction_in_figures_is_stated(report: Report) -> None:
    found = {c.id: (c.printed, c.counted) for c in report.checks if not c.equal}
    assert found == DIFFERENT
    assert report.faults == ()
    for name in DIFFERENT:
        gap = report.gaps[name]
        assert gap.finding
        assert gap.explanation
        assert gap.passage


def test_what_agrees_is_recounted_too(report: Report) -> None:
    equal = {check.id for check in report.checks if check.equal}
    assert len({check.id for check in report.checks}) == len(report.checks)
    assert len(report.checks) == 131
    assert {
        "groupes/naissante", "groupes/actives-par-difference", "aires/asie/total",
        "aires/somme-des-colonnes", "enquete/accords", "enquete/listes", "zones/ue",
        "annexe/DE", "repartition/12",
    } <= equal  # fmt: skip


def test_one_more_community_mends_the_three_counts_of_the_study(panorama: Panorama) -> None:
    """132, 58 and 28 each lack one; Grand Dijon is told among the nascent and not listed."""
    sizes = [number(row["imprime"]) for row in panorama.rows("paliers")]
    assert sum(sizes) + 1 == 132
    assert sum(sizes[1:]) + 1 == 58
    assert sum(sizes[3:]) + 1 == 28
    unlisted = [c.id for c in panorama.communities.values() if c.tier and not c.listed]
    assert unlisted == ["ca-grand-dijon"]


def test_where_the_wrong_totals_of_the_table_come_from(panorama: Panorama) -> None:
    links = [link for c in panorama.communities.values() for link in c.links]
    across = [link for link in links if link.tier == "transfrontaliere"]
    assert (len(across), sum(link.count for link in across)) == (5, 6)
    advanced = Counter({"": 0})
    for link in links:
        if link.tier == "avancee":
            advanced[link.area] += link.count
    assert advanced["afrique_subsaharienne"] == 9
    group = [c for c in panorama.communities.values() if c.tier == "ponctuelle_reflexion"]
    assert len(group) == 18
    assert sorted(c.name for c in group if not c.links) == [
        "Amiens Métropole", "Grenoble Alpes Métropole", "Pays de Lorient",
    ]  # fmt: skip
    assert sum(len({link.line for link in c.links}) == 2 for c in group) == 4


TEXTUAL = {
    "texte/aix", "texte/senart", "texte/dijon", "texte/guinee", "texte/mauritanie", "texte/iles",
    "texte/saint-quentin", "texte/dracenoise", "texte/dates", "texte/annexes",
}  # fmt: skip


def test_each_contradiction_without_figures_is_stated(report: Report, panorama: Panorama) -> None:
    assert {gap.id for gap in report.textual} == TEXTUAL
    communities = panorama.communities
    aix = communities["ca-pays-d-aix"]
    assert (aix.tier, [link.tier for link in aix.links]) == ("naissante", ["avancee"])
    twice = [
        c.id for c in communities.values() if c.listed and any(k.tier != c.tier for k in c.links)
    ]
    assert twice == [aix.id]
    senart = communities["san-senart"]
    assert (senart.tier, senart.links) == ("avancee", ())
    assert "MR" in senart.countries
    assert communities["ca-grand-dijon"].links == ()
    listed = [(text(row["pays_imprime"]), row["pays"]) for row in panorama.rows("pays_etude")]
    assert ("Guinée", None) in listed
    assert ("Guinée Konakri", "GN") in listed
    assert "MR" not in [code for _, code in listed]
    assert ("Angleterre", "GB") in listed
    saint_malo = communities["ca-saint-malo"]
    assert [story.partner for story in saint_malo.stories] == ["Jersey et Guernesey"]
    delegations = communities["ca-saint-quentin-en-yvelines"]
    assert "japonaise, africaine et chinoise" in delegations.stories[0].text
    assert [link.count for link in delegations.links if link.area == "asie"] == [1]
    south = {"ca-dracenoise", "ca-toulon-provence-mediterranee", "ca-pays-ajaccien"}
    assert {
        c.id for c in communities.values() if any(k.area == "moyen_orient" for k in c.links)
    } == south
    assert {communities[ident].tier for ident in south} == {"ponctuelle_reflexion", "naissante"}
    dates = {table.name: table.date for table in panorama.tables.values()}
    assert (dates["paliers"], dates["liens"]) == ("2006-02", "2005-11")


def test_an_unstated_difference_is_a_fault(copy: Path) -> None:
    spoil(copy, "accords.csv", "ville-lille,DE,2", "ville-lille,DE,3")
    found = verify(load_panorama(copy)).faults
    assert any(fault.startswith("annexe/DE : imprimé 24, recompté 25") for fault in found)
    assert any(fault.startswith("annexe/total") for fault in found)


def test_a_stated_difference_that_is_none_is_a_fault(copy: Path) -> None:
    # Latvia's agreement given to Lens: the country agrees, and the towns by number change.
    agreements = copy / "accords.csv"
    agreements.write_text(agreements.read_text("utf-8") + "ville-lens,LV,1,enquête\n", "utf-8")
    found = verify(load_panorama(copy)).faults
    assert "annexe/LV : un écart est déclaré, mais les deux chiffres sont égaux." in found
    assert any(fault.startswith("repartition/1 : imprimé 3, recompté 2") for fault in found)


def test_a_difference_about_nothing_is_a_fault(copy: Path) -> None:
    spoil(copy, "ecarts.csv", "annexe/LV,", "annexe/ZZ,")
    found = verify(load_panorama(copy)).faults
    assert "annexe/ZZ : ecarts.csv déclare un écart que rien ne vérifie." in found


def test_what_the_page_says_of_the_data_holds(panorama: Panorama) -> None:
    """Sentences written in the template above the plots."""
    sizes = [number(row["imprime"]) for row in panorama.rows("paliers")]
    assert sizes[0] > 132 / 2
    by_country = {row["pays"]: number(row["imprime"]) for row in panorama.rows("accords_par_pays")}
    three = sum(sorted(by_country.values())[-3:])
    assert three == by_country["DE"] + by_country["GB"] + by_country["BE"] == 49
    towns = panorama.towns
    ranked = sorted(towns.values(), key=lambda town: -town.population)
    assert ranked[4].name == "Dunkerque"
    assert ranked[4].total == 0
    lower, higher = towns["ville-valenciennes"], towns["ville-roubaix"]
    assert lower.population * 2 < higher.population
    assert lower.total > higher.total
