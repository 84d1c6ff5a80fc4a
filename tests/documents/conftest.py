"""The documents of the real rulebook, loaded once; scenarios that call for each kind of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from coopdec_rules.advice.advisor import Advice, Advisor
from coopdec_rules.documents.room import Documents
from coopdec_rules.rulebook.rulebook import Rulebook

#: The day on which the tests are read; scenarios of a later day are projects, others the past.
TODAY = dt.date(2026, 11, 26)


@pytest.fixture(scope="session")
def documents(rulebook: Rulebook, rules_root: Path) -> Documents:
    """Documents on the real rulebook."""
    return Documents(rulebook, rules_root)


def scenario(day: str = "2026-12-10", **changes: Any) -> dict[str, Any]:
    """A convention on water with a town of Senegal; ``changes`` replace whole sections."""
    found: dict[str, Any] = {
        "date": day,
        "acteur": {"nom": "Vienne", "code": "38544", "nature": "commune", "population": 31000,
                   "groupement": {"nature": "aucun"}},
        "action": {
            "intitule": "Construction de pompes à eau",
            "operation": "projet",
            "objet": "cooperation",
            "neutralite": "respectee",
            "volets": [{"domaine": "eau", "transfert": "aucune"}],
            "contributions": [
                {"nature": "argent", "beneficiaire": "collectivite_etrangere", "montant": 40000,
                 "budget": "general", "affectee": True}
            ],
        },
        "acte": {"forme": "convention", "organe": "assemblee",
                 "interesses": {"situation": "aucun"}},
        "partenaire": {"nom": "Ville de Podor", "pays": "SN",
                       "nature": "collectivite_territoriale",
                       "reconnue_par_son_droit": "oui", "reconnue_par_la_france": "oui",
                       "conforme_engagements": "oui", "mesure_ue": "aucune"},
    }  # fmt: skip
    for path, value in changes.items():
        found[path] = value
    return found


def subsidy(**contribution: Any) -> dict[str, Any]:
    """A subsidy to a French association after a disaster."""
    given = {
        "nature": "argent", "beneficiaire": "association_francaise", "montant": 5000,
        "budget": "general", "affectee": True, "initiative": "beneficiaire",
        "cumul_annuel": 5000, "reversement": "aucun", "activites": "unique", **contribution,
    }  # fmt: skip
    action = {
        "intitule": "Secours après le séisme", "operation": "projet", "objet": "humanitaire",
        "lieu": "etranger", "urgence": True, "neutralite": "respectee", "contributions": [given],
    }  # fmt: skip
    acte = {"forme": "deliberation", "interesses": {"situation": "a_verifier"}}
    return scenario(action=action, acte=acte, partenaire={"nature": "aucun"})


def advise(advisor: Advisor, document: dict[str, Any]) -> Advice:
    """The advice on a scenario, without the slow part of reasoning."""
    return advisor.advise(document, TODAY, reasoning=False)
