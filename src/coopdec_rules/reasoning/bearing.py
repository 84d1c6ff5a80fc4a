"""What a fact may change: a conclusion, or what a rule adds to an avis (an effect, a ceiling)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from coopdec_rules.reasoning.answers import NOTHING
from coopdec_rules.reasoning.places import Place
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.rulebook.formula import Formula
from coopdec_rules.rulebook.rulebook import LawState

T = TypeVar("T")
#: States of an addition that applies: still to be done, shown as done.
DUE, DONE = "a_remplir", "remplie"


@dataclass(frozen=True, slots=True)
class Addition:
    """One effect of a rule, or its ceiling (``effect`` is ``None``).

    ``rule`` is its place in the law state, ``effect`` its place among the effects of the rule.
    """

    rule: int
    effect: int | None

    def done_if(self, law: LawState) -> Formula | None:
        """What shows that the effect is done; ``None`` when nothing does."""
        return None if self.effect is None else law.rules[self.rule].effects[self.effect].done_if


#: Something that an avis tells, at the place it is read.
Subject = tuple[str | Addition, Place]


def states(reading: Reading[T], subject: Subject) -> dict[str, T]:
    """Where a subject has each of its states: the values of a conclusion, those of an addition."""
    name, place = subject
    algebra = reading.algebra
    if isinstance(name, str):
        conclusion = reading.book.conclusions[name]
        found = {value: reading.value(name, value, place) for value in conclusion.values}
        if conclusion.type == "choix":
            found[NOTHING] = algebra.all_of([algebra.no(given) for given in found.values()])
        return found
    applies, _ = reading.rule(name.rule, place)
    done_if = name.done_if(reading.law)
    if done_if is None:
        return {DUE: applies, NOTHING: algebra.no(applies)}
    done, _ = reading.formula(done_if, place)
    return {
        DUE: algebra.all_of([applies, algebra.no(done)]),
        DONE: algebra.all_of([applies, done]),
        NOTHING: algebra.no(applies),
    }
