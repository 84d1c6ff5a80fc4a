"""Random complete scenarios of two volets at one date, the same for every engine measured."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from coopdec_rules.rulebook.model import Fact
from coopdec_rules.rulebook.rulebook import Rulebook

DATE = "2006-03-01"
_SKIPPED = {"date", "lecture"}


def scenarios(rulebook: Rulebook, count: int, seed: int = 7) -> list[dict[str, Any]]:
    """``count`` scenario documents in which every fact is stated."""
    rng = random.Random(seed)
    return [_scenario(rulebook, rng) for _ in range(count)]


def items(rulebook: Rulebook) -> dict[str, int]:
    """How many items each list has in those scenarios: two volets, one of everything else."""
    repeated = (group.id for group in rulebook.groups.values() if group.repeated)
    return {name: 2 if name == "volet" else 1 for name in repeated}


def _scenario(rulebook: Rulebook, rng: random.Random) -> dict[str, Any]:
    document: dict[str, Any] = {"date": DATE}
    for group in rulebook.groups.values():
        facts = [
            f for f in rulebook.facts.values() if f.group.id == group.id and f.id not in _SKIPPED
        ]
        if group.repeated:
            listed: list[dict[str, Any]] = []
            for _ in range(items(rulebook)[group.id]):
                item: dict[str, Any] = {}
                for fact in facts:
                    _put(item, fact.key, _value(fact, rng))
                listed.append(item)
            _put(document, group.path, listed)
        else:
            for fact in facts:
                _put(document, fact.path, _value(fact, rng))
    return document


def _put(tree: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    for key in path[:-1]:
        tree = tree.setdefault(key, {})
    tree[path[-1]] = value


def _value(fact: Fact, rng: random.Random) -> Any:
    match fact.type:
        case "booleen":
            return rng.random() < 0.5
        case "choix":
            return rng.choice(list(fact.values))
        case "nombre":
            top = fact.maximum if isinstance(fact.maximum, Decimal) else Decimal(60000)
            return rng.choice([n for n in (0, 1, 3, 15000, 60000) if n <= top])
        case "montant":
            return rng.choice([0, 20000, 40000, 4000000])
        case "date":
            return rng.choice(["1999-07-13", "2002-01-01", "2005-06-30"])
        case "texte":
            return "essai"
