"""Texts, which name things for people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from coopdec_rules.rulebook.types.base import Declared, FactType, Schema, Value

MAX_TEXT = 500
#: Stands for every text that no rule names.
OTHER_TEXT = "autre texte"
#: Control characters, lone surrogates and direction overrides: never stored, never shown.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
#: No control character and no direction override, as JSON Schema writes it.
_PRINTABLE = r"^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$"


class Text(FactType):
    """A short text."""

    name = "texte"
    noun = "un texte"
    field = "texte"
    comparison = "nommee"
    free_text = True

    def read(self, value: object, fact: Declared) -> Value | None:
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            return None
        text = unicodedata.normalize("NFC", value.strip())
        return None if UNPRINTABLE.search(text) else text

    def expected(self, fact: Declared) -> str:
        return f"un texte de {MAX_TEXT} caractères au plus"

    def unknown(self, value: object, word: str) -> bool:
        return value is None or (isinstance(value, str) and not value.strip())

    def label(self, value: Value, values: Mapping[str, str]) -> str:
        return str(value)

    def schema(self, fact: Declared) -> Schema:
        return {"type": "string", "maxLength": MAX_TEXT, "pattern": _PRINTABLE}

    def with_unknown(self, schema: Schema, word: str) -> Schema:
        return {**schema, "type": ["string", "null"]}

    def every(self, fact: Declared, named: Iterable[Value]) -> Sequence[Value] | None:
        return [*sorted(named, key=str), OTHER_TEXT]
