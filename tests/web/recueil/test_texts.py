"""Texts: every rule stands by its passage, and prose can do no harm."""

from __future__ import annotations

import shutil
from pathlib import Path

from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.web.recueil.room import Room
from coopdec_rules.web.recueil.texts import load_texts, markdown


def test_every_written_rule_stands_once_in_its_text(room: Room) -> None:
    placed = [rule.key for text in room.texts.values() for rule in text.rules]
    written = [rule.key for rule in room.book.rules if rule.file.startswith("textes/")]
    assert sorted(placed) == sorted(written)


def test_a_passage_is_the_prose_right_above_its_rules(room: Room) -> None:
    passages = room.texts["1970-exclusivite"].passages
    kept, lost, later = passages[:3]
    assert "perdue pour la commune" in kept.html
    assert [rule.id for rule in kept.rules] == ["commune-competente"]
    assert "La compétence transférée" in lost.html
    assert {rule.id for rule in lost.rules} == {"commune-dessaisie"}
    assert "la circulaire réserve" in later.html
    assert later.rules[0].key == "commune-dessaisie@2001-04-20"


def test_no_block_of_rules_is_left_in_the_prose(room: Room) -> None:
    for text in room.texts.values():
        for passage in text.passages:
            assert "regle:" not in passage.html, text.id
            assert "<h1" not in passage.html, text.id


def test_a_table_bears_the_heading_under_which_it_is_declared(room: Room) -> None:
    assert room.tables["competences"] == "Les compétences, par nature, domaine et date"
    assert ("tables/competences", "Les compétences") in room.menu
    assert set(room.tables) == {"competences", "titulaires"}


def test_html_pictures_and_scripts_of_a_text_are_not_obeyed() -> None:
    html = markdown().render(
        "<script>x()</script> ![p](https://ailleurs.example/p.png)\n\n"
        "[a](javascript:x) [b](https://exemple.fr)\n"
    )
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="https://exemple.fr"' in html


def test_prose_that_has_changed_since_is_not_set_beside_the_rules(
    room: Room, rules_root: Path, tmp_path: Path
) -> None:
    shutil.copytree(rules_root, tmp_path / "rules")
    path = tmp_path / "rules" / "textes" / "1970-exclusivite.md"
    path.write_text(path.read_text("utf-8") + "\nUn mot de plus.\n", "utf-8")
    texts = load_texts(room.book, tmp_path / "rules")
    text = texts["1970-exclusivite"]
    assert not text.prose
    assert [r.key for r in text.rules] == [r.key for r in room.texts["1970-exclusivite"].rules]
    assert all(not passage.html for passage in text.passages)
    again = load_texts(load_rulebook(tmp_path / "rules"), tmp_path / "rules")
    assert "Un mot de plus" in again["1970-exclusivite"].passages[-1].html
