"""French as an act writes it: amounts in letters, names after « de », spaces and apostrophes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from coopdec_rules.documents.compose import slug
from coopdec_rules.documents.typography import set_text
from coopdec_rules.documents.words import euros, euros_in_letters, grouping, letters, of, town


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zéro"), (1, "un"), (21, "vingt-et-un"), (71, "soixante-et-onze"),
        (80, "quatre-vingts"), (81, "quatre-vingt-un"), (91, "quatre-vingt-onze"),
        (99, "quatre-vingt-dix-neuf"), (100, "cent"), (200, "deux-cents"),
        (201, "deux-cent-un"), (1000, "mille"), (1100, "mille-cent"), (2000, "deux-mille"),
        (80000, "quatre-vingt-mille"), (200000, "deux-cent-mille"),
        (1000000, "un-million"), (2000000, "deux-millions"),
        (23001, "vingt-trois-mille-un"), (1234567, "un-million-deux-cent-trente-quatre-mille-"
         "cinq-cent-soixante-sept"),
    ],
)  # fmt: skip
def test_numbers_in_letters(number: int, words: str) -> None:
    assert letters(number) == words


def test_amounts() -> None:
    assert euros_in_letters(Decimal("1")) == "un euro"
    assert euros_in_letters(Decimal("5000")) == "cinq-mille euros"
    assert euros_in_letters(Decimal("1000000")) == "un-million d'euros"
    assert euros_in_letters(Decimal("2.01")) == "deux euros et un centime"
    assert euros_in_letters(Decimal("0.50")) == "zéro euro et cinquante centimes"
    assert euros(Decimal("1250.5")) == "1\u202f250,50\u00a0€"
    assert euros(Decimal("40000")) == "40\u202f000\u00a0€"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Angoulême", "d’Angoulême"), ("Le Mans", "du Mans"), ("Les Ulis", "des Ulis"),
        ("La Rochelle", "de La Rochelle"), ("Vienne", "de Vienne"), ("Hyères", "d’Hyères"),
    ],
)  # fmt: skip
def test_names_after_de(name: str, words: str) -> None:
    assert of(name) == words
    assert town(name) == words


@pytest.mark.parametrize(
    ("name", "nature", "words"),
    [
        ("CA du Grand Angoulême", "communauté d'agglomération",
         "la communauté d'agglomération du Grand Angoulême"),
        ("Communauté de communes du Pays de X", "communauté de communes",
         "la communauté de communes du Pays de X"),
        ("Grand Poitiers", "communauté urbaine", "la communauté urbaine Grand Poitiers"),
        ("Syndicat des eaux de X", "syndicat mixte", "le syndicat des eaux de X"),
        ("Métropole de Lyon", "métropole", "la métropole de Lyon"),
    ],
)  # fmt: skip
def test_groupings_have_their_article(name: str, nature: str, words: str) -> None:
    assert grouping(name, nature) == words


def test_typography_and_file_names() -> None:
    assert set_text("l'article L. 1115-1 : n° 3, le 1er mars 2006 ?") == (
        "l’article\u00a0L.\u00a01115-1\u00a0: n°\u00a03, le 1er\u00a0mars 2006\u202f?"
    )
    assert slug("Saint-Étienne-lès-Remiremont") == "saint-etienne-les-remiremont"
    assert slug("東京") == "collectivite"
    assert slug("../../etc/passwd") == "etc-passwd"
    assert len(slug("a" * 500)) <= 40
