"""Every possible scenario of one moment, laid out for proofs.

Two kinds of layout.  An *exact* one has a fixed number of items in each repeated group: a scenario
found in it exists.  An *open* one has some items in full and leaves room for any number of others,
of which nothing is known but what the formulas that look at all items say of them: what is
impossible in it is impossible whatever the number of items.  See docs/decisions/0007-proofs.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from coopdec_rules.reasoning.batch import Place
from coopdec_rules.reasoning.moments import Moment
from coopdec_rules.reasoning.program import Choices, Copy, Literal, Program, Shape
from coopdec_rules.reasoning.proofs.dependence import Moved, Reading
from coopdec_rules.reasoning.variables import Variables
from coopdec_rules.rulebook.formula import Formula, literals
from coopdec_rules.rulebook.model import Quantified
from coopdec_rules.rulebook.rulebook import LawState


class OpenCopy(Copy):
    """A law read on some items, others being possible.

    A formula over all items holds or fails for the others too: one more literal, free, stands for
    them, unless ``closed`` says that there are none.
    """

    def __init__(
        self,
        choices: Choices,
        law: LawState,
        whole: frozenset[str],
    ) -> None:
        super().__init__(choices, law)
        #: Groups of which every item is laid out.
        self.whole = whole
        #: Other conditions for a rule, each with the literal that says that it is read instead.
        self.variants: Mapping[int, Sequence[tuple[Literal, Formula]]] = {}
        #: For each quantified atom, the literal that says that no other item matters for it.
        self.closed: dict[int, Literal] = {}
        #: For each quantified atom, what the other items say of it.
        self.rest: dict[int, Literal] = {}

    def raw(self, index: int, place: Place) -> Literal:
        found = super().raw(index, place)
        variants = self.variants.get(index)
        if not variants:
            return found
        chosen = self.program.any_of([literal for literal, _ in variants])
        return self.program.any_of(
            [
                self.program.all_of([-chosen, found]),
                *(
                    self.program.all_of([literal, self.formula(formula, place)])
                    for literal, formula in variants
                ),
            ]
        )

    def others(self, index: int) -> tuple[Literal, Literal]:
        """The literals ``closed`` and ``rest`` of a quantified atom."""
        return self.program.free(), self.program.free()

    def atom(self, index: int, place: Place) -> Literal:
        kind = self.book.all_atoms[index].kind
        key = (index, None)
        if not isinstance(kind, Quantified) or key in self._atoms or kind.group in self.whole:
            return super().atom(index, place)
        program = self.program
        parts = [self.formula(kind.formula, item) for item in program.shape.places(kind.group)]
        closed, rest = self.others(index)
        self.closed[index], self.rest[index] = closed, rest
        if kind.quantifier == "un":
            found = program.any_of([*parts, program.all_of([rest, -closed])])
        else:
            found = program.all_of([*parts, program.any_of([rest, closed])])
        self._atoms[key] = found
        return found


class TwinCopy(OpenCopy):
    """The law read after a change, sharing with a first copy all that the change cannot move."""

    def __init__(self, choices: Choices, first: OpenCopy, moved: Moved) -> None:
        super().__init__(choices, first.law, first.whole)
        self.first = first
        self.variants = first.variants
        self.moved = moved

    def others(self, index: int) -> tuple[Literal, Literal]:
        if index in self.moved.elsewhere:
            return super().others(index)
        self.first.atom(index, None)
        return self.first.closed[index], self.first.rest[index]

    def formula(self, formula: Formula, place: Place) -> Literal:
        if all(literal.atom not in self.moved.atoms for literal in literals(formula)):
            return self.first.formula(formula, place)
        return super().formula(formula, place)

    def relevant(self, fact: str, place: Place) -> Literal:
        if fact not in self.moved.relevance:
            return self.first.relevant(fact, place)
        return super().relevant(fact, place)

    def effective(self, index: int, place: Place) -> Literal:
        if index not in self.moved.rules:
            return self.first.effective(index, place)
        return super().effective(index, place)

    def value(self, conclusion: str, value: str, place: Place) -> Literal:
        if conclusion not in self.moved.conclusions:
            return self.first.value(conclusion, value, place)
        return super().value(conclusion, value, place)


class Layout:
    """One program over the scenarios of a moment, and the law read on them."""

    def __init__(
        self,
        variables: Variables,
        moment: Moment,
        shape: Shape,
        *,
        exact: bool,
        reading: Reading,
        whole: frozenset[str] = frozenset(),
        variants: Mapping[int, Sequence[Formula]] | None = None,
    ) -> None:
        self.variables = variables
        self.moment = moment
        self.shape = shape
        self.exact = exact
        self.program = Program(shape)
        self.choices = Choices(self.program, variables)
        self.whole = frozenset(dict(shape.counts)) if exact else whole
        self.copy = OpenCopy(self.choices, moment.state, self.whole)
        self.copy.variants = {
            index: [(self.program.free(), formula) for formula in formulas]
            for index, formulas in (variants or {}).items()
        }
        self.program.at_most_one(
            [literal for found in self.copy.variants.values() for literal, _ in found]
        )
        self.reading = reading
        self.copy.keep_possible()
        if exact:
            self._keep_distinct(self.choices)

    def twin(self, fact: str, before: int, after: int) -> Copy:
        """Another copy of the law in which only ``fact`` goes from a cell to another.

        The change is made in the scenario, or in the first item of the fact's group.
        """
        index = self.variables.index_of[fact]
        scope = self.variables.all[index].scope
        others = Choices.__new__(Choices)
        others.program, others.variables = self.program, self.variables
        others.cells = dict(self.choices.cells)
        count = len(self.variables.all[index].cells)
        true = self.program.true
        others.cells[self.focus(scope), index] = tuple(
            true if n == after else -true for n in range(count)
        )
        return TwinCopy(others, self.copy, self.reading.moved(fact, scope))

    def impossible(self, copy: Copy) -> Literal:
        """The literal that holds where a copy stands in a combination declared impossible."""
        day = self.variables.day
        return self.program.any_of(
            [
                copy.formula(impossible.formula, place)
                for impossible in copy.book.impossible
                if impossible.period.contains(day)
                for place in self.shape.places(impossible.scope)
            ]
        )

    def closing(self, atoms: Iterable[int]) -> list[Literal]:
        """Assumptions: no other item than those of the layout matters for these atoms."""
        copy = self.copy
        atoms = list(atoms)
        for index in atoms:
            copy.atom(index, None)
        return [copy.closed[index] for index in atoms if index in copy.closed]

    def focus(self, scope: str | None) -> Place:
        """Where something of this scope is looked at; all items are alike."""
        return None if scope is None else (scope, 0)

    def chosen(self) -> list[tuple[tuple[Place, int], int, Literal]]:
        """Every cell: its variable at its place, its number, its literal."""
        return [
            (key, number, literal)
            for key, cells in self.choices.cells.items()
            for number, literal in enumerate(cells)
        ]

    def _keep_distinct(self, choices: Choices) -> None:
        """Two items of a group with a key never bear the same."""
        book = self.variables.book
        for group in book.groups.values():
            if not group.repeated or not group.unique_key:
                continue
            index = self.variables.index_of[f"{group.id}.{group.unique_key}"]
            places = self.shape.places(group.id)
            for number in range(len(self.variables.all[index].cells)):
                self.program.at_most_one([choices.cells[place, index][number] for place in places])


class Space:
    """The layouts of one moment, made on first use."""

    def __init__(self, moment: Moment, variables: Variables | None = None) -> None:
        self.moment = moment
        self.book = moment.state.rulebook
        self.variables = variables or Variables(self.book, moment.day)
        self.reading = Reading(moment.state)
        self.repeated = [group.id for group in self.book.groups.values() if group.repeated]
        #: Groups whose items differ by a key: they never have more items than the key has values.
        self.keyed = {
            group.id: len(self.book.facts[f"{group.id}.{group.unique_key}"].values)
            for group in self.book.groups.values()
            if group.repeated
            and group.unique_key
            and self.book.facts[f"{group.id}.{group.unique_key}"].type == "choix"
        }
        self._exact: dict[Shape, Layout] = {}
        self._open: dict[Shape, Layout] = {}

    def exact(self, shape: Shape) -> Layout:
        found = self._exact.get(shape)
        if found is None:
            found = self._exact[shape] = Layout(
                self.variables, self.moment, shape, exact=True, reading=self.reading
            )
        return found

    def forget(self, shape: Shape) -> None:
        """Free an exact layout."""
        self._exact.pop(shape, None)

    def forget_all(self) -> None:
        """Free every layout; those that are still needed are made again."""
        self._exact.clear()
        self._open.clear()

    def open(self, items: Mapping[str, int]) -> Layout:
        """The layout with at least these items in full, and any number of others in each group."""
        counts = {group: max(1, items.get(group, 1)) for group in self.repeated}
        shape = Shape.of({**counts, **self.keyed})
        found = self._open.get(shape)
        if found is None:
            found = self._open[shape] = Layout(
                self.variables,
                self.moment,
                shape,
                exact=False,
                reading=self.reading,
                whole=frozenset(self.keyed),
            )
        return found

    def small(self) -> list[Shape]:
        """Numbers of items to look for an example in, the simplest first."""
        counts: list[dict[str, int]] = [dict.fromkeys(self.repeated, 1)]
        counts += [{**counts[0], group: 2} for group in self.repeated]
        counts += [dict.fromkeys(self.repeated, number) for number in (2, 3)]
        return list(dict.fromkeys(Shape.of(count) for count in counts))
