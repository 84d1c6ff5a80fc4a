"""Answers of many scenarios at once, as columns of codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from coopdec_rules.advice import answers
from coopdec_rules.advice.ceilings import amounts_of
from coopdec_rules.advice.subjects import answering
from coopdec_rules.batch.block import Block, BlockReader, blocks
from coopdec_rules.batch.masks import flags
from coopdec_rules.batch.parsing import Parsed, Reject
from coopdec_rules.batch.presuming import SheetPresumptions, with_presumed
from coopdec_rules.batch.reasoned import BatchReasoning
from coopdec_rules.batch.sheet import UNKNOWN, Codes, Flags
from coopdec_rules.errors import Problem
from coopdec_rules.reasoning.moments import Moment
from coopdec_rules.reasoning.places import Place
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.rulebook.rulebook import Rulebook

#: Answers of the action, by the name of their column.
ANSWERS = {
    "habilitation": answers.POWER,
    "maitrise_ouvrage": answers.OWNER,
    "palier_actuel": answers.TIER_NOW,
    "palier_apres_action": answers.TIER_AFTER,
    "fondement": answers.LEGAL_BASIS,
    "regime": answers.REGIME,
}
#: Answers of each part, by the end of the name of their column.
PART_ANSWERS = {
    "habilitation": answers.PART_POWER,
    "maitre_ouvrage": answers.PART_OWNER,
    "detenteur": answers.PART_HOLDER,
}


@dataclass
class Answered:
    """Answers of a batch of rows, one code a row (-1: not settled, or no such item).

    ``conclusions`` by conclusion and place; ``tasks``, for each condition of the law (a rule, the
    place of the effect in it), the rows in which it is to be met, or may be.  ``ceilings`` are the
    amounts, in euros, of the ceilings that apply (``limit``) and of what exceeds them (``over``),
    by contribution and row.
    """

    size: int
    conclusions: dict[tuple[str, Place], tuple[Codes, list[str]]] = field(default_factory=dict)
    tasks: dict[tuple[str, int], Flags] = field(default_factory=dict)
    ceilings: dict[tuple[int, str], dict[int, Decimal]] = field(default_factory=dict)
    good: Flags = field(default_factory=lambda: np.zeros(0, np.bool_))
    rejects: list[Reject] = field(default_factory=list)


class BatchAnswers:
    """Answers the scenarios of sheets, on one rulebook."""

    def __init__(
        self,
        book: Rulebook,
        moments: list[Moment],
        presumptions: SheetPresumptions | None,
        reasoning: BatchReasoning | None = None,
    ) -> None:
        """Without ``reasoning``, answers are the engine's alone: sound, quicker, less exact."""
        self.book = book
        self._reasoning = reasoning
        self._moments = moments
        self._reader = BlockReader(book)
        self._presumptions = presumptions
        elements = [c.id for c in book.conclusions.values() if c.is_element]
        self._scenario = [*ANSWERS.values(), *elements]

    def answer(self, parsed: Parsed, tasks: bool = True, ceilings: bool = True) -> Answered:
        """The answers of every row; those that the rulebook refuses are put aside too.

        ``tasks``, ``ceilings``: whether conditions and spending limits are wanted.
        """
        found = Answered(parsed.sheet.size, good=parsed.good.copy(), rejects=list(parsed.rejects))
        waiting = {}
        if self._presumptions is not None:
            waiting = self._presumptions.waiting(parsed.sheet, parsed.unknown)
        for block in blocks(parsed.sheet, self.book, self._moments):
            if waiting and self._presumptions is not None:
                block = with_presumed(block, self._presumptions.presumed(block, waiting))
            self._block(block, found, tasks, ceilings)
        return found

    def _block(self, block: Block, found: Answered, tasks: bool, ceilings: bool) -> None:
        reading = self._reader.read(block)
        self._refuse(block, reading, found)
        wanted: list[tuple[str, Place]] = [(name, None) for name in self._scenario]
        wanted += [
            (name, (answers.PART, item))
            for item in range(dict(block.shape.counts)[answers.PART])
            for name in PART_ANSWERS.values()
        ]
        for name, place in wanted:
            self._conclusion(reading, block, name, place, found)
        if self._reasoning is not None:
            self._reason(self._reasoning, reading, block, found)
        if tasks:
            self._tasks(reading, block, found)
        if ceilings:
            self._ceilings(reading, block, found)

    def _reason(
        self, reasoning: BatchReasoning, reading: Reading[int], block: Block, found: Answered
    ) -> None:
        """Settle what every completion of a row gives."""
        wanted = _reasoned(reading)
        unsettled = np.zeros(block.size, np.bool_)
        for name, place in wanted:
            unknown = found.conclusions[name, place][0][block.rows] == UNKNOWN
            if place in block.present:
                unknown &= flags(block.present[place], block.size)
            unsettled |= unknown
        unsettled &= found.good[block.rows]
        rows = np.flatnonzero(unsettled)
        for here, settled in reasoning.settle(block, reading, wanted, rows):
            for answer, value in settled.items():
                codes, values = found.conclusions[answer]
                if value not in values:
                    values.append(value)
                codes[block.rows[here]] = values.index(value)

    def _conclusion(
        self, reading: Reading[int], block: Block, name: str, place: Place, found: Answered
    ) -> None:
        state = reading.state(name, place)
        if (name, place) not in found.conclusions:
            found.conclusions[name, place] = (np.full(found.size, UNKNOWN, np.int32), [])
        codes, values = found.conclusions[name, place]
        there = block.present.get(place, reading.algebra.true)
        for value, mask in state.value.items():
            if mask := mask & there:
                if value not in values:
                    values.append(value)
                codes[block.rows[flags(mask, block.size)]] = values.index(value)

    def _tasks(self, reading: Reading[int], block: Block, found: Answered) -> None:
        """Conditions of the rules that apply, or may, and are not known to be met."""
        for index, rule in enumerate(block.moment.state.rules):
            for number, effect in enumerate(rule.effects):
                if effect.kind != "condition":
                    continue
                where = 0
                for place in reading.shape.places(rule.scope):
                    yes, no = reading.rule(index, place)
                    here = block.present.get(place, reading.algebra.true) & ~no
                    if effect.done_if is not None:
                        done, _ = reading.formula(effect.done_if, place)
                        here &= ~(yes & done)
                    where |= here
                if where:
                    rows = found.tasks.setdefault((rule.id, number), np.zeros(found.size, np.bool_))
                    rows[block.rows[flags(where, block.size)]] = True

    def _ceilings(self, reading: Reading[int], block: Block, found: Answered) -> None:
        for index, rule in enumerate(block.moment.state.rules):
            if rule.ceiling is None:
                continue
            for place in reading.shape.places(rule.scope):
                yes = reading.rule(index, place)[0] & block.present.get(place, -1)
                for here in np.flatnonzero(flags(yes, block.size)) if yes else ():
                    facts = {
                        name: value
                        for (name, item), column in block.columns.items()
                        if item in (None, place[1] if place else None)
                        and (value := column.value(int(here))) is not None
                    }
                    limit, spent, over = amounts_of(rule.ceiling, facts, facts)
                    del spent
                    row, item = int(block.rows[here]), place[1] if place else 0
                    for name, amount in (("limit", limit), ("over", over)):
                        if amount is not None:
                            found.ceilings.setdefault((item, name), {})[row] = amount

    def _refuse(self, block: Block, reading: Reading[int], found: Answered) -> None:
        """Put aside the rows that hold together what the rulebook declares impossible."""
        day = block.moment.day
        if not reading.impossible(day):
            return
        for declared, formula in self.book.impossible_formulas:
            if not declared.period.contains(day):
                continue
            where = 0
            for place in reading.shape.places(declared.scope):
                where |= reading.formula(formula, place)[0] & block.present.get(place, -1)
            rows = block.rows[flags(where, block.size)] if where else block.rows[:0]
            rows = rows[found.good[rows]]
            if len(rows):
                found.good[rows] = False
                message = f"Ces réponses ne vont pas ensemble. {declared.explanation}"
                found.rejects.append(Reject(rows, "", Problem("", message)))


def _reasoned(reading: Reading[int]) -> list[tuple[str, Place]]:
    """What an avis is reasoned about, where it is shown in the table."""
    shown = {*ANSWERS.values(), *PART_ANSWERS.values()}
    return [
        (conclusion.id, place)
        for conclusion in answering(reading.book)
        if conclusion.id in shown or conclusion.is_element
        for place in reading.shape.places(conclusion.scope)
    ]


def texts(codes: Codes, values: Sequence[str]) -> list[str]:
    """The values of a column, "" where nothing is settled."""
    padded = [*values, ""]
    return [padded[code] for code in codes.tolist()]
