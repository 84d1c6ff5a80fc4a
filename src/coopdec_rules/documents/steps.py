"""The steps of an action, as ``rules/calendrier`` declares them, with the days they fall on.

A step says when it falls (``quand``) from a day that is known, in a small language:

- ``seance``, ``publication``, ``transmission``, or the name of another step;
- then delays: ``+ 7 jours``, ``- 5 jours francs``, ``+ 2 mois francs``, ``- 3 mois``, ``+ 1 an``;
- ``le 31 mai + 1 an``: that day of the year of the séance, moved by years;
- ``le plus tard de publication, transmission``: the last of several days;
- ``sans date``: a step that no day of the scenario dates.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from coopdec_rules.documents import delays
from coopdec_rules.documents.library import Cited, Test
from coopdec_rules.documents.template import Template
from coopdec_rules.engine.facts import add_months
from coopdec_rules.rulebook.model import Atom, Period

#: A legal limit, a condition of the act's effect, or advice.
StepKind = Literal["limite", "effet", "conseil"]
#: How a day is told: on that day, before it at the latest, or from it on.
Bound = Literal["jour", "au_plus_tard", "a_partir"]
#: Days that the scenario, or whoever asks, gives.
GIVEN = ("seance", "publication", "transmission")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
_MOVE = re.compile(r"([+-]) (\d{1,3}) (jours? francs?|jours?|mois francs|mois|ans?)(?: |$)")
_FIXED = re.compile(rf"le (1er|\d{{1,2}}) ({'|'.join(_MONTHS)})(?: |$)")
_LATEST = "le plus tard de "
UNDATED = "sans date"


@dataclass(frozen=True, slots=True)
class Move:
    """A delay: so many days, clear days, months or clear months, after (or before)."""

    count: int
    unit: Literal["jours", "jours_francs", "mois", "mois_francs"]


@dataclass(frozen=True, slots=True)
class When:
    """Names of days (the last of them counts), or a day of the year; then delays."""

    names: tuple[str, ...] = ()
    fixed: tuple[int, int] | None = None
    moves: tuple[Move, ...] = ()


class WhenError(Exception):
    """The words do not say when."""


def parse_when(text: str) -> When:
    """Read the words of ``quand``.  Raises ``WhenError``, which tells what is expected.

    >>> parse_when("seance - 5 jours francs")
    When(names=('seance',), fixed=None, moves=(Move(count=-5, unit='jours_francs'),))
    """
    text = " ".join(text.split())
    if text == UNDATED:
        return When()
    if text.startswith(_LATEST):
        names = tuple(name.strip() for name in text.removeprefix(_LATEST).split(","))
        return When(names)
    fixed = _FIXED.match(text)
    if fixed is not None:
        day = 1 if fixed[1] == "1er" else int(fixed[1])
        month = _MONTHS.index(fixed[2]) + 1
        try:
            dt.date(2001, month, day)  # no leap year: the day must come back every year
        except ValueError:
            raise WhenError(f"« {fixed[0].strip()} » n'existe pas") from None
        return When(fixed=(month, day), moves=_moves(text[fixed.end() :]))
    name, _, rest = text.partition(" ")
    return When((name,), moves=_moves(rest))


def _moves(text: str) -> tuple[Move, ...]:
    found, end = [], 0
    while end < len(text):
        match = _MOVE.match(text, end)
        if match is None:
            raise WhenError(
                f"« {text[end:]} » n'est pas un délai (« + 2 mois francs », « - 5 jours francs », "
                "« + 7 jours », « + 1 an »)"
            )
        count = int(match[2]) * (1 if match[1] == "+" else -1)
        unit = match[3]
        if unit.startswith("an"):
            found.append(Move(count * 12, "mois"))
        elif unit.startswith("mois"):
            found.append(Move(count, "mois_francs" if "francs" in unit else "mois"))
        else:
            found.append(Move(count, "jours_francs" if "franc" in unit else "jours"))
        end = match.end()
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do or one delay that ends, with the rule it comes from."""

    id: str
    title: Template
    text: Template
    when: When
    bound: Bound
    kind: StepKind
    who: str
    order: int
    test: Test
    period: Period
    cited: Cited
    rules: tuple[str, ...]
    contacts: tuple[str, ...]
    to_confirm: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Steps:
    """Every step declared, each after those whose day it starts from."""

    steps: tuple[Step, ...]
    atoms: Sequence[Atom] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Given:
    """The days that are known, and whose holidays are kept."""

    seance: dt.date
    publication: dt.date
    transmission: dt.date
    place: str | None = None

    def days(self) -> dict[str, dt.date | None]:
        """The days by their names."""
        return {name: getattr(self, name) for name in GIVEN}


def dated(steps: Sequence[Step], given: Given) -> Mapping[str, dt.date | None]:
    """The day of each step; ``None`` when nothing dates it."""
    days = given.days()
    for step in steps:
        days[step.id] = _day(step.when, days, given)
    return days


def _day(when: When, days: Mapping[str, dt.date | None], given: Given) -> dt.date | None:
    if when.fixed is not None:
        month, number = when.fixed
        day: dt.date | None = dt.date(given.seance.year, month, number)
    elif when.names:
        known = [days.get(name) for name in when.names]
        day = None if None in known else max(d for d in known if d is not None)
    else:
        return None
    if day is None:
        return None
    try:
        for move in when.moves:
            day = _moved(day, move, given.place)
    except (ValueError, OverflowError):
        return None  # beyond the calendar
    return day


def _moved(day: dt.date, move: Move, place: str | None) -> dt.date:
    match move.unit:
        case "jours":
            return day + dt.timedelta(days=move.count)
        case "jours_francs" if move.count < 0:
            return delays.clear_days_before(day, -move.count)
        case "jours_francs":
            return delays.clear_days_after(day, move.count, place)
        case "mois_francs":
            return delays.clear_months_after(day, move.count, place)
        case _:
            return add_months(day, move.count)
