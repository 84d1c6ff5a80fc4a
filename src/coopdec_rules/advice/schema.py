"""JSON Schema (2020-12) of a scenario, derived from the vocabulary.

The schema is the documented way to write a scenario.  The reader also takes a few looser writings
("67 000" for 67000, "40 000,50 €" for 40000.5), which it leaves out.

It is drawn so that generators of typed clients take it: one type to each list of values, nothing
presumed written as a ``default`` (a client would then state it), titles that can name a class.
"""

from __future__ import annotations

import re

from coopdec_rules.advice.scenario import MAX_ITEMS, UNKNOWN
from coopdec_rules.rulebook.model import Fact, Group
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.types import Schema
from coopdec_rules.rulebook.types.base import NULL
from coopdec_rules.rulebook.words import capital

#: The name of the schema, which those of its parts begin with: « ScenarioActeurGroupement ».
NAME = "Scenario"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema(rulebook: Rulebook) -> Schema:
    """The schema of the scenarios that ``rulebook`` reads.

    A fact may be left out, null or, but for texts, "inconnu": it is then unknown (or presumed).
    """
    root = _object(NAME, "Une action et ses acteurs, tels qu'on les connaît.")
    lists: dict[str, Schema] = {}
    for group in sorted(rulebook.groups.values(), key=lambda g: g.order):
        if group.repeated:
            lists[group.id] = _object(f"{NAME}{pascal(group.id)}", group.help or group.title)
            parent = _parent(root, group.path)
            parent["properties"][group.path[-1]] = {
                "x-libelle": group.title,
                "description": group.help or group.title,
                # One alone may be said without its list, as people write it.
                "anyOf": [
                    {"type": "array", "maxItems": MAX_ITEMS, "items": lists[group.id]},
                    lists[group.id],
                    NULL,
                ],
            }
        elif group.path:
            place = _at(root, group.path)
            place["x-libelle"] = group.title
            place["description"] = group.help or group.title
    for fact in rulebook.facts.values():
        tree = lists[fact.group.id] if fact.group.repeated else root
        _parent(tree, fact.path)["properties"][fact.path[-1]] = fact_schema(fact)
        if fact.required:
            _require(tree, fact.path)
    for group in rulebook.groups.values():
        if group.repeated and group.unique_key:
            _say_unique(root, rulebook, group)
    _let_go(root)
    return {"$schema": DIALECT, **root}


def fact_schema(fact: Fact) -> Schema:
    """The schema of one fact's value."""
    kind = fact.kind
    value = kind.schema(fact)
    schema: Schema = {
        "x-libelle": fact.label,
        "description": _description(fact),
        **(value if fact.required else kind.with_unknown(value, UNKNOWN)),
    }
    if fact.presumed is not None:
        schema["x-presume"] = kind.plain(fact.presumed)
    example = kind.example(fact.example)
    if example is not None:
        schema["examples"] = [example]
    return schema


def _object(title: str, description: str = "") -> Schema:
    schema: Schema = {"title": title}
    if description:
        schema["description"] = description
    return {**schema, "type": "object", "properties": {}, "additionalProperties": False}


def pascal(name: str) -> str:
    """A name as types bear it.

    >>> pascal("mise_en_oeuvre")
    'MiseEnOeuvre'
    """
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"\W|_", name))


def _at(root: Schema, path: tuple[str, ...]) -> Schema:
    """The object schema at ``path``, made on the way when it is not there."""
    place = root
    for key in path:
        if key not in place["properties"]:
            place["properties"][key] = _object(f"{place['title']}{pascal(key)}")
        place = place["properties"][key]
    return place


def _parent(root: Schema, path: tuple[str, ...]) -> Schema:
    return _at(root, path[:-1])


def _require(tree: Schema, path: tuple[str, ...]) -> None:
    """A required fact makes every object on the way to it required."""
    place = tree
    for key in path:
        required = place.setdefault("required", [])
        if key not in required:
            required.append(key)
        place = place["properties"][key]


def _let_go(place: Schema) -> None:
    """An object that is not required may be null."""
    for key, child in place["properties"].items():
        if child.get("type") == "object":
            _let_go(child)
            if key not in place.get("required", ()):
                place["properties"][key] = {"anyOf": [child, NULL]}
        for part in child.get("anyOf", ()):
            if part.get("type") == "array":
                _let_go(part["items"])


def _say_unique(root: Schema, rulebook: Rulebook, group: Group) -> None:
    fact = rulebook.facts[f"{group.id}.{group.unique_key}"]
    listed = _parent(root, group.path)["properties"][group.path[-1]]
    rule = f"Deux lignes ne portent pas la même valeur ({fact.label})."
    listed["description"] = f"{listed['description']} {rule}".strip()


def _description(fact: Fact) -> str:
    parts = [f"{capital(fact.label)}.", fact.question, fact.help, fact.kind.described(fact)]
    if fact.presumed is not None:
        parts.append(f"Sans réponse, présumé : {fact.said(fact.presumed)}.")
    return " ".join(part for part in parts if part)
