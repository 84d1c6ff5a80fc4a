"""``presume_par_la_base``: what the national base on groupings lets presume of a fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.model import BaseCase, Conclusion, Fact
from coopdec_rules.rulebook.yamlmarks import Node, Reader

if TYPE_CHECKING:
    from coopdec_rules.rulebook.vocabulary import Vocabulary

_KEYS = {"cite", "si", "valeur"}
#: How far the base cites a domain.
CITED = ("tout", "partie")


def read_base_cases(vocabulary: Vocabulary, reader: Reader) -> Iterator[tuple[str, list[BaseCase]]]:
    """The cases of each fact that has some; mistakes go to ``reader``."""
    for ident, node in vocabulary.by_base:
        fact = vocabulary.facts.get(ident)
        if fact is None:
            continue
        what = f"Fait « {ident} », presume_par_la_base"
        if not isinstance(node.value, list):
            reader.report(node, f"{what} : une liste est attendue, {node.kind()} est écrit.")
            continue
        if fact.scope is None:
            reader.report(node, f"{what} : le fait doit être d'un groupe répété, avec un domaine.")
            continue
        yield ident, [_case(vocabulary.conclusions, fact, child, what, reader)
                      for child in node.value]  # fmt: skip


def _case(
    conclusions: Mapping[str, Conclusion], fact: Fact, node: Node, what: str, reader: Reader
) -> BaseCase:
    entries = reader.mapping(node, what, _KEYS)
    cited = reader.required_text(entries, "cite", what, node)
    value = reader.required_text(entries, "valeur", what, node)
    if cited and cited not in CITED:
        _unknown(reader, entries["cite"], what, cited, CITED)
    if value and value not in fact.values:
        _unknown(reader, entries["valeur"], what, value, fact.values)
    when: dict[str, frozenset[str]] = {}
    given = reader.mapping(entries["si"], f"{what}, si") if "si" in entries else {}
    for name, child in given.items():
        conclusion = conclusions.get(name)
        if conclusion is None:
            _unknown(reader, child, what, name, conclusions)
            continue
        if conclusion.scope not in (None, fact.scope):
            reader.report(child, f"{what} : « {name} » se conclut pour chaque {conclusion.scope}.")
        values = reader.texts(given, name, what)
        for wrong in (v for v in values if v.raw not in conclusion.values):
            _unknown(reader, wrong, what, wrong.raw, conclusion.values)
        when[name] = frozenset(v.raw for v in values)
    return BaseCase(cited, when, value)


def _unknown(
    reader: Reader, node: Node, what: str, found: str, known: Mapping[str, object] | tuple[str, ...]
) -> None:
    near = suggest(found, known)
    several = f" (possibles : {', '.join(known)})" if len(known) < 20 else ""
    reader.report(node, f"{what} : « {found} » n'existe pas{several}.", near)
