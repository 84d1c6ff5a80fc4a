"""The order in which rules and conclusions are settled; refuses circular rulebooks.

A rule is *read* once every conclusion in its conditions is settled; it is *settled* once every rule
that may set it aside is; a conclusion is settled once every rule that concludes it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.rulebook.formula import Formula, literals
from coopdec_rules.rulebook.model import Atom, Concluded, Quantified, Rule


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


def conclusions_read(formula: Formula, atoms: Sequence[Atom]) -> set[str]:
    """Conclusions that a formula reads, quantified parts included."""
    found: set[str] = set()
    for literal in literals(formula):
        kind = atoms[literal.atom].kind
        if isinstance(kind, Concluded):
            found.add(kind.conclusion)
        elif isinstance(kind, Quantified):
            found |= conclusions_read(kind.formula, atoms)
    return found


def stratify(rules: Iterable[Rule], atoms: Sequence[Atom]) -> Strata:
    """Levels of every rule and conclusion.  Raises ``CircularRulebookError``."""
    rules = list(rules)
    by_id: dict[str, list[Rule]] = {}
    concluding: dict[str, list[Rule]] = {}
    for rule in rules:
        by_id.setdefault(rule.id, []).append(rule)
        for conclusion, _ in rule.concludes:
            concluding.setdefault(conclusion, []).append(rule)
    exceptions: dict[str, list[Rule]] = {}
    for rule in rules:
        for target in rule.sets_aside:
            for other in by_id.get(target, ()):
                exceptions.setdefault(other.key, []).append(rule)
    read: dict[str, int] = {}
    settled: dict[str, int] = {}
    level: dict[str, int] = {}
    path: list[tuple[str, str]] = []

    def visit_conclusion(name: str) -> int:
        if name not in level:
            _enter(path, ("conclusion", name))
            found = [visit_rule(rule) for rule in concluding.get(name, ())]
            level[name] = 1 + max(found) if found else 0
            path.pop()
        return level[name]

    def visit_rule(rule: Rule) -> int:
        if rule.key not in settled:
            _enter(path, ("rule", rule.id))
            needed = [visit_conclusion(c) for c in conclusions_read(rule.formula, atoms)]
            read[rule.key] = max(needed, default=0)
            others = [visit_rule(other) for other in exceptions.get(rule.key, ())]
            settled[rule.key] = max([read[rule.key], *others])
            path.pop()
        return settled[rule.key]

    for rule in rules:
        visit_rule(rule)
    for name in concluding:
        visit_conclusion(name)
    return Strata(read, settled, level, 1 + max(settled.values(), default=0))


def _enter(path: list[tuple[str, str]], step: tuple[str, str]) -> None:
    """A rule and a conclusion may bear the same name without being the same step."""
    if step in path:
        circle = [*path[path.index(step) :], step]
        raise CircularRulebookError([name for _, name in circle])
    path.append(step)
