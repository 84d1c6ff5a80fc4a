"""Exports one state of the law to the format of Zen (JDM), formula for formula.

Each step of our engine becomes two expression nodes: the rules whose conditions are read at that
step (exceptions included) and the conclusions settled by them.  Elementary comparisons come first,
each computed once and shared, as in our engine.  Items of repeated groups are unrolled.  Zen knows
no third truth value: a missing fact is ``null`` and a comparison with it is false, which is less
than what our engine computes, so the comparison favours Zen.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.formula import And, Formula, Lit
from coopdec_rules.rulebook.model import (
    Among,
    Compare,
    Concluded,
    Const,
    Expr,
    FactRef,
    IsTrue,
    Percent,
    Quantified,
    Shift,
)


class ZenExport:
    """The JDM document of a compiled law, unrolled for a number of items in each group."""

    def __init__(self, law: CompiledLaw, items: Mapping[str, int]) -> None:
        self.law = law
        self.items = items
        self.book = law.state.rulebook

    def document(self) -> str:
        """The decision graph, as JSON."""
        # What is said of all items by facts alone is known before any conclusion.
        stages: list[list[tuple[str, str]]] = [self._facts(), self._quantifiers(None)]
        for level, steps in enumerate(self.law.steps):
            conclusions: list[tuple[str, str]] = []
            quantified: list[tuple[str, str]] = []
            rules: list[tuple[str, str]] = []
            here = {i for i, at in enumerate(self.law.settled_at) if at == level}
            ordered = sorted(here, key=lambda index: self.law.order_of((index, "v")))
            for step in steps:
                for name in step.conclude:
                    quantified.extend(self._quantifiers(name))
                for place in self._places(step.scope):
                    for name in step.conclude:
                        conclusions.extend(self._conclusion(name, place))
            for index in ordered:
                scope = self.law.rules[index].scope
                for place in self._places(scope):
                    rules.append((f"r{index}{place}", self._rule(index, scope, place, here)))
            stages.extend((conclusions, quantified, rules))
        return json.dumps(self._graph([stage for stage in stages if stage]))

    def context(self, base: FactBase) -> dict[str, Any]:
        """The scenario in the form that the exported graph reads."""
        found: dict[str, Any] = {}
        for name in self.book.facts:
            fact = self.book.facts[name]
            for place in self._places(fact.scope):
                found[_key(name) + place] = None
        for name, value in base.scenario.items():
            found[_key(name)] = _plain(value)
        for group, entries in base.items.items():
            for index, facts in enumerate(entries):
                for name, value in facts.items():
                    found[f"{_key(name)}_{index}"] = _plain(value)
            del group
        return found

    def _places(self, scope: str | None) -> list[str]:
        return [""] if scope is None else [f"_{i}" for i in range(self.items[scope])]

    def _facts(self) -> list[tuple[str, str]]:
        """Comparisons, those that decide whether a fact is relevant first."""
        found = []
        for scope in self.law.scopes:
            for entry in self.law.fact_atoms[scope]:
                for place in self._places(scope):
                    condition = self.book.facts[entry.fact].relevant_if
                    if condition is not None and self.book.facts[entry.fact].scope == scope:
                        key = f"o{self._name(entry.fact, place)}"
                        found.append((key, self._formula(condition, place, "$.")))
                    for index in entry.indexes:
                        kind = self.book.atoms[index].kind
                        if isinstance(kind, IsTrue | Among):
                            text = self._relevant((entry.fact,), place, self._fixed(kind, place))
                            found.append((f"a{index}{place}", text))
                    for index, compare, read in entry.compares:
                        text = self._relevant(read, place, self._compare(compare, place))
                        found.append((f"a{index}{place}", text))
        return found

    def _relevant(self, read: Iterable[str], place: str, text: str) -> str:
        keys = [
            f"$.o{self._name(name, place)}"
            for name in read
            if self.book.facts[name].relevant_if is not None
        ]
        return " and ".join([*keys, f"({text})"])

    def _name(self, fact: str, place: str) -> str:
        return _key(fact) + (place if self.book.facts[fact].scope else "")

    def _fixed(self, kind: IsTrue | Among, place: str) -> str:
        name = self._name(kind.fact, place)
        if isinstance(kind, IsTrue):
            return f"{name} == true"
        values = ", ".join(json.dumps(v) for v in sorted(kind.values, key=str))
        return f"{name} in [{values}]"

    def _compare(self, kind: Compare, place: str) -> str:
        name = self._name(kind.fact, place)
        right, needed = self._expr(kind.right, place)
        known = " and ".join(f"{n} != null" for n in [name, *needed])
        op = "==" if kind.op == "=" else kind.op
        return f"{known} ? {name} {op} {right} : false"

    def _expr(self, expr: Expr, place: str) -> tuple[str, list[str]]:
        match expr:
            case Const(value):
                return str(_plain(value)), []
            case FactRef(fact):
                name = self._name(fact, place)
                return name, [name]
            case Percent(rate, fact):
                name = self._name(fact, place)
                return f"({name} * {rate} / 100)", [name]
            case Shift(base, years, months, days):
                inner, needed = self._expr(base, place)
                return f"({inner} + {round(years * 365.25 + months * 30.44) + days})", needed

    def _formula(self, formula: Formula, place: str, prefix: str = "") -> str:
        if isinstance(formula, Lit):
            atom = self.book.atoms[formula.atom]
            name = f"{prefix}a{atom.index}" + (place if atom.scope else "")
            return name if formula.positive else f"not {name}"
        if not formula.parts:
            return "true"
        word = " and " if isinstance(formula, And) else " or "
        return "(" + word.join(self._formula(p, place, prefix) for p in formula.parts) + ")"

    def _rule(self, index: int, scope: str | None, place: str, here: set[int]) -> str:
        text = self._formula(self.law.rules[index].formula, place)
        for other in self.law.exceptions.get(index, ()):
            above = self.law.rules[other].scope is None and scope is not None
            # A key of the same expression node is read through "$".
            text += f" and not {'$.' if other in here else ''}r{other}{'' if above else place}"
        return text

    def _conclusion(self, name: str, place: str) -> list[tuple[str, str]]:
        by_value: dict[str, list[str]] = {}
        for index in self.law.concluding.get(name, ()):
            for concluded, value in self.law.rules[index].concludes:
                if concluded == name:
                    by_value.setdefault(value, []).append(f"r{index}{place}")
        found = []
        for atom in self.book.atoms:
            if isinstance(atom.kind, Concluded) and atom.kind.conclusion == name:
                names = [r for v in sorted(atom.kind.values) for r in by_value.get(v, ())]
                found.append((f"a{atom.index}{place}", " or ".join(names) or "false"))
        found.extend(
            (f"c_{_key(name)}_{value}{place}", " or ".join(names))
            for value, names in by_value.items()
        )
        return found

    def _quantifiers(self, name: str | None) -> list[tuple[str, str]]:
        """What is said of all items by facts and the conclusion ``name``; ``None``: facts alone."""
        found = []
        for atom in self.book.atoms:
            kind = atom.kind
            if not isinstance(kind, Quantified):
                continue
            read = [
                inner.conclusion
                for lit in _literals(kind.formula)
                if isinstance(inner := self.book.atoms[lit.atom].kind, Concluded)
            ]
            if (read[-1] if read else None) != name:
                continue
            word = " or " if kind.quantifier == "un" else " and "
            parts = [self._formula(kind.formula, p) for p in self._places(kind.group)]
            found.append((f"a{atom.index}", word.join(parts)))
        return found

    def _graph(self, stages: list[list[tuple[str, str]]]) -> dict[str, Any]:
        nodes: list[dict[str, Any]] = [
            {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}}
        ]
        edges = []
        last = "in"
        for number, stage in enumerate(stages):
            ident = f"s{number}"
            unique = dict(stage)
            nodes.append(
                {
                    "id": ident,
                    "name": ident,
                    "type": "expressionNode",
                    "position": {"x": 0, "y": 0},
                    "content": {
                        "expressions": [
                            {"id": f"{ident}{i}", "key": key, "value": value}
                            for i, (key, value) in enumerate(unique.items())
                        ],
                        "passThrough": True,
                    },
                }
            )
            edges.append({"id": f"e{number}", "sourceId": last, "targetId": ident, "type": "edge"})
            last = ident
        nodes.append(
            {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 0, "y": 0}}
        )
        edges.append({"id": "eo", "sourceId": last, "targetId": "out", "type": "edge"})
        return {"nodes": nodes, "edges": edges}


def _literals(formula: Formula) -> list[Lit]:
    if isinstance(formula, Lit):
        return [formula]
    return [lit for part in formula.parts for lit in _literals(part)]


def _key(name: str) -> str:
    return name.replace(".", "_")


def _plain(value: object) -> Any:
    if isinstance(value, dt.date):
        return value.toordinal()
    if isinstance(value, Decimal):
        return float(value)
    return value
