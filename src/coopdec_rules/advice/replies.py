"""What an avis shows of the conclusions, in the order and the words that the rulebook gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from coopdec_rules.advice import answers
from coopdec_rules.advice.model_parts import Condition, Plafond, Question
from coopdec_rules.advice.models import Avis, Reponse, Resume
from coopdec_rules.advice.readings import readings_of
from coopdec_rules.advice.said import (
    Words,
    amounts,
    open_conditions,
    open_questions_of,
    said_of,
)
from coopdec_rules.advice.states import States
from coopdec_rules.advice.wording import Wording
from coopdec_rules.rulebook.display import Display
from coopdec_rules.rulebook.model import RAISED, Conclusion
from coopdec_rules.rulebook.rulebook import Rulebook

#: Tone of an answer that refuses the action.
REFUSED: Final = "defavorable"


def replies(
    wording: Wording,
    states: States,
    words: Words,
    conditions: Sequence[Condition],
    questions: Sequence[Question],
    ceilings: Sequence[Plafond],
) -> list[Reponse]:
    """Every conclusion that is shown, but the elements, at each place where it is said.

    A flag that no rule raises says nothing, and is left out.
    """
    book = wording.rulebook
    words = {**words, "conditions": open_conditions(book.wordbook, conditions)}
    return [
        reply
        for conclusion, display in book.displayed
        for reply in _replies(conclusion, display, wording, states, words, questions, ceilings)
    ]


def _replies(
    conclusion: Conclusion,
    display: Display,
    wording: Wording,
    states: States,
    words: Words,
    questions: Sequence[Question],
    ceilings: Sequence[Plafond],
) -> Iterator[Reponse]:
    wordbook = wording.rulebook.wordbook
    asked = {**words, "questions": open_questions_of(wordbook, conclusion.id, questions)}
    for reading, group, item in readings_of(states.findings):
        if group != conclusion.scope:
            continue
        value, possible = states.state(conclusion.id, group, item)
        if conclusion.type == "drapeau" and value != RAISED:
            continue
        readings = (reading,) if group is None else (reading, states.findings.scenario)
        known = {**asked, **amounts(ceilings, item)}
        said = said_of(conclusion, value, wording, readings, known)
        yield {
            "code": conclusion.id,
            "place": display.place,
            "titre": heading_of(wording.rulebook, display) or conclusion.label,
            "groupe": group,
            "rang": item,
            "valeur": value,
            "valeur_libelle": said.label,
            "possibles": [] if value is not None else list(possible),
            "phrase": said.sentence,
            "ton": said.tone,
        }


def heading_of(book: Rulebook, display: Display) -> str:
    """The heading of a shown conclusion: its own, or the one it shares."""
    other = book.conclusions[display.under].display if display.under else None
    return display.heading or (other.heading if other else "")


@dataclass(frozen=True, slots=True)
class Card:
    """Conclusions shown at the head of an avis under one heading, and what is said of them."""

    heading: str
    sentence: str
    replies: tuple[Reponse, ...]


def head(book: Rulebook, shown: Iterable[Reponse]) -> dict[str, Card]:
    """The cards at the head of an avis, by the conclusion whose heading each bears."""
    found = [reply for reply in shown if reply["place"] == "tete"]
    refused = any(r["code"] == answers.POWER and r["ton"] == REFUSED for r in found)
    cards: dict[str, list[Reponse]] = {}
    for reply in found:
        display = book.conclusions[reply["code"]].display
        if display is not None and not (refused and display.supposes_action):
            cards.setdefault(display.under or reply["code"], []).append(reply)
    return {
        name: Card(
            replies[0]["titre"],
            " ".join(reply["phrase"] for reply in _known_first(replies) if reply["phrase"]),
            tuple(replies),
        )
        for name, replies in cards.items()
    }


def _known_first(replies: Iterable[Reponse]) -> list[Reponse]:
    return sorted(replies, key=lambda reply: reply["valeur"] is None)


def answer_codes(avis: Avis) -> tuple[str, ...]:
    """The codes of the answers of an avis, in the order of ``answers.ANSWERS``."""
    owner, tier = avis["maitrise_ouvrage"], avis["palier"]
    return avis["habilitation"], owner["titulaire"], tier["actuel"], tier["apres_action"]


def resume(book: Rulebook, shown: Iterable[Reponse]) -> Resume:
    """The three answers, each in the sentences of the conclusions under its heading."""
    cards = head(book, shown)
    return {
        "habilitation": cards[answers.POWER].sentence,
        "maitrise_ouvrage": cards[answers.OWNER].sentence,
        "palier": cards[answers.TIER_NOW].sentence,
    }
