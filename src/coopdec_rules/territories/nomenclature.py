"""The competences of the national base on groupings: their codes, labels, domains and worth.

``data/competences.csv`` gives labels and domains, ``data/reserves.yaml`` what a citation does not
prove.  The numbers of the two nomenclatures collide (1505 is sewers in 2021 and water in 2025): a
code is never looked up without its nomenclature.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import yaml

from coopdec_rules.territories.competences import Cited, Competence, Extent
from coopdec_rules.territories.data_file import DirectoryError

NOMENCLATURES = ("2021", "2025")
_COLUMNS = ["nomenclature", "code", "libelle", "domaine", "etendue", "ensemble", "suite", "note"]
_EXTENTS = {"tout": True, "partie": False}


@dataclass(frozen=True, slots=True)
class Reservation:
    """Why a citation proves nothing, in the régions it bears on (none: everywhere)."""

    text: str
    regions: frozenset[str]


@dataclass(slots=True)
class Reservations:
    """What the base does not prove: by nomenclature and code, and groupings to set aside."""

    by_code: dict[tuple[str, str], Reservation] = field(default_factory=dict)
    groupings: dict[str, str] = field(default_factory=dict)


class Nomenclature:
    """The competences of both nomenclatures.  Immutable."""

    def __init__(self, competences: Iterable[Competence], reservations: Reservations) -> None:
        self._known = {(c.nomenclature, c.code): c for c in competences}
        self._reservations = reservations

    def get(self, nomenclature: str, code: str) -> Competence | None:
        """The competence of a code, or ``None`` when its label is not known."""
        return self._known.get((nomenclature, code))

    def all(self, nomenclature: str) -> tuple[Competence, ...]:
        """The competences of a nomenclature, by code."""
        return tuple(c for (name, _), c in self._known.items() if name == nomenclature)

    def cited(self, nomenclature: str, codes: Iterable[str], region: str) -> tuple[Cited, ...]:
        """What some codes say of a grouping of a région; unknown codes say nothing."""
        found = (self.get(nomenclature, code) for code in codes)
        return tuple(Cited(c, self._reservation(c, region)) for c in found if c is not None)

    def set_aside(self, siren: str) -> str | None:
        """Why what the base says of a grouping is not used; ``None`` when it is."""
        return self._reservations.groupings.get(siren)

    @cached_property
    def predecessors(self) -> Mapping[str, frozenset[str]]:
        """Codes of 2021 that say what a code of 2025 says, by code of 2025."""
        found: dict[str, set[str]] = defaultdict(set)
        for competence in self.all("2021"):
            for code in competence.successors:
                found[code].add(competence.code)
        return {code: frozenset(before) for code, before in found.items()}

    def _reservation(self, competence: Competence, region: str) -> str | None:
        found = self._reservations.by_code.get((competence.nomenclature, competence.code))
        if found is None or (found.regions and region not in found.regions):
            return None
        return found.text


def read_nomenclature(table: str, reservations: str) -> Nomenclature:
    """Read both files.  Raises ``DirectoryError`` with the line or the entry that is wrong."""
    known = _read_table(table)
    return Nomenclature(known.values(), _read_reservations(reservations, known))


def _read_table(text: str) -> dict[tuple[str, str], Competence]:
    reader = csv.reader(text.splitlines())
    if next(reader, None) != _COLUMNS:
        raise _wrong(1, f"colonnes attendues : {', '.join(_COLUMNS)}")
    rows: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
    for row in reader:
        if len(row) != len(_COLUMNS):
            raise _wrong(reader.line_num, f"{len(row)} valeurs, {len(_COLUMNS)} attendues")
        nomenclature, code, label, domain, extent = row[:5]
        if nomenclature not in NOMENCLATURES or not code.isdigit() or not label:
            raise _wrong(reader.line_num, "nomenclature, code ou libellé absent ou mal écrit")
        if bool(domain) != (extent in _EXTENTS):
            raise _wrong(reader.line_num, "un domaine va avec une étendue, « tout » ou « partie »")
        rows[nomenclature, code].append(row)
    return {
        (nomenclature, code): Competence(
            nomenclature,
            code,
            found[0][2],
            tuple(
                Extent(row[3], _EXTENTS[row[4]], frozenset(row[5].split()))
                for row in found
                if row[3]
            ),
            tuple(found[0][6].split()),
            found[0][7],
        )
        for (nomenclature, code), found in rows.items()
    }


def _read_reservations(text: str, known: Mapping[tuple[str, str], Competence]) -> Reservations:
    found = Reservations()
    for number, entry in enumerate(yaml.safe_load(text) or (), start=1):
        why = entry.get("pourquoi") if isinstance(entry, Mapping) else None
        if not isinstance(entry, Mapping) or not isinstance(why, str):
            raise DirectoryError(f"reserves.yaml, entrée {number} : il faut « pourquoi ».")
        if "groupement" in entry:
            found.groupings[str(entry["groupement"])] = why.strip()
            continue
        regions = frozenset(str(region) for region in entry.get("regions", ()))
        for nomenclature, codes in dict(entry.get("codes") or {}).items():
            for code in codes:
                key = (str(nomenclature), str(code))
                if key not in known:
                    raise DirectoryError(
                        f"reserves.yaml, entrée {number} : le code {code} n'est pas dans la "
                        f"nomenclature de {nomenclature}."
                    )
                found.by_code[key] = Reservation(why.strip(), regions)
    return found


def _wrong(line: int, message: str) -> DirectoryError:
    return DirectoryError(f"competences.csv, ligne {line} : {message}.")
