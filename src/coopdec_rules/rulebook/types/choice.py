"""Choices among the values that the vocabulary lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.types.base import Declared, FactType, Schema, Value
from coopdec_rules.rulebook.types.written import bare

#: Names told, at most, of what a text may mean; letters that a beginning needs.
_NAMED, _SHORTEST = 4, 4


#: Codes of values, by a name of theirs and by the words that begin one.
_Index = tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]


@lru_cache(maxsize=512)
def _index(values: tuple[tuple[str, str], ...]) -> _Index:
    """What the values of a choice may be called: label, what is before brackets, and in them."""
    names: dict[str, dict[str, None]] = {}
    beginnings: dict[str, dict[str, None]] = {}
    for code, label in values:
        before, _, inside = label.partition("(")
        for name in filter(None, map(bare, (label, before, inside))):
            names.setdefault(name, {})[code] = None
            words = name.split(" ")
            for count in range(1, len(words)):
                beginnings.setdefault(" ".join(words[:count]), {})[code] = None
    told = [{name: tuple(codes) for name, codes in found.items()} for found in (names, beginnings)]
    return told[0], told[1]


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

    def parse(self, text: str, fact: Declared, today: dt.date) -> object:
        if text in fact.values:
            return text
        named = self._named(text, fact)
        return named[0] if len(named) == 1 else text

    def refusal(self, value: object, fact: Declared) -> str:
        named = self._named(value, fact) if isinstance(value, str) else []
        if len(named) < 2:
            return self.wrong
        listed = " ou ".join(f"« {fact.values[code]} »" for code in named[:_NAMED])
        return f"Plusieurs réponses ont ce nom : {listed}. Choisissez."

    def near(self, text: str, fact: Declared) -> str | None:
        return suggest(text, fact.values) or suggest(text, fact.values.values())

    @staticmethod
    def _named(text: str, fact: Declared) -> list[str]:
        """Codes of the values that a text names: that one alone, else those that it begins."""
        name = bare(text)
        whole = name.removeprefix("le ").removeprefix("la ").removeprefix("les ")
        names, beginnings = _index(tuple(fact.values.items()))
        known = {*names.get(name, ()), *names.get(whole, ())}
        if known or len(whole) < _SHORTEST:
            return [code for code in fact.values if code in known]
        return list(beginnings.get(whole, ()))

    def options(self, fact: Declared) -> Mapping[str, str]:
        return fact.values

    def label(self, value: Value, values: Mapping[str, str]) -> str:
        return values.get(str(value), str(value))

    def schema(self, fact: Declared) -> Schema:
        return {"type": "string", "enum": list(fact.values), "x-libelles": dict(fact.values)}

    def presumable(self, text: str, values: Mapping[str, str]) -> Value | None:
        return text if text in values else None

    def every(self, fact: Declared, named: Iterable[Value]) -> Sequence[Value] | None:
        return list(fact.values)

    @property
    def each_apart(self) -> bool:
        return True
