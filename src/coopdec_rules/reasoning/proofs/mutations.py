"""Small mistakes put into the rules one at a time, and what the proofs and properties see of them.

Every mistake changes one rule: negated, dropped, or rid of one condition.  They all live in one
program, each behind a literal that reads the rule so; nothing is built again to try another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal as OneOf

from coopdec_rules.reasoning.moments import moment_of, moments
from coopdec_rules.reasoning.places import Shape, focus
from coopdec_rules.reasoning.program import Literal, law_on
from coopdec_rules.reasoning.proofs.claims import of_conclusions, of_property
from coopdec_rules.reasoning.proofs.rules import conditions, without
from coopdec_rules.reasoning.proofs.run import alike
from coopdec_rules.reasoning.proofs.space import Layout, Space
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.variables import Variables
from coopdec_rules.rulebook.formula import And, Formula, Or, negate
from coopdec_rules.rulebook.model import Rule
from coopdec_rules.rulebook.rulebook import Rulebook

#: Never holds.
NEVER: Formula = Or(())
#: What a mutant does to its rule.
Mistake = OneOf["niee", "otee", "condition"]


@dataclass(frozen=True)
class Mutant:
    """A rule whose conditions are replaced by ``formula``; ``text``: the condition taken out."""

    rule: Rule
    change: Mistake
    formula: Formula
    text: str = ""

    @property
    def name(self) -> str:
        """What tells it apart, for a report."""
        return f"{self.rule.key} {self.change} {self.text}".strip()


def mutants(book: Rulebook) -> list[Mutant]:
    """Every mutant of every rule and every row of a table."""
    found = []
    for rule in book.rules:
        found.append(Mutant(rule, "otee", NEVER))
        found.append(Mutant(rule, "niee", negate(rule.formula)))
        seen = {rule.formula}
        for path, text in _parts(book, rule):
            formula = without(rule.formula, path)
            if formula not in seen:
                seen.add(formula)
                found.append(Mutant(rule, "condition", formula, text))
    return found


def _parts(book: Rulebook, rule: Rule) -> Iterator[tuple[tuple[int, ...], str]]:
    """Every line of the rule and every comparison in it, with its place; columns of a row."""
    if isinstance(rule.formula, And) and len(rule.formula.parts) == len(rule.conditions):
        for number, condition in enumerate(rule.conditions):
            yield (number,), condition.text
    if rule.table is not None:
        return  # a row has one condition for each column
    for path, literal in conditions(rule.formula):
        negation = "" if literal.positive else "non "
        yield path, negation + book.all_atoms[literal.atom].text


@dataclass
class Caught:
    """Mutants that the proofs see, those that a property sees, those that nothing can see.

    ``idle``: mutants that apply their rule in exactly the same scenarios; ``same``: those that
    apply it in others, where it concludes nothing that is not concluded already.
    """

    proofs: set[Mutant]
    properties: dict[Mutant, str]
    idle: set[Mutant]
    same: set[Mutant]


def caught(
    book: Rulebook,
    wanted: Sequence[Mutant],
    told: Callable[[str], None] = lambda line: None,
    days: Collection[dt.date] | None = None,
) -> Caught:
    """Try mutants at every moment at which their rule is in force; ``told`` hears of progress.

    With ``days``, only at the moments of these days: what is then called idle, or the same, is so
    on these days.
    """
    spaces = _spaces(book, days)
    found = Caught(set(), {}, set(), set())
    for step in (0, 1):
        for space in spaces:
            rules = space.moment.state.index.by_key
            here = [m for m in wanted if m.rule.key in rules]
            _try(space, space.small()[0] if step == 0 else _two(space), here, rules, found)
            told(f"{space.moment.day} : {len(found.proofs)}, {len(found.properties)}")
    _compare(spaces, wanted, found)
    return found


def _two(space: Space) -> Shape:
    return Shape.of(dict.fromkeys(space.repeated, 2))


def _spaces(book: Rulebook, days: Collection[dt.date] | None) -> list[Space]:
    found: dict[object, Space] = {}
    every = moments(book)
    for moment in every if days is None else [moment_of(every, day) for day in days]:
        variables = Variables(book, moment.day)
        found.setdefault(alike(moment, variables), Space(moment, variables))
    return list(found.values())


def _layout(
    space: Space, shape: Shape, here: Iterable[Mutant], rules: Mapping[str, int], exact: bool
) -> tuple[Layout, dict[Mutant, Literal]]:
    variants: dict[int, list[Mutant]] = {}
    for mutant in here:
        variants.setdefault(rules[mutant.rule.key], []).append(mutant)
    layout = Layout(
        space.variables,
        space.moment,
        shape,
        exact=exact,
        dependence=space.dependence,
        whole=frozenset(space.keyed),
        variants={index: [m.formula for m in group] for index, group in variants.items()},
    )
    chosen = {
        mutant: literal
        for index, group in variants.items()
        for mutant, literal in zip(group, layout.chosen_variants[index], strict=True)
    }
    return layout, chosen


def _try(
    space: Space,
    shape: Shape,
    here: Sequence[Mutant],
    rules: Mapping[str, int],
    found: Caught,
) -> None:
    left = [m for m in here if m not in found.proofs or m not in found.properties]
    if not left:
        return
    layout, chosen = _layout(space, shape, left, rules, exact=True)
    law = space.moment.state
    wrong = layout.program.any_of([claim.literal(layout) for claim in of_conclusions(law)])
    pending = [m for m in left if m not in found.proofs]
    for mutant, _ in _showing(layout, chosen, pending, {"": wrong}):
        found.proofs.add(mutant)
    denied = {
        declared.id: of_property(law, declared).literal(layout)
        for declared in law.rulebook.properties
        if declared.period.contains(space.moment.day)
    }
    pending = [m for m in left if m not in found.properties]
    for mutant, name in _showing(layout, chosen, pending, denied):
        found.properties[mutant] = name


def _showing(
    layout: Layout,
    chosen: Mapping[Mutant, Literal],
    pending: Sequence[Mutant],
    faults: Mapping[str, Literal],
) -> Iterator[tuple[Mutant, str]]:
    """Mutants with which some fault can happen, each with one that does."""
    program = layout.program
    left = {mutant: chosen[mutant] for mutant in pending}
    goal = program.all_of(
        [program.any_of(list(faults.values())), program.any_of(list(left.values()))]
    )
    wanted = {*left.values(), *(abs(literal) for literal in faults.values())}
    done: list[Literal] = []
    while left:
        model = program.solve([goal, *(-literal for literal in done)], wanted)
        if model is None:
            return
        mutant = next(m for m, literal in left.items() if literal in model)
        done.append(left.pop(mutant))
        yield (
            mutant,
            next(name for name, fault in faults.items() if (abs(fault) in model) == (fault > 0)),
        )


def _compare(spaces: Sequence[Space], wanted: Sequence[Mutant], found: Caught) -> None:
    """Among mutants that nothing saw, those that change nothing, or no answer."""
    survivors = [m for m in wanted if m not in found.proofs and m not in found.properties]
    moved: set[Mutant] = set()
    answers: set[Mutant] = set()
    for space in spaces:
        law = space.moment.state
        rules = law.index.by_key
        here = [m for m in survivors if m.rule.key in rules and m not in answers]
        if not here:
            continue
        shape = Shape.of({**dict.fromkeys(space.repeated, 1), **space.keyed})
        layout, chosen = _layout(space, shape, here, rules, exact=False)
        # The items that are not laid out say the same in both: the first conclusion that differs,
        # in the order in which they are settled, is read where all before it is the same.
        plain = law_on(layout.choices, law, beyond=layout.others)
        program = layout.program
        for mutant in here:
            index = rules[mutant.rule.key]
            place = focus(mutant.rule.scope)
            before, after = plain.rule(index, place)[0], layout.reading.rule(index, place)[0]
            applied = program.any_of(
                [program.all_of([before, -after]), program.all_of([-before, after])]
            )
            if mutant not in moved and program.possible([chosen[mutant], applied]):
                moved.add(mutant)
        answered = _differing(layout, plain)
        for mutant in here:
            if mutant in moved and program.possible([chosen[mutant], answered]):
                answers.add(mutant)
    found.idle = {m for m in survivors if m not in moved}
    found.same = {
        m
        for m in survivors
        if m in moved and m not in answers and not m.rule.effects and m.rule.ceiling is None
    }


def _differing(layout: Layout, plain: Reading[Literal]) -> Literal:
    """Holds where some conclusion is not the same in both readings."""
    program = layout.program
    return program.any_of(
        [
            program.all_of([first, -second])
            for name, conclusion in plain.book.conclusions.items()
            for place in layout.shape.places(conclusion.scope)
            for value in conclusion.values
            for a, b in [
                (plain.value(name, value, place), layout.reading.value(name, value, place))
            ]
            for first, second in ((a, b), (b, a))
        ]
    )
