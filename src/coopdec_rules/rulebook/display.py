"""How an avis shows a conclusion, as ``rules/vocabulaire/conclusions.yaml`` declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

#: What a value means for whoever asks: the colour it is shown in, and the headings around it.
Tone = Literal["favorable", "reserve", "defavorable", "inconnu", "neutre"]
TONES: tuple[Tone, ...] = get_args(Tone)
#: Where an avis shows a conclusion: above the answers, among them, as an alert beside them, as a
#: note under one of them, in the table of its repeated group, further on, or among the elements to
#: establish.
Place = Literal["entete", "tete", "alerte", "note", "tableau", "suite", "element"]
PLACES: tuple[Place, ...] = get_args(Place)
#: Places where a value is said in a sentence.
SPOKEN: tuple[Place, ...] = ("tete", "alerte", "note", "suite", "element")
#: Places where its tone is shown.
TONED: tuple[Place, ...] = (*SPOKEN, "tableau")
#: Who acts, alone and after "à" and "de": any text of the rulebook may name it so.
ACTOR_WORDS = ("acteur", "a_acteur", "de_acteur")
#: Words that a sentence may hold besides facts and conclusions: who acts, the name of the value,
#: the day the law is read at, what is still to be done, what is still to be answered; of a budget,
#: its ceiling, what is planned and what is too much.
WORDS = (
    *ACTOR_WORDS,
    "valeur",
    "jour",
    "conditions",
    "questions",
    "plafond",
    "montant",
    "depassement",
)


@dataclass(frozen=True, slots=True)
class Said:
    """What an avis says of one value.

    ``sentence`` may hold ``{name}`` (a fact, a conclusion, one of ``WORDS``); ``tasks`` and
    ``ways`` replace, under this value, the headings of what is to be done and of the ways out;
    ``word`` says the value in a word or two, in large.
    """

    sentence: str
    tone: Tone
    tasks: str = ""
    ways: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Display:
    """A conclusion as an avis shows it.

    ``rank`` orders those of one place; ``unknown`` is said while no value is settled, under the
    name ``unknown_label``; ``under`` names the conclusion whose heading this one shares;
    ``supposes_action``: nothing is said when the action is refused; ``later``: what it waits for is
    asked once the rest is answered.
    """

    place: Place
    heading: str
    rank: int
    question: str
    said: Mapping[str, Said]
    unknown: Said
    unknown_label: str
    under: str = ""
    supposes_action: bool = False
    later: bool = False
