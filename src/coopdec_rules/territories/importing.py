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

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol

from coopdec_rules.errors import CoopdecError
from coopdec_rules.territories.nomenclature import NOMENCLATURES, Nomenclature
from coopdec_rules.territories.text import words

_SIREN = frozenset(("siren", "n siren", "no siren", "numero siren", "siren du groupement"))
_NAME = frozenset(("nom du groupement", "nom"))
_KIND = frozenset(("nature juridique", "nature"))
_DEPARTMENT = frozenset(("departement", "departement siege", "dep siege"))
_POPULATION = frozenset(("population", "population totale", "population du groupement"))
_YES = frozenset(("1", "oui", "o", "vrai", "true", "x"))
_NO = frozenset(("", "0", "non", "n", "faux", "false"))
#: How many lines may come before the titles of the columns.
_PREAMBLE = 10
#: A column of the base that no competence names, and that holds OUI or NON: told, not used.
_FLAG = frozenset(("oui", "non"))
_LONGEST = 200
_MEND = "enregistrer de nouveau l'export en CSV (UTF-8), sans changer les titres des colonnes"


class _CsvReader(Protocol):
    """What ``csv.reader`` gives."""

    line_num: int

    def __next__(self) -> list[str]: ...


class ExportError(CoopdecError):
    """A file that is no export that can be read: where, what was found, and how to mend it."""

    def __init__(
        self, message: str, mend: str = _MEND, line: int | None = None, column: int | None = None
    ) -> None:
        """``line`` and ``column`` count from 1."""
        place = f"Ligne {line}" if line else "Fichier"
        place += f", colonne {column}" if column else ""
        super().__init__(f"{place} : {message}. Pour y remédier : {mend}.")
        self.line, self.column = line, column


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
    encoding = _encoding(path)
    try:
        with path.open(encoding=encoding, newline="") as lines:
            sample = "".join(line for _, line in zip(range(_PREAMBLE), lines, strict=False))
        with path.open(encoding=encoding, newline="") as lines:
            rows = csv.reader(lines, delimiter=_delimiter(sample), strict=True)
            return _Reader(known, nomenclature).read(_numbered(rows))
    except UnicodeDecodeError as error:
        raise ExportError(f"texte illisible à l'octet {error.start + 1}") from None


def _encoding(path: Path) -> str:
    """UTF-8 when the whole file is, else Windows-1252; what is no text at all is refused."""
    with path.open("rb") as file:
        start = file.read(512)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if start.startswith(b"PK") or start.startswith(b"\xd0\xcf\x11\xe0"):
            raise ExportError(
                "c'est un classeur, pas un fichier CSV",
                "l'ouvrir dans un tableur et l'enregistrer au format « CSV UTF-8 »",
            )
        if b"\x00" in start or not start.strip():
            raise ExportError("il est vide, ou ce n'est pas du texte", "vérifier le fichier donné")
        if start.lstrip().startswith(b"<"):
            raise ExportError(
                "c'est une page, pas un fichier CSV",
                "télécharger l'export lui-même, et non sa page",
            )
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _delimiter(sample: str) -> str:
    """The mark that most often separates the titles."""
    titles = next((line for line in sample.splitlines() if "siren" in line.lower()), sample)
    outside = re.sub('"[^"]*"', "", titles)
    return max(";\t,", key=outside.count)


def _numbered(rows: _CsvReader) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line they begin on."""
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise ExportError(f"guillemets ou valeur illisibles ({error})", line=line) from None
        yield line, row


@dataclass(frozen=True, slots=True)
class _Columns:
    """Places of the columns; ``competences``: code by place; ``listed``: where codes are listed."""

    siren: int
    about: Mapping[str, int]
    competences: Mapping[int, str]
    listed: int | None
    others: Mapping[int, str]
    width: int


class _Reader:
    """Reads the rows of one file."""

    def __init__(self, known: Nomenclature, nomenclature: str | None) -> None:
        self.known = known
        self.year = nomenclature or ""
        self.labels = {
            year: {words(c.label): c.code for c in known.all(year)} for year in NOMENCLATURES
        }

    def read(self, rows: Iterator[tuple[int, list[str]]]) -> Imported:
        """What the rows say.  Raises ``ExportError``."""
        for line, row in islice(rows, _PREAMBLE):
            place = next((i for i, cell in enumerate(row) if _title(cell) in _SIREN), None)
            if place is not None:
                return self._contents(self._columns(line, row, place), rows)
        raise ExportError("aucune colonne ne s'appelle « N° SIREN » ou « siren »", line=1)

    # -- titles -----------------------------------------------------------------------------------

    def _columns(self, line: int, row: list[str], siren: int) -> _Columns:
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
            for name, known in (
                ("name", _NAME), ("kind", _KIND), ("department", _DEPARTMENT),
                ("population", _POPULATION),
            )
        }  # fmt: skip
        return _Columns(siren, about, competences, listed, others, len(row))

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
            code = _numbered_code(title)
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
                f"{_MEND} ; à défaut, deux colonnes « siren » et « codes_2021 » ou « codes_2025 »",
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
        code = _numbered_code(title)
        if code is not None:
            return code if self.known.get(self.year, code) else None
        return self.labels[self.year].get(words(title))

    # -- lines ------------------------------------------------------------------------------------

    def _contents(self, columns: _Columns, rows: Iterator[tuple[int, list[str]]]) -> Imported:
        found = Imported(self.year)
        unknown: dict[str, None] = {}
        flags = {p: t for p, t in columns.others.items() if p not in columns.about.values()}
        said: dict[int, set[str]] = {place: set() for place in flags}
        for line, row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != columns.width:
                raise ExportError(
                    f"{len(row)} valeurs, pour {columns.width} titres", line=line
                )  # fmt: skip
            for place in flags:
                said[place].add(row[place].strip().lower())
            self._line(found, columns, line, row, unknown)
        if not found.groupings:
            raise ExportError("aucun groupement sous les titres", "vérifier le fichier donné")
        for place, title in flags.items():
            numbered = _numbered_code(title) is not None
            if numbered or (said[place] <= _FLAG and "oui" in said[place]):
                unknown[title[:_LONGEST]] = None
        found.unknown = tuple(unknown)
        return found

    def _line(
        self,
        found: Imported,
        columns: _Columns,
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
        self, columns: _Columns, line: int, row: list[str], unknown: dict[str, None]
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
            if not self.known.get(self.year, code):
                unknown[code] = None
        return frozenset(code for code in codes if self.known.get(self.year, code))


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


def _numbered_code(title: str) -> str | None:
    """The code of a title that is one (« C1502 », « 1502 »)."""
    found = re.fullmatch("[Cc]?([0-9]{4})", title)
    return found[1] if found else None


def _title(cell: str) -> str:
    """A title as it is compared."""
    return " ".join(words(cell))
