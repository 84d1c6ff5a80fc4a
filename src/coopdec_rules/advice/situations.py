"""Checks that what each situation states can exist: the rulebook's impossible combinations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from coopdec_rules.advice.scenario import ScenarioReader
from coopdec_rules.advice.space import Space
from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.evaluation import Evaluation
from coopdec_rules.errors import Diagnostic, RulebookError
from coopdec_rules.rulebook.model import Period
from coopdec_rules.rulebook.rulebook import Rulebook


def check_situations(book: Rulebook) -> None:
    """Raise ``RulebookError`` with each situation whose facts the rulebook declares impossible."""
    if not book.situations:
        return
    engine = Engine(book)
    try:
        found = list(situation_faults(engine))
    finally:
        engine.close()
    if found:
        raise RulebookError(found)


def situation_faults(engine: Engine) -> Iterator[Diagnostic]:
    """A fault for each situation whose facts the rulebook declares impossible on some day."""
    book = engine.rulebook
    reader, space = ScenarioReader(book), Space(book)
    # Comparisons of facts are the same in every state of the law.
    evaluation = Evaluation(engine.law(dt.date.max))
    for situation in book.situations.values():
        document = situation.scenario(book.facts)
        told: set[str] = set()
        for day in _days(book, situation.period):
            scenario, _ = reader.readable({**document, "date": day}, day)
            for problem in space.problems(scenario, evaluation.prepare(scenario.base)):
                if problem.message not in told:
                    told.add(problem.message)
                    yield Diagnostic(
                        situation.file,
                        situation.line,
                        f"Situation « {situation.id} », au {day.isoformat()} : {problem.message}",
                    )


def _days(book: Rulebook, within: Period) -> list[dt.date]:
    """A day of each state of what cannot be, among those of a period."""
    days = {within.start or book.boundaries[0], within.end or book.boundaries[-1]}
    for declared in book.impossible:
        days.update(day for day in (declared.period.start, declared.period.end) if day)
    return sorted(day for day in days if within.contains(day))
