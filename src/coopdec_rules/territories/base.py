"""The extract of the national base on groupings (BANATIC): syndicats, and competences exercised."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from coopdec_rules.territories.competences import Competences
from coopdec_rules.territories.data_file import (
    BANATIC,
    DirectoryError,
    Row,
    Tables,
    decode,
    uncompress,
)
from coopdec_rules.territories.model import SYNDICAT, SYNDICAT_MIXTE, Area, Territory
from coopdec_rules.territories.nomenclature import NOMENCLATURES, Nomenclature, read_nomenclature
from coopdec_rules.territories.remarks import Remarks, status, told

#: Names a file that takes the place of the shipped one (``coopdec territoires importer``).
VARIABLE = "COOPDEC_BANATIC"
#: Natures of the base that the division of the year has not: the vocabulary's word, and theirs.
_KINDS = {
    "SIVU": (SYNDICAT, "syndicat de communes à vocation unique (SIVU)"),
    "SIVOM": (SYNDICAT, "syndicat de communes à vocation multiple (SIVOM)"),
    "SMF": (SYNDICAT_MIXTE, "syndicat mixte fermé"),
    "SMO": (SYNDICAT_MIXTE, "syndicat mixte ouvert"),
    "PETR": (SYNDICAT_MIXTE, "pôle d'équilibre territorial et rural (PETR)"),
    "POLEM": (SYNDICAT_MIXTE, "pôle métropolitain"),
    "EPT": (SYNDICAT, "établissement public territorial"),
}
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
EPT = _KINDS["EPT"][1]
#: Values of ``acteur.syndicat_mixte``, by nature of the base.
_OPENNESS = {"SMF": "ferme", "SMO": "ouvert"}
_ABSENT = (
    "La base ne dit rien des compétences de ce groupement ; cela ne prouve pas qu'il n'en a pas."
)
_COMMUNE = (
    "La base ne décrit que les groupements : pour une commune, voir sa communauté et ses syndicats."
)


class Base:
    """What the national base knows of groupings.  Immutable."""

    def __init__(self, tables: Tables, nomenclature: Nomenclature) -> None:
        """Raises ``DirectoryError`` when the header does not say what the file is."""
        try:
            self.nomenclature = tables.header["nomenclature"]
            self.vintage = tables.header["millesime"]
            self.source = tables.header["producteur"]
        except KeyError as error:
            raise DirectoryError(f"Extrait de BANATIC sans en-tête {error}.") from None
        dated = _YEAR.search(self.vintage)
        #: The year of the vintage; ``None`` when it does not say one.
        self.year = int(dated[0]) if dated else None
        if self.nomenclature not in NOMENCLATURES:
            raise DirectoryError(f"Extrait de BANATIC : nomenclature {self.nomenclature} inconnue.")
        self.header: Mapping[str, str] = dict(tables.header)
        self.known = nomenclature
        self.rows: Mapping[str, Row] = {row[0]: row for row in tables.rows["G"]}

    @property
    def notice(self) -> str:
        """The sentence, in French, that goes with what is filled in from the base."""
        return (
            f"Renseignements de la base nationale sur l'intercommunalité, {self.source}, état de "
            f"{self.vintage} : ils ne disent rien d'une autre date."
        )

    def codes(self, siren: str) -> frozenset[str]:
        """Codes of the competences that the base cites for a grouping."""
        row = self.rows.get(siren)
        return frozenset(row[5].split()) if row else frozenset()

    def competences(self, territory: Territory) -> Competences:
        """What the base says of a territory, with what it does not prove."""
        cited = self.known.cited(
            self.nomenclature, sorted(self.codes(territory.code)), territory.region.code
        )
        unknown = None
        if len(territory.code) != 9:
            unknown = _COMMUNE
        elif not cited:
            unknown = self.known.set_aside(territory.code) or _ABSENT
        return Competences(self.nomenclature, self.vintage, self.source, cited, unknown)

    def others(
        self, departments: Mapping[str, tuple[Area, Area]], remarks: Remarks
    ) -> Iterator[Territory]:
        """The groupings of the base that the division of the year has not.

        Those without a name, a known nature or a known département are left out.
        """
        for siren, name, kind, department, population, _ in self.rows.values():
            if kind not in _KINDS or not name or department not in departments:
                continue
            nature, said = _KINDS[kind]
            remarked = remarks.on_grouping(siren, kind)
            texts, withheld = told(remarked)
            # Which population it is, and of what year, the base does not say.
            yield Territory(
                siren, name, nature, int(population or 0), *departments[department],
                None, (), texts, withheld | {"population"}, said,
                status=status(remarked), openness=_OPENNESS.get(kind, ""),
            )  # fmt: skip


def load_base() -> Base:
    """The base: the file that ``$COOPDEC_BANATIC`` names, or the one shipped in the package.

    Raises ``DirectoryError`` when a file is missing or damaged.
    """
    folder = files("coopdec_rules.territories") / "data"
    chosen = os.environ.get(VARIABLE)
    try:
        data = Path(chosen).read_bytes() if chosen else (folder / "banatic.tsv.gz").read_bytes()
    except OSError as error:
        raise DirectoryError(f"{VARIABLE} : « {chosen} » ne peut pas être lu ({error}).") from None
    return Base(decode(uncompress(data), BANATIC), load_nomenclature())


def load_nomenclature() -> Nomenclature:
    """The competences of both nomenclatures, as shipped."""
    folder = files("coopdec_rules.territories") / "data"
    return read_nomenclature(
        (folder / "competences.csv").read_text(encoding="utf-8"),
        (folder / "reserves.yaml").read_text(encoding="utf-8"),
    )
