"""A value at a path of keys in nested objects: written, and read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def put(document: dict[str, Any], path: Sequence[str], value: object) -> None:
    """Write a value; the objects on the way are made as needed.

    >>> document = {"acteur": {"nature": "commune"}}
    >>> put(document, ("acteur", "groupement", "nature"), "aucun")
    >>> document
    {'acteur': {'nature': 'commune', 'groupement': {'nature': 'aucun'}}}
    """
    for key in path[:-1]:
        document = document.setdefault(key, {})
    document[path[-1]] = value


def value_at(document: object, path: Sequence[str]) -> object:
    """The value at a path; ``None`` where there is none."""
    for key in path:
        if not isinstance(document, Mapping):
            return None
        document = document.get(key)
    return document
