"""Reads the tables of ``cases/panorama``; every mistake is placed at its file and line.

The data describe themselves: ``tables.csv`` lists the tables, ``colonnes.csv`` their columns (type,
key, allowed values, reference to another table).  The transcription rules are in ``LISEZMOI.md``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from coopdec_rules.errors import Diagnostic, RulebookError, suggest

#: What a cell holds: a text, a number, several texts, or nothing.
Cell = str | int | tuple[str, ...] | None
Row = Mapping[str, Cell]

_TYPES = ("texte", "entier", "choix", "code", "renvoi", "liste", "liste_renvoi")
_COLUMNS = ("table", "colonne", "type", "cle", "obligatoire", "valeurs", "description")
_TABLES = ("table", "titre", "document", "date")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_YES_NO = ("oui", "non")


@dataclass(frozen=True, slots=True)
class Column:
    """One column, as ``colonnes.csv`` describes it.

    ``values`` are the allowed values of a ``choix``, the name of the rulebook's fact or conclusion
    for a ``code``, the place ``table.column`` for a ``renvoi``.
    """

    name: str
    type: str
    key: bool
    required: bool
    values: tuple[str, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table; ``lines`` are the places of its rows in the file, from 2."""

    name: str
    title: str
    document: str
    date: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    lines: tuple[int, ...]


def load_tables(
    folder: Path, codes: Mapping[str, Collection[str]] | None = None
) -> dict[str, Table]:
    """Every table of ``folder``, by name, in the order of ``tables.csv``.

    ``codes`` gives the values of the rulebook's facts and conclusions; without it, columns of type
    ``code`` are not checked.  Raises ``RulebookError`` with every mistake found.
    """
    found: list[Diagnostic] = []
    listed = [row for _, row in _rows(folder, "tables", _TABLES, found)]
    columns = _columns(folder, found)
    tables: dict[str, Table] = {}
    for entry in listed:
        name = entry["table"]
        described = tuple(columns.get(name, ()))
        if not described:
            found.append(Diagnostic("colonnes.csv", 0, f"La table « {name} » n'y est pas décrite."))
            continue
        tables[name] = _table(folder, entry, described, codes, found)
    for name in columns.keys() - tables.keys() - {"tables"}:
        near = suggest(name, tables)
        found.append(Diagnostic("tables.csv", 0, f"La table « {name} » n'y est pas.", near))
    known = {*tables, "tables", "colonnes"}
    found.extend(
        Diagnostic(
            path.name, 0, "Cette table n'est pas dans tables.csv.", suggest(path.stem, known)
        )
        for path in sorted(folder.glob("*.csv"))
        if path.stem not in known
    )
    _check_references(tables, found)
    if found:
        raise RulebookError(found)
    return tables


def _rows(
    folder: Path, name: str, expected: Collection[str], found: list[Diagnostic]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a file with their lines; rows of a wrong shape are told and left out."""
    file = f"{name}.csv"
    try:
        text = (folder / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        found.append(Diagnostic(file, 0, "Le fichier manque."))
        return
    except (OSError, UnicodeDecodeError):
        found.append(Diagnostic(file, 0, "Le fichier ne peut pas être lu (UTF-8 attendu)."))
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if header != list(expected):
            wanted = ", ".join(expected)
            found.append(
                Diagnostic(file, 1, f"Colonnes lues : {', '.join(header)} ; attendues : {wanted}.")
            )
            return
        for cells in reader:
            line = reader.line_num
            if len(cells) != len(header):
                message = f"{len(cells)} cellules au lieu de {len(header)}."
                found.append(Diagnostic(file, line, message))
                continue
            row = dict(zip(header, cells, strict=True))
            untrimmed = [column for column, cell in row.items() if cell != cell.strip()]
            if untrimmed:
                message = f"Espaces en trop dans : {', '.join(untrimmed)}."
                found.append(Diagnostic(file, line, message))
            yield line, row
    except csv.Error as error:
        found.append(Diagnostic(file, reader.line_num, f"Ligne CSV illisible ({error})."))


def _columns(folder: Path, found: list[Diagnostic]) -> dict[str, list[Column]]:
    columns: dict[str, list[Column]] = {}
    for line, row in _rows(folder, "colonnes", _COLUMNS, found):
        if row["type"] not in _TYPES:
            message = f"Le type « {row['type']} » n'existe pas ({', '.join(_TYPES)})."
            found.append(Diagnostic("colonnes.csv", line, message, suggest(row["type"], _TYPES)))
            continue
        for name in ("cle", "obligatoire"):
            if row[name] not in _YES_NO:
                message = f"{name} : « {row[name]} » n'est ni « oui » ni « non »."
                found.append(Diagnostic("colonnes.csv", line, message))
        if not row["description"]:
            found.append(Diagnostic("colonnes.csv", line, "La description manque."))
        columns.setdefault(row["table"], []).append(
            Column(
                name=row["colonne"],
                type=row["type"],
                key=row["cle"] == "oui",
                required=row["obligatoire"] == "oui",
                values=tuple(row["valeurs"].split(" | ")) if row["valeurs"] else (),
                description=row["description"],
            )
        )
    return columns


def _table(
    folder: Path,
    entry: Mapping[str, str],
    columns: tuple[Column, ...],
    codes: Mapping[str, Collection[str]] | None,
    found: list[Diagnostic],
) -> Table:
    name = entry["table"]
    keys = [column.name for column in columns if column.key]
    rows: list[Row] = []
    lines: list[int] = []
    seen: dict[tuple[Cell, ...], int] = {}
    for line, written in _rows(folder, name, [column.name for column in columns], found):
        row: dict[str, Cell] = {}
        for column in columns:
            try:
                row[column.name] = _cell(written[column.name], column, codes)
            except _Wrong as error:
                message = f"{column.name} : {error.message}"
                found.append(Diagnostic(f"{name}.csv", line, message, error.near))
                row[column.name] = None
        key = tuple(row[part] for part in keys)
        if key in seen:
            message = f"Même clé que la ligne {seen[key]} ({', '.join(keys)})."
            found.append(Diagnostic(f"{name}.csv", line, message))
        seen.setdefault(key, line)
        rows.append(row)
        lines.append(line)
    return Table(
        name, entry["titre"], entry["document"], entry["date"], columns, tuple(rows), tuple(lines)
    )


class _Wrong(ValueError):
    def __init__(self, message: str, near: str | None = None) -> None:
        self.message = message
        self.near = near
        super().__init__(message)


def _cell(text: str, column: Column, codes: Mapping[str, Collection[str]] | None) -> Cell:
    if not text:
        if column.required:
            raise _Wrong("la cellule est vide.")
        return () if column.type.startswith("liste") else None
    match column.type:
        case "entier":
            if not _NUMBER.fullmatch(text):
                raise _Wrong(f"« {text} » n'est pas un nombre entier.")
            return int(text)
        case "choix":
            return _among(text, column.values)
        case "code" if codes is not None:
            return _among(text, codes.get(column.values[0], ()))
        case "liste" | "liste_renvoi":
            return tuple(text.split(" ; "))
        case _:
            return text


def _among(text: str, values: Collection[str]) -> str:
    if text not in values:
        expected = ", ".join(values)
        raise _Wrong(f"« {text} » n'est pas possible ({expected}).", suggest(text, values))
    return text


def _check_references(tables: Mapping[str, Table], found: list[Diagnostic]) -> None:
    for table in tables.values():
        for column in table.columns:
            if not column.type.endswith("renvoi"):
                continue
            target, _, name = column.values[0].partition(".") if column.values else ("", "", "")
            if target not in tables:
                message = f"{table.name}.{column.name} : la table « {target} » n'existe pas."
                found.append(Diagnostic("colonnes.csv", 0, message, suggest(target, tables)))
                continue
            known = {str(row.get(name)) for row in tables[target].rows}
            for line, row in zip(table.lines, table.rows, strict=True):
                cell = row[column.name]
                for text in cell if isinstance(cell, tuple) else (cell,):
                    if text is not None and str(text) not in known:
                        message = f"{column.name} : « {text} » n'est pas dans {target}.csv."
                        near = suggest(str(text), known)
                        found.append(Diagnostic(f"{table.name}.csv", line, message, near))
