"""Spending limits, exact to the cent."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from coopdec_rules.advice.model_parts import Plafond
from coopdec_rules.advice.readings import readings_of
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.facts import Facts, amount_of
from coopdec_rules.engine.findings import Findings
from coopdec_rules.rulebook.formula import V
from coopdec_rules.rulebook.model import Ceiling

_CENT = Decimal("0.01")


def ceilings(law: CompiledLaw, findings: Findings) -> list[Plafond]:
    """Ceilings in euros, exact to the cent (rounded down: a ceiling is never overstated)."""
    found: list[Plafond] = []
    facts = law.state.rulebook.facts
    for reading, _, position in readings_of(findings):
        for index, effect in reading.effective.items():
            ceiling = law.rules[index].ceiling
            if ceiling is None or effect != V:
                continue
            budget = reading.facts.get(ceiling.budget)
            exact, spent, over = amounts_of(ceiling, reading.facts, findings.scenario.facts)
            found.append(
                {
                    "budget": budget,
                    "budget_libelle": facts[ceiling.budget].said(budget)
                    if budget is not None
                    else None,
                    "plafond": exact,
                    "montant": spent,
                    "depassement": over,
                    "regle": law.rules[index].id,
                    "element": position,
                }
            )
    return found


def amounts_of(
    ceiling: Ceiling, facts: Facts, scenario: Facts
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """The ceiling in euros, what is spent, what exceeds it; ``None`` for what is not known."""
    limit, amount = amount_of(ceiling.limit, facts, scenario), facts.get(ceiling.amount)
    exact = limit.quantize(_CENT, ROUND_DOWN) if isinstance(limit, Decimal) else None
    spent = amount if isinstance(amount, Decimal) else None
    over = None
    if exact is not None and spent is not None:
        over = max(spent - exact, Decimal(0)).quantize(_CENT)
    return exact, spent, over
