"""What a proof may find wrong, and the scenario that shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from coopdec_rules.rulebook.model import Rule

GAP = "lacune"
CONFLICT = "contradiction"
PROPERTY = "propriete"
UNREACHABLE = "regle_inapplicable"
REDUNDANT = "regle_superflue"
IDLE_EXCEPTION = "exception_sans_effet"
CONSTANT = "condition_constante"
VACUOUS = "propriete_sans_objet"
UNPROVED = "non_prouve"
SUPERFLUOUS = "condition_superflue"

#: What each kind of fault is called, most serious first.
TITLES: Mapping[str, str] = {
    CONFLICT: "Contradiction",
    GAP: "Lacune",
    PROPERTY: "Propriété démentie",
    UNREACHABLE: "Règle qui ne s'applique jamais",
    REDUNDANT: "Règle superflue",
    IDLE_EXCEPTION: "Exception sans effet",
    CONSTANT: "Condition constante",
    VACUOUS: "Propriété sans objet",
    UNPROVED: "Ni prouvé ni démenti",
    SUPERFLUOUS: "Condition sans effet dans sa règle",
}
#: Told for information: the rulebook says nothing false, it could say it with fewer words.
FOR_INFORMATION = frozenset({SUPERFLUOUS})


@dataclass(frozen=True)
class Clause:
    """A rule that plays a part in a fault, and which part."""

    rule: Rule
    part: str


@dataclass(frozen=True)
class Fault:
    """Something wrong with the rulebook on some days.

    ``periods``: first and last day of each stretch of days on which it was found; ``witness``: a
    scenario that shows it, as ``coopdec avis`` reads it; ``None`` when what is wrong is that no
    scenario exists.
    """

    kind: str
    subject: str
    message: str
    clauses: tuple[Clause, ...] = ()
    periods: tuple[tuple[dt.date, dt.date], ...] = ()
    witness: Mapping[str, Any] | None = None

    @property
    def serious(self) -> bool:
        """Whether it must be mended."""
        return self.kind not in FOR_INFORMATION

    def at(self, first: dt.date, last: dt.date) -> Fault:
        """The same fault on other days."""
        return replace(self, periods=((first, last),))


def merged(faults: Iterable[Fault]) -> list[Fault]:
    """Faults of the same kind, about the same thing (for contradictions: the same rules).

    The first witness is kept; days that follow each other make one period.
    """
    found: dict[tuple[str, str, tuple[str, ...]], Fault] = {}
    for fault in faults:
        rules = sorted(c.rule.id for c in fault.clauses) if fault.kind == CONFLICT else ()
        key = (fault.kind, fault.subject, tuple(rules))
        other = found.get(key)
        found[key] = (
            fault if other is None else replace(other, periods=(*other.periods, *fault.periods))
        )
    order = list(TITLES)
    return sorted(
        (replace(fault, periods=_joined(fault.periods)) for fault in found.values()),
        key=lambda fault: order.index(fault.kind),
    )


def _joined(
    periods: tuple[tuple[dt.date, dt.date], ...],
) -> tuple[tuple[dt.date, dt.date], ...]:
    found: list[tuple[dt.date, dt.date]] = []
    for first, last in sorted(set(periods)):
        if found and first <= found[-1][1] + dt.timedelta(days=1):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)
