"""On what rank of source an answer rests, once its reasons are followed back.

A chain of rules is as strong as its weakest link; an answer that several chains give is as strong
as the strongest of them.  A rule of method adds nothing and weakens nothing.
"""

from __future__ import annotations

from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.rulebook.formula import And, Formula, Lit, V
from coopdec_rules.rulebook.model import Concluded, Quantified


class Support:
    """Follows the reasons of one scenario's conclusions."""

    def __init__(self, law: CompiledLaw, findings: Findings) -> None:
        self.law = law
        self.findings = findings
        #: Strength of each rank, 0 the strongest; the rulebook's own method counts as neutral.
        self._strength = {
            rank.id: 0 if rank.method else rank.place for rank in law.state.rulebook.ranks.values()
        }
        self._known: dict[tuple[str, int | None], int] = {}

    def rank(self, name: str, reading: Reading, item: int | None) -> str | None:
        """Rank that a settled conclusion rests on; ``None`` when it is not settled."""
        if reading.conclusions[name].value is None:
            return None
        strength = self._conclusion(name, reading, item)
        ranks = self.law.state.rulebook.ranks.values()
        return next((r.id for r in ranks if not r.method and r.place >= strength), None)

    def _conclusion(self, name: str, reading: Reading, item: int | None) -> int:
        scope = self.law.state.rulebook.conclusions[name].scope
        if scope is None:
            reading, item = self.findings.scenario, None
        key = (name, item)
        if key not in self._known:
            value = reading.conclusions[name].value
            found = []
            for index in self.law.concluding.get(name, ()):
                if (
                    reading.effective.get(index) != V
                    or (name, value) not in self.law.rules[index].concludes
                ):
                    continue
                rule = self.law.rules[index]
                found.append(
                    max(self._strength[rule.rank], self._formula(rule.formula, reading, item))
                )
            self._known[key] = min(found, default=0)
        return self._known[key]

    def _formula(self, formula: Formula, reading: Reading, item: int | None) -> int:
        if isinstance(formula, Lit):
            return self._literal(formula, reading, item)
        if isinstance(formula, And):
            return max((self._formula(p, reading, item) for p in formula.parts), default=0)
        holding = [p for p in formula.parts if self._holds(p, reading)]
        return min((self._formula(p, reading, item) for p in holding), default=0)

    def _literal(self, literal: Lit, reading: Reading, item: int | None) -> int:
        kind = self.law.atoms[literal.atom].kind
        if not literal.positive:
            return 0  # that something is not concluded rests on no rule
        if isinstance(kind, Concluded):
            return self._conclusion(kind.conclusion, reading, item)
        if isinstance(kind, Quantified):
            parts = [
                self._formula(kind.formula, inner, position)
                for position, inner in enumerate(self.findings.items[kind.group])
                if self._holds(kind.formula, inner)
            ]
            return (min if kind.quantifier == "un" else max)(parts, default=0)
        return 0

    def _holds(self, formula: Formula, reading: Reading) -> bool:
        if isinstance(formula, Lit):
            return (reading.atoms[formula.atom] == V) == formula.positive
        if isinstance(formula, And):
            return all(self._holds(p, reading) for p in formula.parts)
        return any(self._holds(p, reading) for p in formula.parts)
