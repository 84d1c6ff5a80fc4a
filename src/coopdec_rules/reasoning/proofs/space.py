"""Every possible scenario of one moment, laid out for proofs.

Two kinds of layout.  An *exact* one has a fixed number of items in each repeated group: a scenario
found in it exists.  An *open* one has some items in full and leaves room for any number of others,
of which nothing is known but what the formulas that look at all items say of them: what is
impossible in it is impossible whatever the number of items.  See docs/decisions/0007-proofs.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from coopdec_rules.reasoning.algebra import Truth
from coopdec_rules.reasoning.dependence import Dependence
from coopdec_rules.reasoning.moments import Moment
from coopdec_rules.reasoning.places import Shape, Slot, focus
from coopdec_rules.reasoning.program import Choices, Literal, Program, keep_possible, law_on
from coopdec_rules.reasoning.reading import Reading
from coopdec_rules.reasoning.variables import Variables
from coopdec_rules.rulebook.flat import flat
from coopdec_rules.rulebook.formula import Formula
from coopdec_rules.rulebook.model import Atom, Quantified


class Others:
    """What the items that are not laid out say of formulas over all items.

    One free literal stands for them in each formula, unless another says that no other item matters
    for it.  ``first`` are the others of another reading of the same scenarios: they say the same,
    except of the atoms of ``apart``.
    """

    def __init__(
        self,
        program: Program,
        atoms: Sequence[Atom],
        whole: frozenset[str],
        first: Others | None = None,
        apart: frozenset[int] = frozenset(),
    ) -> None:
        self.program = program
        self.atoms = atoms
        #: Groups of which every item is laid out.
        self.whole = whole
        self._first = first
        self._apart = apart
        self._made: dict[int, tuple[Literal, Literal]] = {}

    def __call__(self, index: int) -> Truth[Literal] | None:
        """Truth of an atom's formula over the other items; ``None`` when there are none."""
        kind = self.atoms[index].kind
        if not isinstance(kind, Quantified) or kind.group in self.whole:
            return None
        closed, rest = self._of(index)
        if kind.quantifier == "un":
            found = self.program.all_of([rest, -closed])
        else:
            found = self.program.any_of([rest, closed])
        return found, -found

    def closed(self, atoms: Iterable[int]) -> list[Literal]:
        """Assumptions: no other item than those laid out matters for these atoms."""
        kinds = [(index, self.atoms[index].kind) for index in atoms]
        return [
            self._of(index)[0]
            for index, kind in kinds
            if isinstance(kind, Quantified) and kind.group not in self.whole
        ]

    def _of(self, index: int) -> tuple[Literal, Literal]:
        """Literals "no other item matters" and "what the others say"."""
        if self._first is not None and index not in self._apart:
            return self._first._of(index)
        found = self._made.get(index)
        if found is None:
            found = self._made[index] = self.program.free(), self.program.free()
        return found


class Layout:
    """One program over the scenarios of a moment, and the law read on them."""

    def __init__(
        self,
        variables: Variables,
        moment: Moment,
        shape: Shape,
        *,
        exact: bool,
        dependence: Dependence,
        whole: frozenset[str] = frozenset(),
        variants: Mapping[int, Sequence[Formula]] | None = None,
    ) -> None:
        self.variables = variables
        self.moment = moment
        self.shape = shape
        self.exact = exact
        self.program = Program(shape)
        self.choices = Choices(self.program, variables)
        self.dependence = dependence
        self.others = Others(
            self.program,
            variables.book.all_atoms,
            frozenset(dict(shape.counts)) if exact else whole,
        )
        #: For each rule that has some, the literals that say which variant of it is read.
        self.chosen_variants = {
            index: [self.program.free() for _ in formulas]
            for index, formulas in (variants or {}).items()
        }
        self.program.at_most_one(
            [literal for found in self.chosen_variants.values() for literal in found]
        )
        self.reading = law_on(
            self.choices,
            moment.state,
            beyond=self.others,
            variants={
                index: list(zip(chosen, map(flat, (variants or {})[index]), strict=True))
                for index, chosen in self.chosen_variants.items()
            },
        )
        keep_possible(self.choices, self.reading)
        if exact:
            self._keep_distinct(self.choices)

    def twin(self, fact: str, after: int) -> Reading[Literal]:
        """Another reading of the law in which only ``fact`` moves, to another cell.

        The change is made in the scenario, or in the first item of the fact's group.
        """
        index = self.variables.index_of[fact]
        scope = self.variables.all[index].scope
        moved = self.dependence.moved(fact, scope)
        others = Others(
            self.program, self.others.atoms, self.others.whole, self.others, moved.elsewhere
        )
        choices = self.choices.moved((focus(scope), index), after)
        return self.reading.after(choices.comparison, moved, others)

    def chosen(self) -> list[tuple[Slot, int, Literal]]:
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
        self.dependence = Dependence(moment.state)
        self.repeated = [group.id for group in self.book.groups.values() if group.repeated]
        #: Groups whose items differ by a key: they never have more items than the key has values.
        self.keyed = {
            group.id: len(self.book.facts[f"{group.id}.{group.unique_key}"].values)
            for group in self.book.groups.values()
            if group.repeated
            and group.unique_key
            and self.book.facts[f"{group.id}.{group.unique_key}"].kind.listed
        }
        self._exact: dict[Shape, Layout] = {}
        self._open: dict[Shape, Layout] = {}

    def exact(self, shape: Shape) -> Layout:
        found = self._exact.get(shape)
        if found is None:
            found = self._exact[shape] = Layout(
                self.variables, self.moment, shape, exact=True, dependence=self.dependence
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
                dependence=self.dependence,
                whole=frozenset(self.keyed),
            )
        return found

    def small(self) -> list[Shape]:
        """Numbers of items to look for an example in, the simplest first."""
        counts: list[dict[str, int]] = [dict.fromkeys(self.repeated, 1)]
        counts += [{**counts[0], group: 2} for group in self.repeated]
        counts += [dict.fromkeys(self.repeated, number) for number in (2, 3)]
        return list(dict.fromkeys(Shape.of(count) for count in counts))
