"""The truth of a model's condition on what the engine found.

The conditions of models are not those of rules: the engine has not settled their comparisons.
They are read here as the engine reads its own: what is not stated is unknown, and a fact without
object fits no comparison.
"""

from __future__ import annotations

from collections.abc import Sequence

from coopdec_rules.advice import answers
from coopdec_rules.advice.advisor import Advice
from coopdec_rules.engine.facts import truth
from coopdec_rules.engine.findings import Reading
from coopdec_rules.rulebook.formula import F, Formula, Truth, U, V, evaluator
from coopdec_rules.rulebook.index import facts_compared
from coopdec_rules.rulebook.model import (
    Among,
    Atom,
    Compare,
    Concluded,
    IsTrue,
    Quantified,
    Value,
)
from coopdec_rules.rulebook.rulebook import Rulebook


class Truths:
    """Reads conditions on the findings of one scenario."""

    def __init__(self, book: Rulebook, atoms: Sequence[Atom], advice: Advice) -> None:
        self._book, self._atoms, self._findings = book, atoms, advice.findings
        #: What the avis itself answers: reasoning may settle what the engine left open.
        avis = advice.avis
        self._answered = {answers.POWER: avis["habilitation"]} | {
            element["code"]: element["valeur"]
            for element in avis["elements"]
            if element["valeur"] is not None and element["groupe"] is None
        }
        self._known: dict[tuple[int, int], Truth] = {}

    def of(self, formula: Formula, reading: Reading | None = None) -> Truth:
        """The truth on a reading: the scenario's (by default), or that of an item."""
        here = reading or self._findings.scenario
        return evaluator(formula)(_Lazy(self, here))

    def atom(self, index: int, reading: Reading) -> Truth:
        """The truth of one comparison."""
        key = (index, id(reading))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._settled(self._atoms[index], reading)
        return found

    def _settled(self, atom: Atom, reading: Reading) -> Truth:
        kind = atom.kind
        scenario = self._findings.scenario
        match kind:
            case Quantified(quantifier, group, formula):
                stop = V if quantifier == "un" else F
                results = [self.of(formula, item) for item in self._findings.items[group]]
                if stop in results:
                    return stop
                return U if U in results else (F if stop == V else V)
            case Concluded(name, values) if name in self._answered:
                return V if self._answered[name] in values else F
            case Concluded(name, values):
                home = reading if name in reading.conclusions else scenario
                return home.conclusions[name].among(values) if name in home.conclusions else U
            case Compare():
                found = truth(kind, reading.facts, scenario.facts)
            case IsTrue(name):
                found = _fits(self._value(name, reading), frozenset({True}))
            case Among(name, among):
                found = _fits(self._value(name, reading), among)
        relevance = [self._relevance(name, reading) for name in facts_compared(kind)]
        if F in relevance:
            return F
        return U if found == V and U in relevance else found

    def _value(self, name: str, reading: Reading) -> Value | None:
        found = reading.facts.get(name)
        return self._findings.scenario.facts.get(name) if found is None else found

    def _relevance(self, name: str, reading: Reading) -> Truth:
        formula = self._book.facts[name].relevant_if
        # Its comparisons are facts' own, which the engine has settled.
        return V if formula is None else evaluator(formula)(reading.atoms)


class _Lazy(Sequence[Truth]):
    """The truths of all comparisons on a reading, each worked out when it is read."""

    __slots__ = ("_reading", "_truths")

    def __init__(self, truths: Truths, reading: Reading) -> None:
        self._truths, self._reading = truths, reading

    def __getitem__(self, index: int) -> Truth:  # type: ignore[override]
        return self._truths.atom(index, self._reading)

    def __len__(self) -> int:
        return len(self._truths._atoms)


def _fits(value: Value | None, values: frozenset[object]) -> Truth:
    if value is None:
        return U
    return V if value in values else F
