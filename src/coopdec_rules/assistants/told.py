"""An avis, its questions and its ways out, told briefly to an assistant.

Every sentence about an answer is the avis's or the rulebook's; only headings and counts are added.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from coopdec_rules.advice.models import Avis, Element, Interrogation, Pistes
from coopdec_rules.advice.names import NAMES
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.words import date, euros

#: Entries told of a list that may be long; the others are counted.  What is to be done, what may
#: weaken the answer and the elements are always told in full.
_MOST = 8
_MET = "remplie"
#: What a warning bears on, the gravest first.
_REACH = ("reponse", "doute", "action", "detail")
_FIRST_LEVERS, _FIRST_QUESTIONS = 5, 3


def told_avis(book: Rulebook, avis: Avis) -> str:
    """The answers, the elements, what is to be done, what it rests on, what is not known."""
    lines = [
        *_head(book, avis["droit_au"]),
        f"Habilitation [{avis['habilitation']}] : {avis['resume']['habilitation']}",
        f"Maîtrise d'ouvrage [{avis['maitrise_ouvrage']['titulaire']}] : "
        f"{avis['resume']['maitrise_ouvrage']}",
        f"Palier [{avis['palier']['actuel']}] : {avis['resume']['palier']}",
        *(
            f"Volet {part['rang'] + 1}, {part['domaine_libelle'] or 'domaine non précisé'} : "
            f"{part['habilitation']} ; maître d'ouvrage : {part['maitre_ouvrage']}"
            for part in avis["volets"]
        ),
        *section("Élément par élément", map(_element, avis["elements"]), None),
        *section("À faire", map(_task, _open((*avis["conditions"], *avis["formalites"]))), None),
        *section("Plafonds", map(_ceiling, avis["plafonds"]), None),
        *section("À savoir", map(_effect, _gravest(avis["avertissements"])), None),
        *section("Motifs", _reasons(book, avis["elements"])),
        *section(
            "Présumé, faute d'être dit (à confirmer avec la personne)",
            (f"{p['libelle']} : {p['valeur_libelle']} ({p['pointeur']})" for p in avis["presumes"]),
        ),
        *section(
            "Questions ouvertes (outil questions_utiles)",
            (question["question"] for question in avis["questions"]),
            _FIRST_QUESTIONS,
        ),
        "",
        book.wordbook.say("fin"),
    ]
    return "\n".join(lines)


def told_questions(book: Rulebook, asked: Interrogation) -> str:
    """The questions that can change an answer, each with where and how it is answered."""
    lines = _head(book, asked["droit_au"])
    lines += [
        f"{name} : {state['valeur'] or 'pas encore établi'}"
        + (f" (possibles : {', '.join(state['possibles'])})" if not state["valeur"] else "")
        for name, state in asked["reponses"].items()
    ]
    if not asked["questions"]:
        return "\n".join([*lines, "", "Aucune question ne peut plus changer la réponse."])
    every = map(_question, asked["questions"])
    lines += section("Questions, la plus utile d'abord", every)
    return "\n".join(lines)


def told_ways(book: Rulebook, found: Pistes) -> str:
    """What would give a better answer, and on what ground."""
    lines = _head(book, found["droit_au"])
    lines.append(f"Habilitation [{found['habilitation']}]")
    levers = found["leviers"][:_FIRST_LEVERS]
    lines += section("Ce qui changerait la réponse", (_lever(book, lever) for lever in levers))
    lines += section("Pistes", map(_effect, found["pistes"]))
    if not levers and not found["pistes"]:
        lines.append("Le recueil ne donne pas de piste pour ce scénario.")
    return "\n".join([*lines, "", book.wordbook.say("fin")])


def _head(book: Rulebook, day: str) -> list[str]:
    read = date(dt.date.fromisoformat(day))
    return [f"Droit au {read}. Recueil {book.version}, empreinte {book.fingerprint[:12]}.", ""]


def section(title: str, entries: Iterable[str], most: int | None = _MOST) -> list[str]:
    """A titled list; what is beyond ``most`` entries (``None``: nothing) is counted."""
    every = list(entries)
    if not every:
        return []
    lines = ["", f"{title} :", *(f"- {entry}" for entry in every[:most])]
    if most is not None and len(every) > most:
        lines.append(f"- (et {len(every) - most} de plus)")
    return lines


def _element(element: Element) -> str:
    where = "" if element["rang"] is None else f" ({element['groupe']} {element['rang'] + 1})"
    return f"{element['titre']}{where} [{element['valeur_libelle']}] : {element['phrase']}"


def _open(tasks: Sequence[Any]) -> Iterator[Any]:
    return (task for task in tasks if task["etat"] != _MET)


def _task(task: Mapping[str, Any]) -> str:
    said = [NAMES["etat"][task["etat"]]]
    said += [NAMES["qui"][task["qui"]]] if task["qui"] else []
    said += [NAMES["quand"][task["quand"]]] if task["quand"] else []
    return f"{task['texte']} ({', '.join(said)}) — {task['source']} [{task['regle']}]"


def _effect(effect: Mapping[str, Any]) -> str:
    rule = f" [{effect['regle']}]" if effect["regle"] else ""
    return f"{effect['texte']} — {effect['source']}{rule}"


def _gravest(warnings: Sequence[Any]) -> list[Any]:
    return sorted(warnings, key=lambda warning: _REACH.index(warning["portee"]))


def _ceiling(ceiling: Mapping[str, Any]) -> str:
    limit, over = ceiling["plafond"], ceiling["depassement"]
    said = "une donnée manque pour le calculer" if limit is None else euros(limit)
    more = f", dépassé de {euros(over)}" if over else ""
    return (
        f"{ceiling['budget_libelle'] or 'budget non précisé'} : {said}{more} [{ceiling['regle']}]"
    )


def _reasons(book: Rulebook, elements: Sequence[Element]) -> Iterator[str]:
    """The rules of law that give the elements their values, each once."""
    told = dict.fromkeys(
        f"{reason['texte']} — {reason['source']} [{reason['regle']}]"
        for element in elements
        for reason in element["motifs"]
        if not book.ranks[reason["rang"]].method
    )
    return iter(told)


def _question(question: Mapping[str, Any]) -> str:
    values = " ; ".join(f"{code} = {label}" for code, label in question["valeurs"].items())
    kind = f"valeurs : {values}" if values else f"type : {question['type']}"
    help_ = f" {question['aide']}" if question["aide"] else ""
    return f"{question['question']}{help_} → {question['pointeur']} ({kind})"


def _lever(book: Rulebook, lever: Mapping[str, Any]) -> str:
    steps = [
        f"{step['faire'] or step['libelle']} ({step['qui_libelle']})"
        for step in lever["changements"]
    ]
    steps += [lever["sans"]["faire"]] if lever["sans"] else []
    sentence = "levier" if lever["certain"] else "levier_incertain"
    other = f" {book.wordbook.say('autre_action')}." if lever["autre_action"] else ""
    answer = book.wordbook.say(sentence, reponse=lever["habilitation_libelle"])
    why = [touched["regle"] for touched in (*lever["leve"], *lever["applique"])]
    ground = f" [{', '.join(dict.fromkeys(why))}]" if why else ""
    return f"{' ; '.join(steps)}. {answer}{other}{ground}"
