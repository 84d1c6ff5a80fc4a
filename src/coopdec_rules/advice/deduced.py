"""What reasoning over every completion adds to an avis, as the avis shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from coopdec_rules.advice.levers import levers, next_tier
from coopdec_rules.advice.model_parts import (
    Etablie,
    Levier,
    PalierSuivant,
    RaisonSuffisante,
)
from coopdec_rules.advice.reasoned import Reasoned, established, reasons
from coopdec_rules.advice.scenario import Presumed
from coopdec_rules.advice.states import Outlooks
from coopdec_rules.advice.trace import Tracer
from coopdec_rules.engine.evaluation import Evaluation
from coopdec_rules.engine.findings import Findings


@dataclass(frozen=True, slots=True)
class Deduced:
    """``reasoned``: every completion was looked at; otherwise all the rest is empty."""

    reasoned: bool = False
    outlooks: Outlooks = field(default_factory=dict)
    established: list[Etablie] = field(default_factory=list)
    reasons: list[RaisonSuffisante] = field(default_factory=list)
    levers: list[Levier] = field(default_factory=list)
    next_tier: PalierSuivant | None = None


NOT_ASKED = Deduced()


def deduce(
    evaluation: Evaluation,
    tracer: Tracer,
    reasoned: Reasoned,
    findings: Findings,
    presumed: Sequence[Presumed],
) -> Deduced:
    """Everything that an avis takes from an examined scenario."""
    return Deduced(
        reasoned=True,
        outlooks=reasoned.examination.outlook,
        established=established(reasoned),
        reasons=reasons(reasoned, presumed),
        levers=levers(evaluation, tracer, reasoned, findings),
        next_tier=next_tier(reasoned, findings),
    )
