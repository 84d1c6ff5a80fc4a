"""Pages written from worked cases: what the engine answers today, and the shortest yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import parse_yaml
from coopdec_rules.errors import ScenarioError
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from scripts import fautes, oui

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("script", [fautes, oui])
def test_page_is_up_to_date(script: Any) -> None:
    name = script.__name__
    assert script.PAGE.read_text(encoding="utf-8") == script.page(), f"lancer « python -m {name} »"


@pytest.mark.parametrize("name", oui.CASES)
def test_no_fact_of_the_shortest_yes_can_go(name: str) -> None:
    path = ROOT / "cases" / "pratiques" / f"{name}.yaml"
    document: Any = parse_yaml(path.read_bytes())
    adviser = Advisor(load_rulebook(rules_folder()))
    day = dt.date(2026, 11, 25)
    assert (
        adviser.advise(document["scenario"], day, reasoning=True).avis["habilitation"]
        == "autorisee"
    )
    places = [place for place in _facts(document["scenario"]) if place != ("date",)]
    assert len(places) > 9
    for place in places:
        shorter = _without(document["scenario"], place)
        try:
            answer = adviser.advise(shorter, day, reasoning=True).avis["habilitation"]
        except ScenarioError:
            continue  # a scenario that cannot be asked is no shorter yes
        assert answer != "autorisee", f"{place} : {yaml.safe_dump(shorter, allow_unicode=True)}"
    adviser.close()


def _facts(node: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        if isinstance(value, (dict, list)):
            yield from _facts(value, (*place, key))
        else:
            yield (*place, key)


def _without(scenario: Any, place: tuple[str | int, ...]) -> Any:
    shorter = deepcopy(scenario)
    node = shorter
    for key in place[:-1]:
        node = node[key]
    del node[place[-1]]
    return _pruned(shorter)


def _pruned(node: Any) -> Any:
    """``node`` without the groups that a fact taken away leaves empty."""
    if isinstance(node, dict):
        kept = {key: _pruned(value) for key, value in node.items()}
        return {key: value for key, value in kept.items() if value not in ({}, [])}
    if isinstance(node, list):
        return [value for value in map(_pruned, node) if value != {}]
    return node
