"""States one more fact in a scenario document, at its JSON pointer."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from coopdec_rules.errors import Problem, ScenarioError


def stated(document: Mapping[str, Any], pointer: str, value: object) -> dict[str, Any]:
    """A copy of ``document`` where ``pointer`` holds ``value``.

    Objects and lists on the way are made as needed; a list written as a single object becomes a
    list.  Raises ``ScenarioError`` when something else stands on the way.

    >>> stated({"acteur": {"nature": "commune"}}, "/action/volets/1/domaine", "eau")
    {'acteur': {'nature': 'commune'}, 'action': {'volets': [{}, {'domaine': 'eau'}]}}
    """
    found: dict[str, Any] = copy.deepcopy(dict(document))
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
