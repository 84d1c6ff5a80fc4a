"""Facts without object: what their comparisons say, one situation at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.model import Value

from ..rulebook import tiny

DAY = dt.date(2005, 1, 1)
FACTS = """\
  dette: {libelle: dette, type: montant, question: Combien ?, pertinent_si: acteur.chef_lieu}
  plafond: {libelle: plafond, type: montant, question: Combien ?}
"""
RULES = {
    "holds": "acteur.chef_lieu",
    "does-not-hold": "non acteur.chef_lieu",
    "compares": "acteur.dette > 100",
    "compares-on-the-right": "acteur.plafond > acteur.dette",
    "compares-a-share": "acteur.plafond > 50 % acteur.dette",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """``chef_lieu`` has an object for a commune only; ``dette`` only when ``chef_lieu`` holds."""
    files = tiny.tiny_files()
    files[tiny.ACTOR] += FACTS
    files[tiny.TRIAL] = "\n".join(tiny.rule(regle=name, si=si) for name, si in RULES.items())
    root = tiny.write(tmp_path_factory.mktemp("rules"), files)
    with Engine(load_rulebook(root)) as engine:
        yield engine


def truths(engine: Engine, **facts: Value) -> dict[str, str]:
    base = FactBase({f"acteur.{name}": value for name, value in facts.items()})
    raw = engine.evaluate(DAY, base).scenario.raw
    rules = engine.law(DAY).rules
    return {r.id: raw.get(i, "f") for i, r in enumerate(rules) if r.id in RULES}


NEVER = dict.fromkeys(RULES, "f") | {"does-not-hold": "v"}


@pytest.mark.parametrize("facts", [{}, {"chef_lieu": True}, {"chef_lieu": False}])
def test_no_comparison_holds_with_a_fact_without_object(
    engine: Engine, facts: dict[str, Value]
) -> None:
    """Not even when the fact is stated; what it decides has no object either."""
    found = truths(engine, nature="region", dette=Decimal(200), plafond=Decimal(300), **facts)
    assert found == NEVER


def test_comparison_with_a_fact_without_object_on_the_right(engine: Engine) -> None:
    found = truths(engine, nature="commune", chef_lieu=False, plafond=Decimal(300))
    assert (found["compares-on-the-right"], found["compares-a-share"]) == ("f", "f")


def test_relevant_facts_compare_as_they_are(engine: Engine) -> None:
    found = truths(
        engine, nature="commune", chef_lieu=True, dette=Decimal(200), plafond=Decimal(150)
    )
    assert found == {
        "holds": "v",
        "does-not-hold": "f",
        "compares": "v",
        "compares-on-the-right": "f",
        "compares-a-share": "v",
    }


def test_unknown_fact_of_doubtful_relevance(engine: Engine) -> None:
    assert set(truths(engine, plafond=Decimal(1)).values()) == {"u"}


def test_known_fact_of_doubtful_relevance(engine: Engine) -> None:
    """It may still turn out to have no object: nothing it makes hold is certain yet.

    What it makes fail is: with or without an object the comparison does not hold.
    """
    found = truths(engine, chef_lieu=True, dette=Decimal(200), plafond=Decimal(150))
    assert found == {
        "holds": "u",
        "does-not-hold": "u",
        "compares": "u",
        "compares-on-the-right": "f",
        "compares-a-share": "u",
    }
    found = truths(engine, chef_lieu=False)
    assert (found["holds"], found["does-not-hold"]) == ("f", "v")
