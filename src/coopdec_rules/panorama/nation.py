"""The nation counted once: how many territories have each answer, by département, kept as data.

``scripts/nation.py`` writes the file; it says of which day and which rulebook it was counted.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from importlib.resources import files

FILE = "nation.csv"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many territories of a département and kind have these answers about an action.

    ``department``: its code.  ``kind``: ``commune`` or ``communaute``.  ``power``, ``holder``: the
    answer, and who holds the competence; "" where the facts do not settle it.
    """

    action: str
    department: str
    kind: str
    power: str
    holder: str
    count: int


@dataclass(frozen=True, slots=True)
class Nation:
    """Counts of a day, on a version of the rulebook and a vintage of the directory."""

    day: dt.date
    version: str
    fingerprint: str
    vintage: str
    tallies: tuple[Tally, ...]


def written(nation: Nation) -> str:
    """The counts as a CSV file; the first line says what they were counted on."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow([nation.day.isoformat(), nation.version, nation.fingerprint, nation.vintage])
    rows.writerow([field.name for field in fields(Tally)])
    rows.writerows(astuple(one) for one in nation.tallies)
    return out.getvalue()


def load_nation() -> Nation:
    """The counts shipped in the package."""
    text = (files("coopdec_rules.panorama") / FILE).read_text(encoding="utf-8")
    rows = csv.reader(io.StringIO(text))
    day, version, fingerprint, vintage = next(rows)
    next(rows)
    return Nation(dt.date.fromisoformat(day), version, fingerprint, vintage, tuple(_tallies(rows)))


def _tallies(rows: Iterator[list[str]]) -> Iterator[Tally]:
    for action, department, kind, power, holder, count in rows:
        yield Tally(action, department, kind, power, holder, int(count))
