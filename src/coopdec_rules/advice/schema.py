"""JSON Schema (2020-12) of a scenario, derived from the vocabulary.

The schema is the documented way to write a scenario.  The reader also takes a few looser writings
("67 000" for 67000, "40 000,50 €" for 40000.5, one object for a list of one), which it leaves out.
"""

from __future__ import annotations

from coopdec_rules.advice.scenario import MAX_ITEMS, UNKNOWN
from coopdec_rules.rulebook.model import Fact, Group
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.types import Schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema(rulebook: Rulebook) -> Schema:
    """The schema of the scenarios that ``rulebook`` reads.

    A fact may be left out, null or, but for texts, "inconnu": it is then unknown (or presumed).
    """
    root = _object("Scénario", "Une action et ses acteurs, tels qu'on les connaît.")
    lists: dict[str, Schema] = {}
    for group in sorted(rulebook.groups.values(), key=lambda g: g.order):
        if group.repeated:
            lists[group.id] = _object(group.title, group.help)
            parent = _parent(root, group.path)
            parent["properties"][group.path[-1]] = {
                "title": group.title,
                "description": group.help,
                # One alone may be said without its list, as people write it.
                "anyOf": [
                    {"type": ["array", "null"], "maxItems": MAX_ITEMS, "items": lists[group.id]},
                    lists[group.id],
                ],
            }
        elif group.path:
            place = _at(root, group.path)
            place["title"] = group.title
            if group.help:
                place["description"] = group.help
    for fact in rulebook.facts.values():
        tree = lists[fact.group.id] if fact.group.repeated else root
        _parent(tree, fact.path)["properties"][fact.path[-1]] = fact_schema(fact)
        if fact.required:
            _require(tree, fact.path)
    for group in rulebook.groups.values():
        if group.repeated and group.unique_key:
            _say_unique(root, rulebook, group)
    return {"$schema": DIALECT, **root}


def fact_schema(fact: Fact) -> Schema:
    """The schema of one fact's value."""
    kind = fact.kind
    value = kind.schema(fact)
    schema: Schema = {
        "title": fact.label,
        "description": _description(fact),
        **(value if fact.required else kind.with_unknown(value, UNKNOWN)),
    }
    if fact.presumed is not None:
        schema["default"] = kind.plain(fact.presumed)
    example = kind.example(fact.example)
    if example is not None:
        schema["examples"] = [example]
    return schema


def _object(title: str, description: str = "") -> Schema:
    schema: Schema = {"title": title}
    if description:
        schema["description"] = description
    return {**schema, "type": "object", "properties": {}, "additionalProperties": False}


def _at(root: Schema, path: tuple[str, ...]) -> Schema:
    """The object schema at ``path``, made on the way when it is not there."""
    place = root
    for key in path:
        if key not in place["properties"]:
            place["properties"][key] = _object(key) | {"type": ["object", "null"]}
        place = place["properties"][key]
    return place


def _parent(root: Schema, path: tuple[str, ...]) -> Schema:
    return _at(root, path[:-1])


def _require(tree: Schema, path: tuple[str, ...]) -> None:
    """A required fact makes every object on the way to it required and not null."""
    place = tree
    for depth, key in enumerate(path):
        required = place.setdefault("required", [])
        if key not in required:
            required.append(key)
        place = place["properties"][key]
        if depth < len(path) - 1:
            place["type"] = "object"


def _say_unique(root: Schema, rulebook: Rulebook, group: Group) -> None:
    fact = rulebook.facts[f"{group.id}.{group.unique_key}"]
    listed = _parent(root, group.path)["properties"][group.path[-1]]
    rule = f"Deux lignes ne portent pas la même valeur ({fact.label})."
    listed["description"] = f"{listed['description']} {rule}".strip()


def _description(fact: Fact) -> str:
    parts = [fact.question, fact.help, fact.kind.described(fact)]
    if fact.presumed is not None:
        parts.append(f"Sans réponse, présumé : {fact.said(fact.presumed)}.")
    return " ".join(part for part in parts if part)
