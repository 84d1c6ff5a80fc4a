"""The first screen of an avis: the answer, what may weaken it, what to do next, the checklist."""

from __future__ import annotations

from dataclasses import dataclass

from coopdec_rules.advice import answers
from coopdec_rules.advice.model_parts import Condition, Levier
from coopdec_rules.advice.models import Avis
from coopdec_rules.advice.replies import REFUSED
from coopdec_rules.advice.said import open_tasks as number_open
from coopdec_rules.rulebook.display import Tone
from coopdec_rules.rulebook.model import AT_ONCE
from coopdec_rules.web.avis.view import AvisWords, capital

#: Things to do next that the first screen tells.
NEXT = 3
#: States of what is still to be seen to.
OPEN = ("a_remplir", "inconnue")
#: Reasons of a refusal that it tells.
_REASONS = 2
#: Signs of tones: colour alone says nothing to everybody.
SIGNS: dict[Tone, str] = {
    "defavorable": "✗", "reserve": "☐", "inconnu": "?", "favorable": "✓", "neutre": "–"
}  # fmt: skip
#: Order of the checklist: what stands in the way, what is to be done, what is settled.
_ORDER: tuple[Tone, ...] = ("defavorable", "reserve", "inconnu", "favorable", "neutre")


@dataclass(frozen=True, slots=True)
class Next:
    """Something to do, by whom and when; either may be empty."""

    text: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The elements that are in one state: its name, its sign, and each title with its anchor."""

    state: str
    tone: Tone
    sign: str
    titles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class First:
    """What the first screen tells, ready to be written.

    ``why`` are the reasons of what stands in the way.
    ``kind`` says what ``steps`` are, the first of ``count``: tasks, questions to answer, or ways
    out of a refusal.  ``moments`` counts the conditions of each moment, ``conditions`` all of
    them: the answer depends on these.
    """

    word: str
    sentence: str
    tone: Tone
    why: tuple[str, ...]
    owner: str
    alerts: tuple[str, ...]
    reserves: tuple[str, ...]
    doubts: tuple[str, ...]
    doubted: str
    kind: str
    steps: tuple[Next, ...]
    count: int
    moments: tuple[tuple[str, int], ...]
    conditions: int
    checklist: tuple[Checked, ...]


def first_screen(words: AvisWords, avis: Avis, actor: str) -> First:
    """The first screen of an avis; ``actor``: who acts, as a sentence names it."""
    kind, steps, count = _next(words, avis, actor)
    todo = [entry for entry in avis["conditions"] if entry["etat"] in OPEN]
    doubts = doubts_of(words, avis)
    return First(
        word=words.word(avis),
        sentence=words.after_word(avis),
        tone=words.tone(answers.POWER, avis["habilitation"]),
        why=tuple(_obstacles(avis))[:_REASONS],
        owner=avis["resume"]["maitrise_ouvrage"],
        alerts=tuple(reply["phrase"] for reply in words.shown(avis, "alerte")),
        reserves=reserves_of(words, avis),
        doubts=doubts,
        doubted=_doubted(words, len(doubts)),
        kind=kind,
        steps=tuple(steps[:NEXT]),
        count=count,
        moments=tuple(
            (capital(words.name("quand", moment)), len(listed))
            for moment, listed in words.by_moment(todo if kind == "taches" else ())
            if moment
        ),
        conditions=number_open(avis["conditions"]),
        checklist=checklist(avis),
    )


def _obstacles(avis: Avis) -> dict[str, None]:
    """The reasons of each element that stands in the way, each once."""
    return dict.fromkeys(
        reason["texte"]
        for element in avis["elements"]
        if element["ton"] == REFUSED
        for reason in element["motifs"]
    )


def reserves_of(words: AvisWords, avis: Avis) -> tuple[str, ...]:
    """What bears on the answer itself: never apart from it."""
    told = [warning["texte"] for warning in words.warnings(avis, "reponse")]
    return tuple(filter(None, (*told, words.reviewed(avis))))


def doubts_of(words: AvisWords, avis: Avis) -> tuple[str, ...]:
    """The doubts of the rulebook on this avis, each in a sentence, once."""
    warned = [warning["texte"] for warning in words.warnings(avis, "doute")]
    read = [words.doubt(motif) for motif in words.doubts(avis)]
    return tuple(dict.fromkeys(capital(text) for text in (*warned, *read)))


def _doubted(words: AvisWords, count: int) -> str:
    say = words.book.wordbook.say
    return say("doutes_un") if count == 1 else say("doutes", nombre=count) if count else ""


def checklist(avis: Avis) -> tuple[Checked, ...]:
    """The elements by state, what stands in the way first."""
    found: dict[tuple[Tone, str], list[tuple[str, str]]] = {}
    for number, element in enumerate(avis["elements"]):
        state = (element["ton"], element["valeur_libelle"])
        found.setdefault(state, []).append((element["titre"], f"point-{number}"))
    return tuple(
        Checked(capital(state), tone, SIGNS[tone], tuple(titles))
        for wanted in _ORDER
        for (tone, state), titles in found.items()
        if tone == wanted
    )


def _next(words: AvisWords, avis: Avis, actor: str) -> tuple[str, list[Next], int]:
    if words.refused(avis):
        levers = [_lever(words, lever, actor) for lever in avis["leviers"]]
        same = [
            told
            for told, lever in zip(levers, avis["leviers"], strict=True)
            if not lever["autre_action"]
        ]
        ways = [Next(entry["texte"], "", "") for entry in avis["pistes"]]
        # Another action comes last, under its own name; an illegal act already taken, first.
        found = [*same, *ways, *(told for told in levers if told not in same)]
        return "pistes", [*_at_once(words, avis, actor), *found], len(found)
    if words.undecided(avis) and avis["questions"]:
        listed = words.questions(avis)
        asked = [
            Next(words.asked(question), "", "")
            for question in listed.now or listed.then
            if answers.POWER in question["pour"]
        ]
        if asked:
            return "questions", [*_at_once(words, avis, actor), *asked], len(asked)
    todo = open_tasks(words, avis)
    return "taches", [_task(words, entry, actor) for entry in todo], len(todo)


def _at_once(words: AvisWords, avis: Avis, actor: str) -> list[Next]:
    """What cannot wait: an act already taken is illegal."""
    todo = open_tasks(words, avis)
    return [_task(words, entry, actor) for entry in todo if entry["quand"] == AT_ONCE]


def open_tasks(words: AvisWords, avis: Avis) -> list[Condition]:
    """Conditions and formalities still to be seen to, in the order in which they are done."""
    entries = [*avis["conditions"], *avis["formalites"]]
    todo = [entry for entry in entries if entry["etat"] in OPEN]
    return [entry for _, listed in words.by_moment(todo) for entry in listed]


def _task(words: AvisWords, entry: Condition, actor: str) -> Next:
    when = capital(words.name("quand", entry["quand"])) if entry["quand"] else ""
    return Next(entry["texte"], words.who(entry["qui"], actor) if entry["qui"] else "", when)


def _lever(words: AvisWords, lever: Levier, actor: str) -> Next:
    steps = words.lever_steps(lever, actor)
    told = " ".join(f"{step}." for step, _ in steps)
    lead = f"{words.other_action} : " if lever["autre_action"] else ""
    people = dict.fromkeys(who for _, who in steps if who)
    return Next(lead + (told[:1].lower() + told[1:] if lead else told), ", ".join(people), "")
