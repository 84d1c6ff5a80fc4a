"""ZIP packages that are the same bytes each time: dates and order of their entries are fixed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

from coopdec_rules.documents.blocks import Line

#: Characters that XML refuses; texts of scenarios have none, those of the rulebook should not.
_REFUSED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: The first day that a ZIP entry may bear.
_EPOCH = (1980, 1, 1, 0, 0, 0)


#: Width between the margins of a page, and that of a column of numbers, in centimetres.
_PAGE, _NUMBERS = 16.4, 1.3
#: The narrowest column, as a share of what an equal one would take.
_LEAST = 0.7


def widths_of(columns: Sequence[str], rows: Sequence[Sequence[Line]]) -> list[float]:
    """Widths of the columns of a table, in centimetres, after the longest text of each.

    A first column of numbers is narrow; no column takes less than ``_LEAST`` of an equal share.
    """
    if columns[0].startswith("N") and len(columns) > 1:
        return [_NUMBERS, *_shared(_PAGE - _NUMBERS, columns[1:], [row[1:] for row in rows])]
    return _shared(_PAGE, columns, rows)


def _shared(room: float, columns: Sequence[str], rows: Sequence[Sequence[Line]]) -> list[float]:
    letters = [
        max([len(name), *(sum(len(piece.text) for piece in row[place]) for row in rows)])
        for place, name in enumerate(columns)
    ]
    # A text twice as long takes two lines before it takes twice the width.
    weights = [count**0.5 for count in letters]
    least = _LEAST * sum(weights) / len(weights)
    weights = [max(weight, least) for weight in weights]
    return [room * weight / sum(weights) for weight in weights]


def plain(text: str) -> str:
    """A text without the characters that XML refuses."""
    return _REFUSED.sub("", text)


def repacked(package: bytes) -> bytes:
    """The same package with fixed dates, its entries in their order (``mimetype`` first)."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(made, "w") as target:
        names = sorted(source.namelist(), key=lambda name: (name != "mimetype", name))
        for name in names:
            entry = zipfile.ZipInfo(name, _EPOCH)
            # OpenDocument wants its type readable at the head of the file.
            stored = name == "mimetype"
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, source.read(name))
    return made.getvalue()
