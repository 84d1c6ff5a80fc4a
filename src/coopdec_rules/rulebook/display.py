"""How an avis shows a conclusion, as ``rules/vocabulaire/conclusions.yaml`` declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

#: What a value means for whoever asks: the colour it is shown in, and the headings around it.
Tone = Literal["favorable", "reserve", "defavorable", "inconnu", "neutre"]
TONES: tuple[Tone, ...] = get_args(Tone)
#: Where an avis shows a conclusion: above the answers, among them, as a note under one of them, in
#: the table of its repeated group, further on, or among the elements to establish.
Place = Literal["entete", "tete", "note", "tableau", "suite", "element"]
PLACES: tuple[Place, ...] = get_args(Place)
#: Places where a value is said in a sentence.
SPOKEN: tuple[Place, ...] = ("tete", "note", "suite", "element")
#: Places where its tone is shown.
TONED: tuple[Place, ...] = (*SPOKEN, "tableau")
#: Words that a sentence may hold besides facts and conclusions: the name of the value, who acts,
#: the day the law is read at, what is still to be done, what is still to be answered.
WORDS = ("valeur", "acteur", "jour", "conditions", "questions")


@dataclass(frozen=True, slots=True)
class Said:
    """What an avis says of one value.

    ``sentence`` may hold ``{name}`` (a fact, a conclusion, one of ``WORDS``); ``tasks`` and
    ``ways`` replace, under this value, the headings of what is to be done and of the ways out.
    """

    sentence: str
    tone: Tone
    tasks: str = ""
    ways: str = ""


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
