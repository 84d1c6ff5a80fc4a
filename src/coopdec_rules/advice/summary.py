"""The three answers, each in one sentence that a councillor understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coopdec_rules.advice import answers
from coopdec_rules.advice.wording import date
from coopdec_rules.engine.facts import Facts
from coopdec_rules.rulebook.rulebook import Rulebook

_POWER = {
    "autorisee": "Oui : {who} peut mener cette action{when}.",
    "sous_conditions": "Oui, sous conditions : {who} peut mener cette action{when} si {todo}.",
    "partielle": "En partie : {who} ne peut mener{when} qu'une part de cette action.",
    "interdite": "Non : {who} ne peut pas mener cette action{when}.",
    "indeterminee": "On ne peut pas encore répondre{why}.",
}
_TIER_UNKNOWN = "Le palier d'engagement n'est pas connu : décrivez où en est l'acteur."
_OWNER = {
    "acteur": "La maîtrise d'ouvrage revient à {who}, qui décide l'action et en répond.",
    "groupement": "La maîtrise d'ouvrage revient au groupement de la commune.",
    "communes": "La maîtrise d'ouvrage revient aux communes membres.",
    "conjointe": "La maîtrise d'ouvrage se partage, chacun pour ses volets ou sa part.",
    "beneficiaire": "Le projet est celui du bénéficiaire, qui en est maître d'ouvrage ; {who} répond de sa décision de le soutenir.",
    "personne": "L'action ne peut être menée telle quelle ; personne n'en est maître d'ouvrage.",
    "indeterminee": "Le maître d'ouvrage ne peut pas encore être désigné.",
}


def summary(avis: Mapping[str, Any], book: Rulebook, facts: Facts) -> dict[str, str]:
    """Sentences for the power to act, the maîtrise d'ouvrage and the tier."""
    who = str(facts.get(answers.ACTOR_NAME) or "l'acteur")
    day = facts.get("date")
    when = f" au {date(day)}" if day is not None and hasattr(day, "isoformat") else ""  # type: ignore[arg-type]
    todo = sum(1 for c in avis["conditions"] if c["etat"] in ("a_remplir", "inconnue"))
    met = f"{todo} conditions sont remplies" if todo > 1 else "une condition est remplie"
    words = {
        "who": who,
        "when": when,
        "todo": met,
        "why": _why(avis),
    }
    return {
        "habilitation": _sentence(_POWER[avis["habilitation"]], words),
        "maitrise_ouvrage": _sentence(_OWNER[avis["maitrise_ouvrage"]["titulaire"]], words),
        "palier": _tier(avis, book),
    }


def _why(avis: Mapping[str, Any]) -> str:
    count = sum(1 for q in avis["questions"] if answers.POWER in q["pour"])
    if not count:
        return " : voir les avertissements et les motifs"
    if count == 1:
        return " : une question reste ouverte"
    return f" : {count} questions restent ouvertes"


def _tier(avis: Mapping[str, Any], book: Rulebook) -> str:
    if avis["habilitation"] == "interdite":
        now = book.conclusions[answers.TIER_NOW].values.get(avis["palier"]["actuel"])
        return f"Palier actuel : {now}." if now else _TIER_UNKNOWN
    labels = book.conclusions[answers.TIER_NOW].values
    now = labels.get(avis["palier"]["actuel"])
    after = labels.get(avis["palier"]["apres_action"])
    if now and after:
        return f"Palier actuel : {now}. Une fois l'action faite : {after}."
    if after:
        return f"Palier une fois l'action faite : {after}. Le palier actuel n'est pas connu."
    if now:
        return f"Palier actuel : {now}."
    return _TIER_UNKNOWN


def _sentence(template: str, words: Mapping[str, str]) -> str:
    text = template.format(**words)
    return text[0].upper() + text[1:]
