"""Answers as a table: which columns there are, and what is written in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from coopdec_rules.advice import answers
from coopdec_rules.batch.answering import ANSWERS, PART_ANSWERS, Answered
from coopdec_rules.batch.sheet import UNKNOWN, Codes, Flags
from coopdec_rules.rulebook.rulebook import Rulebook


@dataclass(frozen=True)
class Outline:
    """The columns of the answers of one run; the same in every batch.

    ``parts`` and ``contributions`` are how many items at most; ``words``: values as one reads them.
    """

    book: Rulebook
    choices: Sequence[str]
    kept: Sequence[str]
    parts: int
    contributions: int
    words: bool = False

    def schema(self) -> pa.Schema:
        """Names and types of the columns."""
        # Passed on as texts: a table may write numbers in one batch, words in the next.
        fields = [(name, pa.string()) for name in self.kept]
        for name, conclusion, item in self._conclusions():
            del conclusion, item
            fields.append((name, _TEXT))
        if "conditions" in self.choices:
            fields += [("conditions", _NAMES), ("conditions_nombre", pa.int32())]
        if "plafonds" in self.choices:
            for item in range(1, self.contributions + 1):
                fields += [(f"plafond.{item}", _EUROS), (f"depassement.{item}", _EUROS)]
        if "doutes" in self.choices:
            fields.append(("doutes", _NAMES))
        if "questions" in self.choices:
            fields.append(("questions", pa.list_(pa.string())))
        return pa.schema(fields)

    def _conclusions(self) -> list[tuple[str, str, int | None]]:
        """Name of the column, conclusion, item, of each answer that is a value."""
        wanted = {
            "habilitation": ["habilitation"],
            "maitrise_ouvrage": ["maitrise_ouvrage"],
            "palier": ["palier_actuel", "palier_apres_action"],
            "article": ["fondement", "regime"],
        }
        found: list[tuple[str, str, int | None]] = []
        for choice in self.choices:
            found += [(name, ANSWERS[name], None) for name in wanted.get(choice, ())]
            if choice == "elements":
                found += [(one.id, one.id, None) for one in self.book.elements]
            if choice == "detenteur":
                found += [
                    (f"{answers.PART}.{item + 1}.{name}", conclusion, item)
                    for item in range(self.parts)
                    for name, conclusion in PART_ANSWERS.items()
                ]
        return found

    def batch(
        self, found: Answered, kept: Mapping[str, pa.Array], questions: Sequence[Sequence[str]]
    ) -> pa.RecordBatch:
        """The answers of the rows that are not put aside.  ``questions``: theirs, if asked for."""
        where: NDArray[np.intp] | slice = slice(None)
        size = found.size
        passed = {name: kept[name] for name in self.kept}
        if not found.good.all():
            where = np.flatnonzero(found.good)
            size = len(where)
            passed = {name: array.take(pa.array(where)) for name, array in passed.items()}
        columns: list[pa.Array] = [passed[name].cast(pa.string()) for name in self.kept]
        for _, conclusion, item in self._conclusions():
            place = None if item is None else (answers.PART, item)
            codes, values = found.conclusions.get(
                (conclusion, place), (np.full(found.size, UNKNOWN, np.int32), [])
            )
            columns.append(self._coded(conclusion, codes[where], values))
        if "conditions" in self.choices:
            listed, counts = _listed(
                {rule: mask[where] for rule, mask in _by_rule(found).items()}, size
            )
            columns += [listed, pa.array(counts, pa.int32())]
        if "plafonds" in self.choices:
            for item in range(self.contributions):
                for name in ("limit", "over"):
                    amounts = found.ceilings.get((item, name), {})
                    columns.append(
                        pa.array(
                            [amounts.get(int(row)) for row in np.flatnonzero(found.good)], _EUROS
                        )
                    )
        if "doutes" in self.choices:
            named = {
                name: (codes == UNKNOWN)[where]
                for (name, place), (codes, _) in found.conclusions.items()
                if place is None
            }
            columns.append(_listed(named, size)[0])
        if "questions" in self.choices:
            columns.append(pa.array(questions, pa.list_(pa.string())))
        return pa.RecordBatch.from_arrays(columns, schema=self.schema())

    def _coded(self, conclusion: str, codes: Codes, values: Sequence[str]) -> pa.Array:
        told = self.book.conclusions[conclusion].values
        words = [told.get(value, value) if self.words else value for value in values]
        return pa.DictionaryArray.from_arrays(
            pa.array(codes, pa.int32(), mask=codes == UNKNOWN), pa.array(words, pa.string())
        )


_EUROS = pa.decimal128(18, 2)
#: Codes and names are repeated in every row: they are written once, and numbered.
_TEXT = pa.dictionary(pa.int32(), pa.string())
_NAMES = pa.list_(_TEXT)


def _by_rule(found: Answered) -> dict[str, Flags]:
    rules: dict[str, Flags] = {}
    for (rule, _), mask in found.tasks.items():
        rules[rule] = rules[rule] | mask if rule in rules else mask
    return rules


def _listed(flags: Mapping[str, Flags], size: int) -> tuple[pa.Array, Codes]:
    """For each row, the names that are true of it, in their order; and how many."""
    named = [np.flatnonzero(mask) for mask in flags.values()]
    counts = np.zeros(size, np.int32)
    for where in named:
        counts[where] += 1
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    labels = np.zeros(int(offsets[-1]), np.int32)
    # Where the next name of each row goes.
    following = offsets[:-1].copy()
    for number, where in enumerate(named):
        labels[following[where]] = number
        following[where] += 1
    names = pa.DictionaryArray.from_arrays(pa.array(labels), pa.array(list(flags), pa.string()))
    return pa.ListArray.from_arrays(pa.array(offsets), names), counts
