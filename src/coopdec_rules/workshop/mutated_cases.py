"""Which worked cases a mistake in a rule would make fail.

The law is read again, with the mistake, on the facts of each case, and compared with what the case
expects: answers, rules that apply, ceilings.  What only a whole avis shows (questions, divergences)
is left out, so that a mistake may be seen by more cases than told here, never by fewer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coopdec_rules.advice.scenario import ScenarioReader
from coopdec_rules.reasoning.batch import BatchLaw, Place, Rails, Read, failing, flat, holding
from coopdec_rules.reasoning.facts import Choice, FactReader
from coopdec_rules.reasoning.moments import moment_of, moments
from coopdec_rules.reasoning.proofs.mutations import Mutant
from coopdec_rules.reasoning.situation import situation_of
from coopdec_rules.reasoning.variables import Variables
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.workshop.cases import Case

_ANSWERS = ("habilitation", "maitrise_ouvrage", "fondement", "regime")
_PARTS = ("habilitation", "maitre_ouvrage", "detenteur")


@dataclass(frozen=True)
class _Played:
    """A case read on the law as it is."""

    case: Case
    law: BatchLaw
    rails: Mapping[Place, Rails]
    read: Mapping[Place, Read]
    rules: Mapping[str, int]


class CaseMutations:
    """The worked cases, ready to be read again with a mistake."""

    def __init__(self, book: Rulebook, cases: Iterable[Case], today: dt.date) -> None:
        reader = ScenarioReader(book)
        found = moments(book)
        laws: dict[dt.date, tuple[Variables, FactReader, BatchLaw]] = {}
        self._played: list[_Played] = []
        for case in cases:
            scenario = reader.read(case.scenario, today)
            moment = moment_of(found, scenario.day)
            if moment.day not in laws:
                variables = Variables(book, moment.day)
                laws[moment.day] = variables, FactReader(variables), BatchLaw(moment.state)
            variables, facts, law = laws[moment.day]
            situation = situation_of(variables, scenario.day, scenario.base)
            columns: dict[Place, dict[int, list[Choice]]] = {p: {} for p in situation.known}
            for (place, index), fits in situation.open.items():
                columns[place][index] = [Choice(tuple(fits.values()), 1)]
            rails = facts.read(columns, 1)
            rules = {rule.key: number for number, rule in enumerate(law.rules)}
            self._played.append(_Played(case, law, rails, law.read(rails, 1), rules))

    def failing(self, mutant: Mutant) -> str | None:
        """A case that fails with the mistake; ``None`` when none does."""
        formula = flat(mutant.formula)
        for played in self._played:
            index = played.rules.get(mutant.rule.key)
            if index is None:
                continue
            if all(
                holding(formula, here.rails, 1) == here.holds[index]
                and failing(formula, here.rails, 1) == here.fails[index]
                for here in played.read.values()
                if index in here.holds
            ):
                continue
            kept = played.law.formulas[index]
            played.law.formulas[index] = formula
            after = played.law.read(played.rails, 1)
            played.law.formulas[index] = kept
            if any(_failures(played, after)):
                return played.case.id
        return None


def _failures(played: _Played, after: Mapping[Place, Read]) -> Iterator[bool]:
    """One truth for each expectation: whether it no longer holds."""
    expected = played.case.expected
    for name in _ANSWERS:
        if name in expected:
            yield _changed(played.read[None], after[None], name, expected[name])
    for name, value in (expected.get("palier") or {}).items():
        if f"palier.{name}" in after[None].conclusions:
            yield _changed(played.read[None], after[None], f"palier.{name}", value)
    for number, part in enumerate(expected.get("volets") or ()):
        place = ("volet", number)
        for name in _PARTS:
            if name in part and place in after:
                yield _changed(played.read[place], after[place], f"volet.{name}", part[name])
    yield from _rules(played, after, expected)


def _rules(
    played: _Played, after: Mapping[Place, Read], expected: Mapping[str, Any]
) -> Iterator[bool]:
    for rule in expected.get("regles") or ():
        yield _applies(played, played.read, rule) and not _applies(played, after, rule)
    for rule in expected.get("regles_absentes") or ():
        yield _applies(played, after, rule) and not _applies(played, played.read, rule)
    for rule in expected.get("regles_ecartees") or ():
        yield _set_aside(played, played.read, rule) and not _set_aside(played, after, rule)
    if expected.get("plafonds"):
        for index, rule in enumerate(played.law.rules):
            if rule.ceiling is not None:
                yield any(
                    here.effective.get(index) and not after[place].effective.get(index)
                    for place, here in played.read.items()
                )


def _changed(before: Read, after: Read, name: str, wanted: str) -> bool:
    first, second = before.conclusions[name], after.conclusions[name]
    if not first.value.get(wanted):
        return False
    return bool(
        second.gap
        or second.conflict
        or any(mask for value, mask in second.value.items() if value != wanted)
    )


def _numbers(played: _Played, ident: str) -> Sequence[int]:
    return [number for number, rule in enumerate(played.law.rules) if rule.id == ident]


def _applies(played: _Played, read: Mapping[Place, Read], ident: str) -> bool:
    return any(
        here.effective.get(number) for number in _numbers(played, ident) for here in read.values()
    )


def _set_aside(played: _Played, read: Mapping[Place, Read], ident: str) -> bool:
    return any(
        here.holds.get(number) and here.barred.get(number)
        for number in _numbers(played, ident)
        for here in read.values()
    )
