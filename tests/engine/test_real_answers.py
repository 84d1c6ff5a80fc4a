"""What the answers of the real rulebook must never do: contradict themselves, or flip."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

import pytest

from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Settled
from coopdec_rules.rulebook.model import Value
from coopdec_rules.rulebook.rulebook import Rulebook

from ..effort import EFFORT, often
from .real import READINGS, drawn, settled
from .scenarios import Scenarios


@pytest.fixture(scope="module")
def scenarios(rulebook: Rulebook) -> Scenarios:
    return Scenarios(rulebook)


@pytest.mark.parametrize("chunk", range(2))
def test_no_conflict(rulebook: Rulebook, engine: Engine, scenarios: Scenarios, chunk: int) -> None:
    """Two rules never give two values with certainty, whatever is known."""
    found = []
    for seed in range(chunk * often(150), (chunk + 1) * often(150)):
        day, base = drawn(scenarios, seed)
        for _, place, state in settled(rulebook, engine.evaluate(day, base)):
            if state.conflict:
                found.append(f"scenario {seed}, {day}, {place}: {', '.join(state.possible)}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("reading", ["droit", "etude_2006"])
def test_no_conflict_on_any_competence(rulebook: Rulebook, engine: Engine, reading: str) -> None:
    """Every kind of actor, every domain, at the first day of one state of the law in eight.

    The proofs show it of every scenario at every moment; here the engine itself is asked.
    """
    domains = [{"volet.domaine": domain} for domain in rulebook.facts["volet.domaine"].values]
    found: dict[str, list[str]] = {}
    for state in rulebook.states()[:: max(8 // EFFORT, 1)]:
        day = state.start or dt.date(1990, 1, 1)
        for facts in _actors(rulebook):
            base = FactBase({"date": day, "lecture": reading, **facts}, {"volet": tuple(domains)})
            findings = engine.evaluate(day, base)
            for index, item in enumerate(findings.items["volet"]):
                for name, value in item.conclusions.items():
                    if value.conflict:
                        place = f"{name}, {facts}, {domains[index]}: {value.possible}"
                        found.setdefault(place, []).append(day.isoformat())
    assert not found, "\n".join(f"{place} ({', '.join(days)})" for place, days in found.items())


def _actors(rulebook: Rulebook) -> Iterator[dict[str, Value]]:
    for nature in rulebook.facts["acteur.nature"].values:
        if nature == "communaute_urbaine":
            for old in (True, False):
                yield {"acteur.nature": nature, "acteur.cu_ancienne": old}
        elif nature != "commune":
            yield {"acteur.nature": nature}


def test_unsettled_conclusions_of_complete_scenarios(
    rulebook: Rulebook, engine: Engine, scenarios: Scenarios
) -> None:
    """Counted and shown (``-rP``) but not refused, since some are meant.

    With every relevant fact known, nothing but a gap or a conflict may leave a value out.
    """
    counts: dict[str, int] = {}
    total = often(100)
    for number in range(total):
        rng = random.Random(f"complete {number}")
        day = scenarios.day(rng)
        base = scenarios.complete(rng, {"date": day, "lecture": "droit"})
        states = list(settled(rulebook, engine.evaluate(day, base)))
        unsettled = {name for name, _, state in states if state.value is None}
        assert not unsettled or any(state.gap or state.conflict for _, _, state in states)
        for name in unsettled:
            counts[name] = counts.get(name, 0) + 1
    for name, count in sorted(counts.items()):
        print(f"{name}: without value in {count} complete scenarios of {total}")


@pytest.mark.parametrize("chunk", range(4))
def test_a_new_fact_never_flips_a_settled_answer(
    rulebook: Rulebook, engine: Engine, scenarios: Scenarios, chunk: int
) -> None:
    """What is certain without a fact stays so, with the same value, once the fact is known."""
    for seed in range(chunk * often(10), (chunk + 1) * often(10)):
        rng = random.Random(seed)
        day = scenarios.day(rng)
        given = {"date": day, "lecture": rng.choice(READINGS)}
        whole = scenarios.partial(rng, given, known=0.9)
        keys = [(group, index, name) for group, index, facts in _places(whole) for name in facts]
        rng.shuffle(keys)
        before: dict[str, Settled] = {}
        # Facts come in by six; each turn is compared with the one before.
        for count in range(0, len(keys) + 6, 6):
            base = _restricted(whole, set(keys[:count]))
            findings = engine.evaluate(day, base)
            now = {place: state for _, place, state in settled(rulebook, findings)}
            for place, old in before.items():
                new = now[place]
                # An answer that was certain stays; a value that was impossible does not come back.
                turned = new.value != old.value if old.value else new.value not in old.possible
                assert not turned or (old.value is None and new.value is None), (
                    f"scenario {seed}, {day}: {place} was {old}, is {new} "
                    f"once known: {keys[count - 6 : count]}"
                )
            before = now


Key = tuple[str | None, int, str]


def _places(base: FactBase) -> Iterator[tuple[str | None, int, dict[str, Value]]]:
    yield None, 0, dict(base.scenario)
    for group, items in base.items.items():
        for index, facts in enumerate(items):
            yield group, index, dict(facts)


def _restricted(base: FactBase, known: set[Key]) -> FactBase:
    """The same scenario, where only these facts are known."""
    scenario: dict[str, Value] = {}
    items: dict[str, list[dict[str, Value]]] = {group: [] for group in base.items}
    for group, index, facts in _places(base):
        kept = {name: v for name, v in facts.items() if (group, index, name) in known}
        if group is None:
            scenario = kept
        else:
            items[group].append(kept)
    return FactBase(scenario, {group: tuple(found) for group, found in items.items()})
