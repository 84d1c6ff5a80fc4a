"""Which worked cases a mistake in a rule would make fail.

The law is read again, with the mistake, on the facts of each case, and compared with what the case
expects: answers, rules that apply, ceilings.  What only a whole avis shows (questions, divergences)
is left out, so that a mistake may be seen by more cases than told here, never by fewer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coopdec_rules.advice.scenario import ScenarioReader
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.reasoning import scenario
from coopdec_rules.reasoning.places import Place
from coopdec_rules.reasoning.proofs.mutations import Mutant
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.rulebook.flat import flat
from coopdec_rules.rulebook.rulebook import LawState, Rulebook
from coopdec_rules.workshop.cases import Case
from coopdec_rules.workshop.expected import Expected, conclusions


@dataclass(frozen=True)
class _Played:
    """A case read on the law as it is."""

    case: Case
    law: LawState
    base: FactBase
    read: Reading[bool]


class CaseMutations:
    """The worked cases, ready to be read again with a mistake."""

    def __init__(self, book: Rulebook, cases: Iterable[Case], today: dt.date) -> None:
        reader = ScenarioReader(book)
        self._played: list[_Played] = []
        for case in cases:
            read = reader.read(case.scenario, today)
            law = book.at(read.day)
            self._played.append(_Played(case, law, read.base, scenario.read(law, read.base)))

    def failing(self, mutant: Mutant) -> str | None:
        """A case that fails with the mistake; ``None`` when none does."""
        formula = flat(mutant.formula)
        for played in self._played:
            index = played.law.index.by_key.get(mutant.rule.key)
            if index is None:
                continue
            read = played.read
            if all(
                read.formula(formula, place) == read.conditions(index, place)
                for place in read.shape.places(mutant.rule.scope)
            ):
                continue
            mistaken = {index: [(True, formula)]}
            if any(_failures(played, scenario.read(played.law, played.base, mistaken))):
                return played.case.id
        return None


def _failures(played: _Played, after: Reading[bool]) -> Iterator[bool]:
    """One truth for each expectation: whether it no longer holds."""
    expected = played.case.expected
    for name, place, value in conclusions(expected):
        if value is None or name not in after.book.conclusions:
            continue
        if place is None or place in after.shape.every():
            yield _changed(played.read, after, (name, place), value)
    yield from _rules(played, after, expected)


def _rules(played: _Played, after: Reading[bool], expected: Expected) -> Iterator[bool]:
    before = played.read
    for name in expected.get("regles", ()):
        yield _applies(before, name) and not _applies(after, name)
    for name in expected.get("regles_absentes", ()):
        yield _applies(after, name) and not _applies(before, name)
    for name in expected.get("regles_ecartees", ()):
        yield _set_aside(before, name) and not _set_aside(after, name)
    if expected.get("plafonds"):
        for index, rule in enumerate(played.law.rules):
            if rule.ceiling is not None:
                yield any(
                    before.rule(index, place)[0] and not after.rule(index, place)[0]
                    for place in before.shape.places(rule.scope)
                )


def _changed(
    before: Reading[bool], after: Reading[bool], answer: tuple[str, Place], wanted: str
) -> bool:
    first, second = before.state(*answer), after.state(*answer)
    if not first.value.get(wanted):
        return False
    return bool(
        second.gap
        or second.conflict
        or any(holds for value, holds in second.value.items() if value != wanted)
    )


def _read(reading: Reading[bool], ident: str) -> Iterator[tuple[int, Place]]:
    """Versions of a rule in force, wherever they are read."""
    for number in reading.law.index.by_id.get(ident, ()):
        for place in reading.shape.places(reading.law.rules[number].scope):
            yield number, place


def _applies(reading: Reading[bool], ident: str) -> bool:
    return any(reading.rule(number, place)[0] for number, place in _read(reading, ident))


def _set_aside(reading: Reading[bool], ident: str) -> bool:
    return any(
        reading.conditions(number, place)[0] and reading.rule(number, place)[1]
        for number, place in _read(reading, ident)
    )
