"""Numbers, days and names as people write them: read, or refused with the reason."""

from __future__ import annotations

import datetime as dt
import doctest
from decimal import Decimal

import pytest

from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.types import KINDS, written
from coopdec_rules.rulebook.types.written import read_day, read_number

TODAY = dt.date(2026, 11, 26)


def test_examples_hold() -> None:
    assert doctest.testmod(written).failed == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5000", "5000"),
        ("5 000", "5000"),
        ("5\u202f000\u00a0€", "5000"),
        ("5 000 euros", "5000"),
        ("5000EUR", "5000"),
        ("€ 5 000", "5000"),
        ("5.000,50", "5000.50"),
        ("5 000,5", "5000.5"),
        ("5,000.50", "5000.50"),
        ("5'000", "5000"),
        ("1.234.567", "1234567"),
        ("12,5", "12.5"),
        ("12.50", "12.50"),
        ("1 million", "1000000"),
        ("1,5 million d'euros", "1500000"),
        ("2 millions d’euros", "2000000"),
        ("5k€", "5000"),
        ("5 mille euros", "5000"),
        ("-3", "-3"),
    ],
)
def test_amounts_that_are_read(text: str, value: str) -> None:
    found = read_number(text, ("€", "eur"), "5 000")
    assert found.value == Decimal(value), found
    assert not found.refusal


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5.000", "« 5\u202f000 » ou « 5 »"),
        ("1,500", "« 1\u202f500 » ou « 1,5 »"),
        ("5 00", "n'est pas un nombre bien écrit"),
        ("5.00.000", "n'est pas un nombre bien écrit"),
        ("5 000.000", "n'est pas un nombre bien écrit"),
        ("1.234,567", "n'est pas un nombre bien écrit"),
        ("5,0001", "n'est pas un nombre bien écrit"),
        ("cinq mille", "pas lu comme un nombre"),
        ("environ 5000", "pas lu comme un nombre"),
        ("5000 à 10000", "pas lu comme un nombre"),
        ("5 M", "pas lu comme un nombre"),
        ("5000 $", "pas lu comme un nombre"),
        ("5 %", "pas lu comme un nombre"),
        ("", "pas lu comme un nombre"),
        ("9" * 80, "trop long"),
    ],
)
def test_amounts_that_are_refused(text: str, said: str) -> None:
    found = read_number(text, ("€", "eur"), "5 000")
    assert found.value is None
    assert said in found.refusal


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2006-03-01", dt.date(2006, 3, 1)),
        ("01/03/2006", dt.date(2006, 3, 1)),
        ("1/3/2006", dt.date(2006, 3, 1)),
        ("01.03.2006", dt.date(2006, 3, 1)),
        ("01-03-2006", dt.date(2006, 3, 1)),
        ("01/03/06", dt.date(2006, 3, 1)),
        ("01/03/95", dt.date(1995, 3, 1)),
        ("1er mars 2006", dt.date(2006, 3, 1)),
        ("le 1er  Mars 2006", dt.date(2006, 3, 1)),
        ("mercredi 1er mars 2006", dt.date(2006, 3, 1)),
        ("15 août 2024", dt.date(2024, 8, 15)),
        ("15 aout 2024", dt.date(2024, 8, 15)),
        ("3 févr. 2007", dt.date(2007, 2, 3)),
        ("aujourd'hui", TODAY),
        ("Aujourd’hui", TODAY),
        ("hier", dt.date(2026, 11, 25)),
        ("après-demain", dt.date(2026, 11, 28)),
    ],
)
def test_days_that_are_read(text: str, day: dt.date) -> None:
    found = read_day(text, TODAY)
    assert found.value == day, found
    assert not found.assumed


@pytest.mark.parametrize("text", ["mars 2006", "en mars 2006", "03/2006", "début mars 2006"])
def test_a_month_is_read_as_its_first_day_and_told(text: str) -> None:
    found = read_day(text, TODAY)
    assert found.value == dt.date(2006, 3, 1)
    assert found.assumed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2006", "Il manque le jour et le mois"),
        ("en 2006", "Il manque le jour et le mois"),
        ("1er mars", "Il manque l'année"),
        ("1er mars 06", "quatre chiffres"),
        ("31/02/2006", "n'existe pas"),
        ("2006-02-30", "n'existe pas"),
        ("12/13/2006", "n'existe pas"),
        ("01-03-06", "n'est pas sûr"),
        ("01/03/50", "1950 ou 2050"),
        ("mardi 1er mars 2006", "est un mercredi"),
        ("1er ju 2006", "n'est pas un mois"),
        ("1er jui 2006", "n'est pas un mois"),
        ("1er brumaire 2006", "n'est pas un mois"),
        ("bientôt", "n'est pas lue"),
        ("13/2006", "n'est pas lue"),
        ("", "n'est pas lue"),
    ],
)
def test_days_that_are_refused(text: str, said: str) -> None:
    found = read_day(text, TODAY)
    assert found.value is None
    assert said in found.refusal


def test_a_day_told_from_today_is_not_read_without_it() -> None:
    assert read_day("aujourd'hui").value is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SN", "SN"),
        ("Sénégal", "SN"),
        ("senegal", "SN"),
        ("le Sénégal", "SN"),
        ("COTE D'IVOIRE", "CI"),
        ("Birmanie", "MM"),
        ("Guinée", "GN"),
        ("états unis", "US"),
    ],
)
def test_countries_are_read_by_name(rulebook: Rulebook, text: str, code: str) -> None:
    fact = rulebook.facts["partenaire.pays"]
    assert fact.kind.parse(text, fact, TODAY) == code


def test_a_name_of_several_countries_is_refused_with_their_names(rulebook: Rulebook) -> None:
    fact = rulebook.facts["partenaire.pays"]
    assert fact.kind.parse("Congo", fact, TODAY) == "Congo"
    refusal = fact.kind.refusal("Congo", fact)
    assert "« Congo-Brazzaville » ou « Congo-Kinshasa »" in refusal
    assert fact.kind.parse("Sénégall", fact, TODAY) == "Sénégall"
    assert fact.kind.near("Sénégall", fact) == "Sénégal"


def test_yes_and_no_in_any_letters() -> None:
    kind = KINDS["booleen"]
    read = [kind.parse(text, None, TODAY) for text in ("Oui", " NON ", "peut-être")]  # type: ignore[arg-type]
    assert read == [True, False, "peut-être"]
