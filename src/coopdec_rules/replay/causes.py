"""By which rules an answer is not what it was: both readings of one scenario, walked together.

From a conclusion whose state differs, the walk goes to the rules that conclude it and that did not
apply alike.  One that is itself changed is a cause; one that is not applied otherwise because of
what it reads or of what sets it aside, and the walk goes on there.  Facts are a cause when the two
rulebooks do not presume or accept them alike.  Where the walk finds none (an answer that only the
examination of every completion told apart), the causes are every changed rule below the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from coopdec_rules.advice.advisor import Advice, Advisor
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Reading
from coopdec_rules.reasoning.impact.changes import RuleChange, rule_changes, vocabulary_changes
from coopdec_rules.reasoning.impact.shared import Logic
from coopdec_rules.replay.models import Causes, FaitEnCause, RegleEnCause, RuleState
from coopdec_rules.rulebook.formula import F, Truth
from coopdec_rules.rulebook.model import Quantified, Rule
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.workshop.impact_report import said_of

#: Where something is read: a repeated group and a place in it, or the scenario.
Place = tuple[str, int] | None
_STATES: Mapping[tuple[bool, bool], RuleState] = {
    (True, True): "modifiee",
    (False, True): "ajoutee",
    (True, False): "retiree",
}


@dataclass(frozen=True)
class Side:
    """One of the two readings."""

    advisor: Advisor
    advice: Advice

    @property
    def book(self) -> Rulebook:
        return self.advisor.rulebook

    @cached_property
    def law(self) -> CompiledLaw:
        """The law of the day."""
        return self.advisor.engine.law(self.advice.scenario.day)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place in the law of each rule in force."""
        return {rule.id: index for index, rule in enumerate(self.law.rules)}

    def rule(self, ident: str) -> Rule | None:
        """The rule, if it is in force."""
        index = self.places.get(ident)
        return None if index is None else self.law.rules[index]

    def truth(self, ident: str, place: Place) -> Truth:
        """Whether the rule applies; ``F`` when it is not there."""
        index, reading = self.places.get(ident), self.reading(place)
        return F if index is None or reading is None else reading.effective.get(index, F)

    def concluding(self, name: str) -> list[str]:
        """The rules in force that may conclude ``name``."""
        return [self.law.rules[index].id for index in self.law.concluding.get(name, ())]

    def reading(self, place: Place) -> Reading | None:
        if place is None:
            return self.advice.findings.scenario
        items = self.advice.findings.items.get(place[0], ())
        return items[place[1]] if place[1] < len(items) else None


@dataclass(frozen=True)
class Differences:
    """What two rulebooks say differently, worked out once for all the answers of a scenario."""

    old: Rulebook
    new: Rulebook

    @cached_property
    def changes(self) -> Mapping[str, list[RuleChange]]:
        """The changes of the rules, by rule."""
        found: dict[str, list[RuleChange]] = {}
        for change in rule_changes(self.old, self.new):
            found.setdefault(change.rule.id, []).append(change)
        return found

    @cached_property
    def facts(self) -> frozenset[str]:
        """The facts that the vocabularies do not declare alike."""
        return frozenset(change.name for change in vocabulary_changes(self.old, self.new))

    @cached_property
    def logic(self) -> tuple[Logic, Logic]:
        return Logic(self.old), Logic(self.new)


@dataclass
class Walk:
    """The walk back from one answer."""

    old: Side
    new: Side
    differences: Differences
    rules: dict[str, None] = field(default_factory=dict)
    facts: dict[tuple[str, Place], None] = field(default_factory=dict)
    path: dict[str, None] = field(default_factory=dict)
    seen: set[tuple[str, str, Place]] = field(default_factory=set)

    def causes(self, conclusion: str, place: Place) -> Causes:
        """What made this conclusion another."""
        self._conclusion(conclusion, place)
        followed = bool(self.rules or self.facts)
        if not followed:
            self.path.clear()
            self.rules.update(dict.fromkeys(self._below(conclusion)))
        return {
            "suivies": followed,
            "regles": [
                entry for name in self.rules for entry in self._told(self.differences.changes[name])
            ],
            "faits": [self._fact_told(*entry) for entry in self.facts],
            "chemin": list(self.path),
        }

    def _once(self, kind: str, name: str, place: Place) -> bool:
        key = (kind, name, place)
        if key in self.seen:
            return False
        self.seen.add(key)
        return True

    def _conclusion(self, name: str, place: Place) -> None:
        place = self._own_place(name, place)
        if not self._once("conclusion", name, place):
            return
        for ident in dict.fromkeys([*self.new.concluding(name), *self.old.concluding(name)]):
            self._rule(ident, place)

    def _own_place(self, name: str, place: Place) -> Place:
        for side in (self.new, self.old):
            if name in side.book.conclusions:
                return place if side.book.conclusions[name].scope else None
        return place

    def _rule(self, ident: str, place: Place) -> None:
        """A rule that may conclude, or set aside, what differs."""
        mine, theirs = self.old.rule(ident), self.new.rule(ident)
        here = [place if r is None or r.scope else None for r in (mine, theirs)]
        truths = (self.old.truth(ident, here[0]), self.new.truth(ident, here[1]))
        changed = self._decides_otherwise(mine, theirs)
        if truths == (F, F) or (truths[0] == truths[1] and not changed):
            return
        if not self._once("rule", ident, place):
            return
        if changed and ident in self.differences.changes:
            self.rules[ident] = None
        else:
            self.path[ident] = None
        for side, rule, where in ((self.old, mine, here[0]), (self.new, theirs, here[1])):
            if rule is not None:
                self._inputs(side, ident, where)

    def _decides_otherwise(self, mine: Rule | None, theirs: Rule | None) -> bool:
        if mine is None or theirs is None:
            return mine is not theirs
        before, after = self.differences.logic
        return before.rule(mine) != after.rule(theirs)

    def _inputs(self, side: Side, ident: str, place: Place) -> None:
        """What the rule read, and what may have set it aside."""
        law, index = side.law, side.places[ident]
        for other in law.exceptions.get(index, ()):
            self._rule(law.rules[other].id, place)
        for atom in law.atoms_of[index]:
            self._atom(side, atom, place)

    def _atom(self, side: Side, atom: int, place: Place) -> None:
        kind = side.book.atoms[atom].kind
        index = side.book.index
        places: list[Place] = [place]
        if isinstance(kind, Quantified):
            count = len(side.advice.findings.items.get(kind.group, ()))
            places = [(kind.group, item) for item in range(count)]
        for where in places:
            for name in sorted(index.conclusions[atom]):
                if self._settled(self.old, name, where) != self._settled(self.new, name, where):
                    self._conclusion(name, where)
            for name in sorted(index.facts[atom]):
                self._fact(name, where)

    def _settled(self, side: Side, name: str, place: Place) -> object:
        reading = side.reading(self._own_place(name, place))
        return None if reading is None else reading.conclusions.get(name)

    def _fact(self, name: str, place: Place) -> None:
        own = place if any(
            name in s.book.facts and s.book.facts[name].scope for s in (self.old, self.new)
        ) else None  # fmt: skip
        if not self._once("fact", name, own):
            return
        if self._state(self.old, name, own) != self._state(self.new, name, own):
            self.facts[name, own] = None
        for side in (self.old, self.new):
            relevance = side.book.index.relevance.get(name)
            for atom in () if relevance is None else relevance.atoms:
                self._atom(side, atom, place)

    def _state(self, side: Side, name: str, place: Place) -> object:
        reading = side.reading(place)
        known = side.book.facts.get(name)
        if reading is None or known is None:
            return None
        return (reading.facts.get(name), name in reading.irrelevant)

    def _fact_told(self, name: str, place: Place) -> FaitEnCause:
        def told(side: Side) -> str | None:
            fact, reading = side.book.facts.get(name), side.reading(place)
            if fact is None or reading is None:
                return None
            if name in reading.irrelevant:
                return "sans objet"
            return fact.said(reading.facts[name]) if name in reading.facts else "inconnu"

        fact = self.new.book.facts.get(name) or self.old.book.facts[name]
        return {
            "fait": name,
            "libelle": fact.label,
            "avant": told(self.old),
            "apres": told(self.new),
            "origine": self._origin(name, place),
        }

    def _origin(self, name: str, place: Place) -> str | None:
        item = None if place is None else place[1]
        for side in (self.new, self.old):
            for presumed in side.advice.scenario.presumed:
                if (presumed.fact.id, presumed.item) == (name, item):
                    return presumed.origin or "présumé par le vocabulaire du recueil"
        return None

    def _below(self, conclusion: str) -> Iterator[str]:
        """The changed rules in force on which the conclusion may rest, on either side."""
        for side in (self.new, self.old):
            index = side.law.index
            for place in dict.fromkeys(
                rule for name, _ in index.path(conclusion) for rule in index.bearing(name)
            ):
                ident = side.law.rules[place].id
                if any(change.logic for change in self.differences.changes.get(ident, ())):
                    yield ident

    def _told(self, changes: Iterable[RuleChange]) -> Iterator[RegleEnCause]:
        """The changes of a rule that bear on what it decides, as they are told."""
        for change in changes:
            if change.logic:
                rule = change.rule
                wording = (self.old if change.new is None else self.new).advisor.wording
                yield {
                    "regle": rule.id,
                    "etat": _STATES[change.old is not None, change.new is not None],
                    "aspects": list(change.aspects),
                    "avant": said_of(change.old, change),
                    "apres": said_of(change.new, change),
                    "explication": wording.plain(rule.explanation),
                    "source": wording.plain(str(rule.main_source)),
                    "fichier": rule.file,
                    "ligne": rule.line,
                }
