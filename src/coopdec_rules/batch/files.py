"""Tables as files: CSV, Excel, Parquet and JSON Lines, read batch by batch."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from coopdec_rules.advice.scenario import UNKNOWN
from coopdec_rules.errors import CoopdecError

#: Rows read, answered and written together.
BATCH = 65_536
#: Repeated groups by their path, each with the name of a fact that nothing is presumed of.
Groups = Mapping[tuple[str, ...], str]
#: Kinds of files, by the ends of their names.
KINDS: Mapping[str, Sequence[str]] = {
    "csv": (".csv", ".txt", ".tsv"),
    "excel": (".xlsx",),
    "parquet": (".parquet",),
    "jsonl": (".jsonl", ".ndjson"),
}
_ENCODINGS = ("utf-8-sig", "cp1252")
_SEPARATORS = ";,\t"
#: What the libraries raise on a file that is not what its name says.
_UNREADABLE = (
    pa.ArrowException, csv.Error, zlib.error, EOFError, KeyError, ValueError, SyntaxError,
    TypeError, AttributeError, IndexError,
)  # fmt: skip


class FileProblem(CoopdecError):
    """A file that cannot be read or written as a table, told in French."""


@dataclass(frozen=True)
class Table:
    """A table read batch by batch; ``rows`` is how many it has, if that is known at once."""

    names: Sequence[str]
    batches: Iterator[Mapping[str, pa.Array]]
    rows: int | None = None


def kind_of(path: Path) -> str:
    """The kind of a file, from its name.  Raises ``FileProblem``."""
    for kind, ends in KINDS.items():
        if path.suffix.lower() in ends:
            return kind
    known = ", ".join(end for ends in KINDS.values() for end in ends)
    raise FileProblem(f"« {path.name} » : la fin du nom doit être l'une de {known}.")


def read_table(path: Path, groups: Groups, sheet: str | None = None, batch: int = BATCH) -> Table:
    """A table read from a file; ``groups`` are those of its scenarios.  Raises ``FileProblem``."""
    kind = kind_of(path)
    with _readable(path, kind):
        if kind == "csv":
            table = _csv(path, batch)
        elif kind == "excel":
            table = _excel(path, sheet, batch)
        elif kind == "jsonl":
            table = _jsonl(path, groups, batch)
        else:
            table = _parquet(path, batch)
    return replace(table, batches=_guarded(table.batches, path, kind))


# -- reading ---------------------------------------------------------------------------------------


@contextmanager
def _readable(path: Path, kind: str) -> Iterator[None]:
    """What is wrong with a file is told as such.  Raises ``FileProblem``."""
    try:
        yield
    except zipfile.BadZipFile as error:
        raise FileProblem(f"« {path.name} » n'est pas un classeur Excel ({error}).") from None
    except OSError as error:
        raise FileProblem(f"« {path} » ne s'ouvre pas : {error.strerror or error}.") from None
    except _UNREADABLE as error:
        raise FileProblem(
            f"« {path.name} » n'est pas un fichier {kind} lisible ({error})."
        ) from None


def _guarded(
    batches: Iterator[Mapping[str, pa.Array]], path: Path, kind: str
) -> Iterator[Mapping[str, pa.Array]]:
    """The same batches; what is found wrong on the way is told as at the opening."""
    while True:
        with _readable(path, kind):
            batch = next(batches, None)
        if batch is None:
            return
        yield batch


def _encoding(path: Path) -> str:
    for encoding in _ENCODINGS:
        try:
            with path.open(encoding=encoding) as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise FileProblem(f"« {path.name} » n'est pas du texte (UTF-8 ou Windows-1252).")


def _csv(path: Path, batch: int) -> Table:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline()
    separator = max(_SEPARATORS, key=first.count)

    def lines() -> Iterator[list[str]]:
        with path.open(encoding=encoding, newline="") as file:
            yield from csv.reader(file, delimiter=separator)

    source = lines()
    names = _headings(next(source, []), path)
    return Table(names, _rows(source, names, batch, path))


def _excel(path: Path, sheet: str | None, batch: int) -> Table:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (openpyxl.utils.exceptions.InvalidFileException, KeyError) as error:
        raise FileProblem(
            f"« {path.name} » n'est pas un classeur Excel lisible ({error})."
        ) from None
    if sheet is not None and sheet not in book.sheetnames:
        raise FileProblem(
            f"« {path.name} » n'a pas de feuille « {sheet} » ({', '.join(book.sheetnames)})."
        )
    page = book[sheet] if sheet is not None else book.worksheets[0]
    source = (list(row) for row in page.iter_rows(values_only=True))
    names = _headings([_text(cell) for cell in next(source, [])], path)
    return Table(names, _rows(source, names, batch, path), max((page.max_row or 1) - 1, 0))


def _text(cell: object) -> str:
    """A cell as one would type it."""
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        cell = cell.date()
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _headings(row: Sequence[str], path: Path) -> list[str]:
    names = [name.strip() for name in row]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise FileProblem(f"« {path.name} » est vide : la première ligne nomme les colonnes.")
    for place, name in enumerate(names, 1):
        if not name:
            raise FileProblem(f"« {path.name} » : la colonne {place} n'a pas de nom.")
    return names


def _rows(
    source: Iterator[list[Any]], names: Sequence[str], batch: int, path: Path
) -> Iterator[Mapping[str, pa.Array]]:
    line = 1
    while True:
        rows = list(itertools.islice(source, batch))
        if not rows:
            return
        for row in rows:
            line += 1
            if any(_text(cell) for cell in row[len(names) :]):
                raise FileProblem(
                    f"« {path.name} », ligne {line} : {len(row)} cellules pour {len(names)} "
                    "colonnes."
                )
        columns = {}
        for place, name in enumerate(names):
            cells = [row[place] if place < len(row) else None for row in rows]
            columns[name] = _array(cells)
        yield columns


def _array(cells: Sequence[Any]) -> pa.Array:
    """Cells of one type as they are; of several, as texts that keep what was written."""
    try:
        return pa.array(cells)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([None if cell is None else _text(cell) for cell in cells], pa.string())


def _parquet(path: Path, batch: int) -> Table:
    file = pq.ParquetFile(path)
    texts = [
        field.name
        for field in file.schema_arrow
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    ]
    # Texts come as the file codes them: each different one is read once.
    file = pq.ParquetFile(path, read_dictionary=texts)
    names = _headings(file.schema_arrow.names, path)

    def batches() -> Iterator[Mapping[str, pa.Array]]:
        for groups in _runs(file.metadata, batch):
            for found in _gathered(file.iter_batches(batch, row_groups=groups), batch):
                yield {name: found.column(place) for place, name in enumerate(names)}

    return Table(names, batches(), file.metadata.num_rows)


def _runs(metadata: pq.FileMetaData, most: int) -> Iterator[list[int]]:
    """Groups of rows of a file that are read together: a batch that straddles two is slow."""
    held: list[int] = []
    rows = 0
    for group in range(metadata.num_row_groups):
        size = metadata.row_group(group).num_rows
        if held and rows + size > most:
            yield held
            held, rows = [], 0
        held.append(group)
        rows += size
    if held:
        yield held


def _gathered(pieces: Iterator[pa.RecordBatch], most: int) -> Iterator[pa.RecordBatch]:
    """Batches as large as may be: a file cuts them where one of its groups of rows ends."""
    held: list[pa.RecordBatch] = []
    for piece in pieces:
        if held and sum(map(len, held)) + len(piece) > most:
            yield _one(held)
            held = []
        held.append(piece)
    if held:
        yield _one(held)


def _one(pieces: list[pa.RecordBatch]) -> pa.RecordBatch:
    if len(pieces) == 1:
        return pieces[0]
    table = pa.Table.from_batches(pieces).unify_dictionaries().combine_chunks()
    return pa.RecordBatch.from_arrays(
        [column.chunk(0) for column in table.columns], schema=table.schema
    )


def _jsonl(path: Path, groups: Groups, batch: int) -> Table:
    """One scenario a line, as the API receives it, with an ``id`` beside its facts if it has one.

    Its columns are those of all its scenarios: the file is read twice.
    """
    names = dict[str, None]()
    count = 0
    for document in _documents(path):
        names.update(dict.fromkeys(flat(document, groups)))
        count += 1

    def batches() -> Iterator[Mapping[str, pa.Array]]:
        source = _documents(path)
        while rows := [flat(found, groups) for found in itertools.islice(source, batch)]:
            yield {name: _array([row.get(name) for row in rows]) for name in names}

    if not names:
        raise FileProblem(f"« {path.name} » est vide : une ligne par scénario est attendue.")
    return Table(list(names), batches(), count)


def _documents(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open("rb") as file:
        for line, text in enumerate(file, 1):
            if not text.strip():
                continue
            try:
                found = orjson.loads(text)
            except orjson.JSONDecodeError as error:
                raise FileProblem(
                    f"« {path.name} », ligne {line} : JSON illisible, colonne {error.colno}."
                ) from None
            if not isinstance(found, dict):
                raise FileProblem(f"« {path.name} », ligne {line} : un objet est attendu.")
            yield found


def flat(document: Mapping[str, Any], groups: Groups) -> dict[str, Any]:
    """A scenario as a row: nested names joined by points, items numbered from 1 on.

    An item may be written without a list, as in a scenario.  One of which nothing is known is
    still there: a fact of it is said to be unknown.
    """
    found: dict[str, Any] = {}

    def walk(value: object, path: tuple[str, ...]) -> None:
        items = [value] if path in groups and isinstance(value, Mapping) else value
        if isinstance(items, list):
            for number, child in enumerate(items, 1):
                here = (*path, str(number))
                before = len(found)
                walk(child, here)
                if path in groups and all(v is None for v in list(found.values())[before:]):
                    found[".".join((*here, groups[path]))] = UNKNOWN
        elif isinstance(value, Mapping):
            for key, child in value.items():
                walk(child, (*path, str(key)))
        else:
            found[".".join(path)] = value

    walk({key: child for key, child in document.items() if key != "scenario"}, ())
    walk(document.get("scenario") or {}, ())
    return found
