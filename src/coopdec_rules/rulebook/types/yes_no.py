"""Yes/no questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from coopdec_rules.rulebook.types.base import NAME, NULL, Declared, FactType, Schema, Value
from coopdec_rules.rulebook.types.written import plain

_READ = {"oui": True, "non": False}


def _written(name: str, *words: str) -> Schema:
    """The schema of an answer: true, false, or one of some words."""
    said = {NAME: name, "type": "string", "enum": [*_READ, *words]}
    return {"anyOf": [{"type": "boolean"}, said]}


class YesNo(FactType):
    """A question answered by yes or no."""

    name = "booleen"
    noun = "oui ou non"
    field = "options"
    comparison = "oui_non"

    def read(self, value: object, fact: Declared) -> Value | None:
        if isinstance(value, bool):
            return value
        return _READ.get(value) if isinstance(value, str) else None

    def expected(self, fact: Declared) -> str:
        return "true ou false (ou « oui », « non »)"

    def options(self, fact: Declared) -> Mapping[str, str]:
        return {"oui": "oui", "non": "non"}

    def parse(self, text: str, fact: Declared, today: dt.date) -> object:
        return _READ.get(plain(text), text)

    def label(self, value: Value, values: Mapping[str, str]) -> str:
        return "oui" if value else "non"

    def schema(self, fact: Declared) -> Schema:
        return _written("OuiNon")

    def with_unknown(self, schema: Schema, word: str) -> Schema:
        return {"anyOf": [*_written("OuiNonInconnu", word)["anyOf"], NULL]}

    def presumable(self, text: str, values: Mapping[str, str]) -> Value | None:
        return _READ.get(text)

    def every(self, fact: Declared, named: Iterable[Value]) -> Sequence[Value] | None:
        return [True, False]

    @property
    def each_apart(self) -> bool:
        return True
