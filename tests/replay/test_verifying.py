"""A receipt replayed: the same where nothing changed, else by which rule."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.replay.models import Verification
from coopdec_rules.replay.receipt import receipt_of
from coopdec_rules.replay.said import same_today, verification_lines
from coopdec_rules.replay.verifying import verify
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.workshop.impact_text import markdown
from tests.advice.small import LAW, small, small_files
from tests.replay.conftest import SCENARIO

_PARTS = "action"
SCENARIOS = [
    SCENARIO,
    {"date": "2026-01-15", "acteur": {"nature": "region", "delibere": False},
     _PARTS: {"volets": [{"domaine": "defense"}, {"domaine": "culture"}]}},
    {"date": "2026-01-15", "acteur": {"nature": "commune"}, _PARTS: {"volets": [{}]}},
]  # fmt: skip


@contextmanager
def advising(root: Path) -> Iterator[Advisor]:
    """An advisor on the rulebook in a folder."""
    advisor = Advisor(load_rulebook(root))
    try:
        yield advisor
    finally:
        advisor.close()


def changed_rules(found: Verification) -> list[set[str]]:
    """The rules blamed for each answer that changed."""
    now = found["aujourd_hui"]
    assert now is not None
    return [
        {rule["regle"] for rule in change["causes"]["regles"]}
        for change in now["changements"]
        if change["causes"] is not None
    ]


def test_nothing_changed(before: Advisor) -> None:
    for scenario in SCENARIOS:
        found = verify(receipt_of(before, scenario), before, before)
        assert found["relu"] is not None
        assert found["relu"]["identique"]
        assert same_today(found)


def test_the_rule_that_changed_the_answer_is_named(before: Advisor, today: Advisor) -> None:
    found = verify(receipt_of(before, SCENARIO), today, before)
    assert found["relu"] is not None
    assert found["relu"]["identique"]
    assert not same_today(found)
    now = found["aujourd_hui"]
    assert now is not None
    power = next(c for c in now["changements"] if c["code"] == "habilitation")
    assert (power["avant"], power["apres"]) == ("autorisee", None)
    assert power["causes"] is not None
    assert power["causes"]["suivies"]
    [rule] = power["causes"]["regles"]
    assert (rule["regle"], rule["etat"], rule["aspects"]) == (
        "eau-et-culture", "modifiee", ["conditions"],
    )  # fmt: skip
    assert rule["avant"] == {"conditions": ["volet.domaine parmi [eau, culture]"]}
    assert rule["apres"] == {"conditions": ["volet.domaine = culture"]}
    assert power["causes"]["chemin"][:2] == ["permis", "volet-permis"]
    text = markdown(verification_lines(found))
    assert "par eau-et-culture, règle changée (textes/10-loi.md:" in text
    assert "autorisée → indéterminée" in text


def test_without_the_rulebook_of_the_receipt_what_differs_is_still_told(
    before: Advisor, today: Advisor
) -> None:
    found = verify(receipt_of(before, SCENARIO), today, None, "il n'est pas gardé.")
    now = found["aujourd_hui"]
    assert now is not None
    assert {change["causes"] is None for change in now["changements"]} == {True}
    assert "eau-et-culture" in now["regles"]["plus"]
    assert "il n'est pas gardé." in markdown(verification_lines(found))


_NAMES = [
    line.removeprefix("regle: ")
    for line in small_files()[LAW].splitlines()
    if line.startswith("regle: ")
]


@pytest.mark.parametrize("name", _NAMES)
def test_whichever_rule_ends_it_is_the_one_blamed(
    before: Advisor, tmp_path: Path, name: str
) -> None:
    """Each rule of the small rulebook in turn no longer applies: no other is ever named."""
    head = f"regle: {name}\nnorme: N-01\nsource: loi-a § art. {name}\nrang: loi\nen_vigueur:"
    root = small(tmp_path, (LAW, f"{head} toujours", f"{head} {{au: 2020-12-31}}"))
    with advising(root) as after:
        for scenario in SCENARIOS:
            asked = receipt_of(before, scenario)
            found = verify(asked, after, before)
            blamed = changed_rules(found)
            assert all(rules == {name} for rules in blamed), blamed
            applied = {rule for place in asked["regles"] for rule in place["appliquees"]}
            now = found["aujourd_hui"]
            assert now is not None
            assert (name in applied) == (name in now["regles"]["plus"])


def test_prose_that_changed_is_told_without_being_a_cause(before: Advisor, tmp_path: Path) -> None:
    change = (LAW, "explication: Explication de permis.", "explication: Autrement dit.")
    with advising(small(tmp_path, change)) as after:
        now = verify(receipt_of(before, SCENARIO), after, before)["aujourd_hui"]
        assert now is not None
        assert now["identique"]
        assert now["regles"]["autre_texte"] == ["permis"]


def test_a_presumption_that_changed_is_the_cause(before: Advisor, tmp_path: Path) -> None:
    change = (
        "vocabulaire/10-acteur.yaml",
        "delibere: {libelle: délibération prise,",
        "delibere: {presume: oui, libelle: délibération prise,",
    )
    scenario = {**SCENARIO, "acteur": {"nature": "commune"}}
    with advising(small(tmp_path, change)) as after:
        now = verify(receipt_of(before, scenario), after, before)["aujourd_hui"]
        assert now is not None
        assert now["presumes_changent"]
        [organ] = [c for c in now["changements"] if c["code"] == "organe"]
        assert organ["causes"] is not None
        assert organ["causes"]["regles"] == []
        [fact] = organ["causes"]["faits"]
        assert (fact["fait"], fact["avant"], fact["apres"]) == (
            "acteur.delibere", "inconnu", "oui",
        )  # fmt: skip
        assert fact["origine"] == "présumé par le vocabulaire du recueil"


def test_a_scenario_no_longer_read_is_told(before: Advisor, tmp_path: Path) -> None:
    change = (
        "vocabulaire/30-volet.yaml", "valeurs: {eau: eau, ", "valeurs: {eau_potable: eau, ",
    )  # fmt: skip
    more = (LAW, "[eau, culture]", "[eau_potable, culture]")
    with advising(small(tmp_path, change, more)) as after:
        found = verify(receipt_of(before, SCENARIO), after, before)
        assert found["aujourd_hui"] is None
        assert found["refuse"] is not None
        assert "/action/volets/0/domaine" in found["refuse"]
        assert "Le scénario n'est plus lu" in markdown(verification_lines(found))
