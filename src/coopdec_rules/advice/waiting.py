"""What an answer, a condition or a ceiling waits for, as the engine sees it.

Walks back from each of them through the undecided rules.  It is sound (a fact that the walk does
not meet cannot change the subject while the others stay as they are) but may meet a fact that
another undecided one makes useless: ``reasoning`` tells them apart, where it is within reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

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
    found, graph = {}, _Graph(law, findings)
    for subject in subjects:
        walk = _Walk(graph)
        walk.subject(subject)
        found[subject] = Waiting(walk.counts, frozenset(walk.rules))
    return found


def waited(law: CompiledLaw, findings: Findings, subjects: Iterable[Subject]) -> set[FactAt]:
    """The unknown facts that some of the subjects hang on."""
    walk = _Walk(_Graph(law, findings))
    for subject in subjects:
        walk.subject(subject)
    return set(walk.counts)


#: What a node of the graph is: all but an unknown fact lead further.
_Kind = Literal["rule", "conclusion", "relevance", "unknown"]
_RULE: Final = "rule"
_CONCLUSION: Final = "conclusion"
#: Whether a fact has an object.
_RELEVANCE: Final = "relevance"
_UNKNOWN: Final = "unknown"


class _Node:
    """A rule by its place in the law state, or the rest by name; and the item it is read on.

    One for each of these in a graph, so that it is told from others by being itself.  ``rule`` is
    set for an undecided rule, ``at`` for an unknown fact, which leads nowhere.
    """

    __slots__ = ("at", "further", "kind", "name", "place", "rule")

    def __init__(self, kind: _Kind, name: int | str, place: Place) -> None:
        self.kind, self.name, self.place = kind, name, place
        item = None if place is None else place[1]
        self.at: FactAt | None = (str(name), item) if kind == _UNKNOWN else None
        self.rule: RuleAt | None = None
        self.further: list[_Node] | None = None


class _Walk:
    """What is met from some nodes on; each is passed once, each reading of a fact counted."""

    def __init__(self, graph: _Graph) -> None:
        self.counts: dict[FactAt, int] = {}
        self.rules: set[RuleAt] = set()
        self._graph = graph
        self._seen: set[_Node] = set()

    def subject(self, subject: Subject) -> None:
        self._pass(self._graph.starts(subject))

    def _pass(self, nodes: Iterable[_Node]) -> None:
        counts, seen = self.counts, self._seen
        for node in nodes:
            if node.at is not None:
                counts[node.at] = counts.get(node.at, 0) + 1
            elif node not in seen:
                seen.add(node)
                further = self._graph.further(node)
                if node.rule is not None:
                    self.rules.add(node.rule)
                self._pass(further)


class _Graph:
    """What each undecided thing of one scenario waits for, worked out once for all subjects."""

    def __init__(self, law: CompiledLaw, findings: Findings) -> None:
        self.law = law
        self.findings = findings
        self._nodes: dict[tuple[_Kind, int | str, Place], _Node] = {}

    def starts(self, subject: Subject) -> list[_Node]:
        """The nodes that a subject begins with."""
        name, place = subject
        if isinstance(name, str):
            return self._conclusion(name, place)
        rule = self.law.rules[name.rule]
        found = [self._rule(name.rule, place)]
        done_if = name.done_if(self.law.state)
        if done_if is not None:
            found.extend(self._formula(done_if, place))
        if name.effect is None:
            found.extend(self._facts(ceiling_facts(rule), place))
        return found

    def further(self, node: _Node) -> list[_Node]:
        """The nodes that one leads to, in reading order."""
        if node.further is None:
            node.further = self._expanded(node)
        return node.further

    def _node(self, kind: _Kind, name: int | str, place: Place) -> _Node:
        key = (kind, name, place)
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = _Node(kind, name, place)
        return found

    def _expanded(self, node: _Node) -> list[_Node]:
        kind, name, place = node.kind, node.name, node.place
        if kind == _RELEVANCE:
            relevant = self.law.state.rulebook.facts[str(name)].relevant_if
            return [] if relevant is None else self._formula(relevant, place)
        if kind == _CONCLUSION:
            settled = self._reading(place).conclusions.get(str(name))
            if settled is None or settled.value is not None:
                return []
            return self._undecided(self.law.concluding.get(str(name), ()), place)
        index = int(name)
        if self._reading(place).effective.get(index) != U:
            return []
        node.rule = index, None if place is None else place[1]
        return [
            *self._atoms(self.law.atoms_of[index], place),
            # Those that may set it aside.
            *self._undecided(self.law.exceptions.get(index, ()), place),
        ]

    def _undecided(self, rules: Iterable[int], place: Place) -> list[_Node]:
        """Those of the rules that lead further."""
        found = []
        for index in rules:
            at = None if self.law.rules[index].scope is None else place
            if self._reading(at).effective.get(index) == U:
                found.append(self._node(_RULE, index, at))
        return found

    def _rule(self, index: int, place: Place) -> _Node:
        return self._node(_RULE, index, None if self.law.rules[index].scope is None else place)

    def _conclusion(self, name: str, place: Place) -> list[_Node]:
        scope = self.law.state.rulebook.conclusions[name].scope
        if scope is None:
            return [self._node(_CONCLUSION, name, None)]
        if place is None or place[0] != scope:
            items = range(len(self.findings.items[scope]))
            return [self._node(_CONCLUSION, name, (scope, item)) for item in items]
        return [self._node(_CONCLUSION, name, place)]

    def _formula(self, formula: Formula, place: Place) -> list[_Node]:
        return self._atoms([literal.atom for literal in literals(formula)], place)

    def _atoms(self, atoms: Iterable[int], place: Place) -> list[_Node]:
        truths, found = self._reading(place).atoms, list[_Node]()
        for atom in atoms:
            if truths[atom] != U:
                continue
            kind = self.law.atoms[atom].kind
            if isinstance(kind, Concluded):
                found.extend(self._conclusion(kind.conclusion, place))
            elif isinstance(kind, Quantified):
                for item in range(len(self.findings.items[kind.group])):
                    found.extend(self._formula(kind.formula, (kind.group, item)))
            elif isinstance(kind, Compare):
                found.extend(self._facts((kind.fact, *facts_of(kind.right)), place))
            else:
                found.extend(self._facts((kind.fact,), place))
        return found

    def _facts(self, names: Iterable[str], place: Place) -> list[_Node]:
        """Facts, and what decides whether they have an object."""
        reading, scenario = self._reading(place), self.findings.scenario
        found: list[_Node] = []
        for name in names:
            if name in reading.irrelevant or name in scenario.irrelevant:
                continue
            fact = self.law.state.rulebook.facts[name]
            if fact.relevant_if is not None:
                found.append(self._node(_RELEVANCE, name, place))
            if name not in reading.facts and name not in scenario.facts:
                found.append(self._node(_UNKNOWN, name, None if fact.scope is None else place))
        return found

    def _reading(self, place: Place) -> Reading:
        return self.findings.scenario if place is None else self.findings.items[place[0]][place[1]]
