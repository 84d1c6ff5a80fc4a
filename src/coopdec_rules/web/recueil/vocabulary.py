"""Facts, conclusions, norms and sources, each with the rules that speak of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from coopdec_rules.advice.sentences import subjects
from coopdec_rules.rulebook.model import Conclusion, Fact, Rule, facts_of
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.recueil.days import Days


@dataclass(frozen=True, slots=True)
class Uses:
    """Rules that read, or establish, something."""

    reads: tuple[Rule, ...]
    concludes: tuple[Rule, ...]


class Index:
    """Where everything is spoken of, for one rulebook."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.read_by: dict[str, list[Rule]] = {}
        self.concluded_by: dict[str, list[Rule]] = {}
        self.by_norm: dict[str, list[Rule]] = {}
        self.by_source: dict[str, list[Rule]] = {}
        self.reads: dict[str, tuple[str, ...]] = {}
        for rule in book.rules:
            names = read_by_rule(book, rule)
            self.reads[rule.key] = names
            for name in names:
                self.read_by.setdefault(name, []).append(rule)
            for name in dict.fromkeys(name for name, _ in rule.concludes):
                self.concluded_by.setdefault(name, []).append(rule)
            for norm in dict.fromkeys(rule.norms):
                self.by_norm.setdefault(norm, []).append(rule)
            for source in dict.fromkeys(ref.source.id for ref in rule.sources):
                self.by_source.setdefault(source, []).append(rule)

    def facts(self) -> list[tuple[str, list[Fact]]]:
        """Facts under the title of their group, in the order in which they are asked."""
        groups = sorted(self.book.groups.values(), key=lambda group: group.order)
        return [
            (group.title, [f for f in self.book.facts.values() if f.group.id == group.id])
            for group in groups
        ]

    def norms(self) -> list[tuple[str, str]]:
        """Norms in the order of their numbers."""
        return sorted(self.book.norms.items(), key=lambda n: _numbered(n[0]))

    def conclusions(self) -> list[Conclusion]:
        """Conclusions in the order in which they are settled."""
        level = self.book.strata.conclusion
        return sorted(self.book.conclusions.values(), key=lambda c: level.get(c.id, 0))


def _numbered(ident: str) -> tuple[list[int], str]:
    return [int(digits) for digits in re.findall("[0-9]+", ident)], ident


def read_by_rule(book: Rulebook, rule: Rule) -> tuple[str, ...]:
    """Facts and conclusions that a rule reads: in its conditions, its formalities, its ceiling."""
    found = dict.fromkeys(subjects(book, rule.formula))
    for effect in rule.effects:
        if effect.done_if is not None:
            found.update(dict.fromkeys(subjects(book, effect.done_if)))
    if rule.ceiling is not None:
        names = (rule.ceiling.amount, rule.ceiling.budget, *facts_of(rule.ceiling.limit))
        found.update(dict.fromkeys(names))
    return tuple(found)


def listed(rules: Iterable[Rule], days: Days) -> list[Rule]:
    """Written rules in force on a day asked for, in reading order; rows of tables left out."""
    return [r for r in rules if r.table is None and days.presence(r) != "aucun"]


def rows(rules: Iterable[Rule], days: Days) -> dict[str, int]:
    """How many rows of each table are among the rules in force on a day asked for."""
    counts: dict[str, int] = {}
    for rule in rules:
        if rule.table is not None and days.presence(rule) != "aucun":
            counts[rule.table] = counts.get(rule.table, 0) + 1
    return counts
