"""``coopdec lot`` as a transform of Arrow batches, for engines that run one on many machines.

Nothing here knows Spark: an ``ArrowTransform`` is what ``mapInArrow`` takes, and holds only what is
asked.  Each process that runs it loads the rulebook once, from the installed package.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pyarrow as pa

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.batch.choices import DEFAULT
from coopdec_rules.batch.columns import Headings, HeadingsError
from coopdec_rules.batch.joining import Joined
from coopdec_rules.batch.running import Answering, Asked, BatchAdvisor
from coopdec_rules.batch.summary import Summary
from coopdec_rules.garbage import keep_what_is_loaded
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder

#: The column that tells why a row is not answered.
REJECT = "rejet"
_DDL = {
    pa.string(): "string",
    pa.int32(): "int",
    pa.list_(pa.string()): "array<string>",
    pa.decimal128(18, 2): "decimal(18,2)",
}


@cache
def _adviser() -> BatchAdvisor:
    """The advisor of this process, loaded when it first answers."""
    adviser = BatchAdvisor(Advisor(load_rulebook(rules_folder())))
    keep_what_is_loaded()
    return adviser


@dataclass(frozen=True)
class ArrowTransform:
    """Answers batches of rows: a row in, a row out, in the same order.

    ``names``: what the columns of the rows hold, in their order; those of the batches themselves do
    not matter, as some engines cannot have points in them.  ``kept``, ``renamed``, ``choices``,
    ``words``, ``day``: as ``coopdec lot`` takes them; reasoning is off unless asked for.  A row
    that is refused has no answer, and why in the column ``rejet``, column by column.  Raises
    ``HeadingsError`` when columns cannot be read.
    """

    names: Sequence[str]
    day: dt.date
    kept: Sequence[str] = ()
    choices: Sequence[str] = DEFAULT
    renamed: Mapping[str, str] = field(default_factory=dict)
    words: bool = False
    reasoning: bool = False

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The answers of each batch."""
        answering, headings = self._answering()
        for batch in batches:
            if batch.num_rows:
                yield self._answered(answering, headings, batch)

    @property
    def schema(self) -> pa.Schema:
        """Names and types of the answers: no dictionaries, which engines do not all read."""
        fields = self._answering()[0].outline.schema()
        told = [(one.name, _plain(one.type)) for one in fields]
        return pa.schema([*told, (REJECT, pa.string())])

    @property
    def ddl(self) -> str:
        """The same, as Spark is told it."""
        return ", ".join(f"`{one.name}` {_DDL[one.type]}" for one in self.schema)

    def _answering(self) -> tuple[Answering, Headings]:
        adviser = _adviser()
        headings = adviser.vocabulary.headings(self.names, self.renamed, self.kept)
        if headings.spread:
            raise HeadingsError(
                [
                    "Une ligne doit être un scénario entier : numéroter les éléments "
                    "(action.volets.1.domaine)."
                ]
            )
        asked = Asked(
            choices=self.choices,
            kept=self.kept,
            renamed=self.renamed,
            words=self.words,
            reasoning=self.reasoning,
            day=self.day,
        )
        return Answering(adviser, asked, headings), headings

    def _answered(
        self, answering: Answering, headings: Headings, batch: pa.RecordBatch
    ) -> pa.RecordBatch:
        columns = dict(zip(self.names, batch.columns, strict=True))
        rows = Joined(columns, headings, range(batch.num_rows), ())
        found, refused = answering.answer(rows, Summary())
        why: list[str | None] = [None] * batch.num_rows
        for told in refused.to_pylist():
            line, column, problem = told["ligne"], told["colonne"], told["probleme"]
            said = f"{column} : {problem}" if column else problem
            why[line] = said if why[line] is None else f"{why[line]} {said}"
        good = np.array([one is None for one in why])
        place = pa.array(np.cumsum(good) - 1, mask=~good)
        schema = self.schema
        answers = [
            (columns[one.name] if one.name in self.kept else column.take(place)).cast(
                schema.field(one.name).type
            )
            for one, column in zip(found.schema, found.columns, strict=True)
        ]
        return pa.RecordBatch.from_arrays([*answers, pa.array(why, pa.string())], schema=schema)


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_list(kind):
        return pa.list_(_plain(kind.value_type))
    return kind
