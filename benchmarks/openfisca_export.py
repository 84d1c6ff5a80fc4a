"""Exports what a batch is asked, formula for formula, as variables of OpenFisca.

The law is read once over an algebra of formulas (``reasoning.algebra``) instead of bits: what comes
out is exactly what a batch computes.  A truth is two variables, "certainly" and "certainly not".
What several formulas share is a variable, computed once; what only one uses is written inside it,
which favours OpenFisca: it has fewer variables to call.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from coopdec_rules.advice import answers
from coopdec_rules.batch.answering import ANSWERS, PART_ANSWERS
from coopdec_rules.batch.block import Block
from coopdec_rules.batch.numbers import cents_of
from coopdec_rules.engine.facts import truth
from coopdec_rules.reasoning.algebra import Truth
from coopdec_rules.reasoning.moments import DATE
from coopdec_rules.reasoning.places import Place
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.rulebook.formula import V
from coopdec_rules.rulebook.model import Among, Compare, FactRef, IsTrue, Percent, facts_of
from coopdec_rules.rulebook.rulebook import Rulebook

#: A formula: its place in the table.
_TRUE, _FALSE = 0, 1
_SYMBOLS = {"=": "==", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_MOST = 2**48


@dataclass
class Formulas:
    """An algebra of formulas, each different one once; ``texts`` are those of comparisons."""

    nodes: list[tuple[str, tuple[int, ...]]] = field(
        default_factory=lambda: [("true", ()), ("false", ())]
    )
    texts: dict[int, str] = field(default_factory=dict)
    _known: dict[tuple[str, tuple[int, ...]], int] = field(default_factory=dict)

    true = _TRUE
    false = _FALSE

    def all_of(self, parts: Iterable[int]) -> int:
        return self._several("&", parts, _TRUE, _FALSE)

    def any_of(self, parts: Iterable[int]) -> int:
        return self._several("|", parts, _FALSE, _TRUE)

    def no(self, part: int) -> int:
        if part in (_TRUE, _FALSE):
            return _FALSE if part == _TRUE else _TRUE
        kind, inner = self.nodes[part]
        return inner[0] if kind == "~" else self._node("~", (part,))

    def comparison(self, text: str) -> int:
        """A formula read from the facts."""
        found = self._node(text, ())
        self.texts[found] = text
        return found

    def _several(self, kind: str, parts: Iterable[int], none: int, ends: int) -> int:
        kept = list(dict.fromkeys(part for part in parts if part != none))
        if ends in kept:
            return ends
        if len(kept) < 2:
            return kept[0] if kept else none
        return self._node(kind, tuple(sorted(kept)))

    def _node(self, kind: str, parts: tuple[int, ...]) -> int:
        key = (kind, parts)
        if key not in self._known:
            self._known[key] = len(self.nodes)
            self.nodes.append(key)
        return self._known[key]


class OpenFiscaExport:
    """What a block is asked, as variables: conclusions, and conditions still to be met."""

    def __init__(self, book: Rulebook, block: Block) -> None:
        self.book, self.block = book, block
        self.formulas = Formulas()
        #: Names of the inputs, each with the values of its rows.
        self.inputs: dict[str, Any] = {}
        self._tables: dict[str, Sequence[bool]] = {}
        present = {
            place: self.formulas.comparison(self._input(f"la_{place[0]}_{place[1]}", mask, True))
            for place, mask in (
                (place, self.block.counts[place[0]] > place[1])
                for place in block.present
                if place is not None
            )
        }
        reading: Reading[int] = Reading(
            block.moment.state, self.formulas, block.shape, self._compared, present=present
        )
        self.outputs = dict(asked(reading, present))

    def document(self) -> dict[str, Any]:
        """The inputs, the variables with their formulas, and the outputs asked for."""
        roots = [node for node in self.outputs.values() if node > _FALSE]
        order, users = self._reached(roots)
        named = {n for n in order if users[n] > 1} | set(roots)
        named |= {n for n in order if n in self.formulas.texts}
        written: dict[int, str] = {}
        variables = {}
        for node in order:
            text = self._written(node, written)
            if node in named:
                variables[f"v{node}"] = text
                text = f"v('v{node}', p)"
            written[node] = text
        return {
            "inputs": list(self.inputs),
            "tables": {name: list(map(bool, flags)) for name, flags in self._tables.items()},
            "variables": variables,
            "outputs": [f"v{node}" for node in dict.fromkeys(roots)],
        }

    def _written(self, node: int, written: Mapping[int, str]) -> str:
        kind, parts = self.formulas.nodes[node]
        if not parts:
            return kind
        if kind == "~":
            return f"~{written[parts[0]]}"
        return "(" + f" {kind} ".join(written[part] for part in parts) + ")"

    def _reached(self, roots: Sequence[int]) -> tuple[list[int], Counter[int]]:
        """The formulas that are needed, each after its parts, and how many use each."""
        users: Counter[int] = Counter()
        seen, waiting = set(roots), list(roots)
        while waiting:
            for part in self.formulas.nodes[waiting.pop()][1]:
                users[part] += 1
                if part not in seen:
                    seen.add(part)
                    waiting.append(part)
        # A formula is always made after its parts.
        return sorted(seen), users

    # -- comparisons -------------------------------------------------------------------------

    def _input(self, name: str, values: Any, flag: bool = False) -> str:
        self.inputs[name] = np.asarray(values, dtype=np.int64)
        return f"v('{name}', p) == 1" if flag else f"v('{name}', p)"

    def _compared(self, atom: int, place: Place) -> Truth[int]:
        kind = self.book.all_atoms[atom].kind
        if not isinstance(kind, Compare | IsTrue | Among):
            raise TypeError(f"not a comparison of facts: {kind}")
        names = [kind.fact]
        if isinstance(kind, Compare):
            names = list(dict.fromkeys((kind.fact, *facts_of(kind.right))))
        (day,) = self.block.columns[DATE, None].values
        if len(names) > 1 and DATE in names:
            names.remove(DATE)  # the same in every row
        ats = [
            (n, None if place is None or self.book.facts[n].scope is None else place[1])
            for n in names
        ]
        columns = [self.block.columns.get(at) for at in ats]
        if any(column is None for column in columns):
            return _FALSE, _FALSE
        if len(ats) == 2:
            return self._amounts(kind, ats)
        column = self.block.columns[ats[0]]
        if isinstance(kind, IsTrue):
            held = [value is True for value in column.values]
        elif isinstance(kind, Among):
            held = [value in kind.values for value in column.values]
        else:
            held = [truth(kind, {DATE: day, names[0]: value}, {}) == V for value in column.values]
        name = f"f_{ats[0][0]}_{ats[0][1]}".replace(".", "_")
        codes = self._input(name, column.codes)
        found = []
        # The code of what is not known is -1: the last of a table.
        for side, table in (("oui", [*held, False]), ("non", [*(not h for h in held), False])):
            number = f"t{len(self._tables)}_{side}"
            self._tables[number] = table
            text = f"T['{number}'].take({codes}, mode='wrap')"
            found.append(self.formulas.comparison(text) if any(table) else _FALSE)
        return found[0], found[1]

    def _amounts(self, kind: object, ats: Sequence[tuple[str, int | None]]) -> Truth[int]:
        if not isinstance(kind, Compare) or not isinstance(kind.right, FactRef | Percent):
            raise TypeError(f"not exported: {kind}")
        sides, known = [], []
        for at in ats:
            column = self.block.columns[at]
            cents = cents_of(column.values, _MOST)
            if cents is None:
                raise TypeError(f"not amounts: {at}")
            name = f"c_{at[0]}_{at[1]}".replace(".", "_")
            unknown = -(2**60)
            sides.append(self._input(name, np.append(cents, unknown)[column.codes]))
            known.append(f"({sides[-1]} != {unknown})")
        rate = Decimal(100) if isinstance(kind.right, FactRef) else kind.right.rate
        test = f"({sides[0]} * 10000 {_SYMBOLS[kind.op]} {sides[1]} * {int(rate * 100)})"
        both = " & ".join(known)
        return (
            self.formulas.comparison(f"({test} & {both})"),
            self.formulas.comparison(f"(~{test} & {both})"),
        )


def asked(
    reading: Reading[int], present: Mapping[Place, int]
) -> Iterable[tuple[tuple[object, ...], int]]:
    """What a batch is asked of a reading: each value of each answer, and each open condition."""
    algebra = reading.algebra
    wanted: list[tuple[str, Place]] = [(name, None) for name in ANSWERS.values()]
    wanted += [(c.id, None) for c in reading.book.conclusions.values() if c.is_element]
    wanted += [
        (name, place)
        for place in reading.shape.places(answers.PART)
        for name in PART_ANSWERS.values()
    ]
    for name, place in wanted:
        for value, where in reading.state(name, place).value.items():
            yield (name, place, value), algebra.all_of([where, present.get(place, algebra.true)])
    for index, rule in enumerate(reading.law.rules):
        for number, effect in enumerate(rule.effects):
            if effect.kind != "condition":
                continue
            for place in reading.shape.places(rule.scope):
                yes, no = reading.rule(index, place)
                where = algebra.all_of([present.get(place, algebra.true), algebra.no(no)])
                if effect.done_if is not None:
                    done = algebra.all_of([yes, reading.formula(effect.done_if, place)[0]])
                    where = algebra.all_of([where, algebra.no(done)])
                yield (rule.id, number, place), where
