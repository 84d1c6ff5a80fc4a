"""Small promises of honesty: counts, confidence, and changed facts that stay exact."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.names import NAMES
from coopdec_rules.advice.wording import AT_ISSUE, NOT_GIVEN
from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.model import AT_ONCE, CONFIDENCES
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.workshop.cases import Case, load_cases

DAY = dt.date(2006, 3, 1)


@pytest.fixture(scope="module")
def cases(cases_root: Path) -> list[Case]:
    return load_cases(cases_root)


def test_a_rule_that_applies_to_two_volets_is_counted_once(advisor: Advisor) -> None:
    volet = {"domaine": "eau", "transfert": "totale"}
    scenario = {
        "date": "2006-03-01",
        "acteur": {"nature": "communaute_agglomeration"},
        "action": {"operation": "projet", "volets": [volet, volet]},
        "acte": {"forme": "convention"},
        "partenaire": {"nature": "collectivite_territoriale"},
    }
    avis = advisor.advise(scenario, DAY).avis
    applied = [m["regle"] for m in avis["motifs"] if m["etat"] == "appliquee"]
    assert len(applied) > len(set(applied))
    assert avis["recueil"]["regles_relues"]["total"] == len(set(applied))


def test_a_domain_without_a_row_is_not_said_to_be_read_in_the_text(rulebook: Rulebook) -> None:
    """No row means that nothing was found, which is less than having read that nothing is there."""
    (default,) = rulebook.versions("competences:a-defaut")
    assert default.confidence == "partielle"
    assert default.scope == "volet"


def test_every_confidence_has_a_name() -> None:
    assert set(NAMES["confiance"]) == set(CONFIDENCES)


def test_changing_a_fact_without_object_gives_it_none(engine: Engine) -> None:
    evaluation = engine.evaluation(DAY)
    base = FactBase({"date": DAY, "acteur.nature": "communaute_agglomeration"})
    changed = evaluation.with_fact(
        evaluation.prepare(base), "acteur.groupement.nature", "communaute_communes"
    )
    assert changed.scenario[1] == evaluation.prepare(changed.base).scenario[1]


def test_no_rule_that_applies_speaks_of_what_is_not_known(
    advisor: Advisor, cases: list[Case]
) -> None:
    told = 0
    for case in cases:
        if "impossible" in case.expected:
            continue
        avis = advisor.advise(case.scenario, DAY, reasoning=False).avis
        texts = [m["explication"] for m in avis["motifs"] if m["etat"] == "appliquee"]
        effects = (*avis["avertissements"], *avis["conseils"], *avis["pistes"], *avis["modalites"])
        texts += [e["texte"] for e in (*avis["conditions"], *avis["formalites"], *effects)]
        assert not [text for text in texts if NOT_GIVEN in text], case.id
        told += sum(f" {AT_ISSUE}" in text for text in texts)
    assert told, "no case leaves a domain unsaid any more: this test shows nothing"


def test_a_rule_that_stays_open_with_all_its_conditions_met_says_why(
    advisor: Advisor, cases: list[Case]
) -> None:
    seen = 0
    for case in cases:
        if "impossible" in case.expected:
            continue
        for reason in advisor.advise(case.scenario, DAY, reasoning=False).avis["motifs"]:
            met = all(condition["etat"] == "remplie" for condition in reason["conditions"])
            if reason["etat"] == "indeterminee" and met:
                seen += 1
                assert reason["peut_etre_ecartee_par"], (case.id, reason["regle"])
    assert seen, "no case has such a reason any more: this test shows nothing"


def test_an_act_already_taken_and_illegal_cannot_wait(rulebook: Rulebook) -> None:
    """What to do about it is told before anything else (``AT_ONCE``), and so is why."""
    found = 0
    for rule in rulebook.rules:
        urgent = [e for e in rule.effects if e.when == AT_ONCE]
        told = rule.explanation.startswith("L'acte déjà pris est illégal")
        assert bool(urgent) == told, rule.id
        assert all("est illégal" in effect.text for effect in urgent), rule.id
        found += told
    assert found > 8
