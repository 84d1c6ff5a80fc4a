"""Evaluates one scenario against a compiled state of the law.

The matcher decides which rules' conditions hold; exceptions, conclusions and quantifiers are
settled between its passes, since the matcher has no truth maintenance of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from coopdec_rules.engine.compiled import CompiledLaw, Step
from coopdec_rules.engine.facts import FactBase, Facts, truth
from coopdec_rules.engine.findings import Findings, Reading, Settled
from coopdec_rules.engine.matcher import Panel
from coopdec_rules.rulebook.formula import F, Truth, U, V, all_of, any_of, evaluate
from coopdec_rules.rulebook.model import Concluded, Quantified

_NO_FACTS: Facts = {}
_YES, _NO = Settled("oui", ("oui",)), Settled("non", ("non",))
_OPEN = Settled(None, ("oui", "non"))


class _Working:
    """A reading being filled in."""

    def __init__(self, facts: Facts, atoms: list[Truth | None]) -> None:
        self.facts = facts
        self.atoms = atoms
        self.raw: dict[int, Truth] = {}
        self.effective: dict[int, Truth] = {}
        self.conclusions: dict[str, Settled] = {}
        self.irrelevant: set[str] = set()
        #: What effective rules conclude: for each conclusion, values with their certainty.
        self.claims: dict[str, list[tuple[str, Truth]]] = {}

    def frozen(self) -> Reading:
        return Reading(
            self.facts,
            self.atoms,
            self.raw,
            self.effective,
            self.conclusions,
            frozenset(self.irrelevant),
        )


class Evaluation:
    """One run.  ``memo`` keeps what each panel fired on which values: the volets of a scenario, and
    its two readings, mostly ask the same things."""

    def __init__(self, law: CompiledLaw) -> None:
        self.law = law
        self._scenario_effects: dict[int, Truth] = {}
        self._memo: dict[tuple[Panel, str], frozenset[int]] = {}

    def run(self, base: FactBase) -> Findings:
        """Findings of the scenario, with the law's conclusions and every rule's truth."""
        law = self.law
        scenario = _Working(base.scenario, [None] * len(law.atoms))
        self._scenario_effects = scenario.effective
        self._facts(scenario, None, scenario)
        groups: dict[str, list[_Working]] = {}
        for scope in law.scopes:
            if scope is None:
                continue
            groups[scope] = []
            for facts in base.items.get(scope) or (_NO_FACTS,):
                working = _Working(facts, list(scenario.atoms))
                self._facts(working, scope, scenario)
                groups[scope].append(working)
        for level, steps in enumerate(law.steps):
            # What a step reads was settled by earlier ones; scenario values go down to the items.
            for step in steps:
                for working in groups[step.scope] if step.scope else [scenario]:
                    self._conclude(step, working, scenario, groups)
            self._quantifiers(level, scenario, groups)
            for step in steps:
                for working in groups[step.scope] if step.scope else [scenario]:
                    self._read(step, working)
                    self._settle(step, working)
        return Findings(
            scenario.frozen(),
            {name: tuple(w.frozen() for w in items) for name, items in groups.items()},
        )

    def _facts(self, working: _Working, scope: str | None, scenario: _Working) -> None:
        """Truth of every comparison; with a fact that is not relevant, none holds."""
        atoms = working.atoms

        def value_of(atom: int) -> Truth:
            return atoms[atom] or U

        for entry in self.law.fact_atoms[scope]:
            own = entry.fact in working.irrelevant or entry.fact in scenario.irrelevant
            if own or (
                entry.relevant_if is not None and evaluate(entry.relevant_if, value_of) == F
            ):
                working.irrelevant.add(entry.fact)
                for index, _ in entry.atoms:
                    atoms[index] = F
                continue
            for index, kind in entry.atoms:
                atoms[index] = truth(kind, working.facts, scenario.facts)

    def _quantifiers(
        self, level: int, scenario: _Working, groups: dict[str, list[_Working]]
    ) -> None:
        for at, index in self.law.quantified:
            if at != level:
                continue
            kind = self.law.atoms[index].kind
            if not isinstance(kind, Quantified):
                continue
            items = groups[kind.group]
            values = []
            for item in items:
                known = item.atoms

                def value_of(atom: int, known: list[Truth | None] = known) -> Truth:
                    return known[atom] or U

                values.append(evaluate(kind.formula, value_of))
            result = any_of(values) if kind.quantifier == "un" else all_of(values)
            self._spread(index, result, scenario, groups)

    def _spread(
        self, index: int, value: Truth, scenario: _Working, groups: dict[str, list[_Working]]
    ) -> None:
        scenario.atoms[index] = value
        for items in groups.values():
            for item in items:
                item.atoms[index] = value

    def _read(self, step: Step, working: _Working) -> None:
        raw = working.raw
        for index in step.always:
            raw[index] = V
        certain, doubtful = self._fire(step.certain, working.atoms)
        if doubtful:
            for index in self._fire(step.possible, working.atoms)[0]:
                raw[index] = U
        for index in certain:
            raw[index] = V

    def _fire(
        self, panels: Sequence[Panel], atoms: Sequence[Truth | None]
    ) -> tuple[set[int], bool]:
        fired: set[int] = set()
        doubtful = False
        for panel in panels:
            values = "".join([atoms[p] or U for p in panel.properties])
            key = (panel, values)
            found = self._memo.get(key)
            if found is None:
                found = self._memo[key] = panel.fire(values)
            fired |= found
            doubtful = doubtful or U in values
        return fired, doubtful

    def _settle(self, step: Step, working: _Working) -> None:
        raw, effective = working.raw, working.effective
        above = self._scenario_effects
        for index in step.settle:
            value = raw.get(index)
            if value is None:
                continue
            for other in self.law.exceptions.get(index, ()):
                against = effective.get(other) or above.get(other)
                if against == V:
                    value = F
                    break
                if against == U:
                    value = U
            effective[index] = value
            if value != F:
                for name, concluded in self.law.rules[index].concludes:
                    working.claims.setdefault(name, []).append((concluded, value))

    def _conclude(
        self, step: Step, working: _Working, scenario: _Working, groups: dict[str, list[_Working]]
    ) -> None:
        law = self.law
        for name in step.conclude:
            settled = self._settled(name, working)
            working.conclusions[name] = settled
            for index in law.conclusion_atoms.get(name, ()):
                kind = law.atoms[index].kind
                if isinstance(kind, Concluded):
                    value = settled.among(kind.values)
                    if step.scope is None:
                        self._spread(index, value, scenario, groups)
                    else:
                        working.atoms[index] = value

    def _settled(self, name: str, working: _Working) -> Settled:
        claims = working.claims.get(name, ())
        certain = list(dict.fromkeys(value for value, effect in claims if effect == V))
        if self.law.state.rulebook.conclusions[name].type == "drapeau":
            if certain:
                return _YES
            return _OPEN if claims else _NO
        if len(certain) == 1:
            return Settled(certain[0], (certain[0],))
        if certain:
            return Settled(None, tuple(certain), conflict=True)
        possible = tuple(dict.fromkeys(value for value, _ in claims))
        return Settled(None, possible, gap=not possible)
