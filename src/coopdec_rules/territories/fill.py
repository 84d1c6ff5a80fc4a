"""Completes the actor of a scenario from its code alone, on request, never against its author."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coopdec_rules.errors import Problem, ScenarioError
from coopdec_rules.territories.directory import Directory, load_directory
from coopdec_rules.territories.model import COMMUNE, Territory
from coopdec_rules.territories.text import words

_POINTER = "/acteur/code"
#: What a scenario states to say that a fact is not known.
UNKNOWN = "inconnu"


def fill(document: object, directory: Directory | None = None) -> tuple[object, list[str]]:
    """``document`` with what ``acteur.code`` says of its actor, and pointers to what was added.

    What is stated, « inconnu » included, is never changed; only what is absent or null is filled
    in.  What would not agree with a stated fact is left out: nothing is filled in when another
    nature is stated, nor a grouping's name beside another grouping's nature.  The caller must say
    that the additions describe today (``Directory.notice_at``).  ``document`` is not modified; it
    is returned as it is when it has no code or is no scenario, which its reader will tell.

    Raises ``ScenarioError`` when no territory has the code.
    """
    actor = document.get("acteur") if isinstance(document, Mapping) else None
    if not isinstance(document, Mapping) or not isinstance(actor, Mapping):
        return document, []
    code = _code(actor.get("code"))
    if code is None:
        return document, []
    directory = directory or load_directory()
    territory = directory.by_code(code)
    if territory is None:
        raise ScenarioError([directory.unknown_code(code, _POINTER)])
    completed, filled = _completed(actor, territory)
    return ({**document, "acteur": completed}, filled) if filled else (document, [])


def _code(value: object) -> str | None:
    """The code as text; ``None`` when there is none, or something that its reader will refuse."""
    if isinstance(value, int) and not isinstance(value, bool):
        # A code that begins with 0 is not a number: YAML would even read 02000 as 1024.
        if value < 10_000:
            raise ScenarioError(
                [
                    Problem(
                        _POINTER,
                        "Un code s'écrit entre guillemets, sans perdre son zéro initial.",
                        str(value),
                        'un texte, par exemple "01053"',
                    )
                ]
            )
        return str(value)
    return value if isinstance(value, str) and not _absent(value) and value != UNKNOWN else None


def _completed(actor: Mapping[Any, Any], territory: Territory) -> tuple[dict[Any, Any], list[str]]:
    completed, filled = dict(actor), []
    stated = actor.get("nature")
    if territory.nature is not None and not (
        _absent(stated) or stated in (UNKNOWN, territory.nature)
    ):
        return completed, []
    facts = territory.as_scenario()["acteur"]
    group = facts.pop("groupement", None)
    for name, value in facts.items():
        if _absent(completed.get(name)):
            completed[name] = value
            filled.append(f"/acteur/{name}")
    if group and completed.get("nature") == COMMUNE:
        kept = actor.get("groupement")
        kept = {} if kept is None else kept
        if isinstance(kept, Mapping) and _agrees(kept, group):
            missing = {name: value for name, value in group.items() if _absent(kept.get(name))}
            completed["groupement"] = {**kept, **missing}
            filled += [f"/acteur/groupement/{name}" for name in missing]
    return completed, filled


def _agrees(stated: Mapping[Any, Any], group: Mapping[str, str]) -> bool:
    """Whether what is stated of the grouping may be said of this one."""
    nature, name = stated.get("nature"), stated.get("nom")
    if not _absent(nature) and nature != group["nature"]:
        return False
    return _absent(name) or (isinstance(name, str) and words(name) == words(group["nom"]))


def _absent(value: object) -> bool:
    """Whether nothing is stated, as the reader of scenarios has it."""
    return value is None or (isinstance(value, str) and not value.strip())
