"""Words around an avis: what its codes are called on the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from coopdec_rules.advice import answers
from coopdec_rules.advice.names import MARKS, NAMES
from coopdec_rules.advice.wording import date, euros
from coopdec_rules.rulebook.rulebook import Rulebook

#: For each answer: where the avis keeps the values still possible.
_OPEN = (
    ("habilitation", ((answers.POWER, ("habilitation_possibles",)),)),
    ("maitrise_ouvrage", ((answers.OWNER, ("maitrise_ouvrage", "possibles")),)),
    (
        "palier",
        (
            (answers.TIER_NOW, ("palier", "actuel_possibles")),
            (answers.TIER_AFTER, ("palier", "apres_action_possibles")),
        ),
    ),
)
_TITLES = {
    "habilitation": "L'action est-elle permise ?",
    "maitrise_ouvrage": "Qui en est maître d'ouvrage ?",
    "palier": "À quel palier d'engagement ?",
}


class AvisWords:
    """Names for the codes of an avis given on one rulebook; the template calls it."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book

    def three(self, avis: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The three answers: title, sentence, and what is still possible for each."""
        found = []
        for name, open_values in _OPEN:
            possible = []
            for conclusion, path in open_values:
                values: Any = avis
                for key in path:
                    values = values[key]
                if values:
                    known = self.book.conclusions[conclusion]
                    names = [known.values.get(v, v) for v in values]
                    possible.append({"titre": known.label, "valeurs": names})
            found.append(
                {"titre": _TITLES[name], "phrase": avis["resume"][name], "possibles": possible}
            )
        return found

    def name(self, kind: str, code: str | None) -> str:
        """Name of a code of the avis; the code itself when it has none."""
        return NAMES[kind].get(code or "", code or "")

    def mark(self, state: str) -> str:
        """A sign for a state, next to its name."""
        return MARKS.get(state, "")

    def conclusion(self, name: str, code: str | None) -> str:
        """Name of a conclusion's value."""
        if code is None:
            return "inconnu"
        known = self.book.conclusions.get(name)
        if code == answers.UNDETERMINED and (known is None or code not in known.values):
            return "indéterminé"
        return known.values.get(code, code) if known else code

    def conclusion_label(self, name: str) -> str:
        """Name of a conclusion."""
        known = self.book.conclusions.get(name)
        return known.label if known else name

    def norm(self, ident: str) -> str:
        """Name of a norm."""
        return self.book.norms.get(ident, "")

    def places(self, entry: Mapping[str, Any]) -> str:
        """Which items of a repeated group an effect speaks of ("Volet 1, 3"); "" for all."""
        numbers: Sequence[int] = entry["elements"]
        if not numbers:
            return ""
        return f"{_noun(entry['groupe'])} {', '.join(str(n + 1) for n in numbers)}"

    def place(self, group: str, index: int) -> str:
        """An item of a repeated group ("Volet 1")."""
        return f"{_noun(group)} {index + 1}"

    def item(self, fact: str, index: int) -> str:
        """The item that a fact of a repeated group is about ("Volet 1")."""
        return self.place(self.book.facts[fact].group.id, index)

    def reasons(self, avis: Mapping[str, Any]) -> list[tuple[str, str, list[Any]]]:
        """Reasons by state, with a title; a state that has none is left out."""
        found = []
        for state, title in NAMES["motif"].items():
            listed = [reason for reason in avis["motifs"] if reason["etat"] == state]
            if listed:
                found.append((state, title, listed))
        return found

    def causes(self, avis: Mapping[str, Any], side: str) -> list[Any]:
        """Reasons of the divergences, each once."""
        found = {r["regle"]: r for entry in avis["divergences"] for r in entry[side]}
        return list(found.values())

    def day(self, text: str | None) -> str:
        """A date AAAA-MM-JJ in words."""
        return date(dt.date.fromisoformat(text)) if text else ""

    def source_date(self, text: str) -> str:
        """A source's date, which may be a year or a month only."""
        try:
            return date(dt.date.fromisoformat(text))
        except ValueError:
            return text

    def period(self, period: Mapping[str, str | None]) -> str:
        """A period of force in words."""
        start, end = period["du"], period["au"]
        if start and end:
            return f"du {self.day(start)} au {self.day(end)}"
        if start:
            return f"depuis le {self.day(start)}"
        return f"jusqu'au {self.day(end)}" if end else "sans limite de date"

    def money(self, amount: Decimal | None) -> str:
        """An amount in euros, "inconnu" when it is not known."""
        return "inconnu" if amount is None else euros(amount)


def capital(text: str) -> str:
    """The text with a capital first letter, and the others as they are.

    >>> capital("reconnu par la France")
    'Reconnu par la France'
    """
    return text[:1].upper() + text[1:]


def _noun(group: str) -> str:
    return capital(group.replace("_", " "))
