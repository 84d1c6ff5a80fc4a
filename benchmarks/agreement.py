"""What rows of a table are answered, against the avis of each of their scenarios."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.effects import in_play
from coopdec_rules.advice.states import States
from coopdec_rules.batch.answering import ANSWERS, PART_ANSWERS, Answered, BatchAnswers, texts
from coopdec_rules.batch.columns import Vocabulary
from coopdec_rules.batch.files import flat
from coopdec_rules.batch.parsing import TableReader
from coopdec_rules.batch.presuming import SheetPresumptions
from coopdec_rules.batch.reasoned import BatchReasoning
from coopdec_rules.errors import ScenarioError
from coopdec_rules.rulebook.formula import V, evaluator
from coopdec_rules.territories import load_directory

TODAY = dt.date(2026, 6, 1)


def flattened(vocabulary: Vocabulary, document: Mapping[str, Any]) -> dict[str, object]:
    """A scenario as a row of texts."""

    def text(value: object) -> object:
        if isinstance(value, bool):
            return "oui" if value else "non"
        return None if value is None else str(value)

    return {name: text(value) for name, value in flat(document, vocabulary.groups()).items()}


def answered(
    advisor: Advisor, documents: Sequence[Mapping[str, Any]], reasoning: bool = False
) -> Answered:
    """What the rows of a table made of these scenarios are answered."""
    book = advisor.rulebook
    vocabulary = Vocabulary(book)
    rows = [flattened(vocabulary, document) for document in documents]
    names = list(dict.fromkeys(name for row in rows for name in row))
    headings = vocabulary.headings(names)
    table = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    parsed = TableReader(book, vocabulary, TODAY).read(table, headings, len(rows))
    presumptions = SheetPresumptions(book, load_directory())
    exact = BatchReasoning(advisor.reasoner) if reasoning else None
    return BatchAnswers(book, advisor.reasoner.moments, presumptions, exact).answer(parsed)


def difference(
    advisor: Advisor,
    document: Mapping[str, Any],
    found: Answered,
    row: int,
    reasoning: bool = False,
) -> Iterator[str]:
    """Each thing that one row and the avis of its scenario do not say alike."""
    try:
        advice = advisor.advise(document, TODAY, reasoning=reasoning)
    except ScenarioError:
        if found.good[row]:
            yield "refusé pour l'avis seul"
        return
    if not found.good[row]:
        yield f"refusé dans la table : {[r for r in found.rejects if row in r.rows]}"
        return
    findings = advice.findings
    states = States(findings, advice.reasoning.outlooks)
    places: list[tuple[str, Any]] = [(name, None) for name in ANSWERS.values()]
    places += [(c.id, None) for c in advisor.rulebook.conclusions.values() if c.is_element]
    places += [
        (name, ("volet", item))
        for item in range(len(findings.items["volet"]))
        for name in PART_ANSWERS.values()
    ]
    for name, place in places:
        value, _ = states.state(name, *(place or ()))
        column = found.conclusions[name, place]
        told = texts(column[0][row : row + 1], column[1])[0]
        if told != (value or ""):
            yield f"{name} {place} : {told} / {value}"
    law = advisor.engine.law(advice.scenario.day)
    mine = {
        (one.rule.id, one.rule.effects.index(one.effect))
        for one in in_play(law, findings)
        if one.effect.kind == "condition"
        and not (
            one.certainty == V
            and one.effect.done_if is not None
            and evaluator(one.effect.done_if)(one.reading.atoms) == V
        )
    }
    theirs = {task for task, rows in found.tasks.items() if rows[row]}
    if mine != theirs:
        yield f"conditions : {mine ^ theirs}"
