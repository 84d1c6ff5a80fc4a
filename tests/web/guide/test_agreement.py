"""The form asks first exactly what the avis asks: one definition of a question that matters."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.scenario import Scenario
from coopdec_rules.errors import ScenarioError
from coopdec_rules.rulebook.model import Fact
from coopdec_rules.web.guide.interest import Interest, Judge
from coopdec_rules.workshop.cases import Case

TODAY = dt.date(2026, 11, 22)
#: Without these, nearly everything is still to be asked.
KEPT = ("nature", "date", "budget")


@pytest.fixture(scope="module")
def judge(advisor: Advisor) -> Judge:
    return Judge(advisor)


def thinned(rng: random.Random, node: Any, kept: float) -> Any:
    """A document of which some answers are forgotten; who acts, when and who pays are kept."""
    if isinstance(node, dict):
        return {
            key: thinned(rng, child, kept)
            for key, child in node.items()
            if isinstance(child, dict | list) or key in KEPT or rng.random() < kept
        }
    return [thinned(rng, child, kept) for child in node] if isinstance(node, list) else node


@pytest.fixture(scope="module")
def partial(cases: list[Case]) -> list[dict[str, Any]]:
    """Many partial scenarios, from nearly nothing to nearly everything."""
    rng = random.Random(11)
    return [
        thinned(rng, case.scenario, rng.choice((0.1, 0.3, 0.6, 0.9)))
        for case in rng.sample(cases, 30)
    ]


def open_facts(advisor: Advisor, scenario: Scenario) -> Iterator[tuple[Fact, int | None]]:
    """Facts that nobody states or presumes, each with its item."""
    for fact in advisor.rulebook.facts.values():
        entries = [scenario.base.scenario]
        if fact.scope is not None:
            entries = list(scenario.base.items[fact.scope])
        for item, facts in enumerate(entries):
            if fact.id not in facts:
                yield fact, None if fact.scope is None else item


def compared(
    advisor: Advisor, interest: Interest, document: dict[str, Any], avis: dict[str, Any]
) -> int:
    """How many questions were compared."""
    asked = {(q["fait"], q["element"]) for q in avis["questions"] if q["pertinent_si"] is None}
    later = {(q["fait"], q["element"]) for q in avis["questions"] if q["pertinent_si"] is not None}
    scenario = advisor.reader.read(document, TODAY)
    compared = 0
    for fact, item in open_facts(advisor, scenario):
        where = interest.of(fact, item)
        at = (fact.id, item)
        if at in later:
            assert where == "aside", at
            assert interest.doubtful(fact, item) or interest.waits(fact, item)
        elif fact.type != "texte" and not fact.required and fact.id != "date":
            assert (where == "main") == (at in asked), (at, where)
            compared += at in asked
    return compared


def test_the_form_asks_what_the_avis_asks(
    advisor: Advisor, judge: Judge, partial: list[dict[str, Any]]
) -> None:
    total = 0
    for document in partial:
        try:
            avis = advisor.advise(document, TODAY).avis
        except ScenarioError:
            continue
        assert avis["raisonnement"]
        total += compared(advisor, judge.judge(document, TODAY), document, avis)
    assert total > 100


def test_out_of_reach_too(advisor: Advisor, judge: Judge) -> None:
    document = {
        "date": "2006-03-01",
        "acteur": {"nature": "communaute_agglomeration"},
        "action": {"volets": [{"domaine": "eau"}, {"domaine": "habitat_logement"}] + [{}] * 7},
    }
    avis = advisor.advise(document, TODAY).avis
    assert not avis["raisonnement"]
    assert avis["questions"] == advisor.questions(document, TODAY)["questions"]
    assert compared(advisor, judge.judge(document, TODAY), document, avis) > 10


def test_the_api_asks_what_the_avis_asks(
    client: TestClient, advisor: Advisor, partial: list[dict[str, Any]]
) -> None:
    def named(questions: list[dict[str, Any]]) -> list[tuple[object, ...]]:
        keys = ("fait", "element", "pertinent_si", "pour", "aussi_pour")
        return [tuple(str(q[key]) for key in keys) for q in questions]

    for document in partial[:12]:
        answer = client.post("/api/v1/questions", json=document)
        if answer.status_code == 200:
            avis = client.post("/api/v1/avis", json=document).json()
            assert named(answer.json()["questions"]) == named(avis["questions"])


def test_each_question_says_what_it_is_asked_for(
    advisor: Advisor, partial: list[dict[str, Any]]
) -> None:
    kinds = set()
    for document in partial:
        try:
            asking = advisor.questions(document, TODAY)
        except ScenarioError:
            continue
        for question in asking["questions"]:
            assert question["pour"] or question["aussi_pour"], question["fait"]
            kinds |= {one["genre"] for one in question["aussi_pour"]}
            # What bears on an answer comes before what bears on a condition alone.
        first = [bool(q["pour"]) for q in asking["questions"] if q["pertinent_si"] is None]
        assert first == sorted(first, reverse=True)
    assert kinds >= {"condition", "plafond"}


def test_a_condition_alone_is_reason_enough_to_ask(advisor: Advisor) -> None:
    """The answer is settled; whether a formality is done is still asked, for that formality."""
    document = {
        "date": "2024-03-01",
        "acteur": {"nature": "commune"},
        "action": {
            "operation": "projet",
            "volets": [{"domaine": "eau"}],
            "contributions": [{"nature": "argent", "budget": "eau"}],
        },
    }
    asked = {q["fait"]: q for q in advisor.questions(document, TODAY)["questions"]}
    amounts = asked["contribution.montant"]["aussi_pour"]
    assert {one["genre"] for one in amounts} >= {"plafond"}
    assert all(one["groupe"] == "contribution" for one in amounts if one["genre"] == "plafond")
