"""The division of one year: its rows, and the territories made from them when asked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property

from coopdec_rules.territories.base import EPT
from coopdec_rules.territories.data_file import DirectoryError, Row, Tables
from coopdec_rules.territories.model import COMMUNE, METROPOLE, ORDINARY, SYNDICAT, Area, Territory
from coopdec_rules.territories.remarks import Remarks, status, told
from coopdec_rules.territories.search import OTHER


class Division:
    """The communes, communities and établissements territoriaux of a year, by code.

    Rows are kept as they are read; a territory is made once, when it is first asked for.
    """

    def __init__(self, tables: Tables, remarks: Remarks) -> None:
        """Raises ``DirectoryError`` when the tables do not fit together."""
        rows, self._remarks = tables.rows, remarks
        self._made: dict[str, Territory] = {}
        try:
            self.vintage = tables.header["millesime"]
            self.header: Mapping[str, str] = dict(tables.header)
            regions = {code: Area(code, name) for code, name in rows["R"]}
            #: Département and région, by code of the département.
            self.areas = {
                code: (Area(code, name), regions[region]) for code, name, region in rows["D"]
            }
            self._communes = {row[0]: row for row in rows["C"]}
            self._groupings = {row[0]: row for row in rows["G"]}
            self._parisian = {row[0]: row for row in rows["E"]}
            people = {row[0]: int(row[2]) for row in rows["C"]}
            people |= {row[0]: int(row[3]) for row in rows["G"]}
            people |= {row[0]: int(row[2]) for row in rows["E"]}
            self._check(rows)
        except (KeyError, ValueError) as error:
            raise DirectoryError(f"Fichier des territoires incohérent : {error}.") from None
        #: Every code, the most populous first.
        self.codes = tuple(sorted(people, key=lambda code: (-people[code], code)))
        #: Codes of the communes of today by former code.
        self.former: Mapping[str, str] = {row[0]: row[1] for row in rows["A"]}
        old = sorted(rows["N"], key=lambda row: (-people[row[2]], row[2]))
        #: Names of communes déléguées and associées, with the code of the commune of today.
        self.old_names = tuple((name, code) for _, name, code in old)

    def __contains__(self, code: str) -> bool:
        return code in self._communes or code in self._groupings or code in self._parisian

    def named(self) -> list[tuple[str, str | None]]:
        """Names and natures as they are searched, in the order of ``codes``."""
        return [
            (self._row(code)[1], OTHER if code in self._parisian else self._nature(code))
            for code in self.codes
        ]

    @cached_property
    def by_postcode(self) -> Mapping[str, tuple[str, ...]]:
        """Codes of the communes of each postcode, the most populous first."""
        found: dict[str, list[str]] = defaultdict(list)
        for code in self.codes:
            row = self._communes.get(code)
            for postcode in row[6].split() if row else ():
                found[postcode].append(code)
        return {postcode: tuple(communes) for postcode, communes in found.items()}

    def get(self, code: str) -> Territory:
        """The territory of a code of the division, always the same one; ``KeyError`` otherwise."""
        found = self._made.get(code)
        if found is None:
            commune = self._communes.get(code)
            made = self._commune(commune) if commune else self._grouping(code)
            found = self._made.setdefault(code, made)
        return found

    def _commune(self, row: Row) -> Territory:
        code, name, population, department, siren, second, postcodes = row
        said = self._remarks.on_commune(code, department, siren)
        return Territory(
            code, name, COMMUNE, int(population), *self.areas[department],
            self.get(siren) if siren else None, (), *told(said), "",
            self.get(second) if second else None, tuple(postcodes.split()), status(said),
        )  # fmt: skip

    def _grouping(self, code: str) -> Territory:
        parisian = self._parisian.get(code)
        name, population = parisian[1:] if parisian else self._groupings[code][1::2]
        members = self._members[code]
        inhabitants = Counter[str]()
        for member in members:
            row = self._communes[member]
            inhabitants[row[3]] += int(row[2])
        # The most inhabited département, the first by code among equals.
        main = min(inhabitants.items(), key=lambda item: (-item[1], item[0]))[0]
        said = self._remarks.on_grouping(code, "EPT" if parisian else "")
        nature = self._nature(code)
        # The list of métropoles is not that of all of them: the others are told to be ordinary.
        known = status(said) or (ORDINARY if nature == METROPOLE else "")
        return Territory(
            code, name, nature, int(population), *self.areas[main],
            None, members, *told(said), EPT if parisian else self._remarks.kinds.get(code, ""),
            status=known,
        )  # fmt: skip

    def _row(self, code: str) -> Row:
        return self._communes.get(code) or self._groupings.get(code) or self._parisian[code]

    def _nature(self, code: str) -> str | None:
        if code in self._communes:
            return COMMUNE
        if code in self._parisian:
            return SYNDICAT
        # A métropole of a nature of its own is one of the vocabulary's, with a status.
        return self._groupings[code][2] or (METROPOLE if code in self._remarks.kinds else None)

    def _check(self, rows: Mapping[str, list[Row]]) -> None:
        for code, _, _, department, siren, second, _ in rows["C"]:
            if (
                department not in self.areas
                or (siren and siren not in self._groupings)
                or (second and second not in self._parisian)
            ):
                raise ValueError(f"département ou groupement inconnu de la commune {code}")
        lost = {row[-1] for kind in "AN" for row in rows[kind]} - self._communes.keys()
        lost |= (self._groupings.keys() | self._parisian.keys()) - self._members.keys()
        if lost:
            raise ValueError(f"commune ou membres inconnus : {', '.join(sorted(lost))}")

    @cached_property
    def _members(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for code, _, _, _, siren, second, _ in self._communes.values():
            for grouping in filter(None, (siren, second)):
                found[grouping].append(code)
        return {siren: tuple(members) for siren, members in found.items()}
