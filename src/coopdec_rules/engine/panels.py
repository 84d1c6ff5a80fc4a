"""Every rule of a rulebook in the matcher's form, compiled once for all states of the law.

A rule keeps its conditions whatever the day: a state of the law only chooses among rules.  So the
panels are made once, and what fires there without being in force is left out by ``CompiledLaw``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coopdec_rules.engine.matcher import Panel, make_panels
from coopdec_rules.rulebook.formula import And, Formula
from coopdec_rules.rulebook.model import Rule
from coopdec_rules.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True, eq=False)
class Panels:
    """The panels of one step of one scope; what they fire are places in ``Rulebook.rules``."""

    certain: tuple[Panel, ...]
    possible: tuple[Panel, ...]


class PanelBook:
    """The panels of a rulebook.  Thread-safe to use, not to close."""

    def __init__(self, book: Rulebook) -> None:
        """Raises ``EngineError`` when a rule is beyond the matcher's limits."""
        self.place = {rule.key: place for place, rule in enumerate(book.rules)}
        found: dict[tuple[int, str | None], list[tuple[int, Formula]]] = {}
        # Rules of the same days side by side: a panel none of whose rules is in force is not run.
        ordered = sorted(enumerate(book.rules), key=lambda entry: _days(entry[1]))
        for place, rule in ordered:
            if rule.formula != And(()):
                key = (book.strata.read[rule.key], rule.scope)
                found.setdefault(key, []).append((place, rule.formula))
        named: Callable[[int], str] = lambda place: book.rules[place].id  # noqa: E731
        self._panels = {
            key: Panels(
                tuple(make_panels(rules, named, possible=False)),
                tuple(make_panels(rules, named, possible=True)),
            )
            for key, rules in found.items()
        }

    def at(self, level: int, scope: str | None, places: frozenset[int]) -> Panels:
        """The panels of a step and scope that hold at least one of the rules at ``places``."""
        panels = self._panels.get((level, scope), Panels((), ()))
        return Panels(
            tuple(p for p in panels.certain if not places.isdisjoint(p.rules)),
            tuple(p for p in panels.possible if not places.isdisjoint(p.rules)),
        )

    def close(self) -> None:
        """Free what the extension holds."""
        for panels in self._panels.values():
            for panel in (*panels.certain, *panels.possible):
                panel.close()


def _days(rule: Rule) -> tuple[str, str]:
    start, end = rule.period.start, rule.period.end
    return start.isoformat() if start else "", end.isoformat() if end else "~"
