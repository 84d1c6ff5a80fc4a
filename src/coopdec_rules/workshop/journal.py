"""One version of the rulebook in its journal: its rules, and the answers that went with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from coopdec_rules.workshop.impact_text import Line, verdict

_STATES = {
    "ajoutee": "Règles ajoutées",
    "retiree": "Règles retirées",
    "modifiee": "Règles modifiées",
}


def version_lines(title: str, report: Mapping[str, Any]) -> Iterator[Line]:
    """A version, from the report that compares it with the one before."""
    yield Line("titre", title)
    yield Line("texte", verdict(report))
    told: dict[str, list[str]] = {}
    for family in report["familles"]:
        change = f"{family['libelle']} : {family['avant_libelle']} → {family['apres_libelle']}"
        facts = " ; ".join(family["faits"]) or "toujours"
        told.setdefault(change, []).append(f"{family['quand']}, par exemple si : {facts}")
    if told:
        yield Line("titre", "Réponses qui changent", 3)
    for change, ways in told.items():
        yield Line("point", change)
        for way in ways:
            yield Line("sous_point", way)
    for state, words in _STATES.items():
        listed = [rule for rule in report["regles"] if rule["etat"] == state]
        if not listed:
            continue
        yield Line("titre", f"{words} ({len(listed)})", 3)
        for rule in listed:
            aspects = f" : {', '.join(rule['aspects'])}" if rule["aspects"] else ""
            yield Line("point", f"{rule['regle']}{aspects}")
    if report["vocabulaire"]:
        yield Line("titre", f"Vocabulaire ({len(report['vocabulaire'])})", 3)
        for change in report["vocabulaire"]:
            yield Line("point", f"{change['nom']} : {change['texte']}")


def first_lines(title: str, rules: int, facts: int) -> Iterator[Line]:
    """The oldest version, which nothing comes before."""
    yield Line("titre", title)
    yield Line("texte", f"Premier état connu : {rules} règles et lignes de tables, {facts} faits.")
