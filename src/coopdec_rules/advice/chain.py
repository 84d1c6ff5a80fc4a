"""The chain of an answer: from the facts that decide it, through the rules applied, to its value.

Rules of method are passed through: they only put together what other rules say.  Of a condition
that several branches fulfil, the shortest is followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from coopdec_rules.advice.names import how_read
from coopdec_rules.advice.wording import Wording
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.rulebook.formula import And, Formula, Lit, V, literals
from coopdec_rules.rulebook.model import (
    Among,
    Compare,
    Concluded,
    IsTrue,
    Quantified,
    Rule,
    facts_of,
)

Kind = Literal["fait", "regle", "ecartee", "reponse"]
Key = tuple[str, str, int | None]
#: An answer to explain: a conclusion, and the item it is about (``None``: the whole action).
Target = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Step:
    """One fact, rule or answer of a chain.

    ``inputs`` are the steps it rests on; ``excludes`` those that it sets aside.
    """

    key: Key
    kind: Kind
    text: str
    rule: str | None = None
    rank: str | None = None
    source: str | None = None
    concludes: tuple[tuple[str, str], ...] = ()
    presumed: bool = False
    inputs: tuple[Key, ...] = ()
    excludes: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps by key, each after those it rests on, and the answers they lead to."""

    steps: Mapping[Key, Step]
    targets: tuple[Key, ...]


@dataclass(slots=True)
class _Walk:
    law: CompiledLaw
    wording: Wording
    findings: Findings
    presumed: frozenset[tuple[str, int | None]]
    steps: dict[Key, Step] = field(default_factory=dict)
    concluded: dict[Target, tuple[Key, ...]] = field(default_factory=dict)

    def conclusion(self, name: str, group: str | None, item: int | None) -> tuple[Key, ...]:
        """Steps that give a settled conclusion its value; none when it has no value."""
        scope = self.law.state.rulebook.conclusions[name].scope
        if scope is None:
            group = item = None
        elif group is None:
            return ()
        if (name, item) not in self.concluded:
            self.concluded[name, item] = ()  # the rulebook has no circle; a guard all the same
            self.concluded[name, item] = tuple(self._givers(name, group, item))
        return self.concluded[name, item]

    def _of_method(self, rule: Rule) -> bool:
        return self.law.state.rulebook.ranks[rule.rank].method

    def _reading(self, group: str | None, item: int | None) -> Reading:
        return self.findings.scenario if group is None else self.findings.items[group][item or 0]

    def _givers(self, name: str, group: str | None, item: int | None) -> Iterator[Key]:
        reading = self._reading(group, item)
        value = reading.conclusions[name].value
        if value is None:
            return
        seen: set[Key] = set()
        for index in self.law.concluding.get(name, ()):
            raw, effect = reading.raw.get(index), reading.effective.get(index)
            if effect == V and (name, value) in self.law.rules[index].concludes:
                for key in self._rule(index, group, item):
                    if key not in seen:
                        seen.add(key)
                        yield key
            elif raw == V and effect != V:
                self._aside(index, group, item)

    def _rule(self, index: int, group: str | None, item: int | None) -> tuple[Key, ...]:
        rule = self.law.rules[index]
        if rule.scope is None:
            group = item = None
        key: Key = ("regle", rule.id, item)
        if key in self.steps:
            return (key,)
        reading = self._reading(group, item)
        inputs = tuple(dict.fromkeys(self._formula(rule.formula, reading, group, item)))
        if self._of_method(rule):
            return inputs
        self.steps[key] = self._step(key, "regle", index, reading, inputs)
        return (key,)

    def _step(
        self, key: Key, kind: Kind, index: int, reading: Reading, inputs: tuple[Key, ...]
    ) -> Step:
        rule = self.law.rules[index]
        readings = (reading, self.findings.scenario)
        return Step(
            key,
            kind,
            self.wording.fill(rule.explanation, *readings),
            rule.id,
            rule.rank,
            self.wording.fill(str(rule.main_source), *readings) + how_read(rule),
            rule.concludes,
            inputs=inputs,
        )

    def _aside(self, index: int, group: str | None, item: int | None) -> None:
        """Keep a rule that would have concluded otherwise, at the rules that set it aside."""
        rule = self.law.rules[index]
        key: Key = ("ecartee", rule.id, item)
        if self._of_method(rule) or key in self.steps:
            return
        for other in self.law.exceptions.get(index, ()):
            scoped = self.law.rules[other].scope is not None
            place = (group, item) if scoped else (None, None)
            if self._reading(*place).effective.get(other) != V:
                continue
            for by in self._rule(other, *place):
                step = self.steps[by]
                self.steps[by] = replace(step, excludes=(*step.excludes, key))
                self.steps[key] = self._step(key, "ecartee", index, self._reading(group, item), ())

    def _formula(
        self, formula: Formula, reading: Reading, group: str | None, item: int | None
    ) -> Iterator[Key]:
        if isinstance(formula, Lit):
            yield from self._literal(formula, reading, group, item)
        elif isinstance(formula, And):
            for part in formula.parts:
                yield from self._formula(part, reading, group, item)
        else:
            holding = [part for part in formula.parts if _holds(part, reading)]
            if holding:
                shortest = min(holding, key=lambda part: sum(1 for _ in literals(part)))
                yield from self._formula(shortest, reading, group, item)

    def _literal(
        self, literal: Lit, reading: Reading, group: str | None, item: int | None
    ) -> Iterator[Key]:
        kind = self.law.atoms[literal.atom].kind
        match kind:
            case IsTrue() | Among():
                yield from self._fact(kind.fact, reading, item)
            case Compare():
                for name in (kind.fact, *facts_of(kind.right)):
                    yield from self._fact(name, reading, item)
            case Concluded():
                flag = self.law.state.rulebook.conclusions[kind.conclusion].type == "drapeau"
                if literal.positive or not flag:
                    yield from self.conclusion(kind.conclusion, group, item)
            case Quantified() if literal.positive:
                for position, inner in enumerate(self.findings.items[kind.group]):
                    if _holds(kind.formula, inner):
                        yield from self._formula(kind.formula, inner, kind.group, position)
            case _:
                return  # that no item is so rests on no rule in particular

    def _fact(self, name: str, reading: Reading, item: int | None) -> Iterator[Key]:
        fact = self.law.state.rulebook.facts[name]
        where = reading if name in reading.facts else self.findings.scenario
        if name not in where.facts:
            return
        place = item if fact.scope is not None else None
        key: Key = ("fait", name, place)
        if key not in self.steps:
            text = f"{fact.label} : {fact.said(where.facts[name])}"
            self.steps[key] = Step(key, "fait", text, presumed=(name, place) in self.presumed)
        yield key


def _holds(formula: Formula, reading: Reading) -> bool:
    match formula:
        case Lit(atom, positive):
            return reading.atoms[atom] == (V if positive else "f")
        case And(parts):
            return all(_holds(part, reading) for part in parts)
        case _:
            return any(_holds(part, reading) for part in formula.parts)


def chain_of(
    law: CompiledLaw,
    wording: Wording,
    findings: Findings,
    targets: Mapping[Target, str],
    presumed: frozenset[tuple[str, int | None]] = frozenset(),
) -> Chain:
    """The chain that leads to each of ``targets`` (with the text of each answer).

    An answer that the findings leave open is kept without inputs.  ``presumed`` are the facts that
    nobody stated, with their item.
    """
    walk = _Walk(law, wording, findings, presumed)
    ends = []
    for (name, item), text in targets.items():
        scope = law.state.rulebook.conclusions[name].scope
        inputs = walk.conclusion(name, scope, item)
        end: Key = ("reponse", name, item)
        ends.append((end, Step(end, "reponse", text, inputs=inputs)))
    walk.steps.update(ends)
    return Chain(walk.steps, tuple(key for key, _ in ends))
