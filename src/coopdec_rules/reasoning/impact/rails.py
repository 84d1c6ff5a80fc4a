"""One law read inside a program that two laws share.

Every truth is two literals, "certainly" and "certainly not", as the engine reads them: with all
facts known they are each other's negation, except downstream of a conclusion to which the rulebook
gives no value, or two, where comparisons are neither.  Definitions are shared: what two laws say
alike is one literal, so what a change leaves alone is seen to be equal without any search.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from coopdec_rules.reasoning.batch import Place
from coopdec_rules.reasoning.program import Choices, Literal, Program, Shape
from coopdec_rules.rulebook.formula import And, Formula, Lit
from coopdec_rules.rulebook.model import (
    Among,
    Compare,
    Concluded,
    IsTrue,
    Quantified,
    facts_of,
)
from coopdec_rules.rulebook.rulebook import LawState
from coopdec_rules.rulebook.strata import conclusions_read

#: Certainly so, certainly not so.
Truth2 = tuple[Literal, Literal]
#: No value: no rule, or several that disagree, give one.
NOTHING = ""


class SharedProgram(Program):
    """A program in which a conjunction is made only once."""

    def __init__(self, shape: Shape) -> None:
        super().__init__(shape)
        self._made: dict[frozenset[Literal], Literal] = {}

    def all_of(self, literals: Sequence[Literal]) -> Literal:
        key = frozenset(literals) - {self.true}
        if any(-literal in key for literal in key) or -self.true in key:
            return -self.true
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = super().all_of(sorted(key))
        return found

    def any_of(self, literals: Sequence[Literal]) -> Literal:
        return -self.all_of([-literal for literal in literals])


class LawReading:
    """One law on one choice of facts.

    ``numbers`` gives, for the law's comparisons of facts, their place in the variables' rulebook.
    ``faulty`` are the conclusions that may lack a value or have two; of the others it is known that
    they never do, and comparisons with them are simpler.
    """

    def __init__(
        self,
        choices: Choices,
        law: LawState,
        numbers: Mapping[int, int],
        names: Mapping[str, str],
        faulty: frozenset[str] = frozenset(),
    ) -> None:
        self.choices = choices
        self.program = choices.program
        self.law = law
        self.book = law.rulebook
        self.faulty = faulty
        self._numbers = numbers
        self._names = names
        self._formulas: dict[tuple[Formula, Place], Truth2] = {}
        self._atoms: dict[tuple[int, Place], Truth2] = {}
        self._rules: dict[tuple[int, Place], Truth2] = {}
        self._claims: dict[tuple[str, Place], dict[str, Truth2]] = {}
        by_id: dict[str, list[int]] = {}
        for index, rule in enumerate(law.rules):
            by_id.setdefault(rule.id, []).append(index)
        self._against: dict[int, list[int]] = {}
        self._claiming: dict[str, list[tuple[int, str]]] = {
            name: [] for name in self.book.conclusions
        }
        for index, rule in enumerate(law.rules):
            for target in rule.sets_aside:
                for other in by_id.get(target, ()):
                    self._against.setdefault(other, []).append(index)
            for name, value in rule.concludes:
                self._claiming[name].append((index, value))

    def keep_possible(self) -> None:
        """Leave out what the rulebook declares impossible on this day."""
        day = self.choices.variables.day
        for impossible in self.book.impossible:
            if impossible.period.contains(day):
                for place in self.program.shape.places(impossible.scope):
                    self.program.forbid([self.formula(impossible.formula, place)[0]])

    # -- truths ------------------------------------------------------------------------------

    def formula(self, formula: Formula, place: Place) -> Truth2:
        """Where the formula certainly holds, and where it certainly does not."""
        key = (formula, place)
        found = self._formulas.get(key)
        if found is None:
            if isinstance(formula, Lit):
                holds, fails = self.atom(formula.atom, place)
                found = (holds, fails) if formula.positive else (fails, holds)
            else:
                conjunction = isinstance(formula, And)
                parts = [self.formula(part, place) for part in _parts(formula, conjunction)]
                found = self._join(parts, conjunction)
            self._formulas[key] = found
        return found

    def atom(self, index: int, place: Place) -> Truth2:
        atom = self.book.all_atoms[index]
        kind = atom.kind
        if atom.scope is None:
            place = None
        key = (index, place)
        found = self._atoms.get(key)
        if found is None:
            if isinstance(kind, Concluded):
                found = self._concluded(kind, place)
            elif isinstance(kind, Quantified):
                items = self.program.shape.places(kind.group)
                parts = [self.formula(kind.formula, item) for item in items]
                found = self._join(parts, kind.quantifier == "tous")
            else:
                holds = self._comparison(index, kind, place)
                found = (holds, -holds)
            self._atoms[key] = found
        return found

    def rule(self, index: int, place: Place) -> Truth2:
        """The rule certainly applies, nothing setting it aside; it certainly does not."""
        key = (index, place)
        found = self._rules.get(key)
        if found is None:
            rule = self.law.rules[index]
            against = [
                self.rule(other, place if self.law.rules[other].scope else None)
                for other in self._against.get(index, ())
            ]
            found = self._join(
                [self.formula(rule.formula, place), *((no, yes) for yes, no in against)], True
            )
            self._rules[key] = found
        return found

    def claims(self, conclusion: str, place: Place) -> Mapping[str, Truth2]:
        """For each value that rules give the conclusion: certainly given, certainly not."""
        key = (conclusion, place)
        found = self._claims.get(key)
        if found is None:
            by_value: dict[str, list[Truth2]] = {}
            for index, value in self._claiming[conclusion]:
                where = place if self.law.rules[index].scope else None
                by_value.setdefault(value, []).append(self.rule(index, where))
            found = {value: self._join(given, False) for value, given in sorted(by_value.items())}
            if self.book.conclusions[conclusion].type == "drapeau":
                yes, no = found.get("oui", (-self.program.true, self.program.true))
                found = {"oui": (yes, no), "non": (no, yes)}
            self._claims[key] = found
        return found

    def claiming(self, conclusion: str, value: str) -> list[int]:
        """Rules that give the conclusion this value, by their place in the law."""
        return [index for index, given in self._claiming[conclusion] if given == value]

    def answer(self, conclusion: str, place: Place) -> dict[str, Literal]:
        """The literal of each value that the conclusion may be given, and of having none."""
        found = {
            value: self._alone(self.claims(conclusion, place), value)
            for value in self.claims(conclusion, place)
        }
        found[NOTHING] = self.program.all_of([-literal for literal in found.values()])
        return found

    def faults(self) -> dict[str, Literal]:
        """For each conclusion that a rule reads: somewhere it has no value, or two."""
        read: set[str] = set()
        for rule in self.law.rules:
            read |= conclusions_read(rule.formula, self.book.all_atoms)
        return {
            name: self.program.any_of(
                [
                    self.answer(name, place)[NOTHING]
                    for place in self.program.shape.places(self.book.conclusions[name].scope)
                ]
            )
            for name in sorted(read)
        }

    # -- parts -------------------------------------------------------------------------------

    def _join(self, parts: Iterable[Truth2], conjunction: bool) -> Truth2:
        parts = list(parts)
        if conjunction:
            return (
                self.program.all_of([yes for yes, _ in parts]),
                self.program.any_of([no for _, no in parts]),
            )
        return (
            self.program.any_of([yes for yes, _ in parts]),
            self.program.all_of([no for _, no in parts]),
        )

    def _alone(self, claims: Mapping[str, Truth2], value: str) -> Literal:
        others = [-yes for name, (yes, _) in claims.items() if name != value]
        return self.program.all_of([claims[value][0], *others])

    def _concluded(self, kind: Concluded, place: Place) -> Truth2:
        if self.book.conclusions[kind.conclusion].scope is None:
            place = None
        claims = self.claims(kind.conclusion, place)
        named = [value for value in sorted(kind.values) if value in claims]
        flag = self.book.conclusions[kind.conclusion].type == "drapeau"
        if flag or kind.conclusion not in self.faulty:
            given = [claims[value] for value in named]
            if flag:
                return self._join(given, False)
            holds = self.program.any_of([yes for yes, _ in given])
            return holds, -holds
        all_of, any_of = self.program.all_of, self.program.any_of
        twice = any_of(
            [all_of([first[0], second[0]]) for first, second in combinations(claims.values(), 2)]
        )
        once = any_of([yes for yes, _ in claims.values()])
        open_ = {value: any_of([yes, all_of([-no, -once])]) for value, (yes, no) in claims.items()}
        gap = all_of([-literal for literal in open_.values()])
        holds = any_of([self._alone(claims, value) for value in named])
        fails = all_of([-twice, -gap, -holds, *(-open_[value] for value in named)])
        return holds, fails

    def _comparison(self, index: int, kind: IsTrue | Among | Compare, place: Place) -> Literal:
        variables = self.choices.variables
        number = self._numbers[index]
        read = [kind.fact, *(facts_of(kind.right) if isinstance(kind, Compare) else ())]
        fixed = variables.fixed.get(number)
        if fixed is not None:
            return self.program.true if fixed else -self.program.true
        names = [self._names.get(name, name) for name in read]
        variable = next(variables.index_of[name] for name in names if name in variables.index_of)
        cells = zip(variables.all[variable].cells, self.choices.cells[place, variable], strict=True)
        held = self.program.any_of([literal for cell, literal in cells if number in cell.holds])
        return self.program.all_of([held, *(self._relevant(name, place) for name in read)])

    def _relevant(self, fact: str, place: Place) -> Literal:
        """Where the fact has an object, in a complete scenario."""
        formula = self.book.facts[fact].relevant_if
        if formula is None:
            return self.program.true
        return self.formula(formula, place if self.book.facts[fact].scope else None)[0]


def _parts(formula: Formula, conjunction: bool) -> list[Formula]:
    """Parts of a conjunction (or disjunction), those of the same kind inside it laid flat."""
    if isinstance(formula, Lit):
        return [formula]
    if isinstance(formula, And) != conjunction and len(formula.parts) != 1:
        return [formula]
    return [inner for part in formula.parts for inner in _parts(part, conjunction)]
