"""Questions, reasons and levers, each checked against the engine alone."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.levers import SHOWN
from coopdec_rules.advice.stating import stated
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.errors import ScenarioError
from coopdec_rules.reasoning.sampling import draw
from coopdec_rules.rulebook.model import Value
from coopdec_rules.workshop.cases import Case, load_cases

from ..effort import EFFORT, often
from ..engine.documents import document
from ..engine.scenarios import Scenarios

TODAY = dt.date(2026, 6, 1)
ANSWERS = ("habilitation", "maitrise_ouvrage", "palier.actuel", "palier.apres_action")


@pytest.fixture(scope="module")
def cases(cases_root: Any) -> list[Case]:
    found = load_cases(cases_root)
    return [case for case in found if "impossible" not in case.expected][:: max(15 // EFFORT, 1)]


@pytest.fixture(scope="module")
def documents(advisor: Advisor, scenarios: Scenarios, cases: list[Case]) -> list[dict[str, Any]]:
    """Worked cases, and random scenarios with unknown facts."""
    found = [dict(case.scenario) for case in cases]
    for seed in range(often(25)):
        rng = random.Random(seed)
        given = {"date": scenarios.day(rng), "lecture": "droit"}
        base = scenarios.partial(rng, given, known=rng.choice([0.4, 0.7, 0.9]))
        text = document(advisor.rulebook, base)
        if scenarios.possible(advisor.reader.read(text, TODAY).base):
            found.append(text)
    # What is made for a moment of the law is kept for a while only: days had better come together.
    return sorted(found, key=lambda text: str(text["date"]))


@pytest.fixture(scope="module")
def avis(advisor: Advisor, documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The avis of each document."""
    return [advisor.advise(text, TODAY).avis for text in documents]


def _answer(advisor: Advisor, base: FactBase, name: str) -> str | None:
    day = base.scenario["date"]
    assert isinstance(day, dt.date)
    return advisor.engine.evaluate(day, base).scenario.conclusions[name].value


def _completed(
    scenarios: Scenarios,
    rng: random.Random,
    kept: dict[tuple[str, int | None], Value],
    base: FactBase,
) -> FactBase:
    """A possible scenario that keeps these facts and draws all others at random."""
    book = scenarios.book
    while True:
        scenario = {n: v for (n, item), v in kept.items() if item is None}
        items = {
            group: tuple(
                {
                    n: v
                    for (n, item), v in kept.items()
                    if item == k and book.facts[n].scope == group
                }
                for k in range(len(entries))
            )
            for group, entries in base.items.items()
        }
        for name, fact in book.facts.items():
            if fact.scope is None:
                scenario.setdefault(name, scenarios.value(rng, fact))
            else:
                for facts in items[fact.scope]:
                    facts.setdefault(name, scenarios.value(rng, fact))
        found = FactBase(scenario, items)
        if scenarios.possible(found):
            return found


def test_reasons_suffice_and_none_can_be_spared(
    advisor: Advisor,
    scenarios: Scenarios,
    documents: list[dict[str, Any]],
    avis: list[dict[str, Any]],
) -> None:
    """With these facts alone the answer holds; without any of them it may be another."""
    minimal = 0
    for number, (text, told) in enumerate(zip(documents, avis, strict=True)):
        rng = random.Random(number)
        scenario = advisor.reader.read(text, TODAY)
        for reason in told["raisons"]:
            name, value = reason["pour"], reason["valeur"]
            always = {
                ("date", None): scenario.day,
                ("lecture", None): scenario.base.scenario["lecture"],
            }
            kept = {(f["fait"], _item(advisor, f)): f["valeur"] for f in reason["faits"]}
            for _ in range(4):
                base = _completed(scenarios, rng, {**always, **kept}, scenario.base)
                assert _answer(advisor, base, name) == value, (text, reason)
            for spared in kept:
                rest = {**always, **{k: v for k, v in kept.items() if k != spared}}
                minimal += _other_answer(advisor, rest, scenario.base, name, value)
    assert minimal > 100


def _other_answer(
    advisor: Advisor,
    kept: dict[tuple[str, int | None], Value],
    base: FactBase,
    name: str,
    value: str,
) -> int:
    """The reasoner, given only these facts, finds another value possible."""
    day = kept["date", None]
    assert isinstance(day, dt.date)
    book = advisor.rulebook
    partial = FactBase(
        {n: v for (n, item), v in kept.items() if item is None},
        {
            group: tuple(
                {
                    n: v
                    for (n, item), v in kept.items()
                    if item == k and book.facts[n].scope == group
                }
                for k in range(len(entries))
            )
            for group, entries in base.items.items()
        },
    )
    here = advisor.reasoner.at(day)
    values = [v for v in book.conclusions[name].values if v != value]
    found = here.solver.possible_values(here.situation(day, partial), {(name, None): values})
    assert found[name, None], (kept, name, value)
    return 1


def _item(advisor: Advisor, entry: dict[str, Any]) -> int | None:
    return entry["element"] if advisor.rulebook.facts[entry["fait"]].scope else None


def test_levers_give_what_they_promise_and_nothing_can_be_spared(
    advisor: Advisor, documents: list[dict[str, Any]], avis: list[dict[str, Any]]
) -> None:
    order = advisor.rulebook.conclusions["habilitation"].order
    seen = 0
    for text, told in zip(documents, avis, strict=True):
        for lever in told["leviers"]:
            assert order.index(lever["habilitation"]) > order.index(told["habilitation"])
            if lever["sans"] or not lever["certain"]:
                continue
            seen += 1
            steps = lever["changements"]
            assert all(step["faire"] and step["qui"] for step in steps)
            after = _changed(text, steps)
            assert advisor.advise(after, TODAY).avis["habilitation"] == lever["habilitation"], lever
            for size in range(1, len(steps)):
                for fewer in itertools.combinations(steps, size):
                    less = advisor.advise(_changed(text, fewer), TODAY, reasoning=False).avis
                    assert less["habilitation"] == "indeterminee" or order.index(
                        less["habilitation"]
                    ) <= order.index(told["habilitation"]), (lever, fewer)
    assert seen > 25


def _changed(text: dict[str, Any], steps: Any) -> dict[str, Any]:
    for step in steps:
        text = stated(text, step["pointeur"], step["vers"])
    return text


def test_no_single_change_is_missed(advisor: Advisor, cases: list[Case]) -> None:
    """Every single worded change of the same action that helps is found, in a list not full."""
    order = advisor.rulebook.conclusions["habilitation"].order
    tried = 0
    for case in cases:
        avis = advisor.advise(case.scenario, TODAY).avis
        if avis["habilitation"] not in order or avis["habilitation_possibles"]:
            continue
        same = [lever for lever in avis["leviers"] if not lever["autre_action"]]
        if (
            len(same) >= SHOWN
            or not advisor.rulebook.conclusions["habilitation"]
            .display.said[avis["habilitation"]]
            .ways
        ):
            continue
        found = {
            (lever["changements"][0]["pointeur"], str(lever["changements"][0]["vers"]))
            for lever in same
            if len(lever["changements"]) == 1 and lever["certain"]
        }
        for pointer, value in _single_changes(advisor, case.scenario):
            changed = stated(case.scenario, pointer, value)
            try:
                after = advisor.advise(changed, TODAY, reasoning=False).avis
            except ScenarioError:
                continue
            tried += 1
            if after["habilitation_possibles"]:
                after = advisor.advise(changed, TODAY).avis
            better = not after["habilitation_possibles"] and order.index(
                after["habilitation"]
            ) > order.index(avis["habilitation"])
            assert better == ((pointer, str(value)) in found), (case.id, pointer, value)
    assert tried > 120


def _single_changes(advisor: Advisor, text: Any) -> Iterator[tuple[str, object]]:
    scenario = advisor.reader.read(text, TODAY)
    for fact in advisor.rulebook.facts.values():
        if fact.identity or not fact.to_do or fact.changed_by in ("", "personne"):
            continue
        if "" in fact.to_do:
            continue
        entries = (
            [scenario.base.scenario] if fact.scope is None else scenario.base.items[fact.scope]
        )
        for item, facts in enumerate(entries):
            for name in fact.to_do:
                value: object = (name == "oui") if fact.type == "booleen" else name
                if facts.get(fact.id) != value:
                    parts = [*fact.group.path, *([str(item)] if fact.scope else []), *fact.key]
                    yield "/" + "/".join(parts), value


def test_questions_are_those_that_can_change_an_answer(
    advisor: Advisor, scenarios: Scenarios
) -> None:
    """Whenever changing one unknown fact changes what the avis tells, that fact is asked for it:
    an answer, the state of a condition, a ceiling."""
    shown = added = 0
    for seed in range(often(25)):
        rng = random.Random(seed)
        day = scenarios.day(rng)
        base = scenarios.partial(rng, {"date": day, "lecture": "droit"}, known=0.8)
        text = document(advisor.rulebook, base)
        base = advisor.read(text, TODAY).base
        if not scenarios.possible(base):
            continue
        asking = advisor.questions(text, TODAY)
        asked = {(q["fait"], q["element"]): set(q["pour"]) for q in asking["questions"]}
        also = {
            (q["fait"], q["element"]): {(o["regle"], o["genre"]) for o in q["aussi_pour"]}
            for q in asking["questions"]
        }
        known: dict[tuple[str, int | None], Value] = {
            (n, None): v for n, v in base.scenario.items()
        }
        for items in base.items.values():
            for k, facts in enumerate(items):
                known |= {(n, k): v for n, v in facts.items()}
        for _ in range(40):
            full = _completed(scenarios, rng, known, base)
            before = {name: _answer(advisor, full, name) for name in ANSWERS}
            told = _tasks_and_ceilings(advisor, full)
            name, item = rng.choice(_unknown(advisor, base))
            fact = advisor.rulebook.facts[name]
            other = _with(full, fact.scope, item, name, scenarios.value(rng, fact))
            if not scenarios.possible(other):
                continue
            for answer in ANSWERS:
                if _answer(advisor, other, answer) != before[answer]:
                    shown += 1
                    assert answer in asked.get((name, item), ()), (seed, name, item, answer)
            changed = {key for key, *_ in told ^ _tasks_and_ceilings(advisor, other)}
            added += len(changed)
            assert changed <= also.get((name, item), set()), (seed, name, item)
    assert shown > 5
    assert added > 5


def _tasks_and_ceilings(advisor: Advisor, base: FactBase) -> set[tuple[Any, ...]]:
    """Conditions and ceilings of a complete scenario: (rule, kind), item, state or amounts."""
    avis = advisor.advise(document(advisor.rulebook, base), TODAY, reasoning=False).avis
    found: set[tuple[Any, ...]] = set()
    for kind, entries in (("condition", avis["conditions"]), ("formalite", avis["formalites"])):
        for entry in entries:
            for item in entry["elements"] or [None]:
                found.add(((entry["regle"], kind), item, entry["etat"]))
    for ceiling in avis["plafonds"]:
        amounts = (ceiling["plafond"], ceiling["montant"])
        found.add(((ceiling["regle"], "plafond"), ceiling["element"], *amounts))
    return found


def _unknown(advisor: Advisor, base: FactBase) -> list[tuple[str, int | None]]:
    found: list[tuple[str, int | None]] = []
    for name, fact in advisor.rulebook.facts.items():
        if fact.scope is None:
            if name not in base.scenario:
                found.append((name, None))
        else:
            found.extend((name, k) for k, f in enumerate(base.items[fact.scope]) if name not in f)
    return found


def _with(base: FactBase, scope: str | None, item: int | None, name: str, value: Value) -> FactBase:
    if scope is None or item is None:
        return FactBase({**base.scenario, name: value}, base.items)
    entries = [dict(facts) for facts in base.items[scope]]
    entries[item][name] = value
    return FactBase(base.scenario, {**base.items, scope: tuple(entries)})


def test_settled_though_incomplete(advisor: Advisor) -> None:
    """Every way to hold the competence gives the same answer: it is given, though unknown."""
    text = {
        "date": "2006-03-01",
        "acteur": {"nature": "communaute_agglomeration"},
        "acte": {"forme": "convention", "etape": "conclure"},
        "action": {"operation": "projet", "volets": [{"domaine": "eau"}]},
        "partenaire": {"nature": "etat", "pays": "SN", "signataire": True},
    }
    plain = advisor.advise(text, TODAY, reasoning=False).avis
    exact = advisor.advise(text, TODAY).avis
    assert plain["habilitation"] == exact["habilitation"] == "interdite"
    found = 0
    for number, case in enumerate(load_cases_with_doubt(advisor)):
        plain = advisor.advise(case, TODAY, reasoning=False).avis
        if not plain["habilitation_possibles"] and number % 5:
            continue  # settled by the facts known: nothing is left to establish
        exact = advisor.advise(case, TODAY).avis
        for entry in exact["etablies"]:
            if entry["pour"] == "habilitation":
                found += 1
                assert plain["habilitation_possibles"]
                assert exact["habilitation"] == entry["valeur"]
                assert entry["valeur"] in plain["habilitation_possibles"]
    assert found


def load_cases_with_doubt(advisor: Advisor) -> Iterator[dict[str, Any]]:
    scenarios = Scenarios(advisor.rulebook)
    for seed in range(often(80)):
        rng = random.Random(seed)
        # Few days: each state of the law is compiled once.
        day = scenarios.day(random.Random(seed // 20))
        base = scenarios.partial(rng, {"date": day, "lecture": "droit"}, known=0.9)
        text = document(advisor.rulebook, base)
        if scenarios.possible(advisor.reader.read(text, TODAY).base):
            yield text


def test_what_the_engine_settled_need_not_be_read_again(
    advisor: Advisor, documents: list[dict[str, Any]]
) -> None:
    """Samples and levers are the same, whether the engine's findings are known or not."""
    answer, drawn, found = ("habilitation", None), 0, 0
    for text in documents[::7]:
        scenario = advisor.reader.read(text, TODAY)
        findings = advisor.engine.evaluate(scenario.day, scenario.base)
        here = advisor.reasoner.at(scenario.day)
        situation = here.situation(scenario.day, scenario.base)
        unknown = {slot for slot, cells in situation.open.items() if len(cells) > 1}
        open_ = [
            (name, None)
            for name, settled in findings.scenario.conclusions.items()
            if settled.value is None
        ]
        samples = [
            draw(here.reader, situation, open_, unknown, known) for known in (None, findings)
        ]
        assert samples[0] == samples[1], text
        drawn += any(samples[0].flipped.values())
        for value in ("interdite", "indeterminee"):
            levers = [
                here.levers(situation, answer, value, SHOWN, others=1, findings=known)
                for known in (None, findings)
            ]
            assert levers[0] == levers[1], text
            found += len(levers[0])
    assert drawn > 5
    assert found > 10
