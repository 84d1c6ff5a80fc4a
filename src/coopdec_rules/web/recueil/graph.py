"""How facts lead to conclusions: graphs of the rulebook, of one conclusion, of one rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from coopdec_rules.rulebook.model import Rule
from coopdec_rules.rulebook.rulebook import LawState
from coopdec_rules.web.recueil.cards import GONE, NEW, Cards
from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.tables import is_default
from coopdec_rules.web.recueil.vocabulary import Index

Kind = Literal["faits", "fait", "conclusion", "regle", "table", "valeur"]


@dataclass(slots=True)
class Node:
    """A box: what it is, what is written in it, and the page it opens."""

    id: str
    kind: Kind
    title: str
    note: str
    href: str
    mark: str = ""


@dataclass(slots=True)
class Edge:
    """An arrow; ``aside`` when a rule sets another aside; ``count``: rules it stands for."""

    start: str
    end: str
    aside: bool = False
    count: int = 0
    mark: str = ""


@dataclass(slots=True)
class Graph:
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[tuple[str, str], Edge] = field(default_factory=dict)

    def node(self, node: Node) -> str:
        """Add a node unless it is there; its identifier."""
        self.nodes.setdefault(node.id, node)
        return node.id

    def edge(self, start: str, end: str, aside: bool = False, count: int = 0) -> None:
        """Add an arrow, or count it once more."""
        if start == end:
            return
        found = self.edges.setdefault((start, end), Edge(start, end, aside))
        found.count += count


class Graphs:
    """Makes the graphs of one rulebook; those of two days are joined, and what differs marked."""

    def __init__(self, cards: Cards, index: Index, tables: Mapping[str, str]) -> None:
        self.cards = cards
        self.tables = tables
        self.index = index
        self.book = cards.book

    def whole(self, days: Days) -> Graph:
        """Groups of facts and conclusions; an arrow for the rules that go from one to the other."""
        return _joined([self._whole(days, state) for _, state in days.states])

    def conclusion(self, days: Days, name: str) -> Graph:
        """What rules read to settle a conclusion, and which set others aside."""
        return _joined([self._conclusion(days, state, name) for _, state in days.states])

    def rule(self, days: Days, rule_id: str) -> Graph:
        """What one rule reads and establishes, what it sets aside and what sets it aside."""
        return _joined([self._rule(days, state, rule_id) for _, state in days.states])

    def _whole(self, days: Days, state: LawState) -> Graph:
        graph = Graph()
        counts: dict[str, int] = {}
        for rule in state.rules:
            for name in dict.fromkeys(name for name, _ in rule.concludes):
                counts[name] = counts.get(name, 0) + 1
        for rule in state.rules:
            ends = dict.fromkeys(name for name, _ in rule.concludes)
            starts = dict.fromkeys(self._family(name) for name in self.index.reads[rule.key])
            for end in ends:
                target = graph.node(self._conclusion_node(days, end, _rules(counts[end])))
                for start in starts:
                    graph.edge(self._start(graph, days, start, counts), target, count=1)
        return graph

    def _start(self, graph: Graph, days: Days, start: str, counts: dict[str, int]) -> str:
        if start in self.book.conclusions:
            return graph.node(self._conclusion_node(days, start, _rules(counts.get(start, 0))))
        group = self.book.groups[start]
        number = sum(1 for fact in self.book.facts.values() if fact.group.id == start)
        note = f"{number} fait{'s' if number > 1 else ''}"
        href = days.link("vocabulaire", f"groupe-{start}")
        return graph.node(Node(f"g:{start}", "faits", group.title, note, href))

    def _family(self, name: str) -> str:
        """The group of a fact; a conclusion stands for itself."""
        return name if name in self.book.conclusions else self.book.facts[name].group.id

    def _conclusion(self, days: Days, state: LawState, name: str) -> Graph:
        graph = Graph()
        rules = [r for r in state.rules if any(c == name for c, _ in r.concludes)]
        concerned = {rule.id for rule in rules}
        extra = [r for r in state.rules if concerned & set(r.sets_aside) and r.id not in concerned]
        for rule in (*rules, *extra):
            ident = self._rule_node(graph, days, rule)
            self._reads(graph, days, rule, ident)
            for conclusion, value in rule.concludes:
                if conclusion == name:
                    graph.edge(ident, self._value(graph, days, conclusion, value))
        self._aside(graph, [*rules, *extra])
        return graph

    def _rule(self, days: Days, state: LawState, rule_id: str) -> Graph:
        graph = Graph()
        rule = next((r for r in state.rules if r.id == rule_id), None)
        if rule is None:
            return graph
        ident = graph.node(self._one(days, rule))
        self._reads(graph, days, rule, ident)
        for conclusion, value in rule.concludes:
            graph.edge(ident, self._value(graph, days, conclusion, value, named=True))
        for other in state.rules:
            if rule_id in other.sets_aside or other.id in rule.sets_aside:
                self._rule_node(graph, days, other)
        self._aside(graph, state.rules)
        return graph

    def _reads(self, graph: Graph, days: Days, rule: Rule, ident: str) -> None:
        for name in self.index.reads[rule.key]:
            if name in self.book.conclusions:
                start = graph.node(self._conclusion_node(days, name, "conclusion"))
            else:
                href = days.link("vocabulaire", f"fait-{name}")
                label = self.cards.sentences.label(name)
                start = graph.node(Node(f"f:{name}", "fait", label, "fait", href))
            graph.edge(start, ident)

    def _aside(self, graph: Graph, rules: Iterable[Rule]) -> None:
        for rule in rules:
            start = _table_id(rule) if _table_id(rule) in graph.nodes else f"r:{rule.id}"
            for target in rule.sets_aside:
                if start in graph.nodes and f"r:{target}" in graph.nodes:
                    graph.edge(start, f"r:{target}", aside=True)

    def _rule_node(self, graph: Graph, days: Days, rule: Rule) -> str:
        """The rule's box; rows of a table share one."""
        ident = _table_id(rule)
        if not ident or ident in graph.nodes:
            return ident or graph.node(self._one(days, rule))
        title = self.tables.get(rule.table or "", rule.table or "")
        href = days.link(f"tables/{rule.table}")
        return graph.node(Node(ident, "table", title, "lignes de la table", href))

    def _one(self, days: Days, rule: Rule) -> Node:
        href = days.link(f"regles/{rule.id}")
        title = self.cards.short(rule.id, days.day)
        return Node(f"r:{rule.id}", "regle", title, rule.id, href)

    def _conclusion_node(self, days: Days, name: str, note: str) -> Node:
        label = self.cards.sentences.label(name)
        return Node(f"c:{name}", "conclusion", label, note, days.link(f"graphe/conclusions/{name}"))

    def _value(self, graph: Graph, days: Days, name: str, value: str, named: bool = False) -> str:
        label = self.cards.sentences.label(name)
        said = self.cards.sentences.value(name, value)
        title = f"{label} : {said}" if named else said
        href = days.link(f"graphe/conclusions/{name}")
        return graph.node(Node(f"v:{name}={value}", "valeur", title, "", href))


def _table_id(rule: Rule) -> str:
    return f"t:{rule.table}" if rule.table and rule.conditions and not is_default(rule) else ""


def _rules(count: int) -> str:
    return f"{count} règle{'s' if count > 1 else ''}"


def _joined(graphs: list[Graph]) -> Graph:
    """One graph of both days: what only one of them has is marked."""
    if len(graphs) == 1:
        return graphs[0]
    first, second = graphs
    joined = Graph({**second.nodes, **first.nodes}, {**second.edges, **first.edges})
    for name, node in joined.nodes.items():
        node.mark = _sign(name in first.nodes, name in second.nodes)
    for ends, edge in joined.edges.items():
        edge.mark = _sign(ends in first.edges, ends in second.edges)
    return joined


def _sign(first: bool, second: bool) -> str:
    return "" if first and second else GONE if first else NEW
