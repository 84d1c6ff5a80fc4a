"""What every avis must satisfy, whatever the scenario; checked on random ones."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.models import Avis
from coopdec_rules.advice.scenario import Scenario
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.model import Fact, Value
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.soundness import FREE_TONES

from ..engine.scenarios import Scenarios
from .test_completeness import _value

START = dt.date(1992, 2, 8)
#: Beyond it the answer is *indéterminée* whatever the facts.
END = dt.date(2026, 11, 25)
SAME = ("habilitation", "habilitation_possibles", "maitrise_ouvrage", "volets", "conditions")
#: The value that puts a fact in order, for those that have one by name.
IN_ORDER = {
    "action.neutralite": "respectee",
    "action.objet": "cooperation",
    "action.lieu": "chez_le_partenaire",
    "acte.organe": "assemblee",
    "acte.etape": "conclure",
    "acte.signature_quand": "apres_transmission",
    "acte.mode_publication": "electronique",
    "interesses.situation": "aucun",
    "partenaire.nature": "collectivite_territoriale",
    "partenaire.pays": "SN",
    "partenaire.assemblee": "en_place",
    "partenaire.mesure_ue": "aucune",
    "partenaire.reconnue_par_la_france": "oui",
    "partenaire.reconnue_par_son_droit": "oui",
    "partenaire.conforme_engagements": "oui",
    "contribution.nature": "rien",
    "mise_en_oeuvre.maitrise_ouvrage_confiee_a": "personne",
    "mise_en_oeuvre.chef_de_file": "aucun",
}


def test_every_refusal_shows_a_way_forward(rulebook: Rulebook) -> None:
    """A rule that bars an action names at least one thing that could be done."""
    points = {p.id for found in rulebook.points.values() for p in found}
    silent = {
        rule.key
        for rule in rulebook.rules
        if any(name in points and value == "empeche" for name, value in rule.concludes)
        and "piste" not in {e.kind for e in rule.effects}
    }
    assert not silent


def test_what_is_to_be_done_is_told(rulebook: Rulebook) -> None:
    """A rule that leaves a point to be met says what is to be done, and by whom."""
    points = {p.id for found in rulebook.points.values() for p in found}
    silent = {
        rule.key
        for rule in rulebook.rules
        if any(n in points and value in ("a_faire", "a_obtenir") for n, value in rule.concludes)
        and not any(e.kind == "condition" and e.who for e in rule.effects)
    }
    assert not silent


def _drawn(fact: Fact, rng: random.Random, order: float) -> Value:
    """A value; often the one that is in order, so that some scenarios are."""
    if rng.random() < order:
        if fact.id in IN_ORDER:
            return IN_ORDER[fact.id]
        if fact.type == "booleen" and fact.id.startswith("acte."):
            return True
    return _value(fact, rng)


def draw(scenarios: Scenarios, rng: random.Random) -> tuple[dt.date, FactBase]:
    """A complete scenario that can be."""
    book = scenarios.book
    while True:
        day = rng.choice([START, *[b for b in book.boundaries if START < b < END]])
        day = min(day + dt.timedelta(days=rng.choice([0, 1, 30])), END)
        order = rng.choice([0.0, 0.7, 0.95, 1.0])
        facts = {f.id: _drawn(f, rng, order) for f in book.facts.values() if f.scope is None} | {
            "date": day,
            "lecture": "droit",
        }
        items = {
            group.id: tuple(
                {f.id: _drawn(f, rng, order) for f in book.facts.values() if f.scope == group.id}
                for _ in range(rng.choice([1, 2]) if group.id == "volet" else 1)
            )
            for group in book.groups.values()
            if group.repeated
        }
        base = FactBase(facts, items)
        if scenarios.possible(base):
            return day, base


def check(avis: Avis) -> None:
    answer = avis["habilitation"]
    todo = [c for c in avis["conditions"] if c["etat"] == "a_remplir"]
    free = [e["ton"] in FREE_TONES for e in avis["elements"]]
    assert len(free) == 13
    assert (answer == "autorisee") <= all(free)
    if all(free) and all(v["habilitation"] == "autorisee" for v in avis["volets"]):
        assert answer == "autorisee"
    if answer == "autorisee":
        assert not todo
    if answer == "sous_conditions":
        assert todo
    values = [e["valeur"] for e in avis["elements"]]
    if answer == "interdite":
        assert "empeche" in values
        assert avis["pistes"]
    scenario_wide = {"organe", "objet", "lieu", "partenaire", "engagements", "acte", "effet"}
    for element in avis["elements"]:
        code = element["code"].removeprefix("element.")
        if code in scenario_wide and element["valeur"] == "empeche":
            assert answer == "interdite", element["code"]
        assert bool(element["motifs"]) or element["valeur"] is None
    for part in avis["volets"]:
        if part["habilitation"] == "interdite":
            assert answer in ("interdite", "partielle")


@pytest.mark.parametrize("seed", range(2))
def test_answers_agree_with_what_they_say(advisor: Advisor, seed: int) -> None:
    rng = random.Random(seed)
    scenarios = Scenarios(advisor.rulebook)
    drawn = sorted((draw(scenarios, rng) for _ in range(350)), key=lambda pair: pair[0])
    answers = set()
    for number, (day, base) in enumerate(drawn):
        avis = advisor.advise_scenario(Scenario(day, base, ()), reasoning=False).avis
        check(avis)
        answers.add(avis["habilitation"])
        if number % 25 == 0:  # all is known: looking at all completions finds the same answers
            reasoned = advisor.advise_scenario(Scenario(day, base, ())).avis
            check(reasoned)
            assert {k: reasoned[k] for k in SAME} == {k: avis[k] for k in SAME}
    assert answers >= {"autorisee", "sous_conditions", "interdite"}


#: Presumptions that establish nothing; the others say the ordinary run of things (one French body
#: acts, the partner's assembly is in place), and the avis lists them.
NEUTRAL = ("a_verifier", "a_preciser", "a_determiner", "a_demontrer", "doute", "ZZ")


def _some(book: Rulebook, facts: Mapping[str, Value], rng: random.Random) -> dict[str, Value]:
    """Some of the facts left out, of those whose silence the rulebook does not fill in."""
    kept = {}
    for name, value in facts.items():
        fact = book.facts[name]
        silent = fact.presumed is None or fact.presumed in NEUTRAL or name.startswith("acte.")
        if name in ("date", "lecture") or fact.required or not silent or rng.random() < 0.7:
            kept[name] = value
    return kept


def test_what_is_not_said_is_never_a_yes(advisor: Advisor) -> None:
    """Withholding a fact never makes an answer *autorisée* that was not."""
    rng = random.Random(7)
    scenarios = Scenarios(advisor.rulebook)
    drawn = sorted((draw(scenarios, rng) for _ in range(150)), key=lambda pair: pair[0])
    for day, base in drawn:
        whole = advisor.advise_scenario(Scenario(day, base, ()), reasoning=False).avis
        if whole["habilitation"] == "autorisee":
            continue
        kept = _some(advisor.rulebook, base.scenario, rng)
        items = {
            group: tuple(_some(advisor.rulebook, item, rng) for item in found)
            for group, found in base.items.items()
        }
        partial = FactBase(kept, items)
        avis = advisor.advise_scenario(Scenario(day, partial, ()), reasoning=False).avis
        assert avis["habilitation"] != "autorisee", (day, kept, items)
