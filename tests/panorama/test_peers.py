"""Actors found in the panorama, and their peers."""

from __future__ import annotations

import pytest

from coopdec_rules.panorama.peers import REASONS, Directory

CA, SAN, TOWN = "communaute_agglomeration", "syndicat_agglomeration_nouvelle", "commune"


@pytest.mark.parametrize(
    ("name", "nature", "found"),
    [
        ("CA du Pays Viennois", CA, "ca-pays-viennois"),
        ("Communauté d'agglomération du Pays viennois", CA, "ca-pays-viennois"),
        ("pays  VIENNOIS", CA, "ca-pays-viennois"),
        ("CA de la Presqu'île de Guérande", CA, "ca-cap-atlantique"),
        ("CINOR", CA, "ca-nord-de-la-reunion"),
        ("SAN de Sénart", SAN, "san-senart"),
        ("Sénart", CA, "san-senart"),
        ("CA du Puy-en-Velay", CA, "ca-puy-en-velay"),
        ("Cambrai", CA, "ca-cambrai"),
        ("Cambrai", TOWN, "ville-cambrai"),
        ("Ville d'Hénin-Beaumont", TOWN, "ville-henin-beaumont"),
        ("Commune de Marcq en Baroeul", TOWN, "ville-marcq-en-baroeul"),
        # Not the same body, or not the whole name.
        ("Métropole européenne de Lille", "metropole", None),
        ("Lille", "metropole", None),
        ("Vienne", CA, None),
        ("Pays de Lorient", "syndicat_mixte", None),
        ("CA", CA, None),
        ("", CA, None),
        (None, CA, None),
        ("CA du Pays Viennois", None, None),
    ],
)
def test_only_the_actor_itself_is_found(
    directory: Directory, name: str | None, nature: str | None, found: str | None
) -> None:
    place = directory.place_of(name, nature)
    assert (place.id if place else None) == found
    if place:
        assert place.anchor == f"/panorama#{found}"


def test_every_name_leads_to_one_community(directory: Directory) -> None:
    for community in directory.panorama.communities.values():
        for name in (community.title, community.name, community.printed, *community.other_names):
            place = directory.place_of(name, community.nature)
            assert place, name
            assert place.id == community.id, name
            assert place.told
            assert place.source.startswith("Étude COOP DEC, février 2006, ")


@pytest.mark.parametrize(
    ("text", "code"),
    [("SN", "SN"), ("sn", "SN"), ("Sénégal", "SN"), ("senegal", "SN"), ("Atlantide", None),
     ("", None), (None, None)],
)  # fmt: skip
def test_a_country_is_named_by_code_or_name(
    directory: Directory, text: str | None, code: str | None
) -> None:
    assert directory.country_of(text) == code


def test_the_same_country_comes_first_then_the_domain(directory: Directory) -> None:
    found = directory.peers("aucune_action", ["eau"], "SN")
    assert found[0].id == "ca-pays-viennois"
    assert found[0].reasons == ("meme_pays", "meme_domaine", "meme_aire")
    assert "eau potable" in found[0].told
    assert found[1].id == "ca-angers-loire-metropole"
    weights = [sum(REASONS[reason] for reason in peer.reasons) for peer in found]
    assert weights == sorted(weights, reverse=True)


def test_a_country_by_usage_finds_peers_of_its_area(directory: Directory) -> None:
    assert not directory.panorama.countries["TG"].area_told
    found = directory.peers(None, [], "TG", limit=50)
    assert found
    assert {peer.reasons for peer in found} == {("meme_aire",)}
    assert all("Afrique subsaharienne" in peer.areas for peer in found)


def test_peers_of_a_tier_and_of_the_next(directory: Directory) -> None:
    found = directory.peers("ponctuelle_reflexion", limit=50, next_tier="avancee")
    assert {(peer.tier, peer.reasons) for peer in found} == {
        ("ponctuelle_reflexion", ("meme_palier",)),
        ("avancee", ("palier_suivant",)),
    }
    assert [peer.tier for peer in found[:18]] == ["ponctuelle_reflexion"] * 18


def test_towns_are_peers_by_country_only(directory: Directory) -> None:
    found = directory.peers("avancee", ["tourisme"], "PL", limit=50, town=True)
    towns = [peer for peer in found if peer.document == "enquete_2006"]
    assert len(towns) == 7
    assert all(peer.tier is None and peer.reasons == ("meme_pays",) for peer in towns)
    senegal = directory.peers(None, [], "SN", limit=50, town=True)
    assert senegal[0].id != "ville-lille"  # Vienne has the country and the area
    assert directory.peers(None, [], "DZ", town=True)[0].name == "Ville de Roubaix"


def test_the_actor_is_not_its_own_peer_and_the_list_ends(directory: Directory) -> None:
    found = directory.peers("avancee", ["eau"], "SN", limit=3, without="ca-pays-viennois")
    assert len(found) == 3
    assert "ca-pays-viennois" not in [peer.id for peer in found]


def test_nothing_known_finds_nobody(directory: Directory) -> None:
    assert directory.peers(None) == []
    assert directory.peers(None, ["None"], "ZZ") == []


def test_a_community_only_named_says_so(directory: Directory) -> None:
    named = directory.place(directory.panorama.communities["ca-amiens-metropole"])
    assert named.told == "L'étude ne fait que la nommer."
    linked = directory.place(directory.panorama.communities["ca-grand-rodez"])
    assert linked.told == "L'étude ne donne que ses liens : Asie."
    silent = directory.place(directory.panorama.towns["ville-dunkerque"])
    assert "ne dit pas si elle a répondu" in silent.told
