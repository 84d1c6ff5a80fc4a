"""Reads an export of the national base on groupings (BANATIC), of either nomenclature.

Two layouts are those of the official exports, as public programs that read them describe them:

- until 2024, tab-separated text in Windows-1252: ``N° SIREN``, ``Nom du groupement``, ``Nature
  juridique``… and one column for each competence, ``C1502``, which holds 1 or 0 (nomenclature of
  2021);
- since then, a workbook to be saved as CSV: ``N° SIREN``… and one column for each competence, named
  by its label, which holds OUI or NON (nomenclature of 2025).

Both repeat a grouping on the line of each of its members.  A third, minimal one is ours: ``siren``
and ``codes_2021`` (or ``codes_2025``), codes separated by spaces, on as many lines as wanted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from coopdec_rules.territories.export_text import PREAMBLE, ExportError, Rows, numbered_rows
from coopdec_rules.territories.export_titles import Columns, Titles, numbered_code, siren_column
from coopdec_rules.territories.nomenclature import Nomenclature

_YES = frozenset(("1", "oui", "o", "vrai", "true", "x"))
_NO = frozenset(("", "0", "non", "n", "faux", "false"))
_FLAG = frozenset(("oui", "non"))
#: Longest title shown.
_LONGEST = 200


@dataclass(slots=True)
class Grouping:
    """A grouping as the file describes it; what the file does not say is empty.

    ``line``: the first line on which it is.
    """

    line: int
    codes: frozenset[str]
    name: str = ""
    kind: str = ""
    department: str = ""
    population: str = ""


@dataclass(slots=True)
class Imported:
    """What a file says: its nomenclature, its groupings by SIREN, and what is not used of it.

    ``unknown``: titles or codes of competences without a known label.
    """

    nomenclature: str
    groupings: dict[str, Grouping] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


def read_export(path: Path, known: Nomenclature, nomenclature: str | None = None) -> Imported:
    """Read an export.

    ``nomenclature``: of the codes, when the file does not tell.  Raises ``ExportError``, with line
    and column, for a file that is not understood, and ``OSError`` for one that cannot be opened.
    """
    with numbered_rows(path) as rows:
        for line, row in islice(rows, PREAMBLE):
            place = siren_column(row)
            if place is not None:
                columns = Titles(known, nomenclature).columns(line, row, place)
                return _Reader(known).contents(columns, rows)
    raise ExportError("aucune colonne ne s'appelle « N° SIREN » ou « siren »", line=1)


class _Reader:
    """Reads the lines under the titles."""

    def __init__(self, known: Nomenclature) -> None:
        self.known = known

    def contents(self, columns: Columns, rows: Rows) -> Imported:
        found = Imported(columns.nomenclature)
        unknown: dict[str, None] = {}
        # Columns that hold nothing but OUI and NON may be competences without a known label.
        flags, ticked = dict(columns.others), set[int]()
        for line, row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != columns.width:
                raise ExportError(
                    f"{len(row)} valeurs, pour {columns.width} titres", line=line
                )  # fmt: skip
            for place in tuple(flags):
                if row[place].strip().lower() not in _FLAG:
                    del flags[place]
                elif row[place].strip().lower() == "oui":
                    ticked.add(place)
            self._line(found, columns, line, row, unknown)
        if not found.groupings:
            raise ExportError("aucun groupement sous les titres", "vérifier le fichier donné")
        for place, title in columns.others.items():
            if numbered_code(title) is not None or place in flags.keys() & ticked:
                unknown[title[:_LONGEST]] = None
        found.unknown = tuple(unknown)
        return found

    def _line(
        self,
        found: Imported,
        columns: Columns,
        line: int,
        row: list[str],
        unknown: dict[str, None],
    ) -> None:
        siren = "".join(row[columns.siren].split())
        if not re.fullmatch("[0-9]{9}", siren):
            raise ExportError(
                f"« {row[columns.siren][:40]} » n'est pas un numéro SIREN",
                "il a neuf chiffres ; dans un tableur, donner à la colonne le format « Texte »",
                line, columns.siren + 1,
            )  # fmt: skip
        codes = self._codes(columns, line, row, unknown)
        before = found.groupings.get(siren)
        if before is None:
            about = {name: row[p].strip() if p >= 0 else "" for name, p in columns.about.items()}
            found.groupings[siren] = Grouping(line, codes, **about)
        elif columns.listed is not None:
            before.codes |= codes
        elif before.codes != codes:
            other = min(before.codes ^ codes)
            place = next(p for p, code in columns.competences.items() if code == other)
            raise ExportError(
                f"le groupement {siren} n'a pas la même compétence {other} qu'à la ligne "
                f"{before.line}", "vérifier ces deux lignes à la source", line, place + 1,
            )  # fmt: skip

    def _codes(
        self, columns: Columns, line: int, row: list[str], unknown: dict[str, None]
    ) -> frozenset[str]:
        if columns.listed is None:
            return frozenset(
                code
                for place, code in columns.competences.items()
                if _exercised(row[place], line, place + 1)
            )
        cell = row[columns.listed]
        codes = re.findall("[^ ,;]+", cell)
        for code in codes:
            if not re.fullmatch("[0-9]{4}", code):
                raise ExportError(
                    f"« {code[:40]} » n'est pas un code de compétence",
                    "il a quatre chiffres ; les séparer par des espaces",
                    line, columns.listed + 1,
                )  # fmt: skip
            if not self.known.get(columns.nomenclature, code):
                unknown[code] = None
        return frozenset(code for code in codes if self.known.get(columns.nomenclature, code))


def _exercised(cell: str, line: int, column: int) -> bool:
    text = cell.strip().lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise ExportError(
        f"« {cell.strip()[:40]} » ne dit pas si la compétence est exercée",
        "écrire OUI ou NON, 1 ou 0", line, column,
    )  # fmt: skip
