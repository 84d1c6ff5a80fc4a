"""Rules read aloud."""

from __future__ import annotations

import datetime as dt

import pytest

from coopdec_rules.advice.sentences import Clause, Sentences, Several, settled, subjects
from coopdec_rules.advice.wording import Wording
from coopdec_rules.rulebook.rulebook import Rulebook

COVERED = dt.date(1992, 2, 8)


@pytest.fixture(scope="module")
def sentences(rulebook: Rulebook) -> Sentences:
    return Sentences(rulebook, Wording(rulebook))


def said(sentences: Sentences, ident: str) -> list[str]:
    rule = sentences.book.versions(ident)[0]
    return [str(part) for part in sentences.conditions(rule)]


def test_each_condition_is_a_clause_on_what_it_speaks_of(sentences: Sentences) -> None:
    rule = sentences.book.versions("commune-dessaisie")[1]
    parts = sentences.conditions(rule)
    assert [p.subject for p in parts if isinstance(p, Clause)] == [
        "acteur.famille", "volet.competence_requise", "volet.detenteur",
    ]  # fmt: skip
    assert [str(p) for p in parts] == [
        "famille de collectivité : commune",
        "ce que le fondement demande de compétence : "
        "il faut détenir la compétence, ou un titre qui en tienne lieu",
        "détenteur de la compétence, parmi : le groupement, un syndicat",
    ]


def test_alternatives_stay_together(sentences: Sentences) -> None:
    rule = sentences.book.versions("volet-interdit")[0]
    first, part = sentences.conditions(rule)
    assert isinstance(first, Clause)
    assert isinstance(part, Several)
    assert part.word == "ou"
    assert len(part.parts) == 3


def test_quantities_of_items_read_as_french_does(sentences: Sentences) -> None:
    assert said(sentences, "action-interdite") == [
        "pour tous les volets : habilitation pour le volet : interdite"
    ]
    shared = said(sentences, "maitrise-conjointe")
    assert shared[0].startswith("pour aucun volet : ")
    assert shared[1].startswith("pas pour tous les volets : ")


def test_no_condition_is_lost_nor_said_in_the_language_of_the_files(sentences: Sentences) -> None:
    for rule in sentences.book.rules:
        parts = sentences.conditions(rule)
        assert bool(parts) == bool(rule.conditions), rule.key
        text = " ".join(map(str, parts))
        for name in subjects(sentences.book, rule.formula):
            assert sentences.label(name) in text, rule.key
            assert "." not in name or name not in text, rule.key


def test_the_number_of_the_article_is_that_of_the_day(sentences: Sentences) -> None:
    book = sentences.book
    early, late = book.at(dt.date(2003, 1, 1)), book.at(dt.date(2005, 3, 1))
    assert "L. 1112-1" in sentences.on_day("art. 131 ({fondement})", early)
    assert "L. 1115-1" in sentences.on_day("art. 131 ({fondement})", late)
    assert sentences.on_day("« {volet.domaine} »", late) == "« [domaine] »"


def test_what_depends_on_the_scenario_is_never_settled(rulebook: Rulebook) -> None:
    for state in rulebook.states():
        found = settled(state)
        assert "regime" in found
        if state.start and state.start >= COVERED:  # before, nothing is read of any scenario
            assert set(found) <= {"fondement", "regime"}
