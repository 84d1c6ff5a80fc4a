"""What must never happen in any scenario: no value, two values, a property that fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from coopdec_rules.reasoning.dependence import Dependence
from coopdec_rules.reasoning.places import focus
from coopdec_rules.reasoning.program import Literal
from coopdec_rules.reasoning.proofs.faults import CONFLICT, GAP, PROPERTY, Clause
from coopdec_rules.reasoning.proofs.space import Layout
from coopdec_rules.reasoning.reading import Reading, State
from coopdec_rules.rulebook.flat import flat
from coopdec_rules.rulebook.formula import Formula
from coopdec_rules.rulebook.index import conclusions_read
from coopdec_rules.rulebook.model import Property, Quantified
from coopdec_rules.rulebook.rulebook import LawState, Rulebook


@dataclass(frozen=True)
class Claim:
    """A situation that must not exist, somewhere in the scenario or in an item.

    ``literal`` builds, in a layout, what would show it; ``shown`` tells whether findings show it
    (at ``focus``); ``formulas`` are those whose conditions over all items must be exact.
    ``copies`` is 2 when it compares two scenarios.
    """

    kind: str
    subject: str
    scope: str | None
    message: str
    literal: Callable[[Layout], Literal]
    shown: Callable[[Reading[bool]], bool]
    clauses: Callable[[Reading[bool]], list[Clause]]
    formulas: Callable[[Dependence], Sequence[Formula]]
    property: Property | None = None
    copies: int = 1


def of_conclusions(law: LawState) -> list[Claim]:
    """Every conclusion with one value among several has one, and only one."""
    return [
        claim
        for name, conclusion in law.rulebook.conclusions.items()
        if conclusion.type == "choix"
        for claim in (_gap(law, name), _conflict(law, name))
    ]


def _first_wrong(
    layout: Layout, name: str, scope: str | None, fault: Callable[[State[Literal]], Literal]
) -> Literal:
    """The fault, where every conclusion that this one rests on is sound.

    What follows from another fault is not told: the first of a chain always is.
    """
    reading = layout.reading
    names = reading.law.index.behind(name)
    return layout.program.all_of(
        [fault(reading.state(name, focus(scope))), *_sound(layout, reading, names, scope)]
    )


def _sound(
    layout: Layout, reading: Reading[Literal], names: Iterable[str], scope: str | None
) -> list[Literal]:
    """Each of these conclusions has one value and only one, where the claim looks.

    That they have is claimed of each by itself.  In an open layout, where what items say together
    is free, a claim would else be denied by values that no scenario gives at once.
    """
    found = []
    for name in sorted(names):
        conclusion = reading.book.conclusions[name]
        if conclusion.type == "choix":
            for there in layout.shape.places(conclusion.scope):
                if scope is None or there is None or there == focus(scope):
                    state = reading.state(name, there)
                    found += [-state.gap, -state.conflict]
    return found


def _resting_on(law: LawState, named: Iterable[str]) -> set[str]:
    """The conclusions named, and all that they rest on."""
    found = set(named)
    return found.union(*(law.index.behind(name) for name in found))


def _gap(law: LawState, name: str) -> Claim:
    conclusion = law.rulebook.conclusions[name]
    place = focus(conclusion.scope)

    def clauses(reading: Reading[bool]) -> list[Clause]:
        concluding = dict.fromkeys(law.index.concluding.get(name, ()))
        return [
            Clause(law.rules[index], "vaut, mais est écartée")
            for index in concluding
            if reading.conditions(index, place)[0]
        ]

    return Claim(
        GAP,
        name,
        conclusion.scope,
        f"« {conclusion.label} » ({name}) ne reçoit aucune valeur.",
        lambda layout: _first_wrong(layout, name, conclusion.scope, lambda state: state.gap),
        lambda reading: reading.state(name, place).gap,
        clauses,
        lambda dependence: dependence.formulas(name),
    )


def _conflict(law: LawState, name: str) -> Claim:
    conclusion = law.rulebook.conclusions[name]
    return Claim(
        CONFLICT,
        name,
        conclusion.scope,
        f"« {conclusion.label} » ({name}) reçoit deux valeurs.",
        lambda layout: _first_wrong(layout, name, conclusion.scope, lambda state: state.conflict),
        lambda reading: reading.state(name, focus(conclusion.scope)).conflict,
        lambda reading: concluding(reading, {name}, conclusion.scope),
        lambda dependence: dependence.formulas(name),
    )


def of_property(law: LawState, declared: Property) -> Claim:
    """A declared property, denied."""
    if declared.change is None:
        return _implication(law, declared)
    return _monotony(law, declared)


def _implication(law: LawState, declared: Property) -> Claim:
    then = declared.then_formula
    if then is None:
        raise TypeError(f"no consequence: {declared.id}")
    place = focus(declared.scope)
    given, wanted = flat(declared.formula), flat(then)
    atoms = law.rulebook.all_atoms
    named = conclusions_read(declared.formula, atoms) | conclusions_read(then, atoms)

    def literal(layout: Layout) -> Literal:
        reading = layout.reading
        return layout.program.all_of(
            [
                reading.formula(given, place)[0],
                -reading.formula(wanted, place)[0],
                *_sound(layout, reading, _resting_on(law, named), declared.scope),
            ]
        )

    return Claim(
        PROPERTY,
        declared.id,
        declared.scope,
        f"« {declared.explanation} »",
        literal,
        lambda reading: reading.formula(given, place)[0] and reading.formula(wanted, place)[1],
        lambda reading: concluding(reading, named, declared.scope),
        lambda dependence: [declared.formula, then],
        declared,
    )


def _monotony(law: LawState, declared: Property) -> Claim:
    change, name = declared.change, declared.never_worse
    if change is None:
        raise TypeError(f"no change: {declared.id}")
    conclusion = law.rulebook.conclusions[name]
    changed = law.rulebook.facts[change.fact]
    scope = declared.scope or conclusion.scope or changed.scope
    place = focus(conclusion.scope)

    def literal(layout: Layout) -> Literal:
        variables = layout.variables
        index = variables.index_of[change.fact]
        cells = variables.all[index].cells
        before = next(n for n, c in enumerate(cells) if c.values == (change.before,))
        after = next(n for n, c in enumerate(cells) if c.values == (change.after,))
        reading, other = layout.reading, layout.twin(change.fact, after)
        named = conclusions_read(declared.formula, law.rulebook.all_atoms)
        names = _resting_on(law, {name, *named})
        worse = []
        for rank, value in enumerate(conclusion.order):
            better = [reading.value(name, v, place) for v in conclusion.order[rank + 1 :]]
            worse.append(
                layout.program.all_of(
                    [other.value(name, value, place), layout.program.any_of(better)]
                )
            )
        return layout.program.all_of(
            [
                reading.formula(declared.formula, focus(declared.scope))[0],
                layout.choices.cells[focus(changed.scope), index][before],
                reading.relevant(change.fact, focus(changed.scope))[0],
                layout.program.any_of(worse),
                -other.impossible(layout.variables.day),
                *_sound(layout, reading, names, scope),
                *_sound(layout, other, names, scope),
            ]
        )

    return Claim(
        PROPERTY,
        declared.id,
        scope,
        f"« {declared.explanation} »",
        literal,
        lambda reading: True,
        lambda reading: concluding(reading, {name}, conclusion.scope),
        lambda dependence: (
            [declared.formula, *dependence.formulas(name)]
            if conclusion.scope is None
            else [declared.formula]
        ),
        declared,
        2,
    )


def concluding(reading: Reading[bool], names: set[str], scope: str | None) -> list[Clause]:
    """Rules that apply and conclude one of ``names``, where the fault is."""
    found: dict[str, Clause] = {}
    for place in reading.shape.every():
        if place is not None and scope is not None and place != focus(scope):
            continue
        for index, rule in enumerate(reading.law.rules):
            told = [f"{n} : {v}" for n, v in rule.concludes if n in names]
            here = rule.scope == (place[0] if place else None)
            if told and here and reading.rule(index, place)[0]:
                found.setdefault(rule.key, Clause(rule, "conclut " + ", ".join(told)))
    return list(found.values())


def items_needed(book: Rulebook, atoms: Iterable[int], claim: Claim) -> Counter[str]:
    """Items of each group that suffice to keep the truth of these atoms, the focus included.

    An atom over all items needs one item at most to stay what it is: one that verifies an "at least
    one" that holds, one that belies an "all" that does not.
    """
    needed: Counter[str] = Counter()
    for index in atoms:
        kind = book.all_atoms[index].kind
        if isinstance(kind, Quantified):
            needed[kind.group] += claim.copies
    if claim.scope is not None:
        needed[claim.scope] += 1
    return needed
