"""The day at which the rulebook is read, the day it is compared with, and links that keep both."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlencode

from starlette.requests import Request

from coopdec_rules.errors import Problem, suggest
from coopdec_rules.rulebook.model import Impossible, Property, Rule
from coopdec_rules.rulebook.rulebook import LawState, Rulebook
from coopdec_rules.rulebook.words import date
from coopdec_rules.web.parameters import shown
from coopdec_rules.web.problems import Refused

DAY, OTHER = "au", "et"
_FORMATS = (
    re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})"),
    re.compile(r"(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<y>[0-9]{4})"),
)

#: Where a rule is in force: both days, only the first, only the second, or neither.
Presence = Literal["deux", "premier", "second", "aucun"]


@dataclass(frozen=True, slots=True)
class Days:
    """One day, or two to be compared.  ``chosen`` is false when the day is today by default."""

    book: Rulebook
    today: dt.date
    day: dt.date
    chosen: bool
    other: dt.date | None = None

    @property
    def state(self) -> LawState:
        """The law on the day."""
        return self.book.at(self.day)

    @property
    def second(self) -> LawState | None:
        """The law on the day compared with."""
        return None if self.other is None else self.book.at(self.other)

    @property
    def states(self) -> list[tuple[dt.date, LawState]]:
        """Each day and its law."""
        found = [(self.day, self.state)]
        return found if self.other is None else [*found, (self.other, self.book.at(self.other))]

    @property
    def same_law(self) -> bool:
        """Whether both days read the same law, when there are two."""
        return self.second is not None and self.second.key == self.state.key

    @property
    def words(self) -> str:
        """The day in words."""
        return date(self.day)

    @property
    def other_words(self) -> str:
        """The day compared with, in words; "" when there is none."""
        return "" if self.other is None else date(self.other)

    def presence(self, written: Rule | Impossible | Property) -> Presence:
        """On which of the days a version of a rule, or a declaration, is in force."""
        first = written.period.contains(self.day)
        second = self.other is not None and written.period.contains(self.other)
        if self.other is None:
            return "deux" if first else "aucun"
        if first and second:
            return "deux"
        return "premier" if first else "second" if second else "aucun"

    def link(self, path: str, fragment: str = "", **query: str) -> str:
        """Address of a page of the rulebook, on the same days.

        ``path`` is below ``/recueil`` ("" for the contents) and is escaped here.
        """
        base = "/recueil" + (f"/{quote(path)}" if path else "")
        return self.address(base, fragment, **query)

    def address(self, base: str, fragment: str = "", **query: str) -> str:
        """The address with the days that were asked for."""
        if self.chosen:
            query[DAY] = self.day.isoformat()
        if self.other is not None:
            query[OTHER] = self.other.isoformat()
        asked = f"?{urlencode(query)}" if query else ""
        return base + asked + (f"#{quote(fragment)}" if fragment else "")

    def at(self, day: dt.date, other: dt.date | None = None) -> Days:
        """The same page on other days."""
        return Days(self.book, self.today, day, True, other)

    @property
    def steps(self) -> dict[str, dt.date]:
        """First day of the law before and of the law after, when there are any."""
        bounds = self.book.boundaries
        start, end = self.state.start, self.state.end
        found = {}
        if start is not None:
            before = self.book.at(start - dt.timedelta(days=1))
            found["avant"] = before.start or start - dt.timedelta(days=1)
        if end is not None and bounds:
            found["apres"] = end + dt.timedelta(days=1)
        return found


def read_days(
    request: Request, book: Rulebook, today: dt.date, others: Collection[str] = ()
) -> tuple[Days, Mapping[str, str]]:
    """The days an address asks for, and its ``others`` parameters.

    Raises ``Refused`` for an unknown parameter, one given twice, or what is not a date: a mistyped
    day must not show the law of today instead.
    """
    known = (DAY, OTHER, *others)
    found: dict[str, str] = {}
    for key, value in request.query_params.multi_items():
        if key not in known:
            near = suggest(key, known)
            hint = f" Vouliez-vous dire « {near} » ?" if near else ""
            message = f"Le paramètre « {shown(key)} » n'existe pas.{hint}"
            raise Refused("parametre", message, [Problem("", message, shown(key), None, near)])
        if key in found:
            raise Refused("parametre", f"Le paramètre « {key} » est donné deux fois.")
        found[key] = value
    day, other = _day(found.pop(DAY, "")), _day(found.pop(OTHER, ""))
    return Days(book, today, day or today, day is not None, other), found


def _day(text: str) -> dt.date | None:
    text = text.strip()
    if not text:
        return None
    for pattern in _FORMATS:
        match = pattern.fullmatch(text)
        if match is not None:
            try:
                return dt.date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                break
    raise Refused(
        "parametre",
        f"« {shown(text)} » n'est pas une date. Écrire le jour, le mois et l'année, par exemple "
        "01/03/2005 (ou 2005-03-01 dans une adresse).",
    )
