"""Periods of force are exact to the day: the day before, and the day itself, of every boundary."""

from __future__ import annotations

import datetime as dt

import pytest

from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder

BOOK = load_rulebook(rules_folder())
ONE = dt.timedelta(days=1)


@pytest.mark.parametrize("day", BOOK.boundaries, ids=str)
def test_rules_enter_and_leave_on_the_day(day: dt.date) -> None:
    before = {rule.key for rule in BOOK.at(day - ONE).rules}
    after = {rule.key for rule in BOOK.at(day).rules}
    entering = {rule.key for rule in BOOK.rules if rule.period.start == day}
    leaving = {rule.key for rule in BOOK.rules if rule.period.end == day - ONE}
    assert after - before == entering
    assert before - after == leaving
    assert entering or leaving


#: Days of application that the sources give; the rulebook must change on each of them.
EXPECTED = {
    "loi du 6 février 1992": dt.date(1992, 2, 8),
    "circulaire du 26 mai 1994": dt.date(1994, 5, 26),
    "loi du 4 février 1995": dt.date(1995, 2, 5),
    "codification, L. 1112-1": dt.date(1996, 2, 24),
    "organismes étrangers, Union européenne": dt.date(1999, 6, 29),
    "loi du 12 juillet 1999": dt.date(1999, 7, 13),
    "circulaire du 20 avril 2001": dt.date(2001, 4, 20),
    "L. 1114-1": dt.date(2003, 8, 2),
    "ordonnance du 17 juin 2004": dt.date(2004, 6, 20),
    "L. 1115-1": dt.date(2004, 7, 31),
    "loi du 13 août 2004": dt.date(2004, 8, 18),
    "arrêté du préfet de région": dt.date(2005, 1, 1),
    "sixième groupe optionnel": dt.date(2005, 1, 20),
    "loi du 9 février 2005": dt.date(2005, 2, 11),
    "loi du 13 juillet 2005": dt.date(2005, 7, 15),
    "décret du 6 décembre 2005": dt.date(2005, 12, 14),
    "terme de l'intérêt communautaire": dt.date(2006, 8, 18),
    "loi du 7 décembre 2006": dt.date(2006, 12, 9),
    "loi du 2 février 2007": dt.date(2007, 2, 7),
    "loi du 16 avril 2008": dt.date(2008, 4, 18),
    "loi du 27 janvier 2014": dt.date(2014, 1, 29),
    "loi du 7 juillet 2014": dt.date(2014, 7, 9),
    "circulaire du 2 juillet 2015": dt.date(2015, 7, 2),
    "loi du 5 décembre 2016": dt.date(2016, 12, 7),
    "circulaire du 24 mai 2018": dt.date(2018, 5, 24),
    "code de la commande publique": dt.date(2019, 4, 1),
    "loi du 27 décembre 2019": dt.date(2019, 12, 29),
    "loi du 4 août 2021": dt.date(2021, 8, 6),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_law_changes_on_its_day(name: str) -> None:
    assert EXPECTED[name] in BOOK.boundaries
