"""What of an avis the models may repeat or name: its lists, with their fields, and its words.

They are the avis's own texts, which the rulebook wrote: nothing is reworded here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Lists that a clause may go through (``pour_chaque``), with what their items give.
AVIS_LISTS: Mapping[str, tuple[str, ...]] = {
    "element": ("code", "titre", "phrase", "etat"),
    "exigence": ("code", "titre", "texte", "a_ecrire", "source", "regle"),
    "condition": ("texte", "source", "regle"),
    "formalite": ("texte", "source", "regle"),
    "question": ("question",),
    "avertissement": ("texte", "source", "regle"),
    "conseil": ("texte", "source", "regle"),
    "piste": ("texte", "source", "regle"),
    "motif": ("texte", "source", "regle"),
    "refus": ("texte", "source", "regle"),
    "changement": ("texte", "qui"),
    "plafond": ("budget", "plafond", "montant", "depassement"),
    "presume": ("libelle", "valeur"),
    "etape": ("id", "titre", "date", "qui", "source"),
    "contact": ("id", "nom", "site", "raison"),
    "blanc": ("numero", "texte"),
    "appui": ("clause", "source", "doute"),
}
#: Words that the avis, the directory and the day on which the document is made give, when known.
AVIS_WORDS = (
    "avis.reponse", "avis.phrase", "avis.maitrise_ouvrage", "avis.droit_au", "avis.version",
    "avis.empreinte", "avis.regles", "avis.regles_relues", "modeles.empreinte", "document.titre",
    "document.jour", "document.blancs",
    "document.condition", "document.date", "territoire.departement", "territoire.region",
    "territoire.tribunal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lists:
    """The avis's lists and words, as texts."""

    items: Mapping[str, tuple[Mapping[str, str], ...]]
    words: Mapping[str, str]
