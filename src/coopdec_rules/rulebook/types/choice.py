"""Choices among the values that the vocabulary lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from coopdec_rules.rulebook.types.base import Declared, FactType, Schema, Value


class Choice(FactType):
    """One value among those that the vocabulary lists."""

    name = "choix"
    noun = "l'une de ses valeurs"
    field = "options"
    comparison = "nommee"
    listed = True
    wrong = "Cette valeur n'existe pas."

    def read(self, value: object, fact: Declared) -> Value | None:
        if isinstance(value, bool):  # YAML reads oui and non, as some choices are named
            value = "oui" if value else "non"
        return value if isinstance(value, str) and value in fact.values else None

    def expected(self, fact: Declared) -> str:
        return "l'une des valeurs " + ", ".join(fact.values)

    def options(self, fact: Declared) -> Mapping[str, str]:
        return fact.values

    def label(self, value: Value, values: Mapping[str, str]) -> str:
        return values.get(str(value), str(value))

    def schema(self, fact: Declared) -> Schema:
        return {"enum": list(fact.values), "x-libelles": dict(fact.values)}

    def with_unknown(self, schema: Schema, word: str) -> Schema:
        return {**schema, "enum": [*schema["enum"], word, None]}

    def presumable(self, text: str, values: Mapping[str, str]) -> Value | None:
        return text if text in values else None

    def every(self, fact: Declared, named: Iterable[Value]) -> Sequence[Value] | None:
        return list(fact.values)

    @property
    def each_apart(self) -> bool:
        return True
