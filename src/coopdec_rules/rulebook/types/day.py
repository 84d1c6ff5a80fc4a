"""Dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from coopdec_rules.rulebook.types.base import Bound, Declared, FactType, Schema, Value
from coopdec_rules.rulebook.types.written import read_day
from coopdec_rules.rulebook.words import date

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class Day(FactType):
    """A day."""

    name = "date"
    noun = "une date"
    field = "date"
    comparison = "ordonnee"
    operands = frozenset({"jour", "delai"})
    order: ClassVar[Mapping[str, str]] = {
        "=": "le",
        "<": "avant le",
        "<=": "au plus tard le",
        ">": "après le",
        ">=": "à partir du",
    }
    bounded = True
    edge = "une date AAAA-MM-JJ"
    hint = "Une date, comme 1er mars 2006."

    def read(self, value: object, fact: Declared) -> Value | None:
        if isinstance(value, dt.datetime):
            return None
        if isinstance(value, dt.date):
            return value
        return _day(value) if isinstance(value, str) and _ISO.fullmatch(value) else None

    def expected(self, fact: Declared) -> str:
        return "une date AAAA-MM-JJ"

    def parse(self, text: str, fact: Declared, today: dt.date) -> object:
        found = read_day(text, today).value
        return text if found is None else found.isoformat()

    def assumed(self, text: str) -> bool:
        return read_day(text).assumed

    def refusal(self, value: object, fact: Declared) -> str:
        return (read_day(value).refusal if isinstance(value, str) else "") or self.wrong

    def typed(self, value: object) -> str:
        if isinstance(value, str):
            found = _day(value)
            if found is None:
                return value
            value = found
        return value.strftime("%d/%m/%Y") if isinstance(value, dt.date) else ""

    def label(self, value: Value, values: Mapping[str, str]) -> str:
        return date(value) if isinstance(value, dt.date) else str(value)

    def schema(self, fact: Declared) -> Schema:
        return {"type": "string", "format": "date"}

    def described(self, fact: Declared) -> str:
        limits = []
        if isinstance(fact.minimum, dt.date):
            limits.append(f"au plus tôt le {date(fact.minimum)}")
        if isinstance(fact.maximum, dt.date):
            limits.append(f"au plus tard le {date(fact.maximum)}")
        return f"Écrite AAAA-MM-JJ{''.join(', ' + text for text in limits)}."

    def plain(self, value: object) -> object:
        return value.isoformat() if isinstance(value, dt.date) else value

    def bound(self, text: str) -> Bound | None:
        return _day(text)

    def limits(self, fact: Declared) -> Sequence[Value]:
        low, high = fact.minimum, fact.maximum
        return [
            low if isinstance(low, dt.date) else dt.date(1800, 1, 1),
            high if isinstance(high, dt.date) else dt.date(2200, 12, 31),
        ]

    def around(self, value: object) -> Sequence[Value]:
        if not isinstance(value, dt.date):
            return ()
        # Two days: months of unequal length make moving a date back inexact.
        return [value + dt.timedelta(days=n) for n in (-2, -1, 0, 1, 2)]


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
