"""What an avis says of a conclusion: the sentence and the tone that the rulebook gives its value.

Sentences are in ``rules/vocabulaire``.  Besides facts and conclusions they may hold the words of
``rulebook.display.WORDS``, which are worked out here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.advice.model_parts import Condition, Plafond, Question
from coopdec_rules.advice.wording import Wording, actor_name, actor_words
from coopdec_rules.engine.facts import Facts
from coopdec_rules.engine.findings import Reading
from coopdec_rules.rulebook.display import Said, Tone
from coopdec_rules.rulebook.model import Conclusion
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.wordbook import Wordbook
from coopdec_rules.rulebook.words import capital, date, euros

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
    """What is said of a conclusion that has this value (``None``: nothing settles it).

    A value that is said in a word ("Oui") begins with it: "Oui : la commune…".
    """
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
    if said.word:
        text = f"{said.word} : {text}"
    return Sentence(label, capital(text), said.tone)


def words_of(book: Rulebook, facts: Facts) -> dict[str, str]:
    """The words that depend on the scenario alone: who acts, and the day."""
    day = facts.get("date")
    return {
        **actor_words(book, actor_name(book, facts)),
        "jour": date(day) if isinstance(day, dt.date) else "",
    }


def amounts(ceilings: Iterable[Plafond], item: int | None) -> dict[str, str]:
    """The amounts of the ceiling most exceeded among those of one item; none when none is."""
    over = [c for c in ceilings if c["element"] == item and c["depassement"]]
    worst = max(over, key=lambda ceiling: ceiling["depassement"] or 0, default=None)
    if worst is None:
        return {}
    named = {name: worst[name] for name in ("plafond", "montant", "depassement")}
    return {name: euros(value) for name, value in named.items() if value is not None}


def open_questions_of(wordbook: Wordbook, name: str, questions: Iterable[Question]) -> str:
    """How many questions a conclusion waits for, as the end of a sentence.

    Those that may turn out to have no object are not counted: others are asked first.
    """
    waited = [question for question in questions if name in question["pour"]]
    count = sum(not question["pertinent_si"] for question in waited) or len(waited)
    if not count:
        return wordbook.say("questions_aucune")
    return wordbook.say("questions_une") if count == 1 else wordbook.say("questions", nombre=count)


def open_tasks(conditions: Iterable[Condition]) -> int:
    """How many conditions are still to be met."""
    return sum(1 for condition in conditions if condition["etat"] in _OPEN)


def open_conditions(wordbook: Wordbook, conditions: Iterable[Condition]) -> str:
    """How many conditions are still to be met, as the end of a sentence beginning with « si »."""
    count = open_tasks(conditions)
    return wordbook.say("conditions", nombre=count) if count > 1 else wordbook.say("conditions_une")
