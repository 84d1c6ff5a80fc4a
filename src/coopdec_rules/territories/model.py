"""What the directory knows of a territory, and how that is said in a scenario."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

COMMUNE = "commune"
#: Natures of territories, named as in the vocabulary of scenarios (a test compares the two).
NATURES = {
    COMMUNE: "commune",
    "communaute_communes": "communauté de communes",
    "communaute_agglomeration": "communauté d'agglomération",
    "communaute_urbaine": "communauté urbaine",
    "metropole": "métropole",
}
#: What is said of a territory whose nature is none of the vocabulary's.
NO_NATURE = "collectivité à statut particulier"


@dataclass(frozen=True, slots=True)
class Area:
    """A département or a région: its code and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Territory:
    """A commune or a grouping with own taxation, as the directory's year has it.

    ``code``: INSEE code of a commune, SIREN of a grouping.  ``nature``: a key of ``NATURES``, or
    ``None`` for a collectivity that the vocabulary has no name for.  ``population``: inhabitants
    (population municipale).  ``department`` and ``region``: of a grouping, those in which most of
    its inhabitants live.  ``grouping``: of a commune, the grouping with own taxation it belongs
    to; ``None`` does not exclude a syndicat.  ``members``: INSEE codes of a grouping's communes.
    ``remarks``: what a reader must know, in French.  ``withheld``: ``nature`` or ``groupement``
    when it must not be filled in for the user.
    """

    code: str
    name: str
    nature: str | None
    population: int
    department: Area
    region: Area
    grouping: Territory | None = field(default=None, repr=False)
    members: tuple[str, ...] = field(default=(), repr=False)
    remarks: tuple[str, ...] = field(default=(), repr=False)
    withheld: frozenset[str] = frozenset()

    @property
    def nature_label(self) -> str:
        """The nature, in French words."""
        return NATURES[self.nature] if self.nature else NO_NATURE

    @property
    def label(self) -> str:
        """The name and the département, which tells homonyms apart."""
        return f"{self.name} ({self.department.name}, {self.department.code})"

    def as_scenario(self) -> dict[str, Any]:
        """The facts on the actor that follow from this territory, shaped as a scenario.

        A fact that is not known, or that is withheld, is absent: it stays unknown.
        """
        actor: dict[str, Any] = {"nom": self.name, "code": self.code}
        if self.nature and "nature" not in self.withheld:
            actor["nature"] = self.nature
        actor["population"] = self.population
        group = self.grouping
        if group is not None and group.nature and "groupement" not in self.withheld:
            actor["groupement"] = {"nature": group.nature, "nom": group.name}
        return {"acteur": actor}


class Found(Enum):
    """How a territory was found, best first; the values are those that the API answers."""

    CODE = "code"
    FORMER_CODE = "ancien_code"
    EXACT = "nom"
    EXACT_CORE = "nom_abrege"
    PREFIX = "debut"
    WORDS = "mots"
    NEAR = "approchant"


@dataclass(frozen=True, slots=True)
class Match:
    """One answer to a search."""

    territory: Territory
    found: Found
