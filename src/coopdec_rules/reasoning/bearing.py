"""What a fact may change: a conclusion, or what a rule adds to an avis (an effect, a ceiling)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coopdec_rules.reasoning.batch import Place, Read, flat, holding
from coopdec_rules.reasoning.program import Copy, Literal
from coopdec_rules.rulebook.formula import Formula
from coopdec_rules.rulebook.rulebook import LawState

#: An answer: a conclusion, at the place it is read.
Answer = tuple[str, Place]
#: No value: the rulebook has a gap there.
NOTHING = ""
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


def states(copy: Copy, subject: Subject) -> dict[str, Literal]:
    """The literal of each state of a subject: the values of a conclusion, those of an addition."""
    name, place = subject
    if isinstance(name, str):
        found = {
            value: copy.value(name, value, place) for value in copy.book.conclusions[name].values
        }
        if copy.book.conclusions[name].type == "choix":
            found[NOTHING] = copy.program.all_of([-literal for literal in found.values()])
        return found
    applies = copy.effective(name.rule, place)
    done_if = name.done_if(copy.law)
    if done_if is None:
        return {DUE: applies, NOTHING: -applies}
    done = copy.formula(done_if, place)
    return {
        DUE: copy.program.all_of([applies, -done]),
        DONE: copy.program.all_of([applies, done]),
        NOTHING: -applies,
    }


def masks(law: LawState, read: Mapping[Place, Read], subject: Subject, full: int) -> dict[str, int]:
    """The scenarios of a batch in which a subject has each of its states."""
    name, place = subject
    if isinstance(name, str):
        return read[place].conclusions[name].value
    applies = read[place].effective[name.rule]
    done_if = name.done_if(law)
    done = 0 if done_if is None else holding(flat(done_if), read[place].rails, full)
    return {DUE: applies & ~done, DONE: applies & done, NOTHING: full & ~applies}
