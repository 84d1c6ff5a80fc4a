"""Every commune and community, asked the typical actions of the rulebook: a table, its tally."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from coopdec_rules.advice import answers
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.batch.columns import ID, Vocabulary
from coopdec_rules.batch.files import BATCH, flat
from coopdec_rules.batch.running import BatchAdvisor, Request
from coopdec_rules.panorama.nation import Tally
from coopdec_rules.reasoning.moments import DATE
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.typical import TypicalAction
from coopdec_rules.territories.model import COMMUNE, Territory

#: Columns of the table that tell its rows apart; they are passed on to the answers.
DEPARTMENT, KIND, ACTION = "departement", "espece", "action"
KEPT = ("territoire", DEPARTMENT, KIND, ACTION)
#: Kinds of territories that are counted apart.
COMMUNITY = "communaute"
KINDS = (COMMUNE, COMMUNITY)
_HOLDER = f"{answers.PART}.1.detenteur"


def write_nation(path: Path, book: Rulebook, territories: Iterable[Territory], day: dt.date) -> int:
    """Write the table of these territories × the typical actions, for a day; how many rows.

    What is written of a territory is what the directory knows of it; the rest stays unknown.
    """
    vocabulary = Vocabulary(book)
    found = list(territories)
    rows = [flat(territory.as_scenario(), vocabulary.groups()) for territory in found]
    told: dict[str, list[object]] = {
        **{name: [row.get(name) for row in rows] for name in dict.fromkeys(_names(rows))},
        "territoire": [territory.name for territory in found],
        DEPARTMENT: [territory.department.code for territory in found],
        KIND: [COMMUNE if territory.nature == COMMUNE else COMMUNITY for territory in found],
    }
    who = {name: _texts(values) for name, values in told.items()}
    stated = dict.fromkeys(
        name for action in book.typical.actions for name in _stated(book, vocabulary, action)
    )
    names = [ID, *KEPT, DATE, *(n for n in who if n not in KEPT), *stated]
    schema = pa.schema([(name, pa.string()) for name in names])
    with pq.ParquetWriter(path, schema) as out:
        for action in book.typical.actions:
            same = {
                **_stated(book, vocabulary, action),
                DATE: day.isoformat(),
                ACTION: action.id,
            }
            ids = pa.array([f"{territory.code}:{action.id}" for territory in found], pa.string())
            columns = [
                ids
                if name == ID
                else who[name]
                if name in who
                else pa.array([same.get(name)], pa.string()).take(_zeros(len(found)))
                for name in names
            ]
            out.write_table(pa.table(columns, schema=schema), row_group_size=BATCH)
    return len(found) * len(book.typical.actions)


def nation_request(source: Path, target: Path, day: dt.date) -> Request:
    """What is asked of such a table: the facts known, without every completion of them."""
    rejects = target.with_name(f"{target.stem}-rejets{target.suffix}")
    return Request(source, target, rejects, kept=KEPT, reasoning=False, day=day)


def count_nation(
    adviser: Advisor, territories: Iterable[Territory], day: dt.date, folder: Path
) -> list[Tally]:
    """Ask these territories and count their answers; ``folder``: for the tables."""
    request = nation_request(folder / "lignes.parquet", folder / "avis.parquet", day)
    write_nation(request.source, adviser.rulebook, territories, day)
    BatchAdvisor(adviser).run(request)
    return list(tallied(request.target))


def tallied(path: Path) -> Iterator[Tally]:
    """The answers of such a table, counted; ``path``: what ``coopdec lot`` made of it."""
    names = [ACTION, DEPARTMENT, KIND, answers.POWER, _HOLDER]
    counts: Counter[tuple[str, ...]] = Counter()
    for batch in pq.ParquetFile(path).iter_batches(columns=names):
        columns = [
            column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
            for column in batch.columns
        ]
        table = pa.table([column.fill_null("") for column in columns], names=names)
        for row in table.group_by(names).aggregate([([], "count_all")]).to_pylist():
            counts[tuple(row[name] for name in names)] += row["count_all"]
    for (action, department, kind, power, holder), count in sorted(counts.items()):
        yield Tally(action, department, kind, power, holder, count)


@dataclass(frozen=True, slots=True)
class Line:
    """What an action is answered in all, for one kind of territory; "": not settled."""

    action: TypicalAction
    kind: str
    powers: Mapping[str, int]
    holders: Mapping[str, int]


def summary(book: Rulebook, found: Sequence[Tally]) -> Iterator[Line]:
    """The tallies of all départements together, by action and kind."""
    for action in book.typical.actions:
        for kind in KINDS:
            powers: Counter[str] = Counter()
            holders: Counter[str] = Counter()
            for one in found:
                if (one.action, one.kind) == (action.id, kind):
                    powers[one.power] += one.count
                    holders[one.holder] += one.count
            yield Line(action, kind, dict(powers.most_common()), dict(holders.most_common()))


def _names(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield from row


def _stated(book: Rulebook, vocabulary: Vocabulary, action: TypicalAction) -> dict[str, str]:
    return {
        vocabulary.name(book.facts[name], 0): _text(value) for name, value in action.facts.items()
    }


def _texts(values: Sequence[object]) -> pa.Array:
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    return str(value)


def _zeros(size: int) -> pa.Array:
    return pa.array(np.zeros(size, np.int32))
