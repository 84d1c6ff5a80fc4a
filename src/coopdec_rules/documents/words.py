"""Names, amounts and letters as French writes them in an act."""

from __future__ import annotations

import re
from decimal import Decimal

from coopdec_rules.rulebook.words import number

_UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
    "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
_SCALES = ((10**9, "milliard"), (10**6, "million"), (10**3, "mille"))
_VOWEL = re.compile(r"[aàâäeéèêëiîïoôöuùûüyh]", re.IGNORECASE)
#: A name that begins with the word that says what it names.
_TOWN = re.compile(r"^(?:la )?(?:commune|ville|mairie) (?:de |d['’]|du )", re.IGNORECASE)
_SHORT = {
    "CA": "communauté d'agglomération", "CC": "communauté de communes", "CU": "communauté urbaine",
}  # fmt: skip
_ARTICLES = {
    "la ": frozenset((
        "ville", "commune", "municipalité", "région", "province", "préfecture", "communauté",
        "collectivité", "métropole", "wilaya", "fédération",
    )),
    "le ": frozenset((
        "district", "département", "comté", "canton", "land", "gouvernorat", "cercle", "syndicat",
        "conseil", "comité",
    )),
    "l’": frozenset(("association", "arrondissement", "organisation", "agglomération")),
}  # fmt: skip
_GROUPING = re.compile(r"^(communauté|métropole|syndicat|grand)", re.IGNORECASE)


def letters(value: int) -> str:
    """A whole number in letters, with the hyphens of the spelling in use since 1990.

    >>> letters(80)
    'quatre-vingts'
    >>> letters(2_371)
    'deux-mille-trois-cent-soixante-et-onze'
    """
    if value == 0:
        return _UNITS[0]
    parts = []
    for scale, name in _SCALES:
        count, value = divmod(value, scale)
        if not count:
            continue
        if name == "mille":
            # « Mille » takes no mark of the plural, nor do « cent » and « vingt » before it.
            parts.append("mille" if count == 1 else f"{_hundreds(count, False)}-mille")
        else:
            parts.append(f"{letters(count)}-{name}{'s' if count > 1 else ''}")
    if value:
        parts.append(_hundreds(value, True))
    return "-".join(parts)


def _hundreds(value: int, last: bool) -> str:
    count, rest = divmod(value, 100)
    found = []
    if count:
        plural = "s" if count > 1 and not rest and last else ""
        found.append("cent" if count == 1 else f"{_UNITS[count]}-cent{plural}")
    if rest:
        found.append(_below_hundred(rest, last))
    return "-".join(found)


def _below_hundred(value: int, last: bool) -> str:
    if value < 20:
        return _UNITS[value]
    ten, unit = divmod(value, 10)
    if ten in (7, 9):
        ten, unit = ten - 1, unit + 10
    base = _TENS[ten]
    if not unit:
        return base + ("s" if ten == 8 and last else "")
    link = "-et-" if unit in (1, 11) and ten != 8 else "-"
    return f"{base}{link}{_UNITS[unit]}"


def euros_in_letters(amount: Decimal) -> str:
    """An amount in letters.

    >>> euros_in_letters(Decimal("1250.50"))
    'mille-deux-cent-cinquante euros et cinquante centimes'
    """
    whole, cents = divmod(int((amount * 100).to_integral_value()), 100)
    link = " d'" if whole and not whole % 10**6 else " "
    found = f"{letters(whole)}{link}euro{'s' if whole > 1 else ''}"
    if cents:
        found += f" et {letters(cents)} centime{'s' if cents > 1 else ''}"
    return found


def euros(amount: Decimal) -> str:
    """An amount in figures, without cents when it has none.

    >>> euros(Decimal("40000.00"))
    '40\\u202f000\\xa0€'
    """
    whole = amount == amount.to_integral_value()
    value = int(amount) if whole else amount.quantize(Decimal("0.01"))
    return f"{number(value)}\u00a0€"


def of(name: str) -> str:
    """A name after « de », with its elision and its contraction.

    >>> [of(n) for n in ("Angoulême", "Le Mans", "Les Ulis", "La Rochelle", "Vienne")]
    ['d’Angoulême', 'du Mans', 'des Ulis', 'de La Rochelle', 'de Vienne']
    """
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"d’{name}" if _VOWEL.match(name) else f"de {name}"


def town(name: str) -> str:
    """A commune after « commune », whatever was typed before its name.

    >>> town("Ville de Vienne"), town("Angoulême")
    ('de Vienne', 'd’Angoulême')
    """
    return of(_TOWN.sub("", name.strip()) or name)


def grouping(name: str, nature: str) -> str:
    """A grouping with its article and its nature.

    >>> grouping("CA du Grand Angoulême", "communauté d'agglomération")
    "la communauté d'agglomération du Grand Angoulême"
    >>> grouping("Grand Poitiers", "communauté urbaine")
    'la communauté urbaine Grand Poitiers'
    """
    head, _, rest = name.strip().partition(" ")
    if head in _SHORT and rest:
        name = f"{_SHORT[head]} {rest}"
    elif not _GROUPING.match(name) or name.lower().startswith("grand"):
        name = f"{nature} {name}" if nature else name
    name = name[:1].lower() + name[1:]
    article = (
        "le " if name.startswith("syndicat") else "l'" if name.startswith("entente") else "la "
    )
    return article + name


def with_article(name: str) -> str:
    """A name that begins with the word that says what it names, with its article.

    >>> [with_article(n) for n in ("Ville de Podor", "Association X", "Land de Hesse", "Podor")]
    ['la ville de Podor', 'l’association X', 'le land de Hesse', 'Podor']
    """
    head = name.partition(" ")[0]
    for article, heads in _ARTICLES.items():
        if head.lower() in heads and " " in name:
            return f"{article}{name[:1].lower()}{name[1:]}"
    return name


def capital(text: str) -> str:
    """A text that begins with a capital."""
    return text[:1].upper() + text[1:]
