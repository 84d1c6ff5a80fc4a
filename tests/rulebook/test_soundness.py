"""No answer by silence, no text overruled from below, no text cited before its day."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopdec_rules.rulebook.loader import load_rulebook
from tests.advice.small import LAW, rule, small
from tests.rulebook import tiny


def with_condition(root: Path, condition: str, value: str = "rempli") -> Path:
    """The small rulebook where the organ has ``value`` on one condition."""
    before = rule("vote", "acteur.delibere", "organe: rempli")
    after = rule("vote", condition, f"organe: {value}")
    return small(root, (LAW, before, after))


@pytest.mark.parametrize(
    "condition",
    [
        "toujours",
        "non acteur.delibere",
        "acteur.nature hors [region]",
        "acteur.nature ≠ region",
        "date >= 2001-01-01",
        "'aucun volet : volet.domaine = eau'",
        "acteur.delibere ou acteur.nature ≠ region",
        "'tous les volets : volet.domaine hors [eau]'",
    ],
)
@pytest.mark.parametrize("value", ["rempli", "sans_objet"])
def test_a_free_answer_must_name_what_it_accepts(
    tmp_path: Path, condition: str, value: str
) -> None:
    root = with_condition(tmp_path, condition, value)
    tiny.assert_mistake(root, LAW, _line(root), "doit reposer sur")


def _line(root: Path) -> int:
    lines = (root / LAW).read_text(encoding="utf-8").splitlines()
    return lines.index("regle: vote") + 1


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("acteur.delibere", "rempli"),
        ("acteur.nature parmi [commune, region]", "rempli"),
        ("acteur.delibere et acteur.nature ≠ region", "sans_objet"),
        ("'au moins un volet : volet.domaine = eau'", "rempli"),
        # Only values that free the action are concerned.
        ("acteur.nature hors [region]", "empeche"),
    ],
)
def test_what_rests_on_facts_is_read(tmp_path: Path, condition: str, value: str) -> None:
    load_rulebook(with_condition(tmp_path, condition, value))


def test_the_points_of_an_element_are_held_to_the_same(tmp_path: Path) -> None:
    root = small(
        tmp_path,
        (
            "vocabulaire/conclusions.yaml",
            "organe:\n  type: choix\n  libelle: organe compétent\n  valeurs: etat_d_element\n",
            "point:\n  type: choix\n  libelle: point\n  valeurs: etat_d_element\n"
            "organe:\n  type: choix\n  libelle: organe compétent\n  valeurs: etat_d_element\n"
            "  pire_de: [point]\n",
        ),
        ("sources.yaml", "loi-a:", "methode: {titre: M, rang: methode, confiance: texte}\nloi-a:"),
        (LAW, rule("vote", "acteur.delibere", "organe: rempli"),
         rule("vote", "acteur.nature ≠ region", "point: rempli")),
        (LAW, "conclut: {organe: a_faire}", "conclut: {point: a_faire}"),
    )  # fmt: skip
    tiny.assert_mistake(root, LAW, _line(root), "« point : rempli » doit reposer sur")


def _overruling(root: Path, lecture: str = "droit", **changes: str | None) -> Path:
    keys: dict[str, str | None] = {
        "source": "etude-b § II",
        "rang": "etude",
        "si": f"lecture = {lecture}",
        "conclut": None,
        "ecarte": "permis-commune",
        **changes,
    }
    return tiny.trial(root, **keys)


def test_a_study_does_not_overrule_a_statute(tmp_path: Path) -> None:
    root = _overruling(tmp_path)
    tiny.assert_mistake(root, tiny.TRIAL, 4, "(etude)", "« permis-commune »", "(loi)")


def test_under_its_own_reading_the_study_may(tmp_path: Path) -> None:
    load_rulebook(_overruling(tmp_path, "etude_2006"))


def test_a_rule_may_overrule_its_own_rank(tmp_path: Path) -> None:
    load_rulebook(_overruling(tmp_path, source="loi-a § art. 2", rang="loi"))


def test_a_text_is_not_cited_before_its_day(tmp_path: Path) -> None:
    files = tiny.tiny_files()
    late = {"source": "decret-c § 1", "rang": "reglement"}
    files[tiny.SOURCES] += (
        "decret-c: {titre: C, rang: reglement, date: 2005-03-01, confiance: texte}\n"
    )
    files[tiny.TRIAL] = "# Essai\n\n" + tiny.rule(**late)
    tiny.write(tmp_path, files)
    tiny.assert_mistake(tmp_path, tiny.TRIAL, 4, "2000-01-01", "« decret-c », du 2005-03-01")
    files[tiny.TRIAL] = "# Essai\n\n" + tiny.rule(**late, en_vigueur="{du: 2005-03-01}")
    load_rulebook(tiny.write(tmp_path, files))
