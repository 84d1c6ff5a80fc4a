"""What an avis says of a conclusion: the sentence and the tone that the rulebook gives its value.

Sentences are in ``rules/vocabulaire``.  Besides facts and conclusions they may hold the words of
``rulebook.display.WORDS``, which are worked out here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.advice import answers
from coopdec_rules.advice.model_parts import Condition, Question
from coopdec_rules.advice.wording import Wording
from coopdec_rules.engine.facts import Facts
from coopdec_rules.engine.findings import Reading
from coopdec_rules.rulebook.display import Said, Tone
from coopdec_rules.rulebook.model import Conclusion
from coopdec_rules.rulebook.words import date

_NAME = re.compile(r"\{([^{}]*)\}")
#: Values of the words that sentences may hold besides facts and conclusions.
Words = Mapping[str, str]
#: States of a condition that somebody still has to see to.
_OPEN = ("a_remplir", "inconnue")


@dataclass(frozen=True, slots=True)
class Sentence:
    """The state of a conclusion in words: its name, its sentence, its tone."""

    label: str
    sentence: str
    tone: Tone


def said_of(
    conclusion: Conclusion,
    value: str | None,
    wording: Wording,
    readings: Sequence[Reading],
    words: Words,
) -> Sentence:
    """What is said of a conclusion that has this value (``None``: nothing settles it)."""
    display = conclusion.display
    if display is None:
        raise ValueError(f"« {conclusion.id} » is not shown")
    said: Said = display.unknown if value is None else display.said[value]
    label = display.unknown_label if value is None else conclusion.values[value]
    known = {**words, "valeur": label}
    # In one pass: what somebody typed is never read as a sentence to fill.
    text = _NAME.sub(
        lambda m: known[m[1]] if m[1] in known else wording.value_of(m[1], readings),
        said.sentence,
    )
    return Sentence(label, text[:1].upper() + text[1:], said.tone)


def words_of(facts: Facts) -> dict[str, str]:
    """The words that depend on the scenario alone: who acts, and the day."""
    day = facts.get("date")
    return {
        "acteur": str(facts.get(answers.ACTOR_NAME) or "l'acteur"),
        "jour": date(day) if isinstance(day, dt.date) else "",
    }


def open_questions_of(name: str, questions: Iterable[Question]) -> str:
    """How many questions a conclusion waits for, as the end of a sentence."""
    count = sum(1 for question in questions if name in question["pour"])
    if not count:
        return "voir les avertissements et les motifs"
    return "une question reste ouverte" if count == 1 else f"{count} questions restent ouvertes"


def open_conditions(conditions: Iterable[Condition]) -> str:
    """How many conditions are still to be met, as the end of a sentence beginning with « si »."""
    count = sum(1 for condition in conditions if condition["etat"] in _OPEN)
    return f"{count} conditions sont remplies" if count > 1 else "une condition est remplie"
