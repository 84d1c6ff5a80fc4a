"""What the national base lets presume, over many rows: what ``advice/from_base`` does for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from coopdec_rules.advice import answers
from coopdec_rules.advice.from_base import CITED, proving_word, text_of
from coopdec_rules.batch.block import Block, BlockReader
from coopdec_rules.batch.masks import flags
from coopdec_rules.batch.sheet import UNKNOWN, Codes, Column, Flags, Sheet
from coopdec_rules.reasoning.moments import DATE
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.reasoner import FactAt
from coopdec_rules.rulebook.model import BaseCase
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.territories import Directory, Territory, Word, exercising

#: What tells who is asked about in the base: the actor's facts, then the domain.
_WHO = (
    answers.ACTOR_CODE,
    answers.ACTOR_NATURE,
    answers.GROUPING_NATURE,
    answers.GROUPING_NAME,
)


class SheetPresumptions:
    """Presumes over sheets of one rulebook; keeps what the base says of each grouping."""

    def __init__(self, book: Rulebook, directory: Directory) -> None:
        self._book, self._directory = book, directory
        self._reader = BlockReader(book)
        self._facts = [fact for fact in book.facts.values() if fact.by_base]
        self._groupings: dict[tuple[object, ...], Territory | None] = {}
        self._words: dict[tuple[object, ...], Word | None] = {}

    def waiting(self, sheet: Sheet, unknown: Mapping[FactAt, Flags]) -> dict[FactAt, Flags]:
        """The rows of each fact that may be presumed: a territory is named, nothing is stated."""
        base = self._directory.base
        code = sheet.columns.get((answers.ACTOR_CODE, None))
        if code is None or base.year is None:
            return {}
        days = sheet.columns[DATE, None]
        recent = days.table([day.year >= base.year for day in days.values])  # type: ignore[union-attr]
        found: dict[FactAt, Flags] = {}
        for fact in self._facts:
            if fact.scope is None:
                continue
            for item in range(int(sheet.counts[fact.scope].max(initial=1))):
                at: FactAt = (fact.id, item)
                rows = code.known() & recent & (sheet.counts[fact.scope] > item)
                column = sheet.columns.get(at)
                if column is not None:
                    rows &= ~column.known()
                if at in unknown:
                    rows &= ~unknown[at]
                if rows.any():
                    found[at] = rows
        return found

    def presumed(
        self, block: Block, waiting: Mapping[FactAt, Flags]
    ) -> dict[FactAt, tuple[Codes, Sequence[str]]]:
        """For each fact, the value presumed in each row of a block: its code, or -1."""
        found: dict[FactAt, tuple[Codes, Sequence[str]]] = {}
        reading: Reading[int] | None = None
        for at, rows in waiting.items():
            fact, item = self._book.facts[at[0]], at[1]
            if item is None or item >= dict(block.shape.counts)[fact.scope or ""]:
                continue
            words = list(self._said(block, rows[block.rows], item))
            if not any(word is not None for _, word in words):
                continue
            reading = reading or self._reader.read(block)
            codes = np.full(block.size, UNKNOWN, np.int32)
            values = [case.value for case in fact.by_base]
            cited: dict[str, Flags] = {}
            for here, word in words:
                if word is not None:
                    name = CITED[word.whole]
                    rows_of = cited.setdefault(name, np.zeros(block.size, np.bool_))
                    rows_of[here] = True
            for number, case in enumerate(fact.by_base):
                if case.cited in cited:
                    held = cited[case.cited] & (codes == UNKNOWN)
                    codes[held & self._holds(reading, case, (fact.scope or "", item), block)] = (
                        number
                    )
            found[at] = codes, values
        return found

    def _holds(
        self, reading: Reading[int], case: BaseCase, place: tuple[str, int], block: Block
    ) -> Flags:
        """Where every value still possible of each conclusion is one that the case accepts."""
        held = (1 << block.size) - 1
        full = held
        for name, values in case.when.items():
            scope = self._book.conclusions[name].scope
            state = reading.state(name, place if scope else None)
            some = other = 0
            for value, possible in state.possible.items():
                if value in values:
                    some |= possible
                else:
                    other |= possible
            held &= some & ~other & ~(state.conflict | state.gap)
        return flags(held & full, block.size)

    def _said(
        self, block: Block, rows: Flags, item: int
    ) -> Iterator[tuple[NDArray[np.intp], Word | None]]:
        """The rows of each actor and domain met, with what proves something in the base."""
        domain = block.columns.get((answers.PART_DOMAIN, item))
        if domain is None or not rows.any():
            return
        columns = [block.columns.get((name, None)) for name in _WHO] + [domain]
        where = np.flatnonzero(rows & domain.known())
        key = np.zeros(len(where), dtype=np.int64)
        for column in columns:
            if column is not None:
                step = key * (len(column.values) + 1) + (column.codes[where] - UNKNOWN)
                _, key = np.unique(step, return_inverse=True)
        order = np.argsort(key, kind="stable")
        turns = np.flatnonzero(np.diff(key[order])) + 1
        for here in np.split(where[order], turns):
            if not len(here):
                continue
            row = int(here[0])
            said = {
                name: column.value(row)
                for name, column in zip(_WHO, columns, strict=False)
                if column is not None
            }
            yield here, self._word(said, str(domain.value(row)))

    def _word(self, said: Mapping[str, object], domain: str) -> Word | None:
        who = tuple(said.get(name) for name in _WHO)
        if who not in self._groupings:
            self._groupings[who] = exercising(
                self._directory,
                str(said.get(answers.ACTOR_CODE)),
                str(said.get(answers.ACTOR_NATURE)),
                text_of(said, answers.GROUPING_NATURE),
                text_of(said, answers.GROUPING_NAME),
            )
        grouping = self._groupings[who]
        if grouping is None:
            return None
        key = (grouping.code, domain)
        if key not in self._words:
            self._words[key] = proving_word(self._directory.competences(grouping), domain)
        return self._words[key]


def with_presumed(block: Block, presumed: Mapping[FactAt, tuple[Codes, Sequence[str]]]) -> Block:
    """The block with what is presumed put where nothing was known."""
    columns = dict(block.columns)
    for at, (codes, values) in presumed.items():
        column = columns.get(at)
        known = () if column is None else column.values
        mine = np.full(block.size, UNKNOWN, np.int32) if column is None else column.codes
        columns[at] = Column(
            np.where(codes == UNKNOWN, mine, codes + len(known)).astype(np.int32),
            [*known, *values],
        )
    return Block(block.moment, block.rows, columns, block.counts)
