"""Evaluates one scenario against a compiled state of the law.

The matcher decides which rules' conditions hold; exceptions, conclusions and quantifiers are
settled between its passes, since the matcher has no truth maintenance of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.facts import FactBase, Facts, truth
from coopdec_rules.engine.findings import Findings, Reading, Settled
from coopdec_rules.engine.refine import narrowed
from coopdec_rules.rulebook.formula import Evaluator, F, Truth, U, V
from coopdec_rules.rulebook.model import Value

_NO_FACTS: Facts = {}
_YES, _NO = Settled("oui", ("oui",)), Settled("non", ("non",))
_OPEN = Settled(None, ("oui", "non"))


@dataclass(frozen=True, slots=True)
class Prepared:
    """Truth of every comparison over the facts of a scenario, before any rule is read."""

    base: FactBase
    scenario: tuple[Facts, list[Truth], frozenset[str]]
    items: dict[str, list[tuple[Facts, list[Truth], frozenset[str]]]]


class _Working:
    """A reading being filled in."""

    __slots__ = (
        "against",
        "atoms",
        "claims",
        "conclusions",
        "effective",
        "facts",
        "irrelevant",
        "pending",
        "raw",
    )

    def __init__(self, facts: Facts, atoms: list[Truth], irrelevant: frozenset[str]) -> None:
        self.facts = facts
        self.atoms = atoms
        self.irrelevant = irrelevant
        self.raw: dict[int, Truth] = {}
        self.effective: dict[int, Truth] = {}
        self.conclusions: dict[str, Settled] = {}
        #: What effective rules conclude: for each conclusion, values with their certainty.
        self.claims: dict[str, list[tuple[str, Truth]]] = {}
        #: Rules that an effective (or perhaps effective) rule sets aside.
        self.against: dict[int, Truth] = {}
        #: Rules read but not settled yet: a later step may set them aside.
        self.pending: list[tuple[int, Truth]] = []

    def frozen(self) -> Reading:
        return Reading(
            self.facts, self.atoms, self.raw, self.effective, self.conclusions, self.irrelevant
        )


class Evaluation:
    """Runs scenarios on one compiled law; keeps nothing from one to the next."""

    def __init__(self, law: CompiledLaw) -> None:
        self.law = law

    def run(self, base: FactBase) -> Findings:
        """Findings of a scenario, with the law's conclusions and every rule's truth."""
        return self.read(self.prepare(base))

    # -- facts -------------------------------------------------------------------------------

    def prepare(self, base: FactBase) -> Prepared:
        """Settle every comparison over facts.

        With a fact that has no object (its relevance is certainly false), none holds; while its
        relevance is unknown, none holds with certainty.
        """
        atoms: list[Truth] = [U] * len(self.law.atoms)
        nothing, doubtful = set[str](), set[str]()
        self._facts(None, base.scenario, base.scenario, atoms, (nothing, doubtful))
        items: dict[str, list[tuple[Facts, list[Truth], frozenset[str]]]] = {}
        for scope in self.law.scopes:
            if scope is None:
                continue
            items[scope] = []
            for facts in base.items.get(scope) or (_NO_FACTS,):
                own, known = list(atoms), (set(nothing), set(doubtful))
                self._facts(scope, facts, base.scenario, own, known)
                items[scope].append((facts, own, frozenset(known[0])))
        return Prepared(base, (base.scenario, atoms, frozenset(nothing)), items)

    def with_fact(self, prepared: Prepared, name: str, value: Value) -> Prepared:
        """The same scenario with one of its own facts changed."""
        base = FactBase({**prepared.base.scenario, name: value}, prepared.base.items)
        entries = [
            entry
            for scope in self.law.scopes
            for entry in self.law.fact_atoms[scope]
            if entry.fact == name
        ]
        tangled = any(entry.compares or entry.relevant is not None for entry in entries)
        if tangled or name in self.law.decides_relevance:
            return self.prepare(base)

        def changed(atoms: list[Truth]) -> list[Truth]:
            copy = list(atoms)
            for entry in entries:
                for index, result in entry.by_value.get(value, entry.otherwise):
                    copy[index] = result
            return copy

        _, atoms, irrelevant = prepared.scenario
        return Prepared(
            base,
            (base.scenario, changed(atoms), irrelevant),
            {
                group: [(facts, changed(own), none) for facts, own, none in items]
                for group, items in prepared.items.items()
            },
        )

    def _facts(
        self,
        scope: str | None,
        facts: Facts,
        scenario: Facts,
        atoms: list[Truth],
        known: tuple[set[str], set[str]],
    ) -> None:
        """Fill ``atoms``; ``known`` gathers the facts without object and those in doubt of one."""
        nothing, doubtful = known
        for entry in self.law.fact_atoms[scope]:
            name = entry.fact
            if entry.relevant is not None and name not in nothing and name not in doubtful:
                relevance = entry.relevant(atoms)
                if relevance == F:
                    nothing.add(name)
                elif relevance == U:
                    doubtful.add(name)
            if name in nothing:
                for index in entry.indexes:
                    atoms[index] = F
            else:
                value = facts.get(name)
                if value is None:
                    value = scenario.get(name)
                if value is not None:
                    doubt = name in doubtful
                    for index, result in entry.by_value.get(value, entry.otherwise):
                        atoms[index] = U if doubt and result == V else result
            for index, kind, read in entry.compares:
                if not nothing.isdisjoint(read):
                    atoms[index] = F
                    continue
                result = truth(kind, facts, scenario)
                atoms[index] = U if result == V and not doubtful.isdisjoint(read) else result

    # -- rules -------------------------------------------------------------------------------

    def read(self, prepared: Prepared) -> Findings:
        """Read the law on prepared facts."""
        law = self.law
        facts, atoms, irrelevant = prepared.scenario
        scenario = _Working(facts, list(atoms), irrelevant)
        groups = {
            group: [_Working(own, list(known), none) for own, known, none in items]
            for group, items in prepared.items.items()
        }
        everyone = [scenario, *(working for items in groups.values() for working in items)]
        for level, steps in enumerate(law.steps):
            for step in steps:
                for name in step.conclude:
                    if step.scope is None:
                        self._conclude(name, scenario, everyone)
                    else:
                        for working in groups[step.scope]:
                            self._conclude(name, working, (working,))
            for index, group, stop, reader in law.quantified.get(level, ()):
                value = _quantified(groups[group], stop, reader)
                for working in everyone:
                    working.atoms[index] = value
            for step in steps:
                for working in groups[step.scope] if step.scope else (scenario,):
                    fired = law.fire(step, working.atoms)
                    self._settle(level, fired, working, scenario)
        self._narrow(scenario, groups)
        return Findings(
            scenario.frozen(),
            {name: tuple(w.frozen() for w in items) for name, items in groups.items()},
        )

    def _narrow(self, scenario: _Working, groups: dict[str, list[_Working]]) -> None:
        for name, narrowing in self.law.narrowings.items():
            settled = scenario.conclusions[name]
            if settled.value is None and not (settled.gap or settled.conflict):
                items = [w.conclusions[narrowing.inner] for w in groups[narrowing.group]]
                scenario.conclusions[name] = narrowed(
                    narrowing, settled, items, len(self.law.atoms)
                )

    def _settle(
        self,
        level: int,
        fired: tuple[tuple[int, Truth], ...],
        working: _Working,
        scenario: _Working,
    ) -> None:
        law, raw, effective = self.law, working.raw, working.effective
        raw.update(fired)
        if working.pending:
            fired = tuple(sorted((*fired, *working.pending), key=law.order_of))
            working.pending = []
        for index, value in fired:
            if index in law.exceptions:
                if law.settled_at[index] > level:
                    working.pending.append((index, value))
                    continue
                against = (working.against.get(index), scenario.against.get(index))
                if V in against:
                    value = F
                elif U in against:
                    value = U
            effective[index] = value
            if value != F:
                for target in law.targets.get(index, ()):
                    if working.against.get(target) != V:
                        working.against[target] = value
                for name, concluded in law.rules[index].concludes:
                    working.claims.setdefault(name, []).append((concluded, value))

    def _conclude(
        self, name: str, working: _Working, readers: list[_Working] | tuple[_Working, ...]
    ) -> None:
        claims = working.claims.get(name, ())
        known = self.law.outcomes[name]
        # Most conclusions have one certain claim or none, whose consequences are worked out once.
        if not claims:
            found = known.get("")
        elif len(claims) == 1 and claims[0][1] == V:
            found = known.get(claims[0][0])
        else:
            found = None
        if found is None:
            settled = _settled(claims, name in self.law.flags)
            atoms = self.law.conclusion_atoms.get(name, ())
            found = settled, tuple((index, settled.among(values)) for index, values in atoms)
            if not claims:
                known[""] = found
            elif settled.value is not None:
                known[settled.value] = found
        working.conclusions[name] = found[0]
        for reader in readers:
            for index, value in found[1]:
                reader.atoms[index] = value


def _quantified(items: list[_Working], stop: Truth, reader: Evaluator) -> Truth:
    result: Truth = F if stop == V else V
    for item in items:
        value = reader(item.atoms)
        if value == stop:
            return stop
        if value == U:
            result = U
    return result


def _settled(claims: list[tuple[str, Truth]] | tuple[()], flag: bool) -> Settled:
    certain = {value: None for value, effect in claims if effect == V}
    if flag:
        if certain:
            return _YES
        return _OPEN if claims else _NO
    if len(certain) == 1:
        value = next(iter(certain))
        return Settled(value, (value,))
    if certain:
        return Settled(None, tuple(certain), conflict=True)
    possible = tuple(dict.fromkeys(value for value, _ in claims))
    return Settled(None, possible, gap=not possible)
