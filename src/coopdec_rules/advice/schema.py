"""JSON Schema (2020-12) of a scenario, derived from the vocabulary.

The schema is the documented way to write a scenario.  The reader also takes a few looser writings
("67 000" for 67000, "40 000,50 €" for 40000.5, one object for a list of one), which it leaves out.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from coopdec_rules.advice.scenario import MAX_ITEMS, UNKNOWN
from coopdec_rules.advice.values import MAX_AMOUNT, MAX_TEXT
from coopdec_rules.advice.wording import label
from coopdec_rules.rulebook.model import Fact, Group
from coopdec_rules.rulebook.rulebook import Rulebook

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: No control character and no direction override.
_PRINTABLE = r"^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$"

Schema = dict[str, Any]


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
                "type": ["array", "null"],
                "maxItems": MAX_ITEMS,
                "items": lists[group.id],
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
    schema: Schema = {"title": fact.label, "description": _description(fact)}
    free = not fact.required
    match fact.type:
        case "booleen":
            schema["enum"] = [True, False, "oui", "non"]
        case "choix":
            schema["enum"] = list(fact.values)
            schema["x-libelles"] = dict(fact.values)
        case "nombre" | "montant":
            number: Schema = {"type": "integer" if fact.type == "nombre" else "number"}
            if fact.minimum is not None:
                number["minimum"] = _plain(fact.minimum)
            elif fact.type == "montant":
                number["minimum"] = int(-MAX_AMOUNT)
            if fact.maximum is not None:
                number["maximum"] = _plain(fact.maximum)
            elif fact.type == "montant":
                number["maximum"] = int(MAX_AMOUNT)
            schema["anyOf"] = [number]
        case "date":
            schema["anyOf"] = [{"type": "string", "format": "date"}]
        case "texte":
            schema.update(type="string", maxLength=MAX_TEXT, pattern=_PRINTABLE)
    if free:
        _allow_unknown(schema, fact)
    if fact.presumed is not None:
        schema["default"] = _plain(fact.presumed)
    example = _example(fact)
    if example is not None:
        schema["examples"] = [example]
    return schema


def _allow_unknown(schema: Schema, fact: Fact) -> None:
    if fact.type == "texte":
        schema["type"] = ["string", "null"]
    elif "enum" in schema:
        schema["enum"] = [*schema["enum"], UNKNOWN, None]
    else:
        schema["anyOf"].append({"enum": [UNKNOWN, None]})


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
    parts = [fact.question]
    if fact.help:
        parts.append(fact.help)
    if fact.type == "montant":
        parts.append("En euros, au plus deux décimales.")
    if fact.type == "date":
        limits = []
        if isinstance(fact.minimum, dt.date):
            limits.append(f"au plus tôt le {label(fact.minimum)}")
        if isinstance(fact.maximum, dt.date):
            limits.append(f"au plus tard le {label(fact.maximum)}")
        parts.append(f"Écrite AAAA-MM-JJ{''.join(', ' + text for text in limits)}.")
    if fact.presumed is not None:
        parts.append(f"Sans réponse, présumé : {label(fact.presumed, fact.values)}.")
    return " ".join(parts)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _example(fact: Fact) -> object:
    """The vocabulary's example in the fact's type; ``None`` when there is none of that type."""
    if fact.type in ("nombre", "montant"):
        try:
            return _plain(Decimal(fact.example))
        except InvalidOperation:
            return None
    return fact.example or None
