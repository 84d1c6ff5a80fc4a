"""How to find the official text of a source.

An address is shown only when the rulebook gives one; none is ever made up.  Otherwise the page says
what to look for: a number or a reference that the source's own title holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from coopdec_rules.rulebook.model import Source

_NUMBER = re.compile(r"n° ?([0-9][0-9 .,-]*[0-9])")
_NOR = re.compile(r"NOR ([A-Z]{4}[0-9]{7}[A-Z])")
_LEGIFRANCE = "legifrance.gouv.fr"


@dataclass(frozen=True, slots=True)
class Finding:
    """An official address, or else how to look for the text."""

    address: str
    advice: str


def finding(source: Source) -> Finding:
    """Where the text of a source is read."""
    return Finding(source.address, _advice(source))


def _advice(source: Source) -> str:
    if source.rank == "methode":
        return "Ce texte n'est pas du droit : il est écrit dans ce recueil."
    if source.rank == "etude":
        return "Le recueil ne donne pas d'adresse ; l'étude se demande à son auteur."
    nor = _NOR.search(source.title)
    if nor:
        return f"Sur {_LEGIFRANCE}, chercher la référence NOR {nor[1]}."
    number = _NUMBER.search(source.title)
    if source.rank == "jurisprudence" and number:
        return f"Sur {_LEGIFRANCE} (jurisprudence administrative), chercher le numéro {number[1]}."
    if source.rank in ("loi", "reglement") and number:
        return f"Sur {_LEGIFRANCE}, chercher « {number[0]} »."
    if source.rank in ("loi", "reglement"):
        return (
            f"Sur {_LEGIFRANCE} (codes), ouvrir « {source.title} » et choisir la version "
            "en vigueur à la date voulue."
        )
    return "Le recueil ne donne pas d'adresse ; chercher par le titre et la date."
