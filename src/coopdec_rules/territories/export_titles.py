"""Recognises the columns of an export of the national base, and its nomenclature, by the titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from coopdec_rules.territories.export_text import MEND, ExportError
from coopdec_rules.territories.nomenclature import NOMENCLATURES, Nomenclature
from coopdec_rules.territories.text import words

_SIREN = frozenset(("siren", "n siren", "no siren", "numero siren", "siren du groupement"))
_ABOUT = {
    "name": frozenset(("nom du groupement", "nom")),
    "kind": frozenset(("nature juridique", "nature")),
    "department": frozenset(("departement", "departement siege", "dep siege")),
    "population": frozenset(("population", "population totale", "population du groupement")),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns of a file, and its nomenclature.

    ``about``: of what is said of the grouping, by field of ``Grouping``, -1 when absent;
    ``competences``: code by place; ``listed``: where codes are listed; ``others``: titles of the
    columns that are none of these, by place.
    """

    nomenclature: str
    siren: int
    about: Mapping[str, int]
    competences: Mapping[int, str]
    listed: int | None
    others: Mapping[int, str]
    width: int


def siren_column(row: list[str]) -> int | None:
    """Place of the column of SIREN numbers; ``None`` when the row holds no titles."""
    return next((i for i, cell in enumerate(row) if _title(cell) in _SIREN), None)


class Titles:
    """Reads the titles of one file."""

    def __init__(self, known: Nomenclature, nomenclature: str | None) -> None:
        """``nomenclature``: the one that the user says the file has."""
        self.known = known
        self.year = nomenclature or ""
        self.labels = {
            year: {words(c.label): c.code for c in known.all(year)} for year in NOMENCLATURES
        }

    def columns(self, line: int, row: list[str], siren: int) -> Columns:
        """The columns that titles name; ``siren``: their place of SIREN numbers.

        Raises ``ExportError``.
        """
        titles = [cell.strip() for cell in row]
        listed = self._listed(line, titles)
        if listed is None:
            self._choose(line, titles)
        competences: dict[int, str] = {}
        others: dict[int, str] = {}
        for place, title in enumerate(titles):
            if place in (siren, listed):
                continue
            code = None if listed is not None else self._code(title)
            if code is None:
                others[place] = title
            elif code in competences.values():
                raise ExportError(
                    f"la compétence {code} est déjà dans une autre colonne",
                    "n'en garder qu'une", line, place + 1,
                )  # fmt: skip
            else:
                competences[place] = code
        if listed is None and not competences:
            raise ExportError(
                f"aucune compétence de la nomenclature de {self.year} n'est reconnue", line=line
            )
        about = {
            name: next((p for p, title in others.items() if _title(title) in known), -1)
            for name, known in _ABOUT.items()
        }
        left = {place: title for place, title in others.items() if place not in about.values()}
        return Columns(self.year, siren, about, competences, listed, left, len(row))

    def _listed(self, line: int, titles: list[str]) -> int | None:
        """The column that lists codes, which says their nomenclature."""
        found = [
            (place, year)
            for place, title in enumerate(titles)
            for year in NOMENCLATURES
            if _title(title) in (f"codes {year}", f"code {year}")
        ]
        if not found:
            return None
        if len(found) > 1:
            raise ExportError("deux colonnes de codes", "n'en garder qu'une", line, found[1][0] + 1)
        place, year = found[0]
        self._agree(year, line, place + 1)
        self.year = year
        return place

    def _choose(self, line: int, titles: list[str]) -> None:
        """The nomenclature, from the titles that only one of them has."""
        votes: Counter[str] = Counter()
        numbered = False
        for title in titles:
            code = numbered_code(title)
            numbered = numbered or code is not None
            if title[:1].upper() == "C" and code is not None:
                votes["2021"] += 1  # only the export of that nomenclature names its columns so
            has = [
                year
                for year in NOMENCLATURES
                if (self.known.get(year, code) if code else words(title) in self.labels[year])
            ]
            if len(has) == 1:
                votes[has[0]] += 1
        if not votes and not numbered:
            raise ExportError(
                "aucune colonne de compétence n'est reconnue (« C1502 », ou le libellé officiel)",
                f"{MEND} ; à défaut, deux colonnes « siren » et « codes_2021 » ou « codes_2025 »",
                line,
            )
        if self.year:
            top = max(votes, key=votes.__getitem__, default=self.year)
            if votes[top] > votes[self.year]:
                self._agree(top, line, None)
            return
        (year, count), *rest = [*votes.most_common(), ("", 0)]
        if not count or (rest and rest[0][1] * 2 > count):
            raise ExportError(
                "les codes des colonnes existent dans les deux nomenclatures, sans dire la même "
                "chose",
                "préciser « --nomenclature 2021 » ou « --nomenclature 2025 »",
                line,
            )
        self.year = year

    def _agree(self, year: str, line: int, column: int | None) -> None:
        if self.year and self.year != year:
            raise ExportError(
                f"les codes sont de la nomenclature de {year}, et non de {self.year}",
                "ne pas préciser --nomenclature", line, column,
            )  # fmt: skip

    def _code(self, title: str) -> str | None:
        """The code of the competence that a title names, in the nomenclature of the file."""
        code = numbered_code(title)
        if code is not None:
            return code if self.known.get(self.year, code) else None
        return self.labels[self.year].get(words(title))


def numbered_code(title: str) -> str | None:
    """The code of a title that is one (« C1502 », « 1502 »)."""
    found = re.fullmatch("[Cc]?([0-9]{4})", title)
    return found[1] if found else None


def _title(cell: str) -> str:
    """A title as it is compared."""
    return " ".join(words(cell))
