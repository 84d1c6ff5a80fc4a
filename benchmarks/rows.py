"""Possible scenarios, as many as wanted, as a table: the worked cases mixed and perturbed.

Facts drawn each on its own are nearly always a scenario that the rulebook declares impossible.
Here each row starts as a worked case; some of its families of facts (who acts, with whom, what is
paid…) come from another case about the same operation, some facts are changed for a value that
another case gives them, some become unknown, amounts move.  What the rulebook then refuses is left
out.  ``python -m benchmarks.rows 1000000 rows.parquet`` writes a table and counts its answers.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from coopdec_rules.advice import answers
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.batch.answering import Answered, BatchAnswers
from coopdec_rules.batch.columns import Vocabulary
from coopdec_rules.batch.files import BATCH, flat
from coopdec_rules.batch.parsing import TableReader
from coopdec_rules.batch.summary import Summary
from coopdec_rules.reasoning.moments import DATE
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import cases_folder, rules_folder
from coopdec_rules.workshop.cases import load_cases

#: The day of the rows, unless they keep those of their cases.
TODAY = dt.date(2026, 6, 1)
#: Cases with more items than this in a group are left out.
_MOST_ITEMS = 2
_ALIKE = "action.operation"
#: How often a family of facts comes from another case, a fact is changed, becomes unknown: one of
#: these for each row, so that some rows stay complete.  And how often an amount moves.
_OTHER, _CHANGED, _UNKNOWN = (0.0, 0.2, 0.4), (0.0, 0.02, 0.06), (0.0, 0.0, 0.05, 0.3)
_MOVED = 0.5
_KEPT = (DATE, "acteur.nature")

Rows = NDArray[np.intp]


class RowMaker:
    """Draws tables of possible scenarios for one rulebook."""

    def __init__(self, adviser: Advisor, seed: int = 7) -> None:
        self.adviser = adviser
        book = adviser.rulebook
        self._vocabulary = Vocabulary(book)
        self._rng = np.random.default_rng(seed)
        cases = [
            row
            for case in load_cases(cases_folder())
            if "impossible" not in case.expected
            and (row := flat(dict(case.scenario), self._vocabulary.groups()))
            and all(
                place is None or place.item is None or place.item < _MOST_ITEMS
                for place in map(self._vocabulary.place, row)
            )
        ]
        self.names = list(dict.fromkeys(name for row in cases for name in row))
        self._values: dict[str, list[str | None]] = {}
        self._codes: dict[str, NDArray[np.int32]] = {}
        for name in self.names:
            told = [_text(row.get(name)) for row in cases]
            self._values[name] = [None, *sorted({one for one in told if one is not None})]
            place = {value: code for code, value in enumerate(self._values[name])}
            self._codes[name] = np.array([place[one] for one in told], np.int32)
        self._families = [self._family(name) for name in self.names]
        kinds = self._codes.get(_ALIKE, np.zeros(len(cases), np.int32))
        self._alike = [np.flatnonzero(kinds == kind) for kind in kinds]
        headings = self._vocabulary.headings(self.names)
        self._headings = headings
        self._amounts = {name for name, at in headings.facts.items() if at.fact.type == "montant"}
        self._reader = TableReader(book, self._vocabulary, TODAY)
        self._answers = BatchAnswers(book, adviser.reasoner.moments, None)

    def _weighed(self, day: dt.date | None) -> NDArray[np.float64]:
        """How often each case is drawn: as often, all together, for every answer there is."""
        size = len(self._alike)
        cases = pa.RecordBatch.from_arrays(
            [
                _same(day.isoformat(), size)
                if name == DATE and day is not None
                else self._texts(name, self._codes[name])
                for name in self.names
            ],
            names=self.names,
        )
        found = self._found(cases)
        codes, _ = found.conclusions[answers.POWER, None]
        _, place, counts = np.unique(codes, return_inverse=True, return_counts=True)
        weights: NDArray[np.float64] = found.good / counts[place]
        return weights / weights.sum()

    def _texts(self, name: str, codes: NDArray[np.int32]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(
            pa.array(codes - 1, mask=codes == 0), pa.array(self._values[name][1:], pa.string())
        )

    def batches(
        self, count: int, day: dt.date | None = TODAY
    ) -> Iterator[tuple[pa.RecordBatch, Answered]]:
        """``count`` possible rows with an ``id``, batch by batch, and what they are answered.

        ``day``: that of every row; ``None``: the days of the cases, from 1992 on.
        """
        done, weights = 0, self._weighed(day)
        while done < count:
            drawn = self._drawn(min(BATCH, 2 * count), day, weights)
            found = self._found(drawn)
            where = np.flatnonzero(found.good)[: count - done]
            kept = drawn.take(pa.array(where))
            ids = pa.array([f"{n:07}" for n in range(done, done + len(where))])
            yield (
                pa.RecordBatch.from_arrays([ids, *kept.columns], names=["id", *self.names]),
                self._found(kept),
            )
            done += len(where)

    def write(self, path: Path, count: int, day: dt.date | None = TODAY) -> Summary:
        """Write a Parquet table of ``count`` possible rows; how they are answered."""
        summary = Summary()
        schema = pa.schema([(name, pa.string()) for name in ("id", *self.names)])
        with pq.ParquetWriter(path, schema) as out:
            for batch, found in self.batches(count, day):
                out.write_batch(batch.cast(schema), row_group_size=BATCH)
                summary.add(found)
        return summary

    def documents(self, count: int, day: dt.date | None = TODAY) -> list[dict[str, Any]]:
        """The same rows as scenarios, as the API receives them."""
        book = self.adviser.rulebook
        found = []
        for batch, _ in self.batches(count, day):
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
            parsed = self._reader.read(columns, self._headings, batch.num_rows)
            found += [parsed.document(book, row) for row in range(batch.num_rows)]
        return found

    def _found(self, batch: pa.RecordBatch) -> Answered:
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        return self._answers.answer(self._reader.read(columns, self._headings, batch.num_rows))

    def _family(self, name: str) -> str:
        place = self._vocabulary.place(name)
        if place is None:
            raise ValueError(f"a case gives what no fact is called: {name}")
        return place.fact.group.id

    def _drawn(
        self, size: int, day: dt.date | None, weights: NDArray[np.float64]
    ) -> pa.RecordBatch:
        rng = self._rng
        base: Rows = rng.choice(len(self._alike), size, p=weights)
        others = np.array([self._alike[row][pick % len(self._alike[row])] for row, pick in zip(
            base.tolist(), rng.integers(0, 1 << 30, size).tolist(), strict=True)])  # fmt: skip
        mixing = rng.choice(_OTHER, size)
        sources = {
            family: np.where(rng.random(size) < mixing, others, base)
            for family in dict.fromkeys(self._families)
        }
        changing, forgetting = rng.choice(_CHANGED, size), rng.choice(_UNKNOWN, size)
        columns = []
        for name, family in zip(self.names, self._families, strict=True):
            own, values = self._codes[name], self._values[name]
            codes = own[base if name in _KEPT else sources[family]]
            if name == DATE and day is not None:
                columns.append(_same(day.isoformat(), size))
                continue
            known = codes != 0
            if name not in _KEPT:
                changed = known & (rng.random(size) < changing)
                codes = np.where(changed, rng.integers(1, max(len(values), 2), size), codes)
                codes = np.where(rng.random(size) < forgetting, 0, codes)
            if name in self._amounts:
                columns.append(self._moved(codes, values))
                continue
            columns.append(self._texts(name, codes))
        return pa.RecordBatch.from_arrays(columns, names=self.names)

    def _moved(self, codes: NDArray[np.int32], values: list[str | None]) -> pa.Array:
        """Amounts in euros, half of them near that of a case: nearly all different."""
        euros = np.array([0.0, *(float(value or 0) for value in values[1:])])[codes]
        factors = np.where(
            self._rng.random(len(codes)) < _MOVED, self._rng.uniform(0.5, 1.5, len(codes)), 1.0
        )
        return pa.array([f"{one:.2f}" for one in (euros * factors).tolist()], mask=codes == 0)


def _same(text: str, size: int) -> pa.Array:
    """One text in every row."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(size, np.int32)), pa.array([text]))


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return None if value is None else str(value)


def main() -> None:
    """Write a table, and say how its rows are answered."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rows", description=__doc__)
    parser.add_argument("lignes", type=int)
    parser.add_argument("fichier", type=Path)
    parser.add_argument("--dates", action="store_true", help="garde les dates des cas")
    given = parser.parse_args()
    with closing(Advisor(load_rulebook(rules_folder()))) as adviser:
        day = None if given.dates else TODAY
        summary = RowMaker(adviser).write(given.fichier, given.lignes, day)
        print(*summary.lines(adviser.rulebook), sep="\n")


if __name__ == "__main__":
    main()
