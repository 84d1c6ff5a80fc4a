"""What the directory knows of a territory, and how that is said in a scenario."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from coopdec_rules.territories.places import located, ordinary

COMMUNE = "commune"
#: Natures of territories, named as in the vocabulary of scenarios (a test compares the two).
NATURES = {
    COMMUNE: "commune",
    "communaute_communes": "communauté de communes",
    "communaute_agglomeration": "communauté d'agglomération",
    "communaute_urbaine": "communauté urbaine",
    "metropole": "métropole",
    "syndicat_communes": "syndicat de communes",
    "syndicat_mixte": "syndicat mixte",
}
METROPOLE, SYNDICAT, SYNDICAT_MIXTE = "metropole", "syndicat_communes", "syndicat_mixte"
#: Value of ``acteur.statut_particulier`` of what has none.
ORDINARY = "aucun"


@dataclass(frozen=True, slots=True)
class Area:
    """A département or a région: its code and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Territory:
    """A commune or a grouping, as the data has it.

    ``code``: INSEE code of a commune, SIREN of a grouping.  ``nature``: a key of ``NATURES``, or
    ``None`` when none of the vocabulary's is its own.  ``kind``: its nature in French words, where
    the vocabulary's are missing or less exact.  ``population``: inhabitants (population
    municipale; of a syndicat, what the national base says).  ``department`` and ``region``: of a
    grouping, those in which most of its inhabitants live (of a syndicat: its seat).  ``grouping``:
    of a commune, the grouping with own taxation it belongs to; ``None`` does not exclude a
    syndicat.  ``second``: of a commune of the Grand Paris, its établissement public territorial.
    ``members``: INSEE codes of a grouping's communes; a syndicat's are not known.  ``remarks``:
    what a reader must know, in French.  ``withheld``: ``nature``, ``groupement`` or
    ``population`` when it must not be filled in for the user.  ``postcodes``: of a commune.
    ``status``: its ``acteur.statut_particulier`` in the vocabulary, or nothing when the data does
    not say it.  ``openness``: of a syndicat mixte, whether it is ``ferme`` or ``ouvert``.
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
    kind: str = ""
    second: Territory | None = field(default=None, repr=False)
    postcodes: tuple[str, ...] = ()
    status: str = ""
    openness: str = ""

    @property
    def nature_label(self) -> str:
        """The nature, in French words."""
        return self.kind or NATURES.get(self.nature or "", "")

    @property
    def peopled(self) -> bool:
        """Whether the population is known: the base writes 0 for a syndicat whose it is not."""
        return self.population > 0 or "population" not in self.withheld

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
        if "population" not in self.withheld:
            actor["population"] = self.population
        group = self.grouping
        if group is not None and group.nature and "groupement" not in self.withheld:
            actor["groupement"] = {"nature": group.nature, "nom": group.name}
            if group.status:
                actor["groupement"]["statut_particulier"] = group.status
        status = self.status or (ORDINARY if ordinary(self.department.code) else "")
        if status:
            actor["statut_particulier"] = status
        if self.openness:
            actor["syndicat_mixte"] = self.openness
        return {"acteur": actor | located(self.region.code, self.department.code)}


class Found(Enum):
    """How a territory was found, best first; the values are those that the API answers."""

    CODE = "code"
    POSTCODE = "code_postal"
    FORMER_CODE = "ancien_code"
    DISTRICT = "arrondissement"
    EXACT = "nom"
    EXACT_CORE = "nom_abrege"
    FORMER_NAME = "ancien_nom"
    PREFIX = "debut"
    WORDS = "mots"
    NEAR = "approchant"


@dataclass(frozen=True, slots=True)
class Match:
    """One answer to a search.

    ``note``: what the searcher must know of the way it was found, in French, or nothing.
    """

    territory: Territory
    found: Found
    note: str = ""
