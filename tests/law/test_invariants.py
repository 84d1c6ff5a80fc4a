"""What every avis must satisfy, whatever the scenario; checked on random complete ones."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.scenario import Scenario
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.model import Value
from coopdec_rules.rulebook.rulebook import Rulebook

from ..engine.scenarios import Scenarios
from .test_completeness import _value

START = dt.date(1992, 2, 8)
SAME = ("habilitation", "habilitation_possibles", "maitrise_ouvrage", "volets", "conditions")
DONE = ("deliberee", "adoptee_par_partenaire", "signee", "transmise", "objet_et_montant")


def test_every_refusal_shows_a_way_forward(rulebook: Rulebook) -> None:
    """A rule that refuses, wholly or in part, names at least one thing that could be done."""
    refusals = {("action.obstacle", "oui"), ("volet.titre", "refuse"), ("volet.titre", "partiel")}
    silent = {
        rule.key
        for rule in rulebook.rules
        if refusals & set(rule.concludes) and "piste" not in {e.kind for e in rule.effects}
    }
    assert not silent


def draw(scenarios: Scenarios, rng: random.Random) -> tuple[dt.date, dict[str, Value], FactBase]:
    """A complete scenario that can be, rather more often in order than not."""
    while True:
        day, facts, base = _any(scenarios.book, rng)
        if scenarios.possible(base):
            return day, facts, base


def _any(book: Rulebook, rng: random.Random) -> tuple[dt.date, dict[str, Value], FactBase]:
    day = rng.choice([START, *[b for b in book.boundaries if b > START]])
    day += dt.timedelta(days=rng.choice([0, 1, 30]))
    facts = {f.id: _value(f, rng) for f in book.facts.values() if f.scope is None}
    facts |= {"date": day, "lecture": "droit"}
    if rng.random() < 0.8:
        facts["action.neutralite"] = "respectee"
        for name in ("reconnue_par_la_france", "reconnue_par_son_droit", "conforme_engagements"):
            facts[f"partenaire.{name}"] = "oui"
    if rng.random() < 0.7:
        facts |= dict.fromkeys((f"convention.{name}" for name in DONE), True)
        facts["mise_en_oeuvre.maitrise_ouvrage_confiee_a"] = "personne"
    items = {
        group.id: tuple(
            {f.id: _value(f, rng) for f in book.facts.values() if f.scope == group.id}
            for _ in range(rng.choice([1, 2]) if group.id == "volet" else 1)
        )
        for group in book.groups.values()
        if group.repeated
    }
    if rng.random() < 0.6:
        items["financement"][0]["financement.budget"] = "general"
    return day, facts, FactBase(facts, items)


def check(avis: dict[str, Any], day: dt.date, facts: dict[str, Value]) -> None:
    answer = avis["habilitation"]
    todo = [c for c in avis["conditions"] if c["etat"] == "a_remplir"]
    instrument = {m["conclut"].get("action.instrument") for m in avis["motifs"]} - {None}
    if answer == "autorisee":
        assert not todo
        assert facts["action.neutralite"] == "respectee"
        assert facts["partenaire.conforme_engagements"] != "non"
    if answer == "sous_conditions":
        assert todo
    if answer in ("interdite", "partielle"):
        assert avis["pistes"]
    if facts["action.neutralite"] == "meconnue":
        assert answer == "interdite"
    if instrument == {"convention"}:
        if facts["partenaire.reconnue_par_la_france"] == "non":
            assert answer == "interdite"
        if facts["partenaire.nature"] == "etat" and (
            day < dt.date(2008, 4, 18) or facts["partenaire.convention_etat"] == "autre"
        ):
            assert answer == "interdite"
        if answer == "autorisee":
            assert all(facts[f"convention.{name}"] is True for name in DONE[:-1])
    for volet in avis["volets"]:
        refused_to_grouping = (
            day < dt.date(2007, 2, 7)
            and instrument == {"convention"}
            and volet["detenteur"] == "communes"
            and "education-par-politique-de-la-ville" not in volet["motifs"]
            and "acteur-groupement" in {m["regle"] for m in avis["motifs"]}
        )
        if refused_to_grouping:
            assert volet["habilitation"] == "interdite"


@pytest.mark.parametrize("seed", range(3))
def test_answers_agree_with_what_they_say(advisor: Advisor, seed: int) -> None:
    rng = random.Random(seed)
    scenarios = Scenarios(advisor.rulebook)
    for number in range(700):
        day, facts, base = draw(scenarios, rng)
        avis = advisor.advise_scenario(Scenario(day, base, ()), reasoning=False).avis
        check(avis, day, facts)
        if number % 25 == 0:  # all is known: looking at all completions finds the same answers
            reasoned = advisor.advise_scenario(Scenario(day, base, ())).avis
            check(reasoned, day, facts)
            assert {k: reasoned[k] for k in SAME} == {k: avis[k] for k in SAME}
