"""Where each fact of a scenario stands for whoever fills it in: to be asked, or without object.

What is to be asked are the questions of the avis (``questions``) and the presumed facts on which
something would turn: an answer to them is as good as one to a question.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from coopdec_rules.advice.questions import doubtful, kept_back, questioned, supposed
from coopdec_rules.advice.scenario import Scenario
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.evaluation import Evaluation
from coopdec_rules.engine.facts import FactBase, Facts
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.reasoning.reasoner import FactAt, MomentReasoner
from coopdec_rules.rulebook.model import Fact


@dataclass(frozen=True, slots=True)
class Standing:
    """Facts, each with its item, as they stand.

    ``asked`` are those to ask first; ``doubtful`` those that may have no object, whatever is
    presumed; ``idle`` those that have none; ``later`` those whose question speaks of what is to be
    asked first.
    """

    asked: frozenset[FactAt]
    doubtful: frozenset[FactAt]
    idle: frozenset[FactAt]
    later: frozenset[FactAt] = frozenset()


def standing(
    law: CompiledLaw, findings: Findings, scenario: Scenario, reasoner: MomentReasoner | None
) -> Standing:
    """Where the facts of a scenario stand; ``findings`` are the engine's; exact with a reasoner."""
    asked = questioned(law, findings, scenario.day, scenario.base, reasoner)
    presumed = {(p.fact.id, p.item) for p in scenario.presumed if not p.fact.rare}
    base = without(scenario.base, presumed)
    released = Evaluation(law).run(base)
    # All at once, not one by one: three presumptions may be such that no one of them matters while
    # the two others stand.
    asked |= presumed & questioned(law, released, scenario.day, base, reasoner, presumed)
    everywhere = list(_everywhere(law, released))
    # What has no object as things are presumed waits until the fact that gives it one is stated.
    waiting = {
        at
        for at in presumed & _idle(_everywhere(law, findings))
        if kept_back(law, released, at, asked)
    }
    first = {at for at in asked - waiting if not kept_back(law, findings, at, asked)}
    return Standing(
        frozenset(first),
        frozenset((f.id, item) for f, item, _ in everywhere if doubtful(f, item, released)),
        frozenset(_idle(everywhere)),
        frozenset(at for at in asked if supposed(law, at, asked)),
    )


def _idle(everywhere: Iterable[tuple[Fact, int | None, Reading]]) -> set[FactAt]:
    return {(fact.id, item) for fact, item, reading in everywhere if fact.id in reading.irrelevant}


def _everywhere(law: CompiledLaw, findings: Findings) -> Iterator[tuple[Fact, int | None, Reading]]:
    for fact in law.state.rulebook.facts.values():
        if fact.scope is None:
            yield fact, None, findings.scenario
        else:
            yield from ((fact, item, r) for item, r in enumerate(findings.items[fact.scope]))


def without(base: FactBase, gone: Collection[FactAt]) -> FactBase:
    """Facts, those of ``gone`` left unknown."""

    def kept(facts: Facts, item: int | None) -> Facts:
        return {name: value for name, value in facts.items() if (name, item) not in gone}

    return FactBase(
        kept(base.scenario, None),
        {
            group: tuple(kept(facts, item) for item, facts in enumerate(items))
            for group, items in base.items.items()
        },
    )
