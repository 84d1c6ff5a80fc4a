"""Changes a scenario document: states one more fact, or leaves out one item of a group."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from coopdec_rules.errors import Problem, ScenarioError
from coopdec_rules.rulebook.model import Fact


def stated(document: Mapping[str, object], pointer: str, value: object) -> dict[str, object]:
    """A copy of ``document`` where ``pointer`` holds ``value``.

    Objects and lists on the way are made as needed; a list written as a single object becomes a
    list.  Raises ``ScenarioError`` when something else stands on the way.

    >>> stated({"acteur": {"nature": "commune"}}, "/action/volets/1/domaine", "eau")
    {'acteur': {'nature': 'commune'}, 'action': {'volets': [{}, {'domaine': 'eau'}]}}
    """
    found: dict[str, object] = copy.deepcopy(dict(document))
    *path, last = pointer.removeprefix("/").split("/")
    here: Any = found
    for position, key in enumerate(path):
        following = [*path, last][position + 1]
        empty: Any = [] if following.isdigit() else {}
        if isinstance(here, list):
            while len(here) <= int(key):
                here.append({})
            if here[int(key)] is None:
                here[int(key)] = empty
            here = here[int(key)]
        else:
            if here.get(key) is None:
                here[key] = empty
            elif isinstance(empty, list) and isinstance(here[key], dict):
                here[key] = [here[key]]
            here = here[key]
        if not isinstance(here, dict | list):
            place = "/" + "/".join(path[: position + 1])
            raise ScenarioError([Problem(place, "Un objet est attendu ici.", str(here))])
    here[last] = value
    return found


def without(document: Mapping[str, object], path: Sequence[str], item: int) -> dict[str, object]:
    """A copy of ``document`` that no longer has item ``item`` of the list at ``path``.

    Raises ``ScenarioError`` when there is no such item.

    >>> without({"action": {"volets": [{"domaine": "eau"}, {}]}}, ("action", "volets"), 1)
    {'action': {'volets': [{'domaine': 'eau'}]}}
    """
    found: dict[str, object] = copy.deepcopy(dict(document))
    here: object = found
    for key in path:
        here = here.get(key) if isinstance(here, dict) else None
    if not isinstance(here, list) or item >= len(here):
        place = "/" + "/".join((*path, str(item)))
        raise ScenarioError([Problem(place, "Cet élément n'est pas dans le scénario.")])
    del here[item]
    return found


def untitled(document: Mapping[str, object], title: Fact | None) -> dict[str, object]:
    """A copy of ``document`` that no longer states ``title``, a fact of the whole scenario."""
    return dict(document) if title is None else _left_out(document, title.path)


def _left_out(document: Mapping[str, object], path: Sequence[str]) -> dict[str, object]:
    key, *rest = path
    kept = {name: value for name, value in document.items() if rest or name != key}
    inner = kept.get(key)
    if rest and isinstance(inner, Mapping):
        kept[key] = _left_out(inner, rest)
    return kept
