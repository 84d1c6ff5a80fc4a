"""From typed facts back to a scenario document, as someone would have written it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.model import Value
from coopdec_rules.rulebook.rulebook import Rulebook


def document(book: Rulebook, base: FactBase) -> dict[str, Any]:
    """The document that reads back as ``base`` (required facts are added when they are unknown)."""
    root: dict[str, Any] = {}
    for name, value in base.scenario.items():
        _put(root, book.facts[name].path, value)
    for fact in book.facts.values():
        if fact.required and fact.scope is None and fact.id not in base.scenario:
            _put(root, fact.path, next(iter(fact.values)))
    for group in book.groups.values():
        items = _distinct(
            base.items.get(group.id, ()), group.unique_key and f"{group.id}.{group.unique_key}"
        )
        if group.repeated and items:
            found: list[dict[str, Any]] = []
            for facts in items:
                entry: dict[str, Any] = {}
                for name, value in facts.items():
                    _put(entry, book.facts[name].path, value)
                found.append(entry)
            *parents, last = group.path
            place = root
            for key in parents:
                place = place.setdefault(key, {})
            place[last] = found
    return root


def _distinct(items: tuple[Mapping[str, Value], ...], key: str | None) -> list[Mapping[str, Value]]:
    """Items of a group that refuses two of the same key: the first of each."""
    if not key:
        return list(items)
    seen: dict[object, Mapping[str, Value]] = {}
    for facts in items:
        seen.setdefault(facts.get(key), facts)
    return [facts for value, facts in seen.items() if value is not None or len(seen) == 1]


def _put(root: dict[str, Any], path: tuple[str, ...], value: Value) -> None:
    for key in path[:-1]:
        root = root.setdefault(key, {})
    match value:
        case Decimal():
            root[path[-1]] = float(value)
        case dt.date():
            root[path[-1]] = value.isoformat()
        case _:
            root[path[-1]] = value
