"""What an avis says of the reviews of the rules it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.models import Avis
from coopdec_rules.advice.names import NAMES
from coopdec_rules.rulebook.reviews import STATES, VERDICTS, Review, Verdict, settle, version_of
from coopdec_rules.rulebook.rulebook import Rulebook

TODAY = dt.date(2026, 1, 1)
SCENARIO = {
    "date": "2006-03-01",
    "acteur": {"nature": "communaute_agglomeration"},
    "action": {
        "operation": "projet",
        "volets": [
            {"domaine": "sante", "transfert": "aucune"},
            {"domaine": "eau", "transfert": "totale"},
            {"domaine": "dechets", "transfert": "totale"},
        ],
    },
    "acte": {"forme": "convention"},
    "partenaire": {"nature": "collectivite_territoriale"},
}

Advise = Callable[..., dict[str, Any]]


@pytest.fixture
def advise(rulebook: Rulebook) -> Iterator[Advise]:
    """The avis of the scenario when rules bear these verdicts (or are void: ``None``)."""
    opened = []

    def _advise(**verdicts: Verdict | None) -> dict[str, Any]:
        found = [
            Review(
                rule=rule.id,
                version=version_of(rule),
                role="avocate",
                date=dt.date(2026, 3, 1),
                verdict=verdicts[name] or "conforme",
                note="" if verdicts[name] in ("conforme", None) else "Une réserve.",
                fingerprint=rule.fingerprint,
                current=verdicts[name] is not None,
                file="relectures/x.yaml",
                line=4,
            )
            for name in verdicts
            for rule in rulebook.versions(name.replace("_", "-"))
        ]
        reviews = settle(found, rulebook.rules)
        # States of the law know their rulebook: the copy makes its own.
        adviser = Advisor(replace(rulebook, reviews=reviews, _states={}))
        opened.append(adviser)
        avis = adviser.advise(SCENARIO, TODAY).avis
        TypeAdapter(Avis).validate_python(avis)
        return avis

    yield _advise
    for adviser in opened:
        adviser.close()


def warnings(avis: dict[str, Any]) -> list[dict[str, Any]]:
    return [w for w in avis["avertissements"] if w["texte"].startswith("Une règle appliquée ici ")]


def applied(avis: dict[str, Any], rule: str) -> list[dict[str, Any]]:
    return [m for m in avis["motifs"] if m["regle"] == rule and m["etat"] == "appliquee"]


def test_without_review_nothing_is_claimed(advise: Advise) -> None:
    avis = advise()
    assert {m["relue"] for m in avis["motifs"]} == {False}
    never = {"etat": "non_relue", "role": None, "date": None, "note": None}
    assert all(m["relecture"] == never for m in avis["motifs"])
    assert avis["recueil"]["regles_relues"]["relues"] == 0
    assert warnings(avis) == []


@pytest.mark.parametrize(
    ("verdict", "state", "counted"),
    [
        ("conforme", "relue", 1),
        ("reserve", "relue_avec_reserve", 1),
        ("non_conforme", "non_conforme", 0),
        (None, "a_relire", 0),
    ],
)
def test_each_reason_bears_its_review(
    advise: Advise, verdict: Verdict | None, state: str, counted: int
) -> None:
    avis = advise(groupement_competent=verdict)
    reasons = applied(avis, "groupement-competent")
    assert reasons
    for reason in reasons:
        assert reason["relecture"] == {
            "etat": state,
            "role": "avocate",
            "date": "2026-03-01",
            "note": "Une réserve." if verdict in ("reserve", "non_conforme") else None,
        }
        assert reason["relue"] is bool(counted)
    assert avis["recueil"]["regles_relues"]["relues"] == counted


@pytest.mark.parametrize(
    ("verdict", "said"),
    [("reserve", "relue avec réserve"), ("non_conforme", "jugée non conforme au droit")],
)
def test_a_reserve_is_warned_of_once_with_its_places(
    advise: Advise, verdict: Verdict, said: str
) -> None:
    avis = advise(groupement_competent=verdict)
    places = [m["element"] for m in applied(avis, "groupement-competent")]
    assert places
    (warning,) = warnings(avis)
    assert said in warning["texte"]
    assert warning["texte"].endswith("(avocate, 1er mars 2026) : Une réserve.")
    assert (warning["regle"], warning["groupe"]) == ("groupement-competent", "volet")
    assert warning["elements"] == places
    assert warning["rang"] == "jurisprudence"
    assert "{" not in warning["source"]


def test_a_rule_on_the_whole_scenario(advise: Advise) -> None:
    avis = advise(regime_1992="non_conforme")
    assert applied(avis, "regime-1992")
    (warning,) = warnings(avis)
    assert (warning["groupe"], warning["elements"]) == (None, [])


@pytest.mark.parametrize("verdict", ["conforme", None])
def test_an_accepted_or_void_review_warns_of_nothing(
    advise: Advise, verdict: Verdict | None
) -> None:
    assert warnings(advise(groupement_competent=verdict)) == []


def test_a_rule_that_does_not_apply_is_not_warned_of(advise: Advise) -> None:
    avis = advise(regime_2014="non_conforme", commune_dessaisie="non_conforme")
    assert not applied(avis, "regime-2014")
    assert warnings(avis) == []


def test_reviews_change_no_answer(advise: Advise) -> None:
    plain, reviewed = advise(), advise(groupement_competent="non_conforme", regime_1992="reserve")
    for avis in (plain, reviewed):
        avis["avertissements"] = [w for w in avis["avertissements"] if w not in warnings(avis)]
        avis["recueil"]["regles_relues"] = None
        avis["motifs"] = [
            {k: v for k, v in m.items() if k not in ("relue", "relecture")} for m in avis["motifs"]
        ]
    assert plain == reviewed


def test_every_state_and_verdict_has_a_name() -> None:
    assert set(NAMES["relecture"]) == set(STATES)
    assert set(NAMES["verdict"]) == set(VERDICTS)
