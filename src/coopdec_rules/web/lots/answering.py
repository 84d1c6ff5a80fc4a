"""A file of scenarios answered whole, in a folder that is gone once the answer is made."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.batch.columns import HeadingsError
from coopdec_rules.batch.files import FileProblem, kind_of
from coopdec_rules.batch.running import BatchAdvisor, Request
from coopdec_rules.batch.summary import Summary
from coopdec_rules.batch.writing import cell, writer
from coopdec_rules.web.lots.asked import Asked
from coopdec_rules.web.serving import Limits

#: Rows answered between two looks at the time.
_BATCH = 256
#: How many times its size a file may weigh once it is unpacked.
_UNPACKED = 8
_ROWS = 1024
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ZIP = "application/zip"


class LotRefused(Exception):
    """A file that is not answered; ``reasons`` say why, in French, a sentence each."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = reasons
        super().__init__(*reasons)


@dataclass(frozen=True)
class Made:
    """A file of answers: its bytes, its name, its type."""

    body: bytes
    name: str
    media: str


def answered(
    file: IO[bytes], name: str, output: str, asked: Asked, advisor: Advisor, limits: Limits
) -> Made:
    """The answers to a file, as a workbook or, in another kind (``output``), in a ZIP archive.

    Nothing is left on the disk.  Raises ``LotRefused``.
    """
    with tempfile.TemporaryDirectory(prefix="coopdec-lot-") as place:
        folder = Path(place)
        source = folder / f"scenarios{Path(name).suffix.lower()}"
        try:
            kind_of(source)
        except FileProblem:
            raise LotRefused(
                f"« {_short(name)} » : un fichier .csv, .xlsx, .parquet ou .jsonl est attendu."
            ) from None
        with source.open("wb") as copy:
            shutil.copyfileobj(file, copy)
        if not source.stat().st_size:
            raise LotRefused(f"« {_short(name)} » est vide.")
        _weigh(source, limits)
        request = Request(
            source, folder / "avis.parquet", folder / "rejets.parquet", choices=asked.choices,
            words=asked.words, reasoning=asked.reasoning, day=asked.day, batch=_BATCH,
        )  # fmt: skip
        summary = _run(request, advisor, limits)
        lines = [
            f"Fichier : {_short(name)}",
            *_said(asked, advisor),
            *summary.lines(advisor.rulebook),
        ]
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", Path(name).stem).strip("-")[:60] or "scenarios"
        if output == "xlsx":
            return Made(_workbook(request, lines), f"{stem}-avis.xlsx", _EXCEL)
        return Made(_archive(request, output, lines), f"{stem}-avis.zip", _ZIP)


def _run(request: Request, advisor: Advisor, limits: Limits) -> Summary:
    end = time.monotonic() + limits.lot_seconds

    def told(done: int, _: int | None) -> None:
        if done > limits.lot_rows:
            raise LotRefused(
                f"Ce fichier a plus de {limits.lot_rows} lignes : découpez-le, ou répondez-y sur "
                "votre machine avec la commande « coopdec lot », sans limite."
            )
        if time.monotonic() > end:
            raise LotRefused(
                f"Le temps est dépassé après {done} lignes ({limits.lot_seconds:g} secondes au "
                "plus) : découpez le fichier, ou décochez « Examiner toutes les suites possibles »."
            )

    try:
        return BatchAdvisor(advisor).run(request, told=told)
    except HeadingsError as error:
        raise LotRefused(*error.problems[:_SHOWN]) from None
    except FileProblem as error:
        raise LotRefused(str(error).replace(request.source.name, "le fichier")) from None


#: Columns told as wrong, at most.
_SHOWN = 20


def _weigh(source: Path, limits: Limits) -> None:
    """Refuse what is small only because it is packed, before it is unpacked."""
    most = _UNPACKED * limits.lot_bytes
    kind = kind_of(source)
    try:
        size = 0
        if kind == "excel":
            with zipfile.ZipFile(source) as packed:
                size = sum(one.file_size for one in packed.infolist())
        elif kind == "parquet":
            metadata = pq.ParquetFile(source).metadata
            size = sum(
                metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups)
            )
    except (OSError, ValueError, zipfile.BadZipFile, pa.ArrowException):
        raise LotRefused("Ce fichier n'est pas ce que son nom annonce.") from None
    if size > most:
        raise LotRefused(
            f"Ce fichier est trop grand une fois ouvert : {most // 2**20} Mio au plus."
        )


def _said(asked: Asked, advisor: Advisor) -> Iterator[str]:
    yield f"Recueil : {advisor.rulebook.version} ({advisor.rulebook.fingerprint})"
    yield f"Jour des scénarios sans date : {asked.day:%d/%m/%Y}"
    if not asked.reasoning:
        yield "Sans examiner toutes les suites possibles."


def _workbook(request: Request, lines: Sequence[str]) -> bytes:
    """The answers, what is put aside and the summary, a sheet each."""
    book = openpyxl.Workbook(write_only=True)
    for title, path in (("Avis", request.target), ("Lignes écartées", request.rejects)):
        if not path.exists():
            continue
        sheet = book.create_sheet(title)
        table = pq.ParquetFile(path)
        sheet.append(table.schema_arrow.names)
        for batch in table.iter_batches(_ROWS):
            columns = [[cell(one) for one in column.to_pylist()] for column in batch.columns]
            for row in zip(*columns, strict=True):
                sheet.append(row)
    sheet = book.create_sheet("Bilan")
    for line in lines:
        sheet.append([line])
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()


def _archive(request: Request, output: str, lines: Sequence[str]) -> bytes:
    """The same as files of one kind."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, path in (("avis", request.target), ("lignes-ecartees", request.rejects)):
            if path.exists():
                packed.write(_turned(path, output), f"{name}.{output}")
        packed.writestr("bilan.txt", "".join(f"{line}\n" for line in lines))
    return found.getvalue()


def _turned(path: Path, output: str) -> Path:
    """A Parquet file as a file of another kind."""
    if output == "parquet":
        return path
    made = path.with_suffix(f".{output}")
    table: Any = pq.ParquetFile(path)
    file = writer(made, table.schema_arrow)
    for batch in table.iter_batches(_ROWS):
        file.write(batch)
    file.close()
    return made


def _short(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:79]}…"
