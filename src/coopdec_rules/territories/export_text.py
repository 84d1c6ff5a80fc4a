"""Opens a CSV file that people saved as they could: encoding, separator, numbered lines."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from coopdec_rules.errors import CoopdecError

#: How many lines may come before the titles of the columns.
PREAMBLE = 10
MEND = "enregistrer de nouveau l'export en CSV (UTF-8), sans changer les titres des colonnes"
Rows = Iterator[tuple[int, list[str]]]


class _CsvReader(Protocol):
    """What ``csv.reader`` gives."""

    line_num: int

    def __next__(self) -> list[str]: ...


class ExportError(CoopdecError):
    """A file that is no export that can be read: where, what was found, and how to mend it."""

    def __init__(
        self, message: str, mend: str = MEND, line: int | None = None, column: int | None = None
    ) -> None:
        """``line`` and ``column`` count from 1."""
        place = f"Ligne {line}" if line else "Fichier"
        place += f", colonne {column}" if column else ""
        super().__init__(f"{place} : {message}. Pour y remédier : {mend}.")
        self.line, self.column = line, column


@contextmanager
def numbered_rows(path: Path) -> Iterator[Rows]:
    """The rows of a file, with the line each begins on.

    Raises ``ExportError`` for what is no CSV, and ``OSError`` for what cannot be opened.
    """
    encoding = _encoding(path)
    try:
        with path.open(encoding=encoding, newline="") as lines:
            sample = "".join(line for _, line in zip(range(PREAMBLE), lines, strict=False))
        with path.open(encoding=encoding, newline="") as lines:
            yield _numbered(csv.reader(lines, delimiter=_delimiter(sample), strict=True))
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
