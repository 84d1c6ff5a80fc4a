"""Completing a scenario from a code."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_rules.errors import ScenarioError
from coopdec_rules.territories import fill, load_directory

GROUP = {"nature": "communaute_agglomeration", "nom": "CA Vienne Condrieu"}


def _actor(**actor: Any) -> tuple[dict[str, Any], list[str]]:
    document = {"date": "2026-03-01", "acteur": actor}
    before = copy.deepcopy(document)
    found, filled = fill(document)
    assert document == before
    assert isinstance(found, dict)
    assert found["date"] == "2026-03-01"
    return found["acteur"], filled


def test_a_code_alone_gives_the_rest() -> None:
    actor, filled = _actor(code="38544")
    assert actor["nature"] == "commune"
    assert actor["groupement"] == GROUP
    assert filled == [
        "/acteur/nom", "/acteur/nature", "/acteur/population", "/acteur/zone",
        "/acteur/groupement/nature", "/acteur/groupement/nom",
    ]  # fmt: skip


def test_what_is_stated_stays() -> None:
    actor, filled = _actor(code="38544", nom="Ma ville", nature="commune", population=3)
    assert (actor["nom"], actor["population"]) == ("Ma ville", 3)
    assert filled == [
        "/acteur/zone", "/acteur/groupement/nature", "/acteur/groupement/nom",
    ]  # fmt: skip
    actor, filled = _actor(code="38544", population="inconnu", nom=None, nature="")
    assert actor["population"] == "inconnu"
    assert actor["nom"] == "Vienne"
    assert "/acteur/nature" in filled


def test_nothing_is_added_against_a_stated_nature() -> None:
    stated = {"code": "38544", "nature": "communaute_communes"}
    assert _actor(**stated) == (stated, [])
    actor, filled = _actor(code="38544", nature="inconnu")
    assert actor["nature"] == "inconnu"
    assert filled == ["/acteur/nom", "/acteur/population", "/acteur/zone"]


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"nature": "syndicat_communes"}, {"nature": "syndicat_communes"}),
        ({"nature": "aucun"}, {"nature": "aucun"}),
        ({"nature": "inconnu"}, {"nature": "inconnu"}),
        ({"nom": "Syndicat des eaux"}, {"nom": "Syndicat des eaux"}),
        ({"nom": "ca vienne-condrieu"}, {"nom": "ca vienne-condrieu", "nature": GROUP["nature"]}),
        ({"nature": GROUP["nature"]}, GROUP),
        ({"nature": None, "nom": " "}, GROUP),
        (None, GROUP),
        ("illisible", "illisible"),
        ([], []),
    ],
)
def test_two_groupings_are_never_mixed(stated: Any, expected: Any) -> None:
    actor, _ = _actor(code="38544", groupement=stated)
    assert actor["groupement"] == expected


def test_a_particular_status_is_filled_in_with_the_nature() -> None:
    actor, filled = _actor(code="200046977")
    assert actor["nature"] == "metropole"
    assert actor["statut_particulier"] == "lyon"
    assert "/acteur/statut_particulier" in filled
    actor, _ = _actor(code="200054781", nature="metropole")
    assert actor["statut_particulier"] == "grand_paris"
    actor, filled = _actor(code="69123")
    assert actor["groupement"]["statut_particulier"] == "lyon"
    assert "/acteur/groupement/statut_particulier" in filled
    actor, _ = _actor(code="69123", groupement={"nature": "syndicat_communes"})
    assert actor["groupement"] == {"nature": "syndicat_communes"}


@pytest.mark.parametrize(
    ("code", "suggestion"), [("75101", "75056"), ("zzz", None), ("38 54", None), (99999, None)]
)
def test_an_unknown_code_is_a_mistake_at_its_place(code: object, suggestion: str | None) -> None:
    with pytest.raises(ScenarioError) as stop:
        _actor(code=code)
    (problem,) = stop.value.problems
    assert problem.pointer == "/acteur/code"
    assert problem.suggestion == suggestion


def test_a_number_is_read_only_when_no_zero_can_be_lost() -> None:
    assert _actor(code=38544)[0]["nom"] == "Vienne"
    # YAML reads 02000 as the octal number 1024, which is another commune's code.
    for code in (1024, 0, -5):
        with pytest.raises(ScenarioError, match="guillemets"):
            _actor(code=code)


@pytest.mark.parametrize(
    "document",
    [None, [], "x", {}, {"acteur": None}, {"acteur": []}, {"acteur": {}},
     {"acteur": {"code": None}}, {"acteur": {"code": " "}}, {"acteur": {"code": "inconnu"}},
     {"acteur": {"code": True}}, {"acteur": {"code": 1.5}}, {"acteur": {"code": ["38544"]}}],
)  # fmt: skip
def test_what_has_no_code_is_left_to_its_reader(document: object) -> None:
    assert fill(document) == (document, [])


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(
    st.fixed_dictionaries(
        {"code": st.sampled_from(["38544", "200046977", "69123", "75056"])},
        optional=dict.fromkeys(("nom", "nature", "population", "groupement"), _JSON),
    )
)
def test_nothing_stated_is_ever_changed(actor: dict[str, Any]) -> None:
    found, filled = fill({"acteur": actor})
    assert isinstance(found, dict)
    for name, value in actor.items():
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        if name == "groupement" and isinstance(value, dict):
            kept = {k: v for k, v in found["acteur"][name].items() if k in value}
            assert all(
                kept[k] == v or f"/acteur/groupement/{k}" in filled for k, v in value.items()
            )
        else:
            assert found["acteur"][name] == value
            assert f"/acteur/{name}" not in filled


def test_communes_of_overseas_departements_are_ordinary_and_others_are_not_said_to_be() -> None:
    directory = load_directory()
    found = directory.by_code("97411")
    assert found is not None
    assert found.as_scenario()["acteur"]["statut_particulier"] == "aucun"
    pacific = directory.by_code("98735")
    assert pacific is not None
    assert pacific.as_scenario()["acteur"]["statut_particulier"] == "commune_outre_mer"
