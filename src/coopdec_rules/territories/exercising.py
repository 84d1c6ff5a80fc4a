"""Which grouping the national base is asked about, for the actor that a scenario describes."""

from __future__ import annotations

from coopdec_rules.territories.directory import Directory
from coopdec_rules.territories.model import COMMUNE, Territory
from coopdec_rules.territories.text import words


def exercising(
    directory: Directory, code: str, nature: str, grouping: str | None, name: str | None
) -> Territory | None:
    """The grouping whose competences are in question: the actor, or that of its commune.

    ``nature`` and ``grouping`` (nature of the commune's grouping, with its ``name`` if it is
    stated) are those of the scenario: when the territory of ``code`` has others, it is another
    grouping, or another time, and ``None`` is returned.
    """
    territory = directory.by_code(code)
    if territory is None:
        return None
    facts = territory.as_scenario()["acteur"]
    if facts.get("nature") != nature:
        return None
    if nature != COMMUNE:
        return territory
    known = facts.get("groupement")
    if not known or known["nature"] != grouping:
        return None
    if name is not None and words(name) != words(known["nom"]):
        return None
    return territory.grouping
