"""Everything that changes from one rulebook to another, over every moment of both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from coopdec_rules.reasoning.impact.changes import (
    RuleChange,
    VocabularyChange,
    rule_changes,
    vocabulary_changes,
)
from coopdec_rules.reasoning.impact.families import MOST, Box, FamilyFinder
from coopdec_rules.reasoning.impact.joint import Joint, Transition, shapes
from coopdec_rules.reasoning.impact.shared import (
    SIDES,
    Logic,
    Shared,
    Side,
    check_comparable,
    repeated_groups,
    share,
)
from coopdec_rules.reasoning.impact.witness import Witness, Witnesses
from coopdec_rules.reasoning.moments import Moment, moments
from coopdec_rules.reasoning.program import Literal
from coopdec_rules.reasoning.variables import Variables
from coopdec_rules.rulebook.rulebook import Rulebook

#: First and last day.
Span = tuple[dt.date, dt.date]


@dataclass
class Family:
    """Scenarios in which one answer changes in one way, during ``spans``.

    ``box`` tells what they have in common and ``variables`` what its cells mean; ``items`` how many
    items each repeated group has.
    """

    transition: Transition
    box: Box
    items: int
    variables: Variables
    witness: Witness
    spans: list[Span]


@dataclass
class Applied:
    """A rule that newly applies (or no longer does) in some scenarios, during ``spans``.

    ``silently`` tells that it happens where no answer changes; the witness is then such a scenario.
    """

    rule: str
    newly: bool
    silently: bool
    items: int
    witness: Witness
    spans: list[Span]


@dataclass
class Impact:
    """What goes from one rulebook to another.

    ``unfinished`` are the changes of an answer of which ``most`` families are told and others may
    be left; ``faulty`` the days at which, on a side, conclusions lack a value or have two.
    """

    shared: Shared
    names: tuple[str, ...]
    rules: list[RuleChange]
    vocabulary: list[VocabularyChange]
    families: list[Family] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)
    unfinished: dict[tuple[Transition, int], list[Span]] = field(default_factory=dict)
    faulty: dict[Side, list[Span]] = field(default_factory=dict)
    examined: list[Span] = field(default_factory=list)
    alike: int = 0
    most: int = MOST

    @property
    def answers_change(self) -> bool:
        """Whether some scenario that both rulebooks accept is answered otherwise."""
        return bool(self.families)

    @property
    def presumptions_change(self) -> bool:
        """Whether a scenario that says nothing of a fact is read otherwise."""
        return any(change.kind == "presume" for change in self.vocabulary)

    @property
    def changes(self) -> bool:
        """Whether anything is not the same."""
        return bool(self.rules or self.vocabulary)


def compare(old: Rulebook, new: Rulebook, names: Sequence[str], most: int = MOST) -> Impact:
    """Compare what two rulebooks conclude of ``names``, whatever the scenario.

    Scenarios have one item in each repeated group, then two; of the second, only changes that no
    scenario of the first shows are told.  Raises ``EngineError`` when they cannot be compared.
    """
    check_comparable(old, new)
    shared = share(old, new)
    impact = Impact(
        shared, tuple(names), rule_changes(old, new), vocabulary_changes(old, new), most=most
    )
    logics = {side: _rules(shared.side(side)) for side in SIDES}
    same_facts = shared.same_facts
    search = _Search(impact)
    for moment in moments(shared.book):
        laws = [
            frozenset(logics[side][rule.key] for rule in shared.side(side).at(moment.day).rules)
            for side in SIDES
        ]
        if same_facts and laws[0] == laws[1]:
            impact.alike += 1
            continue
        impact.examined.append((moment.day, moment.last))
        search.examine(moment)
    impact.families.sort(key=lambda f: _rank(impact, f))
    changed = {change.rule.id for change in impact.rules}
    impact.applied.sort(key=lambda a: (a.rule not in changed, a.rule, not a.newly, a.silently))
    return impact


def _rules(book: Rulebook) -> dict[str, tuple[object, ...]]:
    logic = Logic(book)
    return {rule.key: logic.rule(rule) for rule in book.rules}


def _rank(impact: Impact, family: Family) -> tuple[object, ...]:
    name, place = family.transition.answer
    values = [*impact.shared.new.conclusions[name].values]

    def position(value: str) -> int:
        return values.index(value) if value in values else len(values)

    before, after = position(family.transition.before), position(family.transition.after)
    return impact.names.index(name), family.items, str(place), before, after, family.spans[0]


class _Search:
    """Examines moments one after the other, and keeps together what lasts."""

    def __init__(self, impact: Impact) -> None:
        self.impact = impact
        self._families: dict[tuple[object, ...], Family] = {}
        self._boxes: dict[tuple[Transition, int], list[Box]] = {}
        self._applied: dict[tuple[str, bool, bool], Applied] = {}

    def examine(self, moment: Moment) -> None:
        """Find the differences of one moment."""
        shared = self.impact.shared
        variables = Variables(shared.book, moment.day)
        span = (moment.day, moment.last)
        seen: set[tuple[str, str, str]] = set()
        told: set[tuple[str, bool]] = set()
        witnesses = Witnesses(shared, moment.day, self.impact.names)
        groups = repeated_groups((shared.old, shared.new))
        for items, shape in enumerate(shapes(groups), 1):
            joint = Joint(shared, moment.day, shape, variables)
            finder = FamilyFinder(joint)
            for side in sorted(joint.faulty):
                _extend(self.impact.faulty.setdefault(side, []), span)
            found = set()
            for transition, goal in joint.transitions(self.impact.names):
                key = (transition.answer[0], transition.before, transition.after)
                if key not in seen:
                    found.add(key)
                    self._told(joint, finder, witnesses, transition, goal, items, span)
            seen |= found
            self._rules(joint, finder, witnesses, told, items, span)

    def _told(
        self,
        joint: Joint,
        finder: FamilyFinder,
        witnesses: Witnesses,
        transition: Transition,
        goal: Literal,
        items: int,
        span: Span,
    ) -> None:
        known = self._boxes.setdefault((transition, items), [])
        # Two items multiply families that differ by what goes with the item that changes.
        most = self.impact.most if items == 1 else (self.impact.most + 1) // 2
        found = finder.find(goal, transition.answer, known, most)
        for box, model in found.boxes:
            key = (transition, items, box.key())
            family = self._families.get(key)
            if family is None:
                family = Family(
                    transition, box, items, joint.variables, witnesses.of(joint, model), [span]
                )
                self._families[key] = family
                self.impact.families.append(family)
                known.append(box)
            else:
                _extend(family.spans, span)
        if not found.all:
            _extend(self.impact.unfinished.setdefault((transition, items), []), span)

    def _rules(
        self,
        joint: Joint,
        finder: FamilyFinder,
        witnesses: Witnesses,
        told: set[tuple[str, bool]],
        items: int,
        span: Span,
    ) -> None:
        same = joint.same(self.impact.names)
        found = set()
        for name, gone, newly in joint.applied():
            for literal, new in ((gone, False), (newly, True)):
                if (name, new) in told or not joint.possible([literal]):
                    continue
                found.add((name, new))
                silently = joint.possible([literal, same])
                applied = self._applied.get((name, new, silently))
                if applied is not None:
                    _extend(applied.spans, span)
                    continue
                shown = joint.program.all_of([literal, same]) if silently else literal
                model = finder.witness(shown)
                if model is None:
                    raise AssertionError("what is possible has a witness")
                witness = witnesses.of(joint, model, name)
                applied = Applied(name, new, silently, items, witness, [span])
                self._applied[name, new, silently] = applied
                self.impact.applied.append(applied)
        told |= found


def _extend(spans: list[Span], span: Span) -> None:
    """Add days to a list of periods, joined to the last one when they follow it."""
    if spans and spans[-1][1] >= span[0] - dt.timedelta(days=1):
        spans[-1] = (spans[-1][0], max(spans[-1][1], span[1]))
    else:
        spans.append(span)
