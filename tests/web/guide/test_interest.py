"""Which questions are asked up front, and what the law says beside them."""

from __future__ import annotations

import copy
import datetime as dt
import random
from typing import Any

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.errors import ScenarioError
from coopdec_rules.rulebook.model import Fact
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.guide.interest import Judge
from coopdec_rules.workshop.cases import Case

from ...effort import often

TODAY = dt.date(2026, 11, 22)
ANSWERS = ("habilitation", "maitrise_ouvrage", "palier", "volets", "plafonds", "conditions")


@pytest.fixture(scope="module")
def judge(advisor: Advisor) -> Judge:
    return Judge(advisor)


def place(judge: Judge, document: dict[str, Any], fact: str, item: int | None = None) -> str:
    return judge.judge(document, TODAY).of(judge.book.facts[fact], item)


def test_what_has_no_object_is_not_asked(judge: Judge) -> None:
    region = {"acteur": {"nature": "region"}}
    assert place(judge, region, "acteur.groupement.nature") == "none"
    assert place(judge, {}, "acteur.groupement.nature") == "aside"
    commune = {"acteur": {"nature": "commune"}}
    assert place(judge, commune, "acteur.groupement.nature") == "main"


def test_what_is_answered_stays_in_sight(judge: Judge) -> None:
    assert place(judge, {}, "acteur.code") == "aside"
    assert place(judge, {"acteur": {"code": "38544"}}, "acteur.code") == "main"


def test_what_cannot_be_read_counts_as_unknown(judge: Judge) -> None:
    wrong = {"date": "hier", "acteur": {"nature": 3, "population": -5}, "action": {"volets": "x"}}
    found = judge.judge(wrong, TODAY)
    assert found.day == TODAY
    assert found.of(judge.book.facts["acteur.population"], None) == "aside"
    assert found.of(judge.book.facts["volet.domaine"], 0) == "main"


def volet(date: str, nature: str, **facts: object) -> dict[str, Any]:
    return {"date": date, "acteur": {"nature": nature}, "action": {"volets": [facts]}}


def test_a_compulsory_competence_is_told_not_asked(judge: Judge) -> None:
    found = judge.judge(volet("2021-03-01", "communaute_agglomeration", domaine="eau"), TODAY)
    assert found.of(judge.book.facts["volet.transfert"], 0) == "aside"
    said = found.by_law["volet.transfert", 0]
    assert [(s.label, s.value) for s in said] == [
        ("place de la compétence dans la loi", "compétence obligatoire"),
        ("transfert de la compétence", "transférée"),
    ]
    # The law makes it compulsory; that what is compulsory leaves the communes is case law.
    # How its row was read is said; nobody read the article as it was that year.
    assert "L. 5216-5, I (lu dans un compte rendu fiable)" in said[0].source
    assert "Saint-Vallier" in said[1].source


def test_an_optional_one_is_asked_beside_what_the_law_says(judge: Judge) -> None:
    found = judge.judge(volet("2006-03-01", "communaute_agglomeration", domaine="eau"), TODAY)
    assert found.of(judge.book.facts["volet.transfert"], 0) == "main"
    # That it makes no exception goes without saying.
    assert [s.value for s in found.by_law["volet.transfert", 0]] == ["compétence optionnelle"]


def test_one_that_has_exceptions_is_asked_beside_them(judge: Judge) -> None:
    found = judge.judge(volet("2021-03-01", "communaute_communes", domaine="eau"), TODAY)
    assert found.of(judge.book.facts["volet.transfert"], 0) == "main"
    assert [s.value for s in found.by_law["volet.transfert", 0]] == [
        "compétence obligatoire, sauf exception",
        "les communes ont pu s'opposer au transfert de l'eau ou de l'assainissement",
    ]


def test_what_the_rulebook_does_not_read_is_not_given_as_the_law(judge: Judge) -> None:
    scenario = volet("2024-06-01", "metropole", domaine="eau")
    scenario["acteur"]["statut_particulier"] = "lyon"
    assert judge.judge(scenario, TODAY).by_law["volet.transfert", 0] == ()


def test_the_law_is_read_without_the_answer_it_stands_beside(judge: Judge) -> None:
    scenario = volet("2021-03-01", "communaute_agglomeration", domaine="eau", transfert="aucune")
    found = judge.judge(scenario, TODAY)
    assert found.by_law["volet.transfert", 0][1].value == "transférée"
    # The correction stays in sight.
    assert found.of(judge.book.facts["volet.transfert"], 0) == "main"


def test_each_part_has_its_own_questions(judge: Judge) -> None:
    scenario = volet("2006-03-01", "communaute_communes", domaine="equipements_culturels")
    scenario["action"]["volets"].append({"domaine": "eau"})
    found = judge.judge(scenario, TODAY)
    community = judge.book.facts["volet.interet_communautaire"]
    assert found.of(community, 0) == "main"
    assert found.of(community, 1) == "aside"


# -- nothing that could change the avis is put aside -----------------------------------------------


def candidates(book: Rulebook, judge: Judge, document: dict[str, Any]) -> list[tuple[Fact, Any]]:
    """Facts put aside although they have an object, are not rare and are not settled by law."""
    found = judge.judge(document, TODAY)
    listed = []
    for (name, item), where in found.prominence.items():
        fact = book.facts[name]
        unsure = found.doubtful(fact, item) or found.waits(fact, item) or fact.rare
        if where == "aside" and not unsure and fact.type != "texte":
            listed.append((fact, item))
    return listed


def put(document: dict[str, Any], fact: Fact, item: int | None, value: object) -> None:
    here: Any = document
    for key in fact.group.path if fact.scope else ():
        here = here.setdefault(key, [{}] if key == fact.group.path[-1] else {})
    if fact.scope:
        here = here[item or 0] if isinstance(here, list) else here
    for key in fact.path[:-1]:
        here = here.setdefault(key, {})
    here[fact.path[-1]] = value


def seen(advisor: Advisor, document: dict[str, Any]) -> dict[str, Any] | None:
    try:
        avis = advisor.advise(document, TODAY, reasoning=False).avis
    except ScenarioError:
        return None
    found = {name: avis[name] for name in ANSWERS}
    # By rule: a condition may name the domain, which is a fact told back.
    found["conditions"] = sorted((c["regle"], c["etat"]) for c in avis["conditions"])
    # Peers, and the rules read on the way, are no answer; the domain is a fact told back.
    found["palier"] = {k: v for k, v in avis["palier"].items() if k != "pairs"}
    told = ("motifs", "domaine", "domaine_libelle")
    found["volets"] = [{k: v for k, v in part.items() if k not in told} for part in avis["volets"]]
    return found


def possible(fact: Fact) -> list[Any]:
    """Values to try."""
    match fact.type:
        case "booleen":
            return [True, False]
        case "choix":
            return list(fact.values)
        case "date":
            return ["2003-01-01", "2020-05-05"]
        case _:
            return [0, 3, 30_000]


def test_what_is_put_aside_cannot_change_the_avis(
    advisor: Advisor, judge: Judge, rulebook: Rulebook, cases: list[Case]
) -> None:
    rng = random.Random(6)
    tried = 0
    for case in rng.sample(cases, often(24)):
        document = dict(case.scenario)
        before = seen(advisor, document)
        if before is None:
            continue
        for fact, item in candidates(rulebook, judge, document):
            changed = copy.deepcopy(document)
            put(changed, fact, item, rng.choice(possible(fact)))
            after = seen(advisor, changed)
            assert after is None or after == before, (case.id, fact.id)
            tried += after is not None
    assert tried > 120
