"""What must never happen in any scenario: no value, two values, a property that fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from coopdec_rules.reasoning.batch import Place, failing, flat, holding
from coopdec_rules.reasoning.program import Copy, Literal
from coopdec_rules.reasoning.proofs.dependence import Reading
from coopdec_rules.reasoning.proofs.faults import CONFLICT, GAP, PROPERTY, Clause
from coopdec_rules.reasoning.proofs.space import Layout
from coopdec_rules.reasoning.proofs.witness import Readings
from coopdec_rules.rulebook.formula import Formula, literals
from coopdec_rules.rulebook.model import Concluded, Property, Quantified
from coopdec_rules.rulebook.rulebook import LawState


@dataclass(frozen=True)
class Claim:
    """A situation that must not exist, somewhere in the scenario or in an item.

    ``literal`` builds, in a layout, what would show it; ``shown`` tells whether findings show it
    (at ``Layout.focus``); ``formulas`` are those whose conditions over all items must be exact.
    ``copies`` is 2 when it compares two scenarios.
    """

    kind: str
    subject: str
    scope: str | None
    message: str
    literal: Callable[[Layout], Literal]
    shown: Callable[[Readings], bool]
    clauses: Callable[[Readings, LawState], list[Clause]]
    formulas: Callable[[Reading], Sequence[Formula]]
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


def values_of(law: LawState, name: str) -> list[str]:
    """Values that some rule in force concludes."""
    return list(dict.fromkeys(v for r in law.rules for n, v in r.concludes if n == name))


def gap_literal(copy: Copy, name: str, place: Place) -> Literal:
    """Holds where no rule gives the conclusion a value."""
    values = copy.book.conclusions[name].values
    return copy.program.all_of([-copy.value(name, value, place) for value in values])


def conflict_literal(copy: Copy, name: str, place: Place) -> Literal:
    """Holds where rules give the conclusion two values."""
    given: list[Literal] = []
    pairs: list[Literal] = []
    for value in values_of(copy.law, name):
        here = copy.value(name, value, place)
        if given:
            pairs.append(copy.program.all_of([here, copy.program.any_of(given)]))
        given.append(here)
    return copy.program.any_of(pairs)


def _first_wrong(
    layout: Layout,
    name: str,
    scope: str | None,
    literal: Callable[[Copy, str, Place], Literal],
) -> Literal:
    """The fault, where every conclusion that this one rests on is sound.

    What follows from another fault is not told: the first of a chain always is.
    """
    names = layout.reading.behind(name)
    return layout.program.all_of(
        [
            literal(layout.copy, name, layout.focus(scope)),
            *_sound(layout, layout.copy, names, scope),
        ]
    )


def _sound(layout: Layout, copy: Copy, names: Iterable[str], scope: str | None) -> list[Literal]:
    """Each of these conclusions has one value and only one, where the claim looks.

    That they have is claimed of each by itself.  In an open layout, where what items say together
    is free, a claim would else be denied by values that no scenario gives at once.
    """
    place = layout.focus(scope)
    found = []
    for name in sorted(names):
        conclusion = copy.book.conclusions[name]
        if conclusion.type == "choix":
            for there in layout.shape.places(conclusion.scope):
                if scope is None or there is None or there == place:
                    found += [-gap_literal(copy, name, there), -conflict_literal(copy, name, there)]
    return found


def _named(law: LawState, reading: Reading, formulas: Iterable[Formula]) -> set[str]:
    """Conclusions that formulas name, and all that these rest on."""
    named = read_conclusions(law, formulas)
    return named.union(*(reading.behind(name) for name in named))


def _gap(law: LawState, name: str) -> Claim:
    conclusion = law.rulebook.conclusions[name]

    def clauses(readings: Readings, law: LawState) -> list[Clause]:
        found = []
        place: Place = None if conclusion.scope is None else (conclusion.scope, 0)
        for index, rule in enumerate(law.rules):
            if any(n == name for n, _ in rule.concludes) and readings[place].holds.get(index):
                found.append(Clause(rule, "vaut, mais est écartée"))
        return found

    return Claim(
        GAP,
        name,
        conclusion.scope,
        f"« {conclusion.label} » ({name}) ne reçoit aucune valeur.",
        lambda layout: _first_wrong(layout, name, conclusion.scope, gap_literal),
        lambda readings: bool(readings[_focus(conclusion.scope)].conclusions[name].gap),
        clauses,
        lambda reading: reading.formulas(name),
    )


def _conflict(law: LawState, name: str) -> Claim:
    conclusion = law.rulebook.conclusions[name]
    return Claim(
        CONFLICT,
        name,
        conclusion.scope,
        f"« {conclusion.label} » ({name}) reçoit deux valeurs.",
        lambda layout: _first_wrong(layout, name, conclusion.scope, conflict_literal),
        lambda readings: bool(readings[_focus(conclusion.scope)].conclusions[name].conflict),
        lambda readings, law: concluding(readings, law, {name}, conclusion.scope),
        lambda reading: reading.formulas(name),
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
    place = _focus(declared.scope)
    given, wanted = flat(declared.formula), flat(then)

    def literal(layout: Layout) -> Literal:
        copy = layout.copy
        names = _named(law, layout.reading, [declared.formula, then])
        return layout.program.all_of(
            [
                copy.formula(declared.formula, place),
                -copy.formula(then, place),
                *_sound(layout, copy, names, declared.scope),
            ]
        )

    def shown(readings: Readings) -> bool:
        rails = readings[place].rails
        return bool(holding(given, rails, 1) and failing(wanted, rails, 1))

    return Claim(
        PROPERTY,
        declared.id,
        declared.scope,
        f"« {declared.explanation} »",
        literal,
        shown,
        lambda readings, law: concluding(
            readings, law, read_conclusions(law, [declared.formula, then]), declared.scope
        ),
        lambda reading: [declared.formula, then],
        declared,
    )


def _monotony(law: LawState, declared: Property) -> Claim:
    change, name = declared.change, declared.never_worse
    if change is None:
        raise TypeError(f"no change: {declared.id}")
    conclusion = law.rulebook.conclusions[name]
    changed = law.rulebook.facts[change.fact]
    scope = declared.scope or conclusion.scope or changed.scope
    place = _focus(conclusion.scope)

    def literal(layout: Layout) -> Literal:
        variables = layout.variables
        index = variables.index_of[change.fact]
        cells = variables.all[index].cells
        before = next(n for n, c in enumerate(cells) if c.values == (change.before,))
        after = next(n for n, c in enumerate(cells) if c.values == (change.after,))
        other = layout.twin(change.fact, before, after)
        names = {
            name,
            *layout.reading.behind(name),
            *_named(law, layout.reading, [declared.formula]),
        }
        worse = []
        for rank, value in enumerate(conclusion.order):
            better = [layout.copy.value(name, v, place) for v in conclusion.order[rank + 1 :]]
            worse.append(
                layout.program.all_of(
                    [other.value(name, value, place), layout.program.any_of(better)]
                )
            )
        return layout.program.all_of(
            [
                layout.copy.formula(declared.formula, _focus(declared.scope)),
                layout.choices.cells[_focus(changed.scope), index][before],
                layout.copy.relevant(change.fact, _focus(changed.scope)),
                layout.program.any_of(worse),
                -layout.impossible(other),
                *_sound(layout, layout.copy, names, scope),
                *_sound(layout, other, names, scope),
            ]
        )

    return Claim(
        PROPERTY,
        declared.id,
        scope,
        f"« {declared.explanation} »",
        literal,
        lambda readings: True,
        lambda readings, law: concluding(readings, law, {name}, conclusion.scope),
        lambda reading: (
            [declared.formula, *reading.formulas(name)]
            if conclusion.scope is None
            else [declared.formula]
        ),
        declared,
        2,
    )


def read_conclusions(law: LawState, formulas: Iterable[Formula]) -> set[str]:
    """Conclusions that formulas name, inside quantifiers too."""
    found: set[str] = set()
    for formula in formulas:
        for literal in literals(formula):
            kind = law.rulebook.all_atoms[literal.atom].kind
            if isinstance(kind, Concluded):
                found.add(kind.conclusion)
            elif isinstance(kind, Quantified):
                found |= read_conclusions(law, [kind.formula])
    return found


def concluding(
    readings: Readings, law: LawState, names: set[str], scope: str | None
) -> list[Clause]:
    """Effective rules that conclude one of ``names``, where the fault is."""
    found: dict[str, Clause] = {}
    for place, here in readings.items():
        if place is not None and scope is not None and place != (scope, 0):
            continue
        for index, mask in here.effective.items():
            rule = law.rules[index]
            told = [f"{n} : {v}" for n, v in rule.concludes if n in names]
            if mask and told:
                found.setdefault(rule.key, Clause(rule, "conclut " + ", ".join(told)))
    return list(found.values())


def items_needed(reading: Reading, atoms: Iterable[int], claim: Claim) -> Counter[str]:
    """Items of each group that suffice to keep the truth of these atoms, the focus included.

    An atom over all items needs one item at most to stay what it is: one that verifies an "at least
    one" that holds, one that belies an "all" that does not.
    """
    needed: Counter[str] = Counter()
    for index in atoms:
        kind = reading.atoms[index].kind
        if isinstance(kind, Quantified):
            needed[kind.group] += claim.copies
    if claim.scope is not None:
        needed[claim.scope] += 1
    return needed


def _focus(scope: str | None) -> Place:
    return None if scope is None else (scope, 0)
