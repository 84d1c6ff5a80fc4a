"""What an avis is made of: ceilings, divergences, presumptions, questions, traces."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.reasoned import examine
from coopdec_rules.advice.scenario import Scenario
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Reading
from coopdec_rules.reasoning.reasoner import Outlook
from coopdec_rules.rulebook.formula import literals
from coopdec_rules.rulebook.model import Quantified, Value
from coopdec_rules.rulebook.rulebook import Rulebook

from ..engine import real
from ..engine.documents import document
from ..engine.oracle import facts_compared
from ..engine.scenarios import Scenarios

TODAY = dt.date(2020, 1, 1)
CENT = Decimal("0.01")
ANSWERS = ("habilitation", "maitrise_ouvrage", "palier.actuel", "palier.apres_action", "fondement")
QUESTIONED = ANSWERS[:4]
PART_ANSWERS = ("volet.habilitation", "volet.maitre_ouvrage", "volet.detenteur")


@pytest.fixture(scope="module")
def documents(advisor: Advisor) -> list[dict[str, Any]]:
    """Documents of every completeness, at days all along the law."""
    return real.documents(advisor, range(40), TODAY)


Advise = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture(scope="module")
def advise(advisor: Advisor) -> Advise:
    """The avis of a document, worked out once: several tests look at the same ones."""
    found: dict[bytes, dict[str, Any]] = {}

    def _advise(text: dict[str, Any]) -> dict[str, Any]:
        key = to_json(text)
        if key not in found:
            found[key] = advisor.advise(text, TODAY).avis
        return found[key]

    return _advise


# -- ceilings ----------------------------------------------------------------------------------


def spending(**line: Any) -> dict[str, Any]:
    return {
        "date": "2006-03-01",
        "acteur": {"nature": "communaute_agglomeration"},
        "action": {
            "operation": "projet",
            "volets": [{"domaine": "eau", "transfert": "totale"}],
            "contributions": [{"nature": "argent", "budget": "eau", **line}],
        },
        "acte": {"forme": "convention"},
        "partenaire": {"nature": "collectivite_territoriale"},
    }


def ceiling(advisor: Advisor, **line: Any) -> dict[str, Any]:
    (found,) = advisor.advise(spending(**line), TODAY).avis["plafonds"]
    return dict(found)


@pytest.mark.parametrize(
    ("resources", "amount", "limit", "over"),
    [
        ("4000000", "40000", "40000.00", "0.00"),
        ("4000000", "40000.01", "40000.00", "0.01"),
        ("4000000", "39999.99", "40000.00", "0.00"),
        # One per cent of 12,345.67 is 123.4567: a ceiling is never overstated.
        ("12345.67", "123.45", "123.45", "0.00"),
        ("12345.67", "123.46", "123.45", "0.01"),
        ("99.99", "1", "0.99", "0.01"),
        ("0.99", "0.01", "0.00", "0.01"),
        ("0", "0", "0.00", "0.00"),
        ("999999999999.99", "10000000000", "9999999999.99", "0.01"),
    ],
)
def test_ceiling_to_the_cent(
    advisor: Advisor, resources: str, amount: str, limit: str, over: str
) -> None:
    found = ceiling(advisor, ressources_service=resources, montant=amount)
    assert found["plafond"] == Decimal(limit)
    assert found["montant"] == Decimal(amount)
    assert found["depassement"] == Decimal(over)
    assert (found["budget"], found["element"]) == ("eau", 0)


@settings(max_examples=40)
@given(st.decimals(0, 10**11, places=2), st.decimals(0, 10**9, places=2))
def test_any_ceiling(advisor: Advisor, resources: Decimal, amount: Decimal) -> None:
    found = ceiling(advisor, ressources_service=resources, montant=amount)
    assert found["plafond"] * 100 <= resources < (found["plafond"] + CENT) * 100
    assert found["plafond"].as_tuple().exponent == -2
    assert found["depassement"] == max(amount - found["plafond"], Decimal(0))


def test_ceiling_as_json(advisor: Advisor) -> None:
    avis = advisor.advise(spending(ressources_service="12345,67", montant="200"), TODAY).avis
    assert json.loads(to_json(avis))["plafonds"][0]["plafond"] == 123.45


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ({}, (None, None, None)),
        ({"montant": 5}, (None, Decimal(5), None)),
        ({"ressources_service": 1000}, (Decimal(10), None, None)),
    ],
)
def test_ceiling_of_unknown_amounts(
    advisor: Advisor, line: dict[str, Any], known: tuple[Decimal | None, ...]
) -> None:
    found = ceiling(advisor, **line)
    assert (found["plafond"], found["montant"], found["depassement"]) == known


def test_no_ceiling_on_the_general_budget(advisor: Advisor) -> None:
    scenario = spending(montant=10**6)
    scenario["action"]["contributions"][0]["budget"] = "general"
    assert advisor.advise(scenario, TODAY).avis["plafonds"] == []


def test_each_budget_has_its_own_ceiling(advisor: Advisor) -> None:
    scenario = spending(ressources_service=1000, montant=20)
    scenario["action"]["contributions"].append(
        {"nature": "argent", "budget": "assainissement", "ressources_service": 3000, "montant": 20}
    )
    found = advisor.advise(scenario, TODAY).avis["plafonds"]
    assert [(c["budget"], c["plafond"], c["depassement"]) for c in found] == [
        ("eau", Decimal(10), Decimal(10)),
        ("assainissement", Decimal(30), Decimal(0)),
    ]


# -- divergences -------------------------------------------------------------------------------


def state(reading: Reading, name: str) -> tuple[str | None, frozenset[str]]:
    settled = reading.conclusions[name]
    return settled.value, frozenset(settled.possible)


def test_divergences_are_those_of_two_separate_readings(
    advisor: Advisor, advise: Advise, documents: list[dict[str, Any]]
) -> None:
    """The study's reading is worked out again from nothing, and compared answer by answer."""
    seen = 0
    for text in documents:
        avis = advise({**text, "lecture": "droit"})
        scenario = advisor.reader.read({**text, "lecture": "droit"}, TODAY)
        ours = advisor.engine.evaluate(scenario.day, scenario.base)
        other = FactBase({**scenario.base.scenario, "lecture": "etude_2006"}, scenario.base.items)
        study = advisor.engine.evaluate(scenario.day, other)
        expected = {
            (name, None)
            for name in ANSWERS
            if state(ours.scenario, name) != state(study.scenario, name)
        } | {
            (name, index)
            for index, (mine, theirs) in enumerate(
                zip(ours.items["volet"], study.items["volet"], strict=True)
            )
            for name in PART_ANSWERS
            if state(mine, name) != state(theirs, name)
        }
        found = {(d["objet"], d["element"]) for d in avis["divergences"]} - {("motifs", None)}
        assert found == expected
        for entry in avis["divergences"]:
            seen += 1
            if entry["objet"] == "motifs":
                assert entry["droit"] is entry["etude_2006"] is None
                continue
            mine, theirs = (
                f.scenario if entry["element"] is None else f.items["volet"][entry["element"]]
                for f in (ours, study)
            )
            for side, reading in (("droit", mine), ("etude_2006", theirs)):
                value = reading.conclusions[entry["objet"]].value
                assert entry[side] == (value or "indeterminee")
    assert seen > 20


def test_a_divergence_is_explained(advise: Advise, documents: list[dict[str, Any]]) -> None:
    for text in documents[:20]:
        for entry in advise({**text, "lecture": "droit"})["divergences"]:
            told = [*entry["dit_le_droit"], *entry["dit_l_etude"]]
            assert told, entry
            for cause in told:
                assert cause["regle"]
                assert cause["texte"]
                assert cause["source"]


def test_the_study_does_not_diverge_from_itself(
    advise: Advise, documents: list[dict[str, Any]]
) -> None:
    for text in documents[:20]:
        avis = advise({**text, "lecture": "etude_2006"})
        assert avis["divergences"] == []
        assert avis["lecture"] == "etude_2006"


# -- presumptions ------------------------------------------------------------------------------


def facts_read(book: Rulebook, rule_ids: set[str]) -> set[str]:
    """Facts that the conditions of these rules compare."""

    def walk(formula: Any) -> Iterator[str]:
        for literal in literals(formula):
            kind = book.atoms[literal.atom].kind
            if isinstance(kind, Quantified):
                yield from walk(kind.formula)
            elif hasattr(kind, "fact"):
                yield from facts_compared(kind)

    return {name for r in book.rules if r.id in rule_ids for name in walk(r.formula)}


def test_presumptions_are_listed_when_a_rule_in_play_reads_them(
    advisor: Advisor, advise: Advise, documents: list[dict[str, Any]]
) -> None:
    book = advisor.rulebook
    listed = 0
    for text in documents:
        avis = advise(text)
        scenario = advisor.read(text, TODAY)
        findings = advisor.engine.evaluate(scenario.day, scenario.base)
        rules = advisor.engine.law(scenario.day).rules
        readings = [findings.scenario, *(r for items in findings.items.values() for r in items)]
        in_play = facts_read(
            book, {rules[i].id for r in readings for i, value in r.raw.items() if value != "f"}
        )
        presumed = {(p.fact.id, p.pointer): p for p in scenario.presumed}
        for entry in avis["presumes"]:
            listed += 1
            found = presumed[entry["fait"], entry["pointeur"]]
            assert entry["valeur"] == found.value
            assert entry["fait"] in in_play
        names = {(e["fait"], e["pointeur"]) for e in avis["presumes"]}
        assert len(names) == len(avis["presumes"])
        for (name, pointer), found in presumed.items():
            reading = (
                findings.scenario
                if found.item is None
                else findings.items[found.fact.group.id][found.item]
            )
            wanted = name in in_play and name not in reading.irrelevant and name != "lecture"
            assert ((name, pointer) in names) == wanted, (name, pointer)
    assert listed > 50


def test_what_is_stated_is_not_presumed(advisor: Advisor) -> None:
    base = {
        "acteur": {"nature": "commune"},
        "date": "2006-01-01",
        "action": {"operation": "projet"},
        "acte": {"forme": "convention"},
    }
    before = {e["fait"] for e in advisor.advise(base, TODAY).avis["presumes"]}
    assert "acte.decidee" in before
    stated = {**base, "acte": {"forme": "convention", "decidee": False}}
    after = {e["fait"] for e in advisor.advise(stated, TODAY).avis["presumes"]}
    assert after == before - {"acte.decidee"}


# -- questions and traces ----------------------------------------------------------------------


def test_questions_are_about_unknown_facts(
    advisor: Advisor, advise: Advise, documents: list[dict[str, Any]]
) -> None:
    for text in documents:
        avis = advise(text)
        scenario = advisor.reader.read(text, TODAY)
        for question in avis["questions"]:
            fact = advisor.rulebook.facts[question["fait"]]
            known = (
                scenario.base.scenario
                if fact.scope is None
                else scenario.base.items[fact.scope][question["element"] or 0]
            )
            assert question["fait"] not in known
            assert question["question"] == fact.question
            assert question["pour"] or question["aussi_pour"]


def test_what_is_not_asked_changes_nothing(advisor: Advisor) -> None:
    """Any facts that no question of an answer is about leave exactly the same values possible."""
    book = advisor.rulebook
    scenarios = Scenarios(book)
    open_answers = 0
    for seed in range(80):
        rng = random.Random(seed)
        # Five scenarios for each of sixteen days, so that what is made for a day serves again.
        day = scenarios.day(random.Random(seed // 5))
        given = {"date": day, "lecture": "droit"}
        drawn_base = scenarios.partial(rng, given, known=rng.choice([0.2, 0.5, 0.8, 0.95]))
        text = document(book, drawn_base)
        base = advisor.reader.read(text, day).base
        if not scenarios.possible(base):  # the document had to state what was unknown
            continue
        asking = advisor.questions(text, day)
        for answer in QUESTIONED:
            before = asking["reponses"][answer]
            if before["valeur"] is not None:
                continue
            open_answers += 1
            asked = {(q["fait"], q["element"]) for q in asking["questions"] if answer in q["pour"]}
            more = FactBase(
                _with_unasked(scenarios, rng, asked, None, None, base.scenario),
                {
                    group: tuple(
                        _with_unasked(scenarios, rng, asked, group, index, facts)
                        for index, facts in enumerate(items)
                    )
                    for group, items in base.items.items()
                },
            )
            if not scenarios.possible(more):
                continue
            after = _outlook(advisor, advisor.reader.read(document(book, more), day), answer)
            assert set(after.possible) == set(before["possibles"]), f"{seed}, {day}, {answer}"
    assert open_answers > 30


def _outlook(advisor: Advisor, scenario: Scenario, answer: str) -> Outlook:
    """What an answer may be over all completions, no question being looked for."""
    findings = advisor.engine.evaluate(scenario.day, scenario.base)
    found = examine(advisor.reasoner.at(scenario.day), scenario, findings, None)
    return found.examination.outlook[answer, None]


def _with_unasked(
    scenarios: Scenarios,
    rng: random.Random,
    asked: set[tuple[str, int | None]],
    group: str | None,
    index: int | None,
    facts: Mapping[str, Value],
) -> dict[str, Value]:
    """The facts of a scenario or of an item, and a value for each one that is not asked."""
    return {
        fact.id: facts.get(fact.id, scenarios.value(rng, fact))
        for fact in scenarios.book.facts.values()
        if fact.scope == group and (fact.id in facts or (fact.id, index) not in asked)
    }


def test_an_unsettled_answer_asks_something_or_shows_a_fault(
    advisor: Advisor, advise: Advise, documents: list[dict[str, Any]]
) -> None:
    """An answer left open by unknown facts always says which."""
    for text in documents:
        avis = advise(text)
        scenario = advisor.reader.read(text, TODAY)
        findings = advisor.engine.evaluate(scenario.day, scenario.base)
        asked = {answer for question in avis["questions"] for answer in question["pour"]}
        settled = {e["pour"] for e in avis["etablies"] if e["element"] is None}
        readings = [findings.scenario, *(r for items in findings.items.values() for r in items)]
        faults = any(s.gap or s.conflict for r in readings for s in r.conclusions.values())
        for name in QUESTIONED:
            open_ = findings.scenario.conclusions[name].value is None and name not in settled
            if open_ and not faults:
                assert name in asked, name


def test_reasons_tell_every_rule_in_play(
    advisor: Advisor, advise: Advise, documents: list[dict[str, Any]]
) -> None:
    for text in documents[:20]:
        scenario = advisor.reader.read(text, TODAY)
        findings = advisor.engine.evaluate(scenario.day, scenario.base)
        rules = advisor.engine.law(scenario.day).rules
        applied = {
            (rules[i].id, None) for i, v in findings.scenario.effective.items() if v == "v"
        } | {
            (rules[i].id, index)
            for items in findings.items.values()
            for index, reading in enumerate(items)
            for i, v in reading.effective.items()
            if v == "v"
        }
        avis = advise(text)
        told = {(m["regle"], m["element"]) for m in avis["motifs"] if m["etat"] == "appliquee"}
        assert told == applied
        for reason in avis["motifs"]:
            assert reason["sources"]
            assert "{" not in reason["explication"]
            if reason["etat"] == "ecartee":
                assert reason["ecartee_par"]


def test_complete_reasons_hold_every_rule_in_force(advisor: Advisor) -> None:
    text = {"acteur": {"nature": "commune"}, "date": "2006-01-01"}
    avis = advisor.advise(text, TODAY, complete=True).avis
    rules = {r.id for r in advisor.rulebook.at(dt.date(2006, 1, 1)).rules}
    short = {m["regle"] for m in advisor.advise(text, TODAY).avis["motifs"]}
    long = {m["regle"] for m in avis["motifs"]}
    assert short < long <= rules
    assert any(m["etat"] == "non_remplie" for m in avis["motifs"])


def test_day_of_the_law(advisor: Advisor) -> None:
    """Without a date, the day that was passed; the machine's clock has no part in it."""
    actor = {"acteur": {"nature": "commune"}}
    for day in (dt.date(1991, 1, 1), TODAY, dt.date(2050, 1, 1)):
        assert advisor.advise(actor, day).avis["droit_au"] == day.isoformat()
        assert to_json(advisor.advise(actor, day).avis) == to_json(
            advisor.advise({**actor, "date": day.isoformat()}, TODAY).avis
        )


def test_rulebook_is_named(advisor: Advisor) -> None:
    avis = advisor.advise({"acteur": {"nature": "commune"}}, TODAY).avis
    assert avis["recueil"]["version"] == advisor.rulebook.version
    assert avis["recueil"]["empreinte"] == advisor.rulebook.fingerprint


def test_order_of_items_does_not_matter(advise: Advise, documents: list[dict[str, Any]]) -> None:
    """Answers about the action are the same whichever item is written first."""
    for text in documents:
        volets = (text.get("action") or {}).get("volets") or []
        if not isinstance(volets, list) or len(volets) < 2:
            continue
        turned = {**text, "action": {**text["action"], "volets": volets[::-1]}}
        one, two = advise(text), advise(turned)
        for key in ("habilitation", "maitrise_ouvrage", "palier", "fondement"):
            assert {**_sets(one)}[key] == {**_sets(two)}[key]
        parts = [v["habilitation"] for v in one["volets"]]
        assert parts[::-1] == [v["habilitation"] for v in two["volets"]]


def _sets(avis: dict[str, Any]) -> dict[str, Any]:
    """The answers, where an order of possible values has no meaning."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items()}
        return frozenset(map(repr, value)) if isinstance(value, list) else value

    return {k: plain(avis[k]) for k in ("habilitation", "maitrise_ouvrage", "palier", "fondement")}
