"""The order in which rules and conclusions are settled; refuses circular rulebooks.

A rule is *read* once every conclusion in its conditions is settled; it is *settled* once every rule
that may set it aside is; a conclusion is settled once every rule that concludes it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.rulebook.index import AtomIndex, LawIndex
from coopdec_rules.rulebook.model import Atom, Rule
from coopdec_rules.rulebook.order import CircleError, in_order


class CircularRulebookError(Exception):
    """Rules depend on themselves; ``path`` names the circle."""

    def __init__(self, path: Sequence[str]) -> None:
        super().__init__(" → ".join(path))
        self.path = tuple(path)


@dataclass(frozen=True, slots=True)
class Strata:
    """``read``: step at which a rule's conditions are read; ``settled``: step at which its effect
    is known; ``conclusion``: first step at which a conclusion may be read."""

    read: Mapping[str, int]
    settled: Mapping[str, int]
    conclusion: Mapping[str, int]
    steps: int


#: A conclusion, or a rule by its place.
_Step = str | int


def stratify(rules: Iterable[Rule], atoms: Sequence[Atom]) -> Strata:
    """Levels of every rule and conclusion.  Raises ``CircularRulebookError``."""
    law = LawIndex(rules, AtomIndex(atoms, {}))
    names = [rule.key for rule in law.rules]

    def needs(step: _Step) -> Iterable[_Step]:
        if isinstance(step, str):
            return [rule for rule, _ in law.claims.get(step, ())]
        return [*sorted(law.conclusions_of[step]), *law.exceptions.get(step, ())]

    read: dict[str, int] = {}
    settled: dict[str, int] = {}
    level: dict[str, int] = {}
    try:
        for step in in_order([*range(len(names)), *law.claims], needs):
            if isinstance(step, str):
                found = [settled[names[rule]] for rule, _ in law.claims.get(step, ())]
                level[step] = 1 + max(found) if found else 0
            else:
                before = max((level[name] for name in law.conclusions_of[step]), default=0)
                others = [settled[names[other]] for other in law.exceptions.get(step, ())]
                read[names[step]] = before
                settled[names[step]] = max([before, *others])
    except CircleError as error:
        path = [law.rules[s].id if isinstance(s, int) else str(s) for s in error.path]
        raise CircularRulebookError(path) from None
    return Strata(read, settled, level, 1 + max(settled.values(), default=0))
