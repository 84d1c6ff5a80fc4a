"""INSEE codes, SIREN numbers and postcodes as people write them.

A commune's INSEE code and its postcode have five characters and are not the same: 37240 is the
INSEE code of one commune and the postcode of others.  A number that may be either is never read
silently as one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Protocol

from coopdec_rules.errors import Problem
from coopdec_rules.territories.model import Found, Match, Territory
from coopdec_rules.territories.text import words

_CODE = re.compile(r"[0-9]{2,9}|2[AB][0-9]{0,3}")
_AREA = re.compile(r"[0-9]{2,3}|2[ab]|[0-9]{5}")
_EXPECTED = (
    "le code INSEE d'une commune (cinq caractères, qui n'est pas le code postal) ou le numéro "
    "SIREN d'un groupement (neuf chiffres)"
)
#: The communes divided into arrondissements: code of the commune, and of its « arrondissement 0 ».
_DIVIDED = {"75056": 75100, "69123": 69380, "13055": 13200}
_RANK = re.compile(r"([0-9]{1,2})(?:e|er|em|eme|ieme|nd|nde)?")
#: How many communes a sentence names before it only counts the others.
_NAMED = 3


class Known(Protocol):
    """What is asked of the directory."""

    @property
    def vintage(self) -> str:
        """Year of the division."""

    @property
    def former(self) -> Mapping[str, str]:
        """Codes of communes of today by former code."""

    @property
    def by_postcode(self) -> Mapping[str, tuple[str, ...]]:
        """Codes of the communes of each postcode, the most populous first."""

    def by_code(self, code: str) -> Territory | None:
        """The territory of a code."""

    def codes(self) -> Iterable[str]:
        """Every code, the most populous territory first."""


def plain_code(code: str) -> str:
    """A code without its spaces, in upper case.

    >>> plain_code("200 046 977"), plain_code("2a004")
    ('200046977', '2A004')
    """
    return "".join(code[:100].split()).upper()


def digits(code: str) -> bool:
    """Whether a plain code is one, or the beginning of one.

    >>> digits("2A0"), digits("38544"), digits("7 VALLÉES")
    (True, True, False)
    """
    return _CODE.fullmatch(code) is not None


def split_area(query: str) -> tuple[str, str]:
    """A name and the number of a département, or a postcode, written beside it.

    Nothing for the second when there is no number, or several.

    >>> split_area("Vienne (38)"), split_area("38200 vienne"), split_area("7 vallées")
    (('vienne', '38'), ('vienne', '38200'), ('7 vallees', ''))
    """
    asked = words(query, expand=False)
    areas = [word for word in asked if _AREA.fullmatch(word)]
    if len(areas) != 1 or len(asked) < 2:
        return " ".join(asked), ""
    return " ".join(word for word in asked if word != areas[0]), areas[0].upper()


def find(known: Known, code: str, limit: int) -> list[Match]:
    """What a plain code numbers, at most ``limit``: the code itself, the postcode, the beginning.

    Nothing for a number of five digits that is no code: it begins none.
    """
    own = known.by_code(code)
    found = [] if own is None else [Match(own, Found.CODE, notice(known, code) or "")]
    note = f"Trouvé par le code postal {code}, qui n'est pas un code INSEE."
    found += (
        Match(territory, Found.POSTCODE, note)
        for territory in _territories(known, known.by_postcode.get(code, ()))
        if territory is not own
    )
    if own is None and code in known.former:
        (now,) = _territories(known, [known.former[code]])
        if all(match.territory is not now for match in found):
            note = (
                f"Le code INSEE {code} est celui d'une ancienne commune, d'une commune déléguée ou "
                f"associée ou d'un arrondissement, qui fait partie de {now.name}."
            )
            found.append(Match(now, Found.FORMER_CODE, note))
    if not found:
        begun = islice((c for c in known.codes() if c.startswith(code)), limit)
        found = [Match(territory, Found.CODE) for territory in _territories(known, begun)]
    return found[:limit]


def notice(known: Known, code: str) -> str | None:
    """What must be told of a code that is read as an INSEE code and is also a postcode.

    ``None`` when the number is no postcode of other communes.
    """
    asked = plain_code(code)
    own = known.by_code(asked)
    posted = [t for t in _territories(known, known.by_postcode.get(asked, ())) if t is not own]
    if own is None or not posted:
        return None
    return (
        f"{asked} est lu ici comme un code INSEE, celui de {own.name}. C'est aussi un code postal, "
        f"celui de {_listed(posted)} : vérifier le nom."
    )


def district(known: Known, query: str) -> Match | None:
    """The commune whose arrondissement is asked (« Paris 12e », « 3e arrondissement de Lyon »)."""
    asked = [w for w in words(query) if w not in ("arrondissement", "arr", "de", "du", "le")]
    if len(asked) != 2:
        return None
    for name, rank in (asked, asked[::-1]):
        number = _RANK.fullmatch(rank)
        for code, before in _DIVIDED.items():
            commune = known.by_code(code)
            if commune is None or number is None or words(commune.name) != (name,):
                continue
            count = int(number[1])
            if known.former.get(str(before + count)) == code:
                ordinal = "1er" if count == 1 else f"{count}e"
                note = (
                    f"Le {ordinal} arrondissement fait partie de la commune de {commune.name}, qui "
                    "seule est proposée ici."
                )
            else:
                note = f"{commune.name} n'a pas d'arrondissement numéro {count}."
            return Match(commune, Found.DISTRICT, note)
    return None


def unknown(known: Known, code: str, pointer: str) -> Problem:
    """What to answer when no territory has a code: the mistake, with the right code if any."""
    asked = plain_code(code)
    posted = list(_territories(known, known.by_postcode.get(asked, ())))
    near = _near(known, asked)
    message = f"Ce code n'est celui d'aucune commune ni d'aucun groupement connu de {known.vintage}"
    if posted:
        message = (
            f"Ce nombre est lu comme un code INSEE, et c'est un code postal, celui de "
            f"{_listed(posted)} : donner le nom de la commune, ou son code INSEE"
        )
        near = posted[0] if len(posted) == 1 else None
    elif asked in known.former and near is not None:
        message = (
            f"Ce code est celui d'une ancienne commune, d'une commune déléguée ou associée ou "
            f"d'un arrondissement municipal ; la commune de {known.vintage} est {near.label}"
        )
    elif re.fullmatch("[0-9]{5}", asked):
        message += (
            ". Il est lu comme un code INSEE ; si c'est un code postal, chercher la commune par "
            "son nom"
        )
    found = "".join(c if c.isprintable() else "�" for c in code[:40])
    return Problem(pointer, message + ".", f"« {found} »", _EXPECTED, near.code if near else None)


def _near(known: Known, asked: str) -> Territory | None:
    """The commune of today of a former code, or the code that one slip made into this one."""
    if asked in known.former:
        return known.by_code(known.former[asked])
    if re.fullmatch("[0-9]{4}", asked):  # it lost its leading zero
        return known.by_code("0" + asked)
    if not re.fullmatch("[0-9]{9}", asked):
        return None
    # One wrong digit in nine is a slip; two make it another number.
    slips = (c for c in known.codes() if len(c) == 9 and _differences(c, asked) == 1)
    return next((known.by_code(code) for code in slips), None)


def _differences(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def _territories(known: Known, codes: Iterable[str]) -> Iterable[Territory]:
    return (t for code in codes if (t := known.by_code(code)) is not None)


def _listed(territories: list[Territory]) -> str:
    named = [f"{t.name} (code INSEE {t.code})" for t in territories[:_NAMED]]
    more = len(territories) - len(named)
    if more:
        return f"{', '.join(named)} et de {more} autre{'s' if more > 1 else ''}"
    return " et ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
