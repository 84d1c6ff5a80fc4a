"""An answer that rests on a circular or on the study only says so."""

from __future__ import annotations

import datetime as dt

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.rulebook.location import cases_folder
from coopdec_rules.workshop.cases import load_cases

CASES = {case.id: case for case in load_cases(cases_folder())}
TODAY = dt.date(2026, 1, 1)


SUPPORT = {
    "cas-1-dans-les-competences": "jurisprudence",
    "cas-1-hors-competences": "jurisprudence",
    "cas-2-renouvellement-selon-l-etude": "etude",
    "charte-d-amitie-2005": "jurisprudence",
}


@pytest.mark.parametrize("name", SUPPORT)
def test_rank_of_the_support(advisor: Advisor, name: str) -> None:
    avis = advisor.advise(CASES[name].scenario, TODAY).avis
    assert avis["volets"][0]["appui"] == SUPPORT[name]
    warned = any("ne repose que sur" in w["texte"] for w in avis["avertissements"])
    assert warned == (SUPPORT[name] in ("circulaire", "etude"))


def test_infra_communautaire_rests_on_a_circular(advisor: Advisor) -> None:
    scenario = {
        "date": "2006-03-01",
        "acteur": {"nature": "commune", "groupement": {"nature": "communaute_agglomeration"}},
        "action": {
            "operation": "projet",
            "engagement_anterieur": "aucun",
            "volets": [
                {"domaine": "eau", "transfert": "totale", "interet_infra_communautaire": True}
            ],
        },
        "acte": {"forme": "convention"},
        "partenaire": {"nature": "collectivite_territoriale"},
    }
    avis = advisor.advise(scenario, TODAY).avis
    assert avis["habilitation"] == "sous_conditions"
    assert avis["appui"] == "circulaire"


def test_no_answer_has_no_support(advisor: Advisor) -> None:
    avis = advisor.advise({"acteur": {"nature": "commune"}}, TODAY).avis
    assert avis["habilitation"] == "indeterminee"
    assert avis["appui"] is None
