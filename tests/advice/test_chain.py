"""The chain of an answer: facts, rules applied, exceptions."""

from __future__ import annotations

import datetime as dt

import pytest

from coopdec_rules.advice import answers
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.chain import Chain, chain_of
from coopdec_rules.rulebook.formula import V
from coopdec_rules.workshop.cases import load_cases

TODAY = dt.date(2026, 11, 22)


def chain(advisor: Advisor, document: object) -> Chain:
    scenario = advisor.reader.read(document, TODAY)
    evaluation = advisor.engine.evaluation(scenario.day)
    findings = evaluation.read(evaluation.prepare(scenario.base))
    presumed = frozenset((p.fact.id, p.item) for p in scenario.presumed)
    targets = {(name, None): name for name in answers.ANSWERS}
    law = advisor.engine.law(scenario.day)
    found = chain_of(law, advisor.wording, findings, targets, presumed)
    readings = [(None, findings.scenario)]
    readings += [pair for items in findings.items.values() for pair in enumerate(items)]
    applied = {
        (law.rules[index].id, item)
        for item, reading in readings
        for index, effect in reading.effective.items()
        if effect == V
    }
    for step in found.steps.values():
        if step.kind == "regle":
            assert (step.rule, step.key[2]) in applied
        if step.kind == "ecartee":
            assert (step.rule, step.key[2]) not in applied
    return found


@pytest.fixture(scope="module")
def documents(cases_root: object) -> list[object]:
    return [case.scenario for case in load_cases(cases_root)]  # type: ignore[arg-type]


def test_every_step_rests_on_steps_that_come_before_it(
    advisor: Advisor, documents: list[object]
) -> None:
    drawn = 0
    for document in documents[::20]:
        try:
            advisor.reader.read(document, TODAY)
        except ValueError:
            continue
        found = chain(advisor, document)
        drawn += 1
        seen: set[object] = set()
        for key, step in found.steps.items():
            assert step.key == key
            assert set(step.inputs) <= seen, key
            assert set(step.excludes) <= set(found.steps)
            assert step.rank != "methode"
            seen.add(key)
        assert {found.steps[key].kind for key in found.targets} == {"reponse"}
    assert drawn > 20


def test_a_settled_answer_goes_back_to_facts(advisor: Advisor) -> None:
    found = chain(
        advisor,
        {
            "date": "2006-02-01",
            "acteur": {"nature": "commune", "groupement": {"nature": "communaute_urbaine"}},
            "action": {"operation": "projet", "volets": [{"domaine": "eau"}]},
            "acte": {"forme": "charte"},
            "engagement": {"transfrontaliere": True},
        },
    )
    now = found.steps["reponse", answers.TIER_NOW, None]
    assert now.inputs
    facts = [s for s in found.steps.values() if s.kind == "fait"]
    assert any(s.key[1] == "engagement.transfrontaliere" and not s.presumed for s in facts)


def test_an_open_answer_rests_on_nothing(advisor: Advisor) -> None:
    found = chain(advisor, {"date": "2006-02-01", "acteur": {"nature": "commune"}})
    assert found.steps["reponse", answers.POWER, None].inputs == ()


def test_a_row_of_a_table_says_how_it_was_read(advisor: Advisor) -> None:
    def sources(day: str, domain: str) -> list[str]:
        document = {
            "date": day,
            "acteur": {"nature": "communaute_agglomeration"},
            "action": {"operation": "projet", "objet": "affaire_locale", "lieu": "france",
                       "volets": [{"domaine": domain, "interet_communautaire": "inclus"}]},
            "acte": {"forme": "deliberation"},
            "partenaire": {"nature": "association_francaise"},
        }  # fmt: skip
        found = chain(advisor, document)
        return [s.source or "" for s in found.steps.values() if (s.rule or "").startswith("compe")]

    assert any("(lu dans le texte même)" in s for s in sources("2006-03-01", "amenagement_espace"))
    assert any("(lu dans un compte rendu fiable)" in s for s in sources("2024-03-01", "eau"))
