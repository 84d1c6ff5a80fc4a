"""Proves the claims of one moment, or shows the scenario that denies them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coopdec_rules.reasoning.places import focus
from coopdec_rules.reasoning.program import Literal
from coopdec_rules.reasoning.proofs.claims import Claim, items_needed, of_conclusions, of_property
from coopdec_rules.reasoning.proofs.faults import UNPROVED, Fault
from coopdec_rules.reasoning.proofs.models import stated_in, wanted_of
from coopdec_rules.reasoning.proofs.space import Layout, Space
from coopdec_rules.reasoning.witness import Examiner, Stated, document, smallest
from coopdec_rules.rulebook.model import Property

#: Layouts with more items than this in full are not tried.
MOST_ITEMS = 24


class Prover:
    """All claims on one moment."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.law = space.moment.state
        self.dependence = space.dependence
        self._examiner: Examiner | None = None

    @property
    def examiner(self) -> Examiner:
        if self._examiner is None:
            self._examiner = Examiner(self.law, self.space.moment.day)
        return self._examiner

    def conclusions(self) -> list[Fault]:
        """Conclusions without a value, or with two."""
        return self._denied(of_conclusions(self.law))

    def properties(self) -> list[Fault]:
        """Declared properties that some scenario denies."""
        day = self.space.moment.day
        claims = [of_property(self.law, p) for p in self.law.rulebook.properties
                  if p.period.contains(day)]  # fmt: skip
        return self._denied(claims)

    def speaks(self, declared: Property) -> bool:
        """Whether some scenario meets the conditions of a property."""
        for shape in self.space.small():
            layout = self.space.exact(shape)
            met = [layout.reading.formula(declared.formula, focus(declared.scope))[0]]
            if declared.change is not None:
                scope = self.law.rulebook.facts[declared.change.fact].scope
                met.append(layout.reading.relevant(declared.change.fact, focus(scope))[0])
            if layout.program.possible(met):
                return True
        return False

    # -- one claim ---------------------------------------------------------------------------

    def _denied(self, claims: Sequence[Claim]) -> list[Fault]:
        """Those that do not hold; item by item first, all together, which settles most."""
        doubtful = self._doubtful(claims)
        found = []
        for claim in doubtful:
            fault = self._settled(claim)
            if fault is not None:
                found.append(fault)
        return found

    def _doubtful(self, claims: Sequence[Claim]) -> list[Claim]:
        """Claims that may be denied when nothing is said of the items that are not looked at."""
        layout = self.space.open({})
        pending = {claim: claim.literal(layout) for claim in claims}
        doubtful: list[Claim] = []
        while pending:
            goal = layout.program.any_of(list(pending.values()))
            model = layout.program.solve([goal], [abs(lit) for lit in pending.values()])
            if model is None:
                break
            for claim, literal in list(pending.items()):
                if (abs(literal) in model) == (literal > 0):
                    doubtful.append(claim)
                    del pending[claim]
        return doubtful

    def _settled(self, claim: Claim) -> Fault | None:
        """The fault, with its scenario; ``None`` when the claim holds after all."""
        for depth in (0, 1):
            if self._excluded(claim, depth):
                return None
        fault = self.exhibited(claim)
        if fault is not None or self._excluded(claim, 2):
            return fault
        return self._fault(claim, UNPROVED, None, None)

    def _excluded(self, claim: Claim, depth: int) -> bool:
        """Whether the claim is impossible, whatever the number of items.

        The formulas over all items that it reads through ``depth`` conclusions are exact: the
        layout has all the items that they need.
        """
        atoms = sorted(self.dependence.quantified(claim.formulas(self.dependence), depth))
        needed = items_needed(self.law.rulebook, atoms, claim)
        for group in self.space.keyed:
            needed.pop(group, None)
        if max(needed.values(), default=0) > MOST_ITEMS:
            return False
        layout = self.space.open(needed)
        return not layout.program.possible([*layout.others.closed(atoms), claim.literal(layout)])

    def exhibited(self, claim: Claim) -> Fault | None:
        """The claim with a scenario that shows it, looked for among small ones."""
        for shape in self.space.small():
            layout = self.space.exact(shape)
            literal = claim.literal(layout)
            model = layout.program.solve([literal], wanted_of(layout))
            if model is not None:
                return self._witnessed(claim, layout, model)
        return None

    def _witnessed(self, claim: Claim, layout: Layout, model: set[Literal]) -> Fault:
        stated = stated_in(layout, model)
        declared = claim.property
        if declared is not None and declared.change is not None:
            return self._compared(claim, stated)
        small = smallest(self.examiner, stated, lambda _, reading: claim.shown(reading))
        return self._fault(claim, claim.kind, small, stated)

    def _compared(self, claim: Claim, stated: Stated) -> Fault:
        """A change that makes the answer worse: the scenario before it."""
        declared = claim.property
        if declared is None or declared.change is None:
            raise TypeError("not a comparison")
        change, name = declared.change, declared.never_worse
        conclusion = self.law.rulebook.conclusions[name]
        fact_scope = self.law.rulebook.facts[change.fact].scope
        place, there = focus(conclusion.scope), focus(fact_scope)

        def answer(facts: Stated) -> int | None:
            state = self.examiner.read(facts).state(name, place)
            return next((n for n, v in enumerate(conclusion.order) if state.value.get(v)), None)

        def worse(facts: Stated, _: object) -> bool:
            after = {**facts, there: {**facts[there], change.fact: change.after}}
            first, second = answer(facts), answer(after)
            return first is not None and second is not None and second < first

        small = smallest(self.examiner, stated, worse, [(there, change.fact)])
        return self._fault(claim, claim.kind, small, stated)

    def _fault(self, claim: Claim, kind: str, small: Stated | None, stated: Stated | None) -> Fault:
        moment = self.space.moment
        scenario: dict[str, Any] | None = None
        clauses = []
        shown = small or stated
        if shown is not None:
            scenario = document(self.law.rulebook, moment.day, shown)
            clauses = claim.clauses(self.examiner.read(shown))
        message = claim.message
        if kind == UNPROVED:
            message = f"{message} Aucun petit scénario ne le montre, aucune preuve ne l'exclut."
        return Fault(
            kind, claim.subject, message, tuple(clauses), ((moment.day, moment.last),), scenario
        )
