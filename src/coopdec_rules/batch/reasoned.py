"""What every completion of a scenario gives, where the facts known do not decide one by one.

The exact answers of ``advice/reasoned``, for each different scenario of a table once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from coopdec_rules.advice.reasoned import MOST_MORE
from coopdec_rules.batch.block import Block, alike
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.reasoning.answers import NOTHING, Answer
from coopdec_rules.reasoning.moments import DATE
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.reasoner import MomentReasoner, Reasoner
from coopdec_rules.reasoning.situation import Situation
from coopdec_rules.rulebook.model import Value

#: Different scenarios whose answers are remembered.
_REMEMBERED = 50_000


class BatchReasoning:
    """Settles what reasoning over every completion settles, on one rulebook."""

    def __init__(self, reasoner: Reasoner) -> None:
        self._reasoner = reasoner
        self._found: LRUCache[tuple[object, ...], dict[Answer, str]] = LRUCache(_REMEMBERED)

    def settle(
        self,
        block: Block,
        reading: Reading[int],
        wanted: Sequence[Answer],
        rows: NDArray[np.intp],
    ) -> Iterable[tuple[NDArray[np.intp], dict[Answer, str]]]:
        """For rows of the block that have something unsettled, alike together: what is settled.

        Answers that the engine settles are among what is told, with the same values.
        """
        more = sum((counts - 1 for counts in block.counts.values()), np.zeros(block.size, np.int32))
        rows = rows[more[rows] <= MOST_MORE]
        if not len(rows):
            return
        here = self._reasoner.at(block.moment.day)
        told = {
            name for name, index in here.variables.index_of.items()
            if here.variables.all[index].atoms
        } | {DATE}  # fmt: skip
        columns = {at: c for at, c in block.columns.items() if at[0] in told}
        kinds = [*block.counts.values(), *(column.codes for column in columns.values())]
        for _, group in alike([codes[rows] for codes in kinds]):
            row = int(rows[group[0]])
            facts: dict[str, Value] = {}
            items: dict[str, list[dict[str, Value]]] = {
                name: [{} for _ in range(counts[row])] for name, counts in block.counts.items()
            }
            for (name, item), column in columns.items():
                value = column.value(row)
                if value is not None:
                    target = facts if item is None else items[name.split(".")[0]][item]
                    target[name] = value
            base = FactBase(facts, {name: tuple(entries) for name, entries in items.items()})
            situation = here.situation(facts[DATE], base)  # type: ignore[arg-type]
            asked = [at for at in wanted if at[1] is None or at[1] in situation.known]
            yield rows[group], self._settled(here, reading, situation, asked)

    def _settled(
        self,
        here: MomentReasoner,
        reading: Reading[int],
        situation: Situation,
        wanted: Sequence[Answer],
    ) -> dict[Answer, str]:
        key = (
            here.moment.day,
            situation.shape,
            tuple(wanted),
            tuple(tuple(cells) for cells in situation.open.values()),
        )
        known = self._found.get(key)
        if known is None:
            known = {}
            for answer in wanted:
                conclusion = reading.book.conclusions[answer[0]]
                values = [*conclusion.values, NOTHING]
                possible = here.solver.possible_values(situation, {answer: values})[answer]
                if len(possible) == 1 and NOTHING not in possible:
                    known[answer] = next(iter(possible))
            self._found[key] = known
        return known
