"""Numbers and days as people write them in French: read, or refused with the reason.

One reading for the form, the terminal and the API.  What can be read in two ways is not read: the
message says both, and how to write the one that is meant.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from coopdec_rules.rulebook.words import MONTHS, date, number

#: Longer than anything read here.
MAX_WRITTEN = 60
_SPACES = re.compile("[\\s\u00a0\u202f\u2009]+")


@dataclass(frozen=True, slots=True)
class Number:
    """A number read, or why it is not (``refusal``, a sentence)."""

    value: Decimal | None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A day read, or why it is not.

    ``assumed``: the day of the month was not written, the first one is taken.
    """

    value: dt.date | None
    refusal: str = ""
    assumed: bool = False


def plain(text: str) -> str:
    """A text on one line, in small letters, with plain spaces and apostrophes."""
    folded = unicodedata.normalize("NFC", text).replace("\u2019", "'").casefold()
    return _SPACES.sub(" ", folded).strip()


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """A text to compare names by: small letters, without accents nor punctuation.

    >>> bare("Côte d\u2019Ivoire") == bare("cote d'ivoire")
    True
    """
    split = unicodedata.normalize("NFD", plain(text))
    letters = "".join(c for c in split if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())


# -- numbers ---------------------------------------------------------------------------------------

_SCALES = {
    "k": 1000, "mille": 1000, "million": 10**6, "millions": 10**6,
    "milliard": 10**9, "milliards": 10**9,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<before>€ ?)?(?P<digits>-? ?[0-9](?:[0-9 .,']*[0-9])?)"
    r"(?: ?(?P<scale>k|mille|millions?|milliards?)(?= |€|$))?"
    r"(?: ?(?:d'|de )?(?P<unit>€|euros?|eur|habitants?|hab\.?|%))?"
)
#: Thousands apart, by one mark all along; then a decimal part.
_GROUPED = re.compile(r"([0-9]{1,3})((?:([ .,'])[0-9]{3})(?:\3[0-9]{3})*)(?:([.,])([0-9]{1,2}))?")
_SIMPLE = re.compile(r"([0-9]+)(?:[.,]([0-9]{1,2}))?")
_TWO_WAYS = re.compile(r"([0-9]{1,3})[.,]([0-9]{3})")


def read_number(text: str, units: tuple[str, ...], example: str) -> Number:
    """A number with, perhaps, a unit that begins as one of ``units``.

    >>> read_number("5.000,50 €", ("€",), "5 000").value
    Decimal('5000.50')
    >>> read_number("1,5 million", ("€",), "5 000").value
    Decimal('1500000.0')
    >>> read_number("5.000", ("€",), "5 000").value is None
    True
    """
    if len(text) > MAX_WRITTEN:
        return Number(None, f"C'est trop long pour un nombre. Écrivez par exemple {example}.")
    found = _NUMBER.fullmatch(plain(text))
    unit = found and (found["unit"] or (found["before"] or "").strip())
    if found is None or (unit and not any(unit.startswith(known) for known in units)):
        return Number(None, f"Ce n'est pas lu comme un nombre. Écrivez par exemple {example}.")
    digits = found["digits"].replace("- ", "-")
    sign, digits = (-1, digits[1:]) if digits.startswith("-") else (1, digits)
    whole = _whole(digits)
    if whole.value is None:
        return whole
    return Number(sign * whole.value * _SCALES.get(found["scale"] or "", 1))


def _whole(digits: str) -> Number:
    """Digits with their marks."""
    twice = _TWO_WAYS.fullmatch(digits)
    if twice:
        many, few = number(int("".join(twice.groups()))), Decimal(".".join(twice.groups()))
        other = f"{few.normalize():f}".replace(".", ",")
        return Number(
            None, f"« {digits} » se lit de deux façons : écrivez « {many} » ou « {other} »."
        )
    grouped = _GROUPED.fullmatch(digits)
    if grouped and grouped[3] != grouped[4]:
        thousands = grouped[1] + re.sub("[ .,']", "", grouped[2])
        return Number(Decimal(f"{thousands}.{grouped[5]}" if grouped[5] else thousands))
    simple = _SIMPLE.fullmatch(digits)
    if simple:
        return Number(Decimal(f"{simple[1]}.{simple[2]}" if simple[2] else simple[1]))
    return Number(
        None,
        f"« {digits} » n'est pas un nombre bien écrit : séparez les milliers par des espaces, et "
        "les centimes (deux au plus) par une virgule.",
    )


# -- days ------------------------------------------------------------------------------------------

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_NEAR = {"avant hier": -2, "hier": -1, "aujourd hui": 0, "demain": 1, "apres demain": 2}
_FIGURES = re.compile(r"([0-9]{1,2})([/. -])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_WORDS = re.compile(
    r"(?:(?P<weekday>[a-z]+) )?(?P<day>[0-9]{1,2})(?:er)? (?P<month>[a-z]+)(?: (?P<year>[0-9]+))?"
)
_MONTH = re.compile(
    r"(?:debut )?(?P<month>[a-z]+) (?P<year>[0-9]{4})|(?P<m>[0-9]{1,2})/(?P<y>[0-9]{4})"
)
_YEAR = re.compile(r"(?:en )?[0-9]{4}")
#: Two figures for a year: up to the first, of the 2000s; from the second on, of the 1900s.
_RECENT, _OLD = 40, 70


def read_day(text: str, today: dt.date | None = None) -> Written:
    """A day; ``today`` for those told from it.

    >>> read_day("01/03/06").value
    datetime.date(2006, 3, 1)
    >>> read_day("mars 2006")
    Written(value=datetime.date(2006, 3, 1), refusal='', assumed=True)
    >>> read_day("2006").value is None
    True
    """
    if len(text) > MAX_WRITTEN:
        return Written(None, "C'est trop long pour une date.")
    folded = re.sub(r"^(?:le|au|du) ", "", plain(text))
    if found := _ISO.fullmatch(folded):
        return _day(*(int(part) for part in found.groups()))
    if found := _FIGURES.fullmatch(folded):
        return _figures(found[1], found[2], found[3], found[4])
    words = re.sub(r"^(?:le|au|du|en) ", "", bare(text))
    if today is not None and words in _NEAR:
        return Written(today + dt.timedelta(days=_NEAR[words]))
    if found := _WORDS.fullmatch(words):
        return _words(found)
    if (found := _MONTH.fullmatch(folded)) or (found := _MONTH.fullmatch(words)):
        month = int(found["m"]) if found["m"] else _month(found["month"])
        if month is not None and 1 <= month <= 12:
            return Written(dt.date(int(found["year"] or found["y"]), month, 1), assumed=True)
    if _YEAR.fullmatch(words):
        return Written(None, "Il manque le jour et le mois.")
    return Written(None, "Cette date n'est pas lue.")


def _figures(day: str, mark: str, month: str, year: str) -> Written:
    if len(year) == 4:
        return _day(int(year), int(month), int(day))
    if mark == "-":
        return Written(None, "L'ordre du jour, du mois et de l'année n'est pas sûr.")
    short = int(year)
    if _RECENT < short < _OLD:
        return Written(
            None,
            f"L'année « {year} » peut être 19{year} ou 20{year} : écrivez ses quatre chiffres.",
        )
    return _day(short + (2000 if short <= _RECENT else 1900), int(month), int(day))


def _words(found: re.Match[str]) -> Written:
    month = _month(found["month"])
    if month is None:
        return Written(None, f"« {found['month']} » n'est pas un mois.")
    if not found["year"]:
        return Written(None, "Il manque l'année.")
    if len(found["year"]) != 4:
        return Written(None, "L'année s'écrit en quatre chiffres.")
    read = _day(int(found["year"]), month, int(found["day"]))
    if read.value is not None and found["weekday"]:
        if found["weekday"] not in _DAYS:
            return Written(None, "Cette date n'est pas lue.")
        weekday = _DAYS[read.value.weekday()]
        if weekday != found["weekday"]:
            return Written(None, f"Le {date(read.value)} est un {weekday} : vérifiez la date.")
    return read


def _month(word: str) -> int | None:
    """A month by its name, or by the first letters of one month alone (three at least)."""
    names = [bare(name) for name in MONTHS]
    near = [place for place, name in enumerate(names, 1) if name.startswith(word)]
    return near[0] if len(near) == 1 and len(word) >= 3 else None


def _day(year: int, month: int, day: int) -> Written:
    try:
        return Written(dt.date(year, month, day))
    except ValueError:
        return Written(None, "Ce jour n'existe pas.")
