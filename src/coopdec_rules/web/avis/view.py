"""Words around an avis: what its codes are called on the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeVar

from coopdec_rules.advice import answers
from coopdec_rules.advice.item_names import NO_NAMES, Item
from coopdec_rules.advice.model_parts import (
    Avertissement,
    Changement,
    Condition,
    Divergence,
    Effet,
    Levier,
    Motif,
    Pair,
    Periode,
    Question,
    Raison,
    RaisonSuffisante,
)
from coopdec_rules.advice.models import Avis, Reponse
from coopdec_rules.advice.names import MARKS, NAMES
from coopdec_rules.advice.replies import REFUSED, head
from coopdec_rules.rulebook import words
from coopdec_rules.rulebook.display import Place, Said, Tone
from coopdec_rules.rulebook.model import WHEN
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.words import capital as capital
from coopdec_rules.rulebook.words import date, euros

#: More values still possible than this are counted, not listed.
_LISTED = 4
#: The moment before the vote.
_BEFORE = "prealable"
#: Who acts by default, the authority that asks; and all who may.
_ACTOR, _WHO = "acteur", tuple(NAMES["qui"])
UNKNOWN = "indéterminé"
_Task = TypeVar("_Task", bound=Condition)


@dataclass(frozen=True, slots=True)
class Possible:
    """What an open conclusion may still be."""

    title: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the answers at the head of the page."""

    title: str
    sentence: str
    possible: tuple[Possible, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of commitment; ``note`` marks the one of now and the one after the action."""

    code: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The open questions, by when they are worth asking.

    ``now``: they bear on the answer, an element, a condition or a ceiling; ``then``: they may turn
    out to have no object, or change only what is told beside the answer; ``tier``: only the tier of
    commitment turns on them, which is offered once the rest is known.
    """

    now: tuple[Question, ...]
    then: tuple[Question, ...]
    tier: tuple[Question, ...]


class AvisWords:
    """Names for the codes of an avis given on one rulebook; the template calls it.

    ``items``: what the items of repeated groups are called (``advice.item_names``); an item that is
    not there is told by its place.
    """

    def __init__(self, book: Rulebook, items: Mapping[Item, str] = NO_NAMES) -> None:
        self.book = book
        self._items = items

    # -- what the rulebook says of the conclusions -----------------------------------------------

    def head(self, avis: Avis) -> list[Answer]:
        """The answers at the head: title, sentence, and what is still possible for each."""
        return [
            Answer(
                card.heading,
                card.sentence,
                tuple(
                    Possible(self.conclusion_label(reply["code"]), self._possible(reply))
                    for reply in card.replies
                    if reply["possibles"]
                ),
            )
            for card in head(self.book, avis["reponses"]).values()
        ]

    def _possible(self, reply: Reponse) -> tuple[str, ...]:
        known = self.book.conclusions[reply["code"]].values
        if len(reply["possibles"]) > _LISTED:
            return (f"{len(reply['possibles'])} réponses sur {len(known)}",)
        return tuple(known.get(value, value) for value in reply["possibles"])

    def shown(self, avis: Avis, place: Place, under: str = "") -> list[Reponse]:
        """What is shown at one place of the avis (for a note: under one conclusion)."""
        return [
            reply
            for reply in avis["reponses"]
            if reply["place"] == place and (not under or self._under(reply["code"]) == under)
        ]

    def _under(self, name: str) -> str:
        display = self.book.conclusions[name].display
        return display.under if display else ""

    def tone(self, name: str, code: str) -> Tone:
        """The tone of a value of a conclusion; that of an unknown one for any other code."""
        display = self.book.conclusions[name].display
        if display is None:
            return "neutre"
        return display.said.get(code, display.unknown).tone

    def refused(self, avis: Avis) -> bool:
        """Whether the action is refused."""
        return self.tone(answers.POWER, avis["habilitation"]) == REFUSED

    def undecided(self, avis: Avis) -> bool:
        """Whether nothing is answered yet on the power to act."""
        return self.tone(answers.POWER, avis["habilitation"]) == "inconnu"

    def _power(self, avis: Avis) -> Said | None:
        display = self.book.conclusions[answers.POWER].display
        return display.said.get(avis["habilitation"], display.unknown) if display else None

    def word(self, avis: Avis) -> str:
        """The answer on the power to act in a word or two."""
        said = self._power(avis)
        return (said.word if said else "") or self.conclusion(answers.POWER, avis["habilitation"])

    def after_word(self, avis: Avis) -> str:
        """The answer on the power to act, without the word that it begins with."""
        sentence = avis["resume"]["habilitation"]
        return capital(sentence.removeprefix(f"{self.word(avis)} : "))

    def ways_title(self, avis: Avis) -> str:
        """Heading of what would give a better answer."""
        said = self._power(avis)
        return (said.ways if said else "") or "Pistes pour y arriver"

    def tasks_title(self, avis: Avis) -> str:
        """Heading of what is to be done: of a refused action, only if it became possible."""
        said = self._power(avis)
        return (said.tasks if said else "") or "Ce qu'il faut faire"

    # -- tasks, tier, ways out ---------------------------------------------------------------------

    def by_moment(self, entries: Iterable[_Task]) -> list[tuple[str, list[_Task]]]:
        """What is to be done, in the order in which it is done; ``""``: at any moment.

        Before the vote, what others have to give comes first: it takes the longest.
        """
        known, ordered = list(NAMES["qui"]), sorted(entries, key=self._moment)
        found: dict[str, list[_Task]] = {}
        for entry in ordered:
            found.setdefault(entry["quand"] or "", []).append(entry)
        if _BEFORE in found:
            found[_BEFORE].sort(key=lambda e: -_rank(known, e["qui"] or known[0]))
        return list(found.items())

    @staticmethod
    def _moment(entry: Condition) -> int:
        return _rank(WHEN, entry["quand"])

    def ladder(self, avis: Avis) -> list[Step]:
        """The steps of commitment."""
        tier = avis["palier"]
        after = None if self.refused(avis) else tier["apres_action"]
        found = []
        for code, name in self.book.conclusions[answers.TIER_NOW].values.items():
            now, then = code == tier["actuel"], code == after
            note = "aujourd'hui et une fois l'action faite" if now and then else ""
            note = note or ("aujourd'hui" if now else "une fois l'action faite" if then else "")
            if not note and code in tier["actuel_possibles"]:
                note = "peut-être aujourd'hui"
            found.append(Step(code, name.split(". ", 1)[-1], note))
        return found

    def tier_notes(self, avis: Avis) -> list[str]:
        """What decides the tier, and what is to be known about it, in sentences."""
        tier, say = avis["palier"], self.book.wordbook.say
        found = []
        if tier["element"]:
            found.append(say("palier_decide", texte=tier["element"]["texte"].rstrip(".")))
        if tier["element_apres"] and not self.refused(avis):
            found.append(say("palier_apres", texte=tier["element_apres"]["texte"].rstrip(".")))
        notes = self.shown(avis, "note", answers.TIER_NOW)
        return found + [reply["phrase"] for reply in notes]

    def next_tier(self, avis: Avis) -> str:
        """What introduces the ways to the next tier."""
        ahead = avis["palier"]["pour_suivant"]
        return self.book.wordbook.say("palier_suivant", palier=ahead["libelle"]) if ahead else ""

    def tier_ways(self, avis: Avis) -> list[list[str]]:
        """The ways to the next tier, each as its steps; any of them is enough."""
        ahead = avis["palier"]["pour_suivant"]
        return [[capital(_step(step)) for step in way] for way in ahead["voies"]] if ahead else []

    def who(self, code: str | None, actor: str) -> str:
        """Who acts, the actor by its name; or on whom it depends."""
        return actor if code == _ACTOR else self.name("depend", code)

    def lever_steps(self, lever: Levier, actor: str) -> list[tuple[str, str]]:
        """What a lever asks, step by step, with who does it."""
        told = [
            (
                capital(_done(change)),
                self.who(change["qui"], actor) if change["qui"] in _WHO else "",
            )
            for change in lever["changements"]
        ]
        dropped = lever["sans"]
        if dropped:
            place = self.place(dropped["groupe"], dropped["element"])
            told.append((capital(dropped["faire"] + (f" ({place})" if place else "")), actor))
        return told

    def would_be(self, lever: Levier) -> str:
        """What the action would become once a lever is pulled."""
        return self.book.wordbook.say(
            "levier" if lever["certain"] else "levier_incertain",
            reponse=self.conclusion(answers.POWER, lever["habilitation"]),
        )

    @property
    def other_action(self) -> str:
        """What announces a lever that would make another action."""
        return self.book.wordbook.say("autre_action")

    def tier_peers(self, avis: Avis) -> list[str]:
        """Real peers of the actor, each in a sentence."""
        return [
            f"{peer['nom']}{_tier_of(peer)} : {peer['dit']} ({peer['provenance']})"
            for peer in avis["palier"]["pairs"]
        ]

    # -- why ---------------------------------------------------------------------------------------

    def reason_title(self, reason: RaisonSuffisante) -> str:
        """Which answer a set of facts is enough for."""
        scope = self.book.conclusions[reason["pour"]].scope
        item = reason["element"]
        place = self.place(scope, item) if scope and item is not None else ""
        place = place and f"{place}, "
        name = self.conclusion_label(reason["pour"])
        return capital(f"{place}{name} : {self.conclusion(reason['pour'], reason['valeur'])}")

    def support(self, avis: Avis) -> str:
        """On what rank of source the power to act rests; "" when it is not settled."""
        rank = avis["appui"]
        if not rank:
            return ""
        return self.book.wordbook.say("appui", rang=self.name("rang", rank))

    def reviewed(self, avis: Avis) -> str:
        """How many of the rules applied a lawyer has read again."""
        share = avis["recueil"]["regles_relues"]
        return self.book.wordbook.say("relues" if share["relues"] else "relues_aucune", **share)

    def reasons(self, avis: Avis) -> list[tuple[str, str, list[Motif]]]:
        """Reasons by state, with a title; a state that has none is left out."""
        found = []
        for state, title in NAMES["motif"].items():
            listed = [reason for reason in avis["motifs"] if reason["etat"] == state]
            if listed:
                found.append((state, title, listed))
        return found

    def causes(self, avis: Avis, side: Literal["dit_le_droit", "dit_l_etude"]) -> list[Raison]:
        """Reasons of the divergences, each once."""
        found = {r["regle"]: r for entry in avis["divergences"] for r in entry[side]}
        return list(found.values())

    def divergence_place(self, entry: Divergence) -> str:
        """The item that a divergence is about ("Volet 1"); "" for the whole action."""
        known = self.book.conclusions.get(entry["objet"])
        if known is None or known.scope is None or entry["element"] is None:
            return ""
        return self.place(known.scope, entry["element"])

    def doubts(self, avis: Avis) -> list[Motif]:
        """Rules applied about which the rulebook has a doubt, each once."""
        found = {m["regle"]: m for m in avis["motifs"] if m["etat"] == "appliquee" and m["doute"]}
        return list(found.values())

    def doubt(self, motif: Motif) -> str:
        """A doubt in a sentence; the notes of a table's rows, written for lawyers, are not told."""
        if motif["regle"] in self.book.table_rows:
            say = self.book.wordbook.say
            return say("doute_de_table", explication=motif["explication"])
        return motif["doute"] or ""

    def warnings(self, avis: Avis, *reaches: str) -> list[Avertissement]:
        """The warnings that bear on one of these."""
        return [warning for warning in avis["avertissements"] if warning["portee"] in reaches]

    # -- questions ---------------------------------------------------------------------------------

    def questions(self, avis: Avis) -> Asked:
        """The open questions, by when they are worth asking."""
        now, then, tier = list[Question](), list[Question](), list[Question]()
        for question in avis["questions"]:
            asked_for = question["pour"]
            later = not question["aussi_pour"] and all(map(self._later, asked_for))
            if later and asked_for and set(asked_for) <= set(answers.TIERS):
                tier.append(question)
            elif later or question["pertinent_si"]:
                then.append(question)
            else:
                now.append(question)
        return Asked(tuple(now), tuple(then), tuple(tier))

    def _later(self, name: str) -> bool:
        display = self.book.conclusions[name].display
        return display is not None and display.later

    # -- names -------------------------------------------------------------------------------------

    def asked(self, question: Question) -> str:
        """An open question, with the item it is about."""
        if question["element"] is None:
            return question["question"]
        place = self.item(question["fait"], question["element"])
        return f"{place} : {question['question']}" if place else question["question"]

    def name(self, kind: str, code: str | None) -> str:
        """Name of a code of the avis; the code itself when it has none."""
        if kind == "rang":
            rank = self.book.ranks.get(code or "")
            return rank.label if rank else code or ""
        return NAMES[kind].get(code or "", code or "")

    def mark(self, state: str) -> str:
        """A sign for a state, next to its name."""
        return MARKS.get(state, "")

    def conclusion(self, name: str, code: str | None) -> str:
        """Name of a conclusion's value; of its state when it has none."""
        known = self.book.conclusions.get(name)
        if known is not None and code is not None and code in known.values:
            return known.values[code]
        if code is None or code == answers.UNDETERMINED:
            return known.display.unknown_label if known and known.display else UNKNOWN
        return code

    def conclusion_label(self, name: str) -> str:
        """Name of a conclusion."""
        known = self.book.conclusions.get(name)
        return known.label if known else name

    def norm(self, ident: str) -> str:
        """Name of a norm."""
        return self.book.norms.get(ident, "")

    def places(self, entry: Effet) -> str:
        """Which items of a repeated group an effect speaks of ("Volet 1, 3"); "" for all."""
        if entry["groupe"] is None or not entry["elements"]:
            return ""
        group, places = entry["groupe"], entry["elements"]
        if any((group, place) in self._items for place in places):
            return ", ".join(filter(None, (self.place(group, place) for place in places)))
        return self.book.groups[group].noun.numbered(*places)

    def place(self, group: str, index: int) -> str:
        """An item of a repeated group: its name, "" when it is the only one, or "Volet 1"."""
        named = self._items.get((group, index))
        return self.book.groups[group].noun.numbered(index) if named is None else named

    def item(self, fact: str, index: int) -> str:
        """The item that a fact of a repeated group is about ("Volet 1")."""
        return self.place(self.book.facts[fact].group.id, index)

    def day(self, text: str | None) -> str:
        """A date AAAA-MM-JJ in words."""
        return date(dt.date.fromisoformat(text)) if text else ""

    def source_date(self, text: str) -> str:
        """A source's date, which may be a year or a month only."""
        try:
            return date(dt.date.fromisoformat(text))
        except ValueError:
            return text

    def period(self, period: Periode) -> str:
        """A period of force in words."""
        start, end = (
            dt.date.fromisoformat(day) if day else None for day in (period["du"], period["au"])
        )
        return words.period(start, end)

    def money(self, amount: Decimal | None) -> str:
        """An amount in euros, to the cent."""
        return "inconnu" if amount is None else euros(amount)


def _rank(known: Sequence[str], code: str | None) -> int:
    return known.index(code) if code in known else len(known)


def _tier_of(peer: Pair) -> str:
    return f", {peer['palier_libelle']}" if peer["palier_libelle"] else ""


def _done(change: Changement) -> str:
    return change["faire"] or f"{change['libelle']} : {change['vers_libelle']}"


def _step(change: Changement) -> str:
    done = _done(change)
    return f"{done} ({change['qui_libelle']})" if change["qui_libelle"] else done
