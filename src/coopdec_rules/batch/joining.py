"""Rows of one scenario put together: each gives one item of a repeated group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from coopdec_rules.advice.scenario import MAX_ITEMS
from coopdec_rules.batch.columns import ID, Headings, Place
from coopdec_rules.batch.files import FileProblem


@dataclass(frozen=True)
class Joined:
    """A batch of scenarios.  ``lines`` is the line of the table that each begins at (2 is the
    first below the names); ``conflicts`` the scenarios that say two things of one fact, with its
    column."""

    columns: Mapping[str, pa.Array]
    headings: Headings
    lines: Sequence[int]
    conflicts: Sequence[tuple[int, str]]

    @property
    def size(self) -> int:
        """How many scenarios there are."""
        return len(self.lines)


def joined(batches: Iterator[Mapping[str, pa.Array]], headings: Headings) -> Iterator[Joined]:
    """Batches of scenarios; rows that follow one another with the same id are one of them.

    Raises ``FileProblem`` when rows of one scenario are apart, or when it has too many.
    """
    if not headings.spread:
        line = 2
        for batch in batches:
            size = len(next(iter(batch.values())))
            yield Joined(batch, headings, range(line, line + size), ())
            line += size
        return
    if ID not in headings.kept:
        raise FileProblem(
            f"Une colonne sans numéro d'élément demande une colonne « {ID} » : les lignes qui se "
            "suivent avec le même sont un seul scénario."
        )
    yield from _spread(batches, headings)


def _spread(batches: Iterator[Mapping[str, pa.Array]], headings: Headings) -> Iterator[Joined]:
    held: dict[str, list[object]] = {}
    seen: set[object] = set()
    line = 2
    for batch in batches:
        for name, array in batch.items():
            held.setdefault(name, []).extend(array.to_pylist())
        ids = held[ID]
        # The last scenario may go on in the next batch.
        cut = len(ids)
        while cut and ids[cut - 1] == ids[-1]:
            cut -= 1
        if cut:
            yield _together(
                {name: cells[:cut] for name, cells in held.items()}, headings, line, seen
            )
            line += cut
            held = {name: cells[cut:] for name, cells in held.items()}
    if held and held[ID]:
        yield _together(held, headings, line, seen)


def _together(
    rows: Mapping[str, Sequence[object]], headings: Headings, line: int, seen: set[object]
) -> Joined:
    ids = rows[ID]
    starts = [0, *(n for n in range(1, len(ids)) if ids[n] != ids[n - 1])]
    for start in starts:
        if ids[start] in seen:
            raise FileProblem(
                f"Ligne {line + start} : le scénario « {ids[start]} » a des lignes plus haut ; "
                "trier la table par cette colonne."
            )
        seen.add(ids[start])
    ends = [*starts[1:], len(ids)]
    longest = max(end - start for start, end in zip(starts, ends, strict=True))
    if longest > MAX_ITEMS:
        raise FileProblem(f"Un scénario a {longest} lignes ; {MAX_ITEMS} au plus.")
    columns: dict[str, pa.Array] = {}
    places: dict[str, Place] = {}
    conflicts: list[tuple[int, str]] = []
    for name, cells in rows.items():
        place = headings.facts.get(name)
        if place is None or not place.spread:
            told = []
            for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
                said = dict.fromkeys(cell for cell in cells[start:end] if cell not in (None, ""))
                if len(said) > 1 and name != ID:
                    conflicts.append((number, name))
                told.append(next(iter(said), None))
            columns[name] = pa.array(told)
            if place is not None:
                places[name] = place
            continue
        for item in range(longest):
            spread = [
                cells[start + item] if start + item < end else None
                for start, end in zip(starts, ends, strict=True)
            ]
            known = np.array([cell not in (None, "") for cell in spread])
            if known.any() or item == 0:
                numbered = f"{name} ({item + 1})"
                columns[numbered] = pa.array(spread)
                places[numbered] = Place(place.fact, item)
    return Joined(
        columns, Headings(places, headings.kept), [line + start for start in starts], conflicts
    )
