"""Rules that do nothing: never applied, never decisive, exceptions and conditions without effect.

Each of these says that some scenario must exist.  One is enough, at any moment at which the rule is
in force; what no moment shows is then proved impossible, whatever the number of items.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.reasoning.places import Place, focus
from coopdec_rules.reasoning.program import Literal
from coopdec_rules.reasoning.proofs.faults import (
    CONSTANT,
    IDLE_EXCEPTION,
    REDUNDANT,
    SUPERFLUOUS,
    UNREACHABLE,
    Clause,
    Fault,
)
from coopdec_rules.reasoning.proofs.space import Layout, Space
from coopdec_rules.rulebook.formula import And, Formula, Lit
from coopdec_rules.rulebook.model import Rule
from coopdec_rules.rulebook.rulebook import Rulebook


@dataclass(frozen=True)
class Need:
    """A scenario that must exist for a part of a rule to be of use.

    ``part``: the rule set aside, or the place of the condition in the rule's formula.
    """

    kind: str
    rule: Rule
    part: str = ""
    path: tuple[int, ...] = ()
    positive: bool = True


def without(formula: Formula, path: tuple[int, ...]) -> Formula:
    """The formula once the part at ``path`` is taken out of the conjunction or choice it is in."""
    if not path:
        return And(())
    if isinstance(formula, Lit):
        raise TypeError("a comparison has no parts")
    first, *rest = path
    kind = type(formula)
    if rest:
        inner = without(formula.parts[first], tuple(rest))
        parts = (*formula.parts[:first], inner, *formula.parts[first + 1 :])
    else:
        parts = (*formula.parts[:first], *formula.parts[first + 1 :])
    return kind(parts)


def conditions(
    formula: Formula, path: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[int, ...], Lit]]:
    """Every comparison of a formula, with its place in it."""
    if isinstance(formula, Lit):
        yield path, formula
    else:
        for number, part in enumerate(formula.parts):
            yield from conditions(part, (*path, number))


def needs(book: Rulebook, rules: Iterable[Rule]) -> list[Need]:
    """All that must be possible for every part of every rule to be of use.

    Nothing is asked of the rules made for a ``pire_de``: they foresee every value of its parts.
    """
    found: list[Need] = []
    for rule in rules:
        if rule.concludes and all(book.conclusions[name].worst_of for name, _ in rule.concludes):
            continue
        found.append(Need(UNREACHABLE, rule))
        if rule.concludes and not rule.effects and rule.ceiling is None:
            found.append(Need(REDUNDANT, rule))
        found += [Need(IDLE_EXCEPTION, rule, target) for target in rule.sets_aside]
        for path, literal in conditions(rule.formula):
            text = book.all_atoms[literal.atom].text
            found += [Need(CONSTANT, rule, text, path, positive) for positive in (True, False)]
            if rule.table is None:  # the rows of a table share one wording
                found.append(Need(SUPERFLUOUS, rule, text, path))
    return found


class Chaser:
    """The literals that would meet needs, in one layout."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.reading = layout.reading
        self.law = layout.moment.state

    def literal(self, need: Need) -> Literal:
        """Holds in the scenarios that meet the need."""
        reading, program = self.reading, self.layout.program
        number = self.law.index.by_key[need.rule.key]
        place = focus(need.rule.scope)
        if need.kind == UNREACHABLE:
            return reading.rule(number, place)[0]
        if need.kind == REDUNDANT:
            uses = [self._alone(number, claim, place) for claim in need.rule.concludes]
            uses += [self._bites(number, target, place) for target in need.rule.sets_aside]
            return program.any_of(uses)
        if need.kind == IDLE_EXCEPTION:
            return self._bites(number, need.part, place)
        if need.kind == CONSTANT:
            literal = self._part(need)
            found = reading.formula(literal, place)[0]
            return found if need.positive else -found
        first = reading.conditions(number, place)[0]
        second = reading.formula(without(need.rule.formula, need.path), place)[0]
        return program.any_of([program.all_of([first, -second]), program.all_of([-first, second])])

    def _part(self, need: Need) -> Formula:
        formula: Formula = need.rule.formula
        for step in need.path:
            if isinstance(formula, Lit):
                raise TypeError("a comparison has no parts")
            formula = formula.parts[step]
        return formula

    def _alone(self, number: int, claim: tuple[str, str], place: Place) -> Literal:
        """The rule is the only one to conclude this."""
        name, value = claim
        others = [
            self.reading.rule(other, place)[1]
            for other, claimed in self.law.index.claims[name]
            if claimed == value and other != number
        ]
        return self.layout.program.all_of([self.reading.rule(number, place)[0], *others])

    def _bites(self, number: int, target: str, place: Place) -> Literal:
        """The rule alone sets aside a rule whose conditions hold."""
        found = []
        for victim in self.law.index.by_id.get(target, ()):
            there = focus(self.law.rules[victim].scope)
            others = [
                self.reading.rule(other, there)[1]
                for other in self.law.index.exceptions.get(victim, ())
                if other != number
            ]
            own = self.reading.conditions(victim, there)[0]
            found.append(
                self.layout.program.all_of([self.reading.rule(number, place)[0], own, *others])
            )
        return self.layout.program.any_of(found)


def chase(spaces: Sequence[Space]) -> list[Fault]:
    """What no moment shows to be of use.  Spaces are those of every moment looked at."""
    in_force: dict[str, list[Space]] = {}
    rules: dict[str, Rule] = {}
    for space in spaces:
        for rule in space.moment.state.rules:
            in_force.setdefault(rule.key, []).append(space)
            rules[rule.key] = rule
    if not spaces:
        return []
    book = spaces[0].book
    pending = dict.fromkeys(needs(book, rules.values()))
    for step in range(len(spaces[0].small())):
        by_space: dict[Space, list[Need]] = {}
        for need in pending:
            for space in in_force[need.rule.key]:
                by_space.setdefault(space, []).append(need)
        for space, asked in by_space.items():
            layout = space.exact(space.small()[step])
            for need in _met(layout, [need for need in asked if need in pending]):
                del pending[need]
            if step:
                space.forget(layout.shape)
    return [_fault(book, need, in_force[need.rule.key])
            for need in _kept(pending) if _proved(need, in_force[need.rule.key])]  # fmt: skip


def _met(layout: Layout, asked: Sequence[Need]) -> Iterator[Need]:
    """Needs that some scenario of the layout meets."""
    chaser = Chaser(layout)
    wanted = {need: chaser.literal(need) for need in asked}
    while wanted:
        goal = layout.program.any_of(list(wanted.values()))
        model = layout.program.solve([goal], {abs(lit) for lit in wanted.values()})
        if model is None:
            return
        for need, literal in list(wanted.items()):
            if (abs(literal) in model) == (literal > 0):
                del wanted[need]
                yield need


def _proved(need: Need, spaces: Iterable[Space]) -> bool:
    """Whether no number of items can meet the need either."""
    for space in spaces:
        layout = space.open({})
        if layout.program.possible([Chaser(layout).literal(need)]):
            return False
    return True


def _kept(pending: Iterable[Need]) -> list[Need]:
    """Needs that say something more: a rule that never applies needs no second remark."""
    asked = list(pending)
    dead = {need.rule.key for need in asked if need.kind == UNREACHABLE}
    constant = {(n.rule.key, n.path) for n in asked if n.kind == CONSTANT}
    return [
        need
        for need in asked
        if (need.kind == UNREACHABLE or need.rule.key not in dead or need.kind == CONSTANT)
        and not (need.kind == SUPERFLUOUS and (need.rule.key, need.path) in constant)
    ]


_TOLD: Mapping[str, str] = {
    UNREACHABLE: "Aucun scénario possible ne remplit les conditions de cette règle.",
    REDUNDANT: "Tout ce que cette règle conclut l'est toujours aussi par une autre.",
    IDLE_EXCEPTION: "L'exception à « {part} » ne joue jamais seule.",
    SUPERFLUOUS: "La condition « {part} » peut être ôtée sans rien changer à la règle.",
}


def _fault(book: Rulebook, need: Need, spaces: Sequence[Space]) -> Fault:
    told = _TOLD.get(need.kind, "").format(part=need.part)
    if need.kind == CONSTANT:
        state = "jamais remplie" if need.positive else "toujours remplie"
        verb = "n'est" if need.positive else "est"
        told = f"La condition « {need.part} » {verb} {state}."
    return Fault(
        need.kind,
        f"{need.rule.key} {need.part}".strip(),
        told,
        (Clause(need.rule, ""),),
        ((_first(need.rule, spaces), _last(need.rule, spaces)),),
    )


def _first(rule: Rule, spaces: Sequence[Space]) -> dt.date:
    day = spaces[0].moment.day
    return max(day, rule.period.start or day)


def _last(rule: Rule, spaces: Sequence[Space]) -> dt.date:
    return rule.period.end or spaces[-1].moment.last
