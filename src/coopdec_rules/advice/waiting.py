"""What an answer, a condition or a ceiling waits for, as the engine sees it.

Walks back from each of them through the undecided rules.  It is sound (a fact that the walk does
not meet cannot change the subject while the others stay as they are) but may meet a fact that
another undecided one makes useless: ``reasoning`` tells them apart, where it is within reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coopdec_rules.advice.subjects import ceiling_facts
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.reasoning.bearing import Subject
from coopdec_rules.reasoning.places import Place
from coopdec_rules.reasoning.reasoner import FactAt
from coopdec_rules.rulebook.formula import Formula, U, literals
from coopdec_rules.rulebook.model import Compare, Concluded, Quantified, facts_of

#: A rule (its place in the law state), and the item it is read on.
RuleAt = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What one subject waits for.

    ``facts`` counts how many times each unknown fact is read on the way; ``rules`` are the
    undecided rules met, those that may still change the subject.
    """

    facts: Mapping[FactAt, int]
    rules: frozenset[RuleAt]


def waiting(
    law: CompiledLaw, findings: Findings, subjects: Iterable[Subject]
) -> dict[Subject, Waiting]:
    """For each subject, the unknown facts and the undecided rules it hangs on."""
    found = {}
    for subject in subjects:
        walk = _Walk(law, findings)
        walk.subject(subject)
        found[subject] = Waiting(walk.counts, frozenset(walk.rules))
    return found


def waited(law: CompiledLaw, findings: Findings, subjects: Iterable[Subject]) -> set[FactAt]:
    """The unknown facts that some of the subjects hang on."""
    walk = _Walk(law, findings)
    for subject in subjects:
        walk.subject(subject)
    return set(walk.counts)


class _Walk:
    def __init__(self, law: CompiledLaw, findings: Findings) -> None:
        self.law = law
        self.findings = findings
        self.counts: dict[FactAt, int] = {}
        self.rules: set[RuleAt] = set()
        self._seen: set[tuple[str | int, Place]] = set()

    def subject(self, subject: Subject) -> None:
        name, place = subject
        if isinstance(name, str):
            self._conclusion(name, place)
            return
        rule = self.law.rules[name.rule]
        self._rule(name.rule, place)
        done_if = name.done_if(self.law.state)
        if done_if is not None:
            self._formula(done_if, place)
        if name.effect is None:
            self._facts(ceiling_facts(rule), place)

    def _conclusion(self, name: str, place: Place) -> None:
        scope = self.law.state.rulebook.conclusions[name].scope
        if scope is not None and (place is None or place[0] != scope):
            for item in range(len(self.findings.items[scope])):
                self._conclusion(name, (scope, item))
            return
        if scope is None:
            place = None
        if (name, place) in self._seen:
            return
        self._seen.add((name, place))
        settled = self._reading(place).conclusions.get(name)
        if settled is not None and settled.value is None:
            for index in self.law.concluding.get(name, ()):
                self._rule(index, place)

    def _rule(self, index: int, place: Place) -> None:
        """An undecided rule, and those that may set it aside."""
        if self.law.rules[index].scope is None:
            place = None
        if (index, place) in self._seen:
            return
        self._seen.add((index, place))
        if self._reading(place).effective.get(index) != U:
            return
        self.rules.add((index, None if place is None else place[1]))
        self._atoms(self.law.atoms_of[index], place)
        for other in self.law.exceptions.get(index, ()):
            self._rule(other, place)

    def _formula(self, formula: Formula, place: Place) -> None:
        self._atoms([literal.atom for literal in literals(formula)], place)

    def _atoms(self, atoms: Iterable[int], place: Place) -> None:
        reading = self._reading(place)
        for atom in atoms:
            if reading.atoms[atom] != U:
                continue
            kind = self.law.atoms[atom].kind
            if isinstance(kind, Concluded):
                self._conclusion(kind.conclusion, place)
            elif isinstance(kind, Quantified):
                for item in range(len(self.findings.items[kind.group])):
                    self._formula(kind.formula, (kind.group, item))
            elif isinstance(kind, Compare):
                self._facts((kind.fact, *facts_of(kind.right)), place)
            else:
                self._facts((kind.fact,), place)

    def _facts(self, names: Iterable[str], place: Place) -> None:
        """Facts, and what decides whether they have an object."""
        reading, scenario = self._reading(place), self.findings.scenario
        for name in names:
            if name in reading.irrelevant or name in scenario.irrelevant:
                continue
            fact = self.law.state.rulebook.facts[name]
            if fact.relevant_if is not None and (name, place) not in self._seen:
                self._seen.add((name, place))
                self._formula(fact.relevant_if, place)
            if name in reading.facts or name in scenario.facts:
                continue
            at = (name, None if fact.scope is None or place is None else place[1])
            self.counts[at] = self.counts.get(at, 0) + 1

    def _reading(self, place: Place) -> Reading:
        return self.findings.scenario if place is None else self.findings.items[place[0]][place[1]]
