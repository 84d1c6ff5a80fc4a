"""Runs the proofs at every moment of a rulebook, or at one day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from coopdec_rules.reasoning.moments import Moment, moment_of, moments
from coopdec_rules.reasoning.proofs.faults import VACUOUS, Fault, merged
from coopdec_rules.reasoning.proofs.prover import Prover
from coopdec_rules.reasoning.proofs.rules import chase
from coopdec_rules.reasoning.proofs.space import Space
from coopdec_rules.reasoning.variables import Variables
from coopdec_rules.rulebook.model import Property
from coopdec_rules.rulebook.rulebook import Rulebook


@dataclass(frozen=True)
class Proofs:
    """What was proved: how many ``moments`` were looked at, and what was found wrong."""

    moments: int
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing must be mended."""
        return not any(fault.serious for fault in self.faults)


def prove(
    book: Rulebook,
    day: dt.date | None = None,
    *,
    properties_only: bool = False,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> Proofs:
    """Prove a rulebook at every moment, or at the one that ``day`` belongs to.

    Whether a rule is of use is told over all moments only: what is idle on one day may serve on
    another.  ``told`` is called after each moment with how many are done.
    """
    chosen = moments(book)
    if day is not None:
        chosen = [moment_of(chosen, day)]
    groups: dict[Hashable, list[Moment]] = {}
    spaces: dict[Hashable, Space] = {}
    for moment in chosen:
        variables = Variables(book, moment.day)
        key = alike(moment, variables)
        groups.setdefault(key, []).append(moment)
        if key not in spaces:
            spaces[key] = Space(moment, variables)
    faults: list[Fault] = []
    silent = dict.fromkeys(p for p in book.properties if any(
        p.period.contains(moment.day) for moment in chosen))  # fmt: skip
    done = 0
    for key, space in spaces.items():
        prover = Prover(space)
        found = [] if properties_only else prover.conclusions()
        found += prover.properties()
        for declared in list(silent):
            if declared.period.contains(space.moment.day) and prover.speaks(declared):
                del silent[declared]
        for moment in groups[key]:
            faults += [fault.at(moment.day, moment.last) for fault in found]
        space.forget_all()
        done += len(groups[key])
        told(done, len(chosen))
    if day is None:
        faults += [_vacuous(declared, chosen) for declared in silent]
    if day is None and not properties_only:
        faults += chase(list(spaces.values()))
    return Proofs(len(chosen), tuple(merged(faults)))


def _vacuous(declared: Property, chosen: Sequence[Moment]) -> Fault:
    first, last = chosen[0].day, chosen[-1].last
    return Fault(
        VACUOUS,
        declared.id,
        "Aucun scénario possible ne remplit ses conditions : elle ne dit rien.",
        periods=((declared.period.start or first, declared.period.end or last),),
    )


def alike(moment: Moment, variables: Variables) -> Hashable:
    """Equal for two moments about which the same can be proved: same rules, same comparisons."""
    book, day = variables.book, moment.day
    return (
        tuple((r.id, r.formula, r.concludes, r.sets_aside) for r in moment.state.rules),
        tuple(sorted(variables.fixed.items())),
        tuple(tuple(cell.holds for cell in variable.cells) for variable in variables.all),
        tuple(i.id for i in book.impossible if i.period.contains(day)),
        tuple(p.id for p in book.properties if p.period.contains(day)),
    )
