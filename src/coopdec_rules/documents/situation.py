"""One avis as the models read it: truths of their conditions, values of names, lists."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from coopdec_rules.advice import answers
from coopdec_rules.advice.advisor import Advice
from coopdec_rules.advice.model_parts import Condition, Effet, Question, Raison
from coopdec_rules.advice.models import Element
from coopdec_rules.advice.wording import Wording, actor_name
from coopdec_rules.documents.library import Gate, Library, Test
from coopdec_rules.documents.lists import Lists
from coopdec_rules.documents.truths import Truths
from coopdec_rules.documents.typography import set_text
from coopdec_rules.documents.words import euros
from coopdec_rules.engine.findings import Reading
from coopdec_rules.rulebook.formula import Truth, V
from coopdec_rules.rulebook.model import WHEN, Atom, Fact, Value
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.words import date as date_words
from coopdec_rules.territories import Territory

#: States of an element that nothing more is asked of.
SETTLED = ("rempli", "sans_objet")
_OPEN = ("a_remplir", "inconnue")
APPLIED = "appliquee"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a name: words to print, or what is missing; ``presumed``: in words."""

    text: str | None
    hint: str = ""
    presumed: str = ""


class Situation:
    """An avis, read by the models of one library.  Made for one request."""

    def __init__(self, library: Library, book: Rulebook, advice: Advice) -> None:
        self.library, self.book, self.advice = library, book, advice
        self.avis = advice.avis
        self.day = advice.scenario.day
        self.answer = self.avis["habilitation"]
        self.truths = Truths(book, library.atoms, advice)
        self._presumed = {(p.fact.id, p.item): p.value for p in advice.scenario.presumed}
        self._kept: dict[str, tuple[int, ...]] = {}

    # -- conditions ----------------------------------------------------------------------------

    def truth(self, test: Test, reading: Reading | None = None) -> Truth:
        """The truth of a condition, on an item when one is given."""
        return self.truths.of(test.formula, reading)

    def in_words(self, test: Test, atoms: Sequence[Atom] | None = None) -> str:
        """A condition in plain French; ``atoms``: those it is written with, by default the models'.

        Steps and bodies have their own comparisons.
        """
        known = self.library.atoms if atoms is None else atoms
        wording = Wording(dataclasses.replace(self.book, all_atoms=tuple(known)))
        return "\u202f; ".join(wording.condition(c.formula) for c in test.conditions)

    @property
    def doubtful(self) -> bool:
        """Whether a point that no text and no decision settles is in play."""
        return any(
            reason["etat"] == APPLIED and reason["regle"] in self.library.doubt_rules
            for reason in self.avis["motifs"]
        )

    def keep(self, gate: Gate) -> None:
        """Leave out the items that an act may not speak of, when only part of it is lawful."""
        self._kept = {}
        if gate.act and self.answer == "partielle":
            for group, test in gate.keeps.items():
                items = self.advice.findings.items.get(group, ())
                self._kept[group] = tuple(
                    place for place, item in enumerate(items) if self.truth(test, item) == V
                )

    def blocked(self, gate: Gate) -> bool:
        """Whether a gate is shut whatever the answer: certainly, or as far as one can tell."""
        return gate.blocked is not None and self.truth(gate.blocked) == V

    @property
    def emptied(self) -> bool:
        """Whether nothing is left of a group of which only the lawful items are kept."""
        return any(not kept for kept in self._kept.values())

    def items(self, group: str) -> Iterator[tuple[int, Reading]]:
        """The items of a repeated group that the document may speak of."""
        kept = self._kept.get(group)
        for place, reading in enumerate(self.advice.findings.items.get(group, ())):
            if kept is None or place in kept:
                yield place, reading

    # -- values --------------------------------------------------------------------------------

    def fact(self, fact: Fact, item: int | None, reading: Reading) -> Known:
        """The value of a fact on a reading; a presumed one is a blank that shows it."""
        value = reading.facts.get(fact.id)
        if value is None:
            return Known(None, fact.label)
        said = self.said(fact, value)
        if said.startswith(("à ", "pays à ")):  # the vocabulary's own "to be settled"
            return Known(None, fact.label)
        if (fact.id, item) in self._presumed:
            return Known(None, fact.label, said)
        return Known(said)

    def said(self, fact: Fact, value: Value) -> str:
        """A value as an act writes it; what somebody typed is left as it is."""
        if fact.type == "montant" and isinstance(value, int | Decimal):
            return euros(Decimal(value))
        if isinstance(value, dt.date):
            return set_text(date_words(value))
        return fact.said(value) if fact.kind.free_text else set_text(fact.said(value))

    def amount(self, fact: Fact, item: int | None, reading: Reading) -> Decimal | None:
        """An amount that the scenario states."""
        value = reading.facts.get(fact.id)
        stated = (fact.id, item) not in self._presumed
        return Decimal(value) if isinstance(value, int | Decimal) and stated else None

    def conclusion(self, name: str, reading: Reading) -> Known:
        """A conclusion in words, when it is settled."""
        known = self.book.conclusions[name]
        home = reading if name in reading.conclusions else self.advice.findings.scenario
        settled = home.conclusions.get(name)
        if settled is None or settled.value is None:
            return Known(None, known.label)
        return Known(set_text(known.values.get(settled.value, settled.value)))

    # -- the avis ------------------------------------------------------------------------------

    def lists(
        self,
        steps: Sequence[Mapping[str, str]],
        contacts: Sequence[Mapping[str, str]],
        today: dt.date,
        territory: Territory | None = None,
    ) -> Lists:
        """The lists and the words that the avis gives to texts; ``territory``: who acts, if known.

        The directory is that of the year: it says nothing of a day that is past.
        """
        avis = self.avis
        book = avis["recueil"]
        return Lists(
            {
                "element": tuple(
                    {
                        "code": e["code"],
                        "titre": set_text(e["titre"]),
                        "phrase": set_text(e["phrase"]),
                        "etat": set_text(e["valeur_libelle"]),
                    }
                    for e in avis["elements"]
                    if e["valeur"] not in SETTLED
                ),
                "exigence": tuple(_demands(avis["elements"])),
                "condition": _effects(_in_order(avis["conditions"])),
                "formalite": _effects(_in_order(avis["formalites"])),
                "question": tuple({"question": set_text(q["question"])} for q in self._questions()),
                "avertissement": _effects(avis["avertissements"]),
                "conseil": _effects(avis["conseils"]),
                "piste": _effects(avis["pistes"]),
                "motif": tuple(_reasons(avis["elements"])),
                "refus": tuple(_raison(reason) for reason in _refusing(avis["elements"])),
                "changement": tuple(
                    {"texte": set_text(c["faire"]), "qui": set_text(c["qui_libelle"])}
                    for lever in avis["leviers"]
                    if not lever["autre_action"]
                    for c in lever["changements"]
                ),
                "plafond": tuple(
                    {
                        "budget": set_text(p["budget_libelle"] or "—"),
                        "plafond": _euros(p["plafond"]),
                        "montant": _euros(p["montant"]),
                        "depassement": _euros(p["depassement"]),
                    }
                    for p in avis["plafonds"]
                ),
                "presume": tuple(
                    {"libelle": set_text(p["libelle"]), "valeur": set_text(p["valeur_libelle"])}
                    for p in avis["presumes"]
                ),
                "etape": tuple(steps),
                "contact": tuple(contacts),
            },
            {
                "avis.reponse": set_text(self._label(answers.POWER, self.answer)),
                "avis.phrase": set_text(avis["resume"]["habilitation"]),
                "avis.maitrise_ouvrage": set_text(avis["resume"]["maitrise_ouvrage"]),
                "avis.droit_au": set_text(date_words(self.day)),
                "avis.version": book["version"],
                "avis.empreinte": book["empreinte"][:12],
                "avis.regles": str(book["regles_relues"]["total"]),
                "avis.regles_relues": str(book["regles_relues"]["relues"]),
                "modeles.empreinte": self.library.fingerprint[:12],
                "document.jour": set_text(date_words(today)),
                **(self._area_words(territory) if territory and self.day >= today else {}),
            },
        )

    def _area_words(self, territory: Territory) -> Mapping[str, str]:
        found = {
            "territoire.departement": set_text(territory.department.name),
            "territoire.region": set_text(territory.region.name),
        }
        court = self.library.courts.get(territory.department.code)
        return {**found, "territoire.tribunal": set_text(court)} if court else found

    def _questions(self) -> Iterator[Question]:
        """The questions that the council may be told: those of the tier of commitment are not.

        Nor are those that may turn out to have no object.
        """
        for question in self.avis["questions"]:
            displays = [self.book.conclusions[name].display for name in question["pour"]]
            later = displays and all(display is not None and display.later for display in displays)
            if not question["pertinent_si"] and (question["aussi_pour"] or not later):
                yield question

    def _label(self, name: str, value: str) -> str:
        known = self.book.conclusions[name].values
        return known.get(value, value.replace("_", " "))

    @property
    def actor(self) -> str:
        """Who acts, as the scenario names it."""
        return actor_name(self.book, self.advice.findings.scenario.facts)


def _effects(found: Iterator[Effet] | Sequence[Effet]) -> tuple[Mapping[str, str], ...]:
    return tuple(
        {
            "texte": set_text(effect["texte"]),
            "source": set_text(effect["source"]),
            "regle": effect["regle"] or "",
        }
        for effect in found
    )


def _in_order(found: Sequence[Condition]) -> Iterator[Condition]:
    """What is still to be done, in the order in which it is."""
    todo = [entry for entry in found if entry["etat"] in _OPEN]
    yield from sorted(todo, key=lambda e: WHEN.index(e["quand"]) if e["quand"] else len(WHEN))


def _reasons(elements: Sequence[Element]) -> Iterator[Mapping[str, str]]:
    """The rules that tell where each element stands, those without object left out, each once."""
    told: set[str] = set()
    for element in elements:
        for reason in element["motifs"] if element["valeur"] != "sans_objet" else ():
            if reason["texte"] not in told:
                told.add(reason["texte"])
                yield _raison(reason)


def _raison(reason: Raison) -> Mapping[str, str]:
    return {
        "texte": set_text(reason["texte"]),
        "source": set_text(reason["source"]),
        "regle": reason["regle"],
    }


def _demands(elements: Sequence[Element]) -> Iterator[Mapping[str, str]]:
    """What each unmet element asks: its open conditions, or its own sentence when it has none."""
    for element in elements:
        if element["valeur"] in SETTLED:
            continue
        open_ = [c for c in element["conditions"] if c["etat"] in _OPEN]
        head = {"code": element["code"], "titre": set_text(element["titre"])}
        for condition in open_:
            yield {
                **head,
                "texte": set_text(condition["texte"]),
                "a_ecrire": _lowered(set_text(condition["texte"])),
                "source": set_text(condition["source"]),
                "regle": condition["regle"] or "",
            }
        if not open_:
            text = set_text(element["phrase"])
            yield {**head, "texte": text, "a_ecrire": _lowered(text), "source": "", "regle": ""}


def _lowered(text: str) -> str:
    """A text that follows a colon."""
    return text[:1].lower() + text[1:]


def _refusing(elements: Sequence[Element]) -> Iterator[Raison]:
    for element in elements:
        if element["valeur"] == "empeche":
            yield from element["motifs"]


def _euros(amount: Decimal | None) -> str:
    return "—" if amount is None else euros(amount)
