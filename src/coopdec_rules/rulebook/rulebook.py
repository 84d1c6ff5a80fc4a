"""The rulebook as a whole, and the state of the law on a day."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from coopdec_rules.rulebook.display import PLACES, Display, Place
from coopdec_rules.rulebook.flat import Flat, flat
from coopdec_rules.rulebook.index import AtomIndex, LawIndex
from coopdec_rules.rulebook.model import (
    Atom,
    Conclusion,
    Fact,
    Group,
    Impossible,
    Property,
    Rule,
    Source,
    Theme,
)
from coopdec_rules.rulebook.presumptions import Presumption
from coopdec_rules.rulebook.ranks import Rank
from coopdec_rules.rulebook.reviews import Reviews
from coopdec_rules.rulebook.situations import Situation
from coopdec_rules.rulebook.strata import Strata
from coopdec_rules.rulebook.typical import Typical
from coopdec_rules.rulebook.wordbook import Wordbook


@dataclass(frozen=True, eq=False)
class LawState:
    """The rules in force on every day of one interval.  Two days of it read the same law."""

    rulebook: Rulebook
    start: dt.date | None
    end: dt.date | None
    rules: tuple[Rule, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Identifies the state across loads: content hash of the rulebook and first day."""
        return self.rulebook.fingerprint, self.start.isoformat() if self.start else ""

    @cached_property
    def index(self) -> LawIndex:
        """Who reads, concludes and sets aside what among these rules."""
        return LawIndex(self.rules, self.rulebook.index)

    def let_go(self) -> None:
        """Free the index (a third of a megabyte); it is made again when asked for."""
        self.__dict__.pop("index", None)


@dataclass(frozen=True, eq=False)
class Rulebook:
    """An immutable, loaded rulebook.  Equal content has an equal ``fingerprint``."""

    version: str
    fingerprint: str
    groups: Mapping[str, Group]
    facts: Mapping[str, Fact]
    conclusions: Mapping[str, Conclusion]
    sources: Mapping[str, Source]
    norms: Mapping[str, str]
    #: Ranks of sources, the strongest first.
    ranks: Mapping[str, Rank]
    rules: tuple[Rule, ...]
    atoms: tuple[Atom, ...]
    strata: Strata
    #: Facts so that those a ``pertinent_si`` reads come before the fact it is about.
    relevance_order: tuple[str, ...]
    #: Steps in which people are asked, in order; every group belongs to one.
    themes: Mapping[str, Theme]
    #: Combinations of facts that cannot exist, and what every answer must verify.
    impossible: tuple[Impossible, ...] = ()
    properties: tuple[Property, ...] = ()
    #: ``atoms``, then those that only properties compare.
    all_atoms: tuple[Atom, ...] = ()
    #: What lawyers said of the rules; no part of the fingerprint.
    reviews: Reviews = field(default_factory=Reviews)
    #: The words of an avis: articles of names, sentences, glossary; no part of the fingerprint.
    wordbook: Wordbook = field(default_factory=Wordbook)
    #: Where it was read, for what is declared beside the law; ``None``: it was read from no folder.
    folder: Path | None = None
    #: What people come with, in the order they are shown; no part of the fingerprint either.
    situations: Mapping[str, Situation] = field(default_factory=dict)
    #: What one fact lets presume of another.
    presumptions: tuple[Presumption, ...] = ()
    #: Actions asked of every commune and community; no part of the fingerprint.
    typical: Typical = field(default_factory=Typical)
    _states: dict[int, LawState] = field(default_factory=dict, repr=False)
    _boundaries: list[dt.date] = field(default_factory=list, repr=False)

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rulebook) and other.fingerprint == self.fingerprint

    @cached_property
    def elements(self) -> tuple[Conclusion, ...]:
        """Conclusions that are elements of validity, in the order in which an avis lists them."""
        return self.shown("element")

    @cached_property
    def points(self) -> dict[str, tuple[Conclusion, ...]]:
        """What each element gathers (``pire_de``, followed down), or itself when rules conclude it.

        Points come in the order in which the rulebook names them.
        """
        return {e.id: tuple({c.id: c for c in self._gathered(e)}.values()) for e in self.elements}

    @cached_property
    def elements_of(self) -> dict[str, tuple[str, ...]]:
        """The elements that each point counts for."""
        found: dict[str, tuple[str, ...]] = {}
        for element, points in self.points.items():
            for point in points:
                found[point.id] = (*found.get(point.id, ()), element)
        return found

    def _gathered(self, conclusion: Conclusion) -> Iterator[Conclusion]:
        if not conclusion.worst_of:
            yield conclusion
        for name in conclusion.worst_of:
            yield from self._gathered(self.conclusions[name])

    @cached_property
    def table_rows(self) -> frozenset[str]:
        """The rules that are rows of tables, whose notes are written for lawyers."""
        return frozenset(rule.id for rule in self.rules if rule.table)

    def shown(self, place: Place) -> tuple[Conclusion, ...]:
        """Conclusions that an avis shows at one place, in order."""
        return tuple(conclusion for conclusion, _ in self._shown(place))

    @cached_property
    def displayed(self) -> tuple[tuple[Conclusion, Display], ...]:
        """Conclusions that an avis shows elsewhere, place by place, in order."""
        return tuple(pair for place in PLACES if place != "element" for pair in self._shown(place))

    def _shown(self, place: Place) -> list[tuple[Conclusion, Display]]:
        every = self.conclusions.values()
        found = [(c, c.display) for c in every if c.display and c.display.place == place]
        return sorted(found, key=lambda pair: pair[1].rank)

    @cached_property
    def index(self) -> AtomIndex:
        """What each comparison reads."""
        return AtomIndex(self.all_atoms, self.facts)

    @cached_property
    def impossible_formulas(self) -> tuple[tuple[Impossible, Flat], ...]:
        """Combinations declared impossible, with their conditions ready to be read."""
        return tuple((declared, flat(declared.formula)) for declared in self.impossible)

    @property
    def boundaries(self) -> tuple[dt.date, ...]:
        """First day of every state of the law but the oldest, ascending."""
        return tuple(self._boundaries)

    def at(self, day: dt.date) -> LawState:
        """The state of the law on ``day``."""
        index = bisect_right(self._boundaries, day)
        state = self._states.get(index)
        if state is None:
            start = self._boundaries[index - 1] if index else None
            end = (
                self._boundaries[index] - dt.timedelta(days=1)
                if index < len(self._boundaries)
                else None
            )
            rules = tuple(r for r in self.rules if r.period.contains(day))
            state = self._states.setdefault(index, LawState(self, start, end, rules))
        return state

    def states(self) -> list[LawState]:
        """Every state of the law, oldest first."""
        days = [dt.date.min, *self._boundaries]
        return [self.at(day) for day in days]

    def versions(self, rule_id: str) -> list[Rule]:
        """The versions of a rule through time, oldest first; empty when there is none."""
        found = [r for r in self.rules if r.id == rule_id]
        return sorted(found, key=lambda r: r.period.start or dt.date.min)


def make_rulebook(
    *,
    version: str,
    fingerprint: str,
    groups: Mapping[str, Group],
    facts: Mapping[str, Fact],
    conclusions: Mapping[str, Conclusion],
    sources: Mapping[str, Source],
    norms: Mapping[str, str],
    ranks: Mapping[str, Rank],
    rules: Iterable[Rule],
    atoms: Iterable[Atom],
    strata: Strata,
    relevance_order: Iterable[str],
    themes: Mapping[str, Theme],
    impossible: Iterable[Impossible] = (),
    properties: Iterable[Property] = (),
    all_atoms: Iterable[Atom] = (),
    reviews: Reviews | None = None,
    wordbook: Wordbook | None = None,
    folder: Path | None = None,
    situations: Mapping[str, Situation] | None = None,
    presumptions: Iterable[Presumption] = (),
    typical: Typical | None = None,
) -> Rulebook:
    """Assemble a rulebook and work out the days on which the law changes."""
    rules, atoms = tuple(rules), tuple(atoms)
    days = set()
    for rule in rules:
        if rule.period.start:
            days.add(rule.period.start)
        if rule.period.end and rule.period.end < dt.date.max:
            days.add(rule.period.end + dt.timedelta(days=1))
    return Rulebook(
        version=version,
        fingerprint=fingerprint,
        groups=MappingProxyType(dict(groups)),
        facts=MappingProxyType(dict(facts)),
        conclusions=MappingProxyType(dict(conclusions)),
        sources=MappingProxyType(dict(sources)),
        norms=MappingProxyType(dict(norms)),
        ranks=MappingProxyType(dict(ranks)),
        rules=rules,
        atoms=atoms,
        strata=strata,
        relevance_order=tuple(relevance_order),
        themes=MappingProxyType(dict(themes)),
        impossible=tuple(impossible),
        properties=tuple(properties),
        all_atoms=tuple(all_atoms) or atoms,
        reviews=reviews or Reviews(),
        wordbook=wordbook or Wordbook(),
        folder=folder,
        situations=MappingProxyType(dict(situations or {})),
        presumptions=tuple(presumptions),
        typical=typical or Typical(),
        _boundaries=sorted(days),
    )
