"""Complete scenarios for the tests of the law, rather often in order: chance alone seldom is."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from decimal import Decimal

from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.model import Fact, Value
from coopdec_rules.rulebook.rulebook import Rulebook
from tests.engine.scenarios import Scenarios

#: First day that the rulebook covers.
START = dt.date(1992, 2, 8)
#: A convention on water with a foreign town, voted, signed, published, sent; nothing is given.
IN_ORDER: Mapping[str, Value] = {
    "action.operation": "projet",
    "action.objet": "cooperation",
    "action.lieu": "chez_le_partenaire",
    "action.neutralite": "respectee",
    "action.instruction_etat": "aucune",
    "action.transfrontaliere": False,
    "action.cofinancement": "aucun",
    "interet_local.public": "oui",
    "interet_local.direct": "oui",
    "interet_local.impartial": "oui",
    "acte.forme": "convention",
    "acte.etape": "conclure",
    "acte.organe": "assemblee",
    "acte.decidee": True,
    "acte.signee": True,
    "acte.signature_quand": "apres_transmission",
    "acte.publiee": True,
    "acte.mode_publication": "electronique",
    "acte.transmise": True,
    "acte.convention_transmise": True,
    "acte.objet_et_montant": True,
    "interesses.situation": "aucun",
    "mise_en_oeuvre.maitrise_ouvrage_confiee_a": "personne",
    "mise_en_oeuvre.chef_de_file": "aucun",
    "partenaire.pays": "SN",
    "partenaire.nature": "collectivite_territoriale",
    "partenaire.signataire": True,
    "partenaire.reconnue_par_son_droit": "oui",
    "partenaire.reconnue_par_la_france": "oui",
    "partenaire.assemblee": "en_place",
    "partenaire.mesure_ue": "aucune",
    "partenaire.conforme_engagements": "oui",
    "contribution.nature": "rien",
}


def value(fact: Fact, rng: random.Random) -> Value:
    """Any value of a fact."""
    match fact.type:
        case "booleen":
            return rng.random() < 0.5
        case "choix":
            return rng.choice(list(fact.values))
        case "nombre":
            return rng.choice([0, 1, 3, 60, 16000, 60000])
        case "montant":
            return Decimal(rng.choice([0, 20000, 40000, 4000000]))
        case "date":
            return rng.choice([dt.date(1999, 7, 13), dt.date(2004, 8, 18), dt.date(2005, 6, 1)])
        case "texte":
            return "essai"


def days(book: Rulebook, part: int, parts: int) -> Sequence[dt.date]:
    """One part of the days on which the law changes: all parts together hold each of them."""
    return book.boundaries[part::parts]


def draw(
    scenarios: Scenarios, rng: random.Random, day: dt.date, in_order: float = 0.0
) -> tuple[dict[str, Value], FactBase]:
    """A complete scenario that can be; ``in_order`` is the share of facts told as they should be.

    Returned with the facts of the action, its law being read.
    """
    book = scenarios.book

    def facts(scope: str | None) -> dict[str, Value]:
        return {
            fact.id: IN_ORDER[fact.id]
            if fact.id in IN_ORDER and rng.random() < in_order
            else value(fact, rng)
            for fact in book.facts.values()
            if fact.scope == scope
        }

    while True:
        scenario = facts(None) | {"date": day, "lecture": "droit"}
        items = {
            group.id: tuple(facts(group.id) for _ in range(rng.choice([1, 1, 2])))
            for group in book.groups.values()
            if group.repeated
        }
        base = FactBase(scenario, items)
        if scenarios.possible(base):
            return scenario, base
