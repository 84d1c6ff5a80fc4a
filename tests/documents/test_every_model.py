"""Every model, step and body has a situation that calls for it."""

from __future__ import annotations

from typing import Any

import pytest

from coopdec_rules.advice.advisor import Advice, Advisor
from coopdec_rules.documents.blocks import Heading, lines_of, words_of
from coopdec_rules.documents.room import Documents
from coopdec_rules.documents.typography import set_text

from .conftest import TODAY, advise, scenario, subsidy


def about(acte: dict[str, Any] | None = None, **action: Any) -> dict[str, Any]:
    found = scenario()
    found["action"] = {"intitule": "Essai", "neutralite": "respectee", **action}
    found["acte"] = {"interesses": {"situation": "aucun"}, **(acte or {})}
    return found


def gives(nature: str, **more: Any) -> dict[str, Any]:
    return about(
        {"forme": "deliberation"}, operation="projet", objet="cooperation",
        contributions=[{"nature": nature, "montant": 5000, "budget": "general", **more}],
    )  # fmt: skip


SITUATIONS = {
    "convention": scenario(),
    "avenant": scenario(acte={"forme": "convention", "etape": "modifier"}),
    "subvention": subsidy(),
    "subvention_forte": subsidy(montant=30000, cumul_annuel=30000),
    "faceco": gives("argent", beneficiaire="fonds_public_francais", affectee=True),
    "comite": about(
        {"forme": "deliberation"}, operation="projet", objet="cooperation",
        contributions=subsidy()["action"]["contributions"],
        mise_en_oeuvre={"mode": "comite_jumelage"},
    ),
    "un_pour_cent": about(
        {"forme": "convention"}, operation="projet", objet="cooperation",
        volets=[{"domaine": "eau"}],
        contributions=[{
            "nature": "argent", "beneficiaire": "collectivite_etrangere", "montant": 5000,
            "budget": "eau", "service_exerce": "oui", "ressources_service": 4000000,
            "autres_prelevements": "aucune", "affectee": True,
        }],
    ),
    "charte": about({"forme": "charte"}, operation="projet", objet="cooperation",
                    contributions=[{"nature": "rien"}]),
    "aide": gives("argent", beneficiaire="collectivite_etrangere", affectee=True),
    "fin": about({"forme": "convention", "etape": "mettre_fin"}, operation="projet",
                 objet="cooperation"),
    "cadre": about(operation="preparation"),
    "adhesion": about(operation="reseau",
                      contributions=[{"nature": "cotisation", "montant": 300}]),
    "mandat": about({"mandat_special": "pas_encore"}, operation="deplacement"),
    "agent": gives("agent", agent_statut="fonctionnaire", agent_accord=True,
                   beneficiaire="collectivite_etrangere"),
    "dechets": about({"forme": "deliberation"}, operation="projet", objet="cooperation",
                     volets=[{"domaine": "dechets"}]),
    "voeu": about({"sujet": "local"}, operation="voeu"),
    "don": gives("biens", beneficiaire="collectivite_etrangere"),
    "reception": about(operation="reception", contributions=[{"nature": "rien"}]),
    "decision": about(
        {"organe": "delegataire", "delegation_votee": True, "etape": "renouveler"},
        operation="reseau", contributions=[{"nature": "cotisation", "montant": 300}],
    ),
    "frontiere": about(operation="service_commun", transfrontaliere=True),
    "organisme": about(operation="organisme", organisme={"type": "gect"}),
    "gect": about(
        operation="organisme",
        organisme={"type": "gect", "membre_etranger": "frontalier", "frontalier_union": True},
    ),
    "mayotte": scenario(acteur={"nom": "Strasbourg", "code": "67482", "nature": "commune",
                                "population": 290000, "alsace_moselle": "oui"}),
    "petite": scenario(acteur={"nom": "X", "nature": "commune", "population": 900}),
    "petite_alsace": scenario(acteur={"nom": "X", "nature": "commune", "population": 900,
                                      "alsace_moselle": "oui"}),
    "communaute": scenario(acteur={"nom": "CC X", "nature": "communaute_communes"}),
    "syndicat": scenario(acteur={"nom": "X", "nature": "syndicat_mixte"}),
    "inconnu": scenario(partenaire={"nom": "X"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def advices(advisor: Advisor) -> dict[str, Advice]:
    return {name: advise(advisor, found) for name, found in SITUATIONS.items()}


def test_every_model_is_made_in_some_situation(
    documents: Documents, advices: dict[str, Advice]
) -> None:
    made: dict[str, str] = {}
    for advice in advices.values():
        for offer in documents.offers(advice, TODAY):
            if offer.state == "possible" and offer.model.id not in made:
                document = documents.make(advice, offer.model.id, TODAY)
                first = next(b for b in document.body if isinstance(b, Heading))
                made[offer.model.id] = words_of(first.line)
    assert set(documents.library.models) == set(made)


def test_a_better_model_takes_the_place_of_the_general_one(
    documents: Documents, advices: dict[str, Advice]
) -> None:
    offered = {offer.model.id for offer in documents.offers(advices["comite"], TODAY)}
    assert "deliberation-comite-jumelage" in offered
    assert "deliberation-subvention" not in offered


def test_an_amendment_is_called_so(documents: Documents, advices: dict[str, Advice]) -> None:
    act = documents.make(advices["avenant"], "deliberation-convention", TODAY)
    titles = [words_of(b.line) for b in act.body if isinstance(b, Heading)]
    assert titles[0].startswith("Objet\u00a0: approbation d’un avenant")


def test_every_step_and_body_is_called_for(
    documents: Documents, advisor: Advisor, advices: dict[str, Advice]
) -> None:
    old = [advise(advisor, {**scenario(), "date": "2006-03-01"}),
           advise(advisor, {**SITUATIONS["communaute"], "date": "2006-03-01"})]  # fmt: skip
    steps = {
        entry.step.id
        for advice in (*advices.values(), *old)
        for entry in documents.calendar(advice).entries
    }
    assert {step.id for step in documents.steps.steps} == steps
    national = {b.id for b in documents.bodies.contacts.values() if not b.regions}
    found = {body.id for advice in advices.values() for body in documents.contacts(advice)}
    assert national <= found
    assert "reseau-grand-est" in found
    assert "reseau-auvergne-rhone-alpes" in found


def test_particular_statuses_stay_warned(documents: Documents, advisor: Advisor) -> None:
    overseas = {
        "nom": "X", "nature": "commune", "population": 5000, "zone": "outre_mer",
        "statut_particulier": "commune_outre_mer",
    }  # fmt: skip
    advice = advise(advisor, scenario(acteur=overseas))
    note = documents.make(advice, "note-de-synthese", TODAY)
    cover = [words_of(line) for block in note.cover for line in lines_of(block)]
    warned = [set_text(w["texte"]) for w in advice.avis["avertissements"]]
    assert any("Polynésie" in text for text in warned)
    assert set(warned) <= set(cover)
