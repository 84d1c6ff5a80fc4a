"""Pieces of the JSON schema of the blocks: texts, lists, closed objects, patterns of sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from coopdec_rules.rulebook.rulebook import Rulebook

Schema = dict[str, Any]

_WORDS: Final = (
    "et", "ou", "non", "au", "moins", "un", "une", "tous", "toutes", "les", "aucun", "aucune",
    "parmi", "hors", "oui",
    "de", "an", "ans", "mois", "jour", "jours",
)  # fmt: skip


def sentence(book: Rulebook) -> str:
    """A pattern of sentences made of known words only; their order is the loader's to judge."""
    groups = [g.id for g in book.groups.values() if g.repeated]
    values = [v for fact in book.facts.values() for v in fact.values]
    values += [v for conclusion in book.conclusions.values() for v in conclusion.values]
    words = {*_WORDS, *groups, *(f"{g}s" for g in groups), *values}
    words |= {*book.facts, *book.conclusions}
    # Each token ends where it must, so that a wrong sentence is refused at once.
    return (
        rf"^\s*(?:(?:(?:{any_of(words)})(?![a-z0-9_.])|\d+(?!\d)|[.](?=\d)"
        r"|[-+=<>≤≥≠!%€()\[\],:])\s*)+$"
    )


def any_of(names: Iterable[str]) -> str:
    """Alternatives of a pattern, the longest first."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    # Editors read patterns more strictly: they refuse to see a hyphen escaped.
    return "|".join(re.escape(name).replace("\\-", "-") for name in ordered)


def ref(name: str) -> Schema:
    """What is defined under ``name``."""
    return {"$ref": f"#/definitions/{name}"}


def text(description: str, *, pattern: str = "", said: str = "", **more: Any) -> Schema:
    """A text; ``said`` is what editors that know ``patternErrorMessage`` show."""
    schema: Schema = {"type": "string", "description": description, "minLength": 1, **more}
    if pattern:
        schema["pattern"] = pattern
    if said:
        schema["patternErrorMessage"] = said
    return schema


def filled() -> Schema:
    """Any text but an empty one."""
    return {"type": "string", "minLength": 1}


def one_or_more(item: Schema, word: str = "") -> Schema:
    """An item, a list of some, or ``word`` instead of them."""
    options = [item, {"type": "array", "minItems": 1, "items": item}]
    return {"anyOf": [*([{"const": word}] if word else []), *options]}


def closed(properties: Mapping[str, Schema], **more: Any) -> Schema:
    """An object that holds these keys only."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": dict(properties),
        **more,
    }


def of_keys(
    keys: Iterable[str], known: Mapping[str, Schema], required: list[str], **more: Any
) -> Schema:
    """An object of the keys that the loader reads; one not described here holds anything."""
    return closed({key: known.get(key, {}) for key in sorted(keys)}, required=required, **more)
