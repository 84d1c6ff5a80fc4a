"""Reads ``rules/presomptions.yaml``: what one fact lets presume of another, value by value.

A presumption is no rule: it fills in what nobody stated, is shown as such, and gives way to
whatever is stated.  It is dated and sourced like the law.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.model import Fact, Source, SourceRef, Value
from coopdec_rules.rulebook.sources import source_refs
from coopdec_rules.rulebook.yamlmarks import Node, Reader, read_yaml

FILE = "presomptions.yaml"
_KEYS = {"fait", "selon", "valeur", "source", "phrase", "depuis"}
#: In a sentence, the value that lets presume, as one reads it.
VALUE = "{valeur}"


@dataclass(frozen=True, slots=True)
class Presumption:
    """What ``fact`` is presumed to be (``value``) by the value of ``by``.

    ``since``: for each value that lets presume it, the first day.  ``sentence``: where it comes
    from, in French, with ``VALUE`` for the value.
    """

    id: str
    fact: str
    by: str
    value: Value
    sources: tuple[SourceRef, ...]
    sentence: str
    since: Mapping[str, dt.date]


def load_presumptions(
    root: Path, reader: Reader, facts: Mapping[str, Fact], sources: Mapping[str, Source]
) -> tuple[Presumption, ...]:
    """Every presumption; the file is optional.  Mistakes go to ``reader``."""
    path = root / FILE
    if not path.is_file():
        return ()
    node = read_yaml(read_text(path, FILE), FILE)
    found = [
        _presumption(reader, ident, child, facts, sources)
        for ident, child in reader.mapping(node, "Présomptions").items()
    ]
    return tuple(one for one in found if one is not None)


def _presumption(
    reader: Reader,
    ident: str,
    node: Node,
    facts: Mapping[str, Fact],
    sources: Mapping[str, Source],
) -> Presumption | None:
    what = f"Présomption « {ident} »"
    before = len(reader.diagnostics)
    entries = reader.mapping(node, what, _KEYS)
    named = {key: reader.required_text(entries, key, what, node) for key in ("fait", "selon")}
    for key, name in named.items():
        if name and name not in facts:
            reader.report(
                entries[key], f"{what} : le fait « {name} » n'existe pas.", suggest(name, facts)
            )
    written = reader.required_text(entries, "valeur", what, node)
    sentence = reader.required_text(entries, "phrase", what, node)
    refs = source_refs(reader, entries, what, node, dict(sources))
    if len(reader.diagnostics) > before:
        return None
    fact, by = facts[named["fait"]], facts[named["selon"]]
    if by.scope not in (None, fact.scope):
        reader.report(entries["selon"], f"{what} : « {by.id} » est d'un autre groupe répété.")
    value = fact.kind.presumable(written, fact.values)
    if value is None:
        near = suggest(written, fact.values)
        reader.report(
            entries["valeur"],
            f"{what} : « {written} » n'est pas une valeur de « {fact.id} ».",
            near,
        )
    since = _since(reader, entries, what, node, by)
    if value is None or len(reader.diagnostics) > before:
        return None
    return Presumption(ident, fact.id, by.id, value, refs, sentence, since)


def _since(
    reader: Reader, entries: dict[str, Node], what: str, place: Node, by: Fact
) -> dict[str, dt.date]:
    if "depuis" not in entries:
        reader.report(place, f"{what} : la clé « depuis » manque (date : liste de valeurs).")
        return {}
    found: dict[str, dt.date] = {}
    given = reader.mapping(entries["depuis"], f"{what}, depuis")
    for written, child in given.items():
        try:
            day = dt.date.fromisoformat(written)
        except ValueError:
            reader.report(child, f"{what} : « {written} » n'est pas une date AAAA-MM-JJ.")
            continue
        for node in reader.texts(given, written, what):
            if node.raw not in by.values:
                reader.report(
                    node,
                    f"{what} : « {node.raw} » n'est pas une valeur de « {by.id} ».",
                    suggest(node.raw, by.values),
                )
            elif node.raw in found:
                reader.report(node, f"{what} : « {node.raw} » y est deux fois.")
            found[node.raw] = day
    return found
