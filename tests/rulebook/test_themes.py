"""Themes: the steps in which people are asked, and what facts say of how they are asked."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.rulebook import Rulebook

from . import tiny

THEMES = "vocabulaire/themes.yaml"
TWO = dedent(
    """\
    quoi: {titre: Que faire ?, court: Quoi}
    qui:
      titre: Qui agit ?
      court: Qui
      aide: Dites-le.
    """
)


def written(themes: str = TWO, **named: str) -> dict[str, str]:
    """The tiny rulebook with themes; ``named``: the theme that a group's file names."""
    files = {**tiny.tiny_files(), THEMES: themes}
    for group, theme in {"acteur": "qui", "scenario": "qui", "volet": "quoi", **named}.items():
        path = next(name for name, text in files.items() if text.startswith(f"groupe: {group}\n"))
        files[path] = files[path].replace("faits:", f"theme: {theme}\nfaits:", 1)
    return files


def test_themes_follow_their_file_and_no_group_is_left_out(tmp_path: Path) -> None:
    book = load_rulebook(tiny.write(tmp_path, written()))
    assert list(book.themes) == ["quoi", "qui", "ligne"]
    assert book.themes["qui"].help == "Dites-le."
    # A group that names no theme is one by itself.
    assert book.themes["ligne"].title == book.groups["ligne"].title
    assert book.groups["acteur"].theme == "qui"


def test_without_themes_each_group_is_one(tmp_path: Path) -> None:
    book = load_rulebook(tiny.write(tmp_path, tiny.tiny_files()))
    assert list(book.themes) == ["scenario", "acteur", "volet", "ligne"]


def test_every_fact_of_the_rulebook_has_a_theme(rulebook: Rulebook) -> None:
    for fact in rulebook.facts.values():
        assert fact.group.theme in rulebook.themes
    assert list(rulebook.themes)[:2] == ["qui", "quoi"]


@pytest.mark.parametrize(
    ("themes", "named", "file", "said", "suggestion"),
    [
        (TWO, {"volet": "quo"}, tiny.PART, "le thème « quo » n'existe pas", "quoi"),
        (TWO, {"volet": "zzzzz"}, tiny.PART, "le thème « zzzzz » n'existe pas", None),
        (TWO + "vide: {titre: V, court: V}\n", {}, THEMES, "aucun groupe de faits", None),
        (TWO.replace("court: Quoi", "cour: Quoi"), {}, THEMES, "« cour » n'existe pas", "court"),
        (TWO.replace("titre: Que faire ?, ", ""), {}, THEMES, "la clé « titre » manque", None),
    ],
)
def test_mistakes_are_placed(
    tmp_path: Path,
    themes: str,
    named: dict[str, str],
    file: str,
    said: str,
    suggestion: str | None,
) -> None:
    found = list(tiny.mistakes(tiny.write(tmp_path, written(themes, **named))))
    told = [d for d in found if said in d.message]
    assert len(told) == 1, "\n".join(map(str, found))
    assert told[0].file == file
    assert told[0].line > 0
    assert told[0].suggestion == suggestion


ACTIVE = "actif: {libelle: actif, type: booleen, question: Actif ?"


def with_active(root: Path, more: str) -> Path:
    return tiny.changed(root, tiny.ACTOR, ACTIVE, f"{ACTIVE}, {more}")


def test_a_fact_may_be_rare_and_lean_on_the_law(tmp_path: Path) -> None:
    more = "rare: oui, selon_la_loi: [taille, reponse]"
    fact = load_rulebook(with_active(tmp_path, more)).facts["acteur.actif"]
    assert fact.rare
    assert fact.by_law == ("taille", "reponse")


@pytest.mark.parametrize(
    ("more", "said", "suggestion"),
    [
        ("rare: souvent", "« rare » attend oui ou non", None),
        ("selon_la_loi: taile", "la conclusion « taile » n'existe pas", "taille"),
        ("selon_la_loi: zzz", "la conclusion « zzz » n'existe pas", None),
        ("selon_la_loi: volet.reponse", "se conclut pour chaque volet", None),
        ("selon_la_loi: []", "la liste « selon_la_loi » est vide", None),
    ],
)
def test_mistakes_of_a_fact(tmp_path: Path, more: str, said: str, suggestion: str | None) -> None:
    found = [d for d in tiny.mistakes(with_active(tmp_path, more)) if said in d.message]
    assert len(found) == 1
    assert found[0].file == tiny.ACTOR
    assert found[0].suggestion == suggestion


DOMAIN = "question: Quel domaine ?"


def with_base(root: Path, cases: str) -> Path:
    return tiny.changed(root, tiny.PART, DOMAIN, f"{DOMAIN}\n    presume_par_la_base: {cases}")


def test_a_fact_may_lean_on_the_national_base(tmp_path: Path) -> None:
    cases = "[{cite: tout, si: {taille: grande}, valeur: eau}, {cite: partie, valeur: dechets}]"
    first, second = load_rulebook(with_base(tmp_path, cases)).facts["volet.domaine"].by_base
    assert (first.cited, first.when, first.value) == ("tout", {"taille": {"grande"}}, "eau")
    assert (second.cited, second.when, second.value) == ("partie", {}, "dechets")


@pytest.mark.parametrize(
    ("cases", "said", "suggestion"),
    [
        ("{cite: tout, valeur: eau}", "une liste est attendue", None),
        ("[{cite: tou, valeur: eau}]", "« tou » n'existe pas", "tout"),
        ("[{cite: tout, valeur: ea}]", "« ea » n'existe pas", "eau"),
        ("[{cite: tout}]", "la clé « valeur » manque", None),
        ("[{valeur: eau}]", "la clé « cite » manque", None),
        ("[{cite: tout, valeur: eau, quand: x}]", "la clé « quand » n'existe pas", None),
        ("[{cite: tout, si: {taile: grande}, valeur: eau}]", "« taile » n'existe pas", "taille"),
        ("[{cite: tout, si: {taille: grand}, valeur: eau}]", "« grand » n'existe pas", "grande"),
    ],
)
def test_mistakes_of_what_the_base_lets_presume(
    tmp_path: Path, cases: str, said: str, suggestion: str | None
) -> None:
    found = [d for d in tiny.mistakes(with_base(tmp_path, cases)) if said in d.message]
    assert len(found) == 1
    assert found[0].file == tiny.PART
    assert found[0].suggestion == suggestion


def test_only_an_item_of_a_group_leans_on_the_base(tmp_path: Path) -> None:
    root = with_active(tmp_path, "presume_par_la_base: [{cite: tout, valeur: oui}]")
    assert any("d'un groupe répété" in d.message for d in tiny.mistakes(root))


def test_what_goes_without_saying_is_a_value(tmp_path: Path) -> None:
    old = "valeurs: {petite: petite, grande: grande}"
    root = tiny.changed(tmp_path, tiny.CONCLUSIONS, old, f"{old}\n  sans_dire: petite")
    assert load_rulebook(root).conclusions["taille"].unsaid == {"petite"}
    tiny.changed(tmp_path, tiny.CONCLUSIONS, old, f"{old}\n  sans_dire: petit")
    (found,) = [d for d in tiny.mistakes(tmp_path) if "sans_dire" in d.message]
    assert (found.file, found.suggestion) == (tiny.CONCLUSIONS, "petite")


def test_a_question_may_wait_for_what_it_speaks_of(tmp_path: Path) -> None:
    fact = load_rulebook(with_active(tmp_path, "suppose: acteur.population")).facts["acteur.actif"]
    assert fact.supposes == ("acteur.population",)


@pytest.mark.parametrize(
    ("supposed", "said"),
    [
        ("acteur.populatio", "le fait « acteur.populatio » n'existe pas"),
        ("acteur.actif", "suppose lui-même « acteur.actif »"),
    ],
)
def test_what_a_question_speaks_of_is_checked(tmp_path: Path, supposed: str, said: str) -> None:
    found = tiny.mistakes(with_active(tmp_path, f"suppose: {supposed}"))
    assert [d.file for d in found if said in d.message] == [tiny.ACTOR]
