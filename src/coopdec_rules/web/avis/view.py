"""Words around an avis: what its codes are called on the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from coopdec_rules.advice import answers
from coopdec_rules.advice.names import MARKS, NAMES
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.words import date, euros

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
#: More values still possible than this are counted, not listed.
_LISTED = 4
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
                    if len(names) > _LISTED:
                        names = [f"{len(names)} réponses sur {len(known.values)}"]
                    possible.append({"titre": known.label, "valeurs": names})
            found.append(
                {"titre": _TITLES[name], "phrase": avis["resume"][name], "possibles": possible}
            )
        return found

    def by_person(self, entries: Sequence[Any]) -> list[tuple[str, list[Any]]]:
        """What is to be done, by who does it, in the order in which it is done."""
        times, known = list(NAMES["quand"]), list(NAMES["qui"])
        people: dict[str, list[Any]] = {}
        for entry in entries:
            people.setdefault(entry["qui"] or "", []).append(entry)
        return [
            (who, sorted(people[who], key=lambda e: _rank(times, e["quand"])))
            for who in sorted(people, key=lambda who: _rank(known, who))
        ]

    def ladder(self, avis: Mapping[str, Any]) -> list[dict[str, str]]:
        """The steps of commitment; ``note`` marks the one of now and the one after the action."""
        tier = avis["palier"]
        after = tier["apres_action"] if avis["habilitation"] != "interdite" else None
        found = []
        for code, name in self.book.conclusions[answers.TIER_NOW].values.items():
            now, then = code == tier["actuel"], code == after
            note = "aujourd'hui et une fois l'action faite" if now and then else ""
            note = note or ("aujourd'hui" if now else "une fois l'action faite" if then else "")
            if not note and code in tier["actuel_possibles"]:
                note = "peut-être aujourd'hui"
            found.append({"code": code, "nom": name.split(". ", 1)[-1], "note": note})
        return found

    def tier_notes(self, avis: Mapping[str, Any]) -> list[str]:
        """What decides the tier, and what is to be known about it, in sentences."""
        tier = avis["palier"]
        found = []
        if tier.get("element"):
            found.append(f"Ce qui décide du palier actuel : {_told(tier['element'])}.")
        if tier.get("element_apres") and avis["habilitation"] != "interdite":
            found.append(f"Une fois l'action faite : {_told(tier['element_apres'])}.")
        if tier.get("pour_suivant"):
            found.append(self.next_tier(tier["pour_suivant"]))
        if tier.get("par_analogie"):
            found.append(
                "L'étude de 2006 a construit ces paliers pour les communautés d'agglomération ; "
                "pour cet acteur, ils sont donnés par analogie."
            )
        return found

    def next_tier(self, ahead: Mapping[str, Any]) -> str:
        """What the actor lacks for the next tier, each way in turn."""
        ways = " ; ou : ".join(self.steps({"changements": way}) for way in ahead["voies"])
        return f"Pour atteindre « {ahead['libelle']} » : {ways}."

    def steps(self, lever: Mapping[str, Any]) -> str:
        """What a lever asks, and of whom, as one sentence without its full stop."""
        told = [
            (c["faire"] or f"{c['libelle']} : {c['vers_libelle']}")
            + (f" ({c['qui_libelle']})" if c["qui_libelle"] else "")
            for c in lever["changements"]
        ]
        dropped = lever.get("sans")
        if dropped:
            told.append(f"{dropped['faire']} ({self.place(dropped['groupe'], dropped['element'])})")
        return " ; et ".join(told)

    def ways_title(self, avis: Mapping[str, Any]) -> str:
        """Heading of what would give a better answer."""
        refused = avis["habilitation"] in ("interdite", "partielle")
        return "Ce qui débloquerait l'action" if refused else "Pistes pour y arriver"

    def tasks_title(self, avis: Mapping[str, Any]) -> str:
        """Heading of what is to be done: of a refused action, only if it became possible."""
        if avis["habilitation"] == "interdite":
            return "Si l'action devenait possible, ce qu'il faudrait faire"
        return "Ce qu'il faut faire"

    def would_be(self, lever: Mapping[str, Any]) -> str:
        """What the action would become once a lever is pulled."""
        verb = "deviendrait" if lever.get("certain", True) else "pourrait devenir"
        return f"L'action {verb} : {self.conclusion(answers.POWER, lever['habilitation'])}."

    def tier_peers(self, avis: Mapping[str, Any]) -> list[str]:
        """Real peers of the actor, each in a sentence."""
        return [
            f"{peer['nom']}{_tier_of(peer)} : {peer['dit']} ({peer['provenance']})"
            for peer in avis["palier"].get("pairs") or ()
        ]

    def reason_title(self, reason: Mapping[str, Any]) -> str:
        """Which answer a set of facts is enough for."""
        item = reason.get("element")
        place = f"Volet {item + 1}, " if item is not None else ""
        name = self.conclusion_label(reason["pour"])
        return capital(f"{place}{name} : {self.conclusion(reason['pour'], reason['valeur'])}")

    def support(self, avis: Mapping[str, Any]) -> str:
        """On what rank of source the power to act rests; "" when it is not settled."""
        rank = avis["appui"]
        if not rank:
            return ""
        return f"La réponse sur l'habilitation repose sur : {self.name('rang', rank)}."

    def reviewed(self, avis: Mapping[str, Any]) -> str:
        """How many of the rules applied a lawyer has read again."""
        share = avis["recueil"]["regles_relues"]
        total = share["total"]
        if not share["relues"]:
            return f"Aucune des {total} règles appliquées n'a encore été relue par un juriste."
        return f"{share['relues']} des {total} règles appliquées ont été relues par un juriste."

    def asked(self, question: Mapping[str, Any]) -> str:
        """An open question, with the item it is about."""
        if question["element"] is None:
            return str(question["question"])
        return f"{self.item(question['fait'], question['element'])} : {question['question']}"

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

    def doubts(self, avis: Mapping[str, Any]) -> list[Any]:
        """Rules applied about which the rulebook has a doubt, each once."""
        found = {m["regle"]: m for m in avis["motifs"] if m["etat"] == "appliquee" and m["doute"]}
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

    def money(self, amount: float | Decimal | None) -> str:
        """An amount in euros, "inconnu" when it is not known."""
        return "inconnu" if amount is None else euros(Decimal(str(amount)))


def capital(text: str) -> str:
    """The text with a capital first letter, and the others as they are.

    >>> capital("reconnu par la France")
    'Reconnu par la France'
    """
    return text[:1].upper() + text[1:]


def _rank(known: Sequence[str], code: str | None) -> int:
    return known.index(code) if code in known else len(known)


def _tier_of(peer: Mapping[str, Any]) -> str:
    return f", {peer['palier_libelle']}" if peer["palier_libelle"] else ""


def _told(value: Any) -> str:
    """What the avis says in words or as a list of them, without its full stop."""
    if isinstance(value, Mapping):
        value = value.get("texte") or value.get("libelle") or ", ".join(map(str, value.values()))
    if isinstance(value, (list, tuple)):
        value = " ; ".join(_told(item) for item in value)
    return str(value).rstrip(".")


def _noun(group: str) -> str:
    return capital(group.replace("_", " "))
