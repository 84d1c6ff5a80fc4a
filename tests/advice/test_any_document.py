"""Whatever the document, an avis or a ``ScenarioError``: nothing else."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import parse_json, to_json
from coopdec_rules.errors import ScenarioError
from coopdec_rules.rulebook.model import Fact, Group
from coopdec_rules.rulebook.rulebook import Rulebook

from ..effort import often
from ..engine import real
from ..engine.documents import document
from ..engine.scenarios import Scenarios

TODAY = dt.date(2020, 1, 1)
KEYS = {
    "habilitation", "habilitation_possibles", "maitrise_ouvrage", "palier", "volets", "conditions",
    "formalites", "conseils", "avertissements", "plafonds", "motifs", "divergences", "presumes",
    "questions", "fondement", "regime", "droit_au", "lecture", "recueil", "resume",
}  # fmt: skip

texts = st.text(st.characters(), max_size=12)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**12, max_value=10**40),
    st.sampled_from([10**4000, -(10**4000), 2**63, -1]),
    st.floats(),
    st.decimals(),
    st.dates(),
    texts,
    st.sampled_from(["inconnu", "oui", "non", "2004-02-29", "1 000 €", "commune", "eau", "\ud800"]),
)
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def advise(advisor: Advisor, value: object, reasoning: bool = True) -> None:
    refusal: ScenarioError | None = None
    try:
        avis = advisor.advise(value, TODAY, reasoning=reasoning).avis
    except ScenarioError as error:
        refusal = error
    if refusal is not None:
        assert refusal.problems
        for problem in refusal.problems:
            assert problem.message
            str(problem).encode("utf-8")
        return
    assert avis.keys() >= KEYS
    assert json.loads(to_json(avis))["habilitation"] == avis["habilitation"]


@given(junk)
def test_any_value(advisor: Advisor, value: object) -> None:
    advise(advisor, value)


def typed(fact: Fact) -> st.SearchStrategy[Any]:
    """Values of the fact's type, or nearly."""
    match fact.type:
        case "booleen":
            return st.sampled_from([True, False, "oui", "non"])
        case "choix":
            return st.sampled_from([*fact.values, *fact.values, "inconnu", min(fact.values) + "s"])
        case "nombre":
            return st.integers(0, 10**4) | st.sampled_from(["1 000", -1, 10**9])
        case "montant":
            return st.decimals(0, 10**12, places=2).map(float) | st.just("1 000,50 €")
        case "date":
            return st.dates(dt.date(1980, 1, 1), dt.date(2030, 1, 1)).map(dt.date.isoformat)
        case _:
            return st.text(max_size=20)


class Drawing:
    """Draws documents whose keys and values are right, mostly."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.values = {name: typed(fact) for name, fact in book.facts.items()}
        self.names: dict[str, list[str]] = {}
        for name, fact in book.facts.items():
            self.names.setdefault(fact.group.id, []).append(name)

    def document(self, data: st.DataObject) -> dict[str, Any]:
        root: dict[str, Any] = {"acteur": {"nature": "commune"}}
        chosen = st.lists(st.sampled_from(sorted(self.names)), max_size=5, unique=True)
        for name in data.draw(chosen):
            group = self.book.groups[name]
            count = data.draw(st.integers(0, 3)) if group.repeated else 1
            entries = [self._entry(data, name) for _ in range(count)]
            single = len(entries) == 1
            _merge(root, group, entries[0] if single else entries)
        if data.draw(st.integers(0, 19)) == 0:
            root[data.draw(texts)] = data.draw(junk)
        return root

    def _entry(self, data: st.DataObject, group: str) -> dict[str, Any]:
        entry: dict[str, Any] = {}
        chosen = st.lists(st.sampled_from(self.names[group]), max_size=4, unique=True)
        for name in data.draw(chosen):
            place: Any = entry
            *parents, last = self.book.facts[name].key
            for key in parents:
                place = place.setdefault(key, {})
            place[last] = data.draw(self.values[name] if data.draw(st.integers(0, 19)) else junk)
        return entry


def _merge(root: dict[str, Any], group: Group, value: Any) -> None:
    place = root
    if not group.repeated:
        for key in group.path:
            place = place.setdefault(key, {})
        place.update(value)
        return
    for key in group.path[:-1]:
        place = place.setdefault(key, {})
    place[group.path[-1]] = value


@settings(max_examples=often(150), suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_documents_near_the_schema(advisor: Advisor, data: st.DataObject) -> None:
    reasoning = data.draw(st.integers(0, 5)) == 0  # takes long
    advise(advisor, Drawing(advisor.rulebook).document(data), reasoning)


def _as_json(value: dict[str, Any]) -> object:
    return parse_json(json.dumps(value).encode())


def _null_for_absent(value: dict[str, Any]) -> object:
    """Every absent key of the top is written null."""
    return {**dict.fromkeys(["engagement", "partenaire"]), **value}


@pytest.mark.parametrize("change", [_as_json, _null_for_absent], ids=["json", "null"])
def test_other_ways_of_writing(
    advisor: Advisor, change: Callable[[dict[str, Any]], object]
) -> None:
    written = real.documents(advisor, range(12), TODAY)
    assert len(written) > 9
    for number, text in enumerate(written):
        reasoning = number % 5 == 0
        assert to_json(advisor.advise(change(text), TODAY, reasoning=reasoning).avis) == to_json(
            advisor.advise(text, TODAY, reasoning=reasoning).avis
        )


def test_document_reads_back(advisor: Advisor) -> None:
    """What the reader reads is what was drawn, and what it adds is presumed."""
    scenarios = Scenarios(advisor.rulebook)
    for seed in range(60):
        rng = random.Random(seed)
        base = scenarios.complete(rng, {"date": TODAY, "acteur.nature": "commune"})
        scenario = advisor.reader.read(document(advisor.rulebook, base), TODAY)
        added = {p.fact.id for p in scenario.presumed if p.item is None}
        for name, value in scenario.base.scenario.items():
            if name in added:
                assert name not in base.scenario
            else:
                assert value == base.scenario[name]
                assert isinstance(value, Decimal) == isinstance(base.scenario[name], Decimal)
        assert set(base.scenario) <= set(scenario.base.scenario)
