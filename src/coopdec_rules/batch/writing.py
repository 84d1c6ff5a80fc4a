"""Writes tables, batch by batch: CSV, Excel, Parquet, JSON Lines, by the end of the file's name."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Protocol

import openpyxl
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from coopdec_rules.batch.files import kind_of


class Writer(Protocol):
    """Writes batches of one table to a file."""

    def write(self, batch: pa.RecordBatch) -> None: ...

    def close(self) -> None: ...


def writer(path: Path, schema: pa.Schema) -> Writer:
    """What writes a table to a file of the kind that its name tells.  Raises ``FileProblem``."""
    kind = kind_of(path)
    if kind == "parquet":
        return _ParquetWriter(path, schema)
    if kind == "csv":
        return _CsvWriter(path, schema)
    if kind == "excel":
        return _ExcelWriter(path, schema)
    return _JsonWriter(path)


class _ParquetWriter:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file = pq.ParquetWriter(path, schema)

    def write(self, batch: pa.RecordBatch) -> None:
        self._file.write_batch(batch)

    def close(self) -> None:
        self._file.close()


class _CsvWriter:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        separator = "\t" if path.suffix.lower() == ".tsv" else ";"
        # Excel takes a file without a mark for Windows-1252.
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file, delimiter=separator, lineterminator="\n")
        self._rows.writerow(schema.names)

    def write(self, batch: pa.RecordBatch) -> None:
        columns = [[cell(one) for one in column.to_pylist()] for column in batch.columns]
        self._rows.writerows(zip(*columns, strict=True))

    def close(self) -> None:
        self._file.close()


class _ExcelWriter:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path = path
        self._book = openpyxl.Workbook(write_only=True)
        self._page = self._book.create_sheet("Avis")
        self._page.append(list(schema.names))

    def write(self, batch: pa.RecordBatch) -> None:
        columns = [[cell(one) for one in column.to_pylist()] for column in batch.columns]
        for row in zip(*columns, strict=True):
            self._page.append(row)

    def close(self) -> None:
        self._book.save(self._path)


class _JsonWriter:
    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def write(self, batch: pa.RecordBatch) -> None:
        for row in batch.to_pylist():
            self._file.write(orjson.dumps(row, default=str) + b"\n")

    def close(self) -> None:
        self._file.close()


def cell(value: object) -> object:
    """A value as a spreadsheet or a CSV file shows it."""
    if isinstance(value, list):
        return " ; ".join(str(one) for one in value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    # A text that a spreadsheet would run as a formula is only a text.
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
        return f"'{value}"
    return value
