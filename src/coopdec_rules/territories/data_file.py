"""The compact files of the directory: tab-separated lines in gzip, written and read here alone.

After a header of ``# name<TAB>value`` lines come one-letter records.  In the division of a year
(``TERRITORIES``): ``R`` région (code, name), ``D`` département (code, name, région), ``G`` grouping
with own taxation (SIREN, name, nature or nothing, population), ``E`` établissement public
territorial (SIREN, name, population), ``C`` commune (INSEE code, name, population, département,
SIREN of its grouping or nothing, SIREN of its établissement territorial or nothing, postcodes),
``N`` name of a commune déléguée or associée (code, name, code of the commune of today) and ``A``
former code (code, code of the commune of today).

In the extract of the national base on groupings (``BANATIC``): ``G`` grouping (SIREN, name,
official nature, département, population, codes of the competences it exercised).
"""

from __future__ import annotations

import gzip
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from coopdec_rules.errors import CoopdecError

TERRITORIES = {"R": 2, "D": 3, "G": 4, "E": 3, "C": 7, "N": 3, "A": 2}
BANATIC = {"G": 6}
Row = tuple[str, ...]


class DirectoryError(CoopdecError):
    """The file of territories, or the remarks on them, cannot be read."""


@dataclass(slots=True)
class Tables:
    """The file's contents: its header, and its records by letter."""

    header: dict[str, str]
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))


def encode(
    header: Mapping[str, str],
    rows: Mapping[str, Sequence[Row]],
    widths: Mapping[str, int] = TERRITORIES,
) -> str:
    """The text of a file; the same contents always give the same text.

    Raises ``DirectoryError`` for a value that would break the format.
    """
    lines = [f"# {name}\t{value}" for name, value in header.items()]
    for kind, width in widths.items():
        for row in sorted(rows.get(kind, ())):
            if len(row) != width or any("\t" in v or not v.isprintable() for v in row):
                raise DirectoryError(f"Enregistrement impossible à écrire : {kind} {row!r}.")
            lines.append("\t".join((kind, *row)))
    return "\n".join(lines) + "\n"


def compress(text: str) -> bytes:
    """The bytes of the file, free of any date."""
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def uncompress(data: bytes) -> str:
    """The text of a file.  Raises ``DirectoryError`` when the bytes are damaged."""
    try:
        return gzip.decompress(data).decode()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        raise DirectoryError(
            "Un fichier des territoires est abîmé ; le refaire (territories/data/LISEZMOI.md) ou "
            "réinstaller le paquet."
        ) from None


def decode(text: str, widths: Mapping[str, int] = TERRITORIES) -> Tables:
    """The records of a file.  Raises ``DirectoryError`` with the line that is wrong."""
    tables = Tables({})
    for number, line in _lines(text):
        if line.startswith("# "):
            name, _, value = line[2:].partition("\t")
            tables.header[name] = value
            continue
        kind, *row = line.split("\t")
        if len(row) != widths.get(kind, -1):
            raise DirectoryError(
                f"Fichier des territoires, ligne {number} : enregistrement « {kind[:10]} » de "
                f"{len(row)} valeurs, {widths.get(kind, 'aucune')} attendues."
            )
        tables.rows[kind].append(tuple(row))
    return tables


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line)
