"""The short form of an avis: its answers, and how much is left to know and to do."""

from __future__ import annotations

from coopdec_rules.advice.models import Avis, AvisCourt

#: A condition or a formality that is met asks nothing more.
_MET = "remplie"


def short(avis: Avis) -> AvisCourt:
    """The answers of an avis without its reasons."""
    first = avis["questions"][0] if avis["questions"] else None
    return {
        "habilitation": avis["habilitation"],
        "habilitation_possibles": avis["habilitation_possibles"],
        "maitrise_ouvrage": avis["maitrise_ouvrage"],
        "palier": avis["palier"]["actuel"],
        "resume": avis["resume"],
        "a_faire": sum(e["etat"] != _MET for e in (*avis["conditions"], *avis["formalites"])),
        "avertissements": len(avis["avertissements"]),
        "questions": len(avis["questions"]),
        "premiere_question": None
        if first is None
        else {"pointeur": first["pointeur"], "question": first["question"]},
        "raisonnement": avis["raisonnement"],
        "droit_au": avis["droit_au"],
        "lecture": avis["lecture"],
        "recueil": {
            "version": avis["recueil"]["version"],
            "empreinte": avis["recueil"]["empreinte"],
        },
    }
