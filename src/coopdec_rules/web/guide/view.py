"""The steps of the guided form as their templates show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coopdec_rules.advice.scenario import MAX_ITEMS, pointer_of
from coopdec_rules.advice.wording import Wording
from coopdec_rules.errors import Problem
from coopdec_rules.rulebook.model import Fact, Group, Theme
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.avis.view import capital
from coopdec_rules.web.catalogue import facts_of, groups_in_order
from coopdec_rules.web.field_view import FieldPresenter, FieldView, field_id, mistake_text
from coopdec_rules.web.fields import FieldCodec
from coopdec_rules.web.guide.draft import SUMMARY, Draft
from coopdec_rules.web.guide.interest import Interest, LegalBasis
from coopdec_rules.web.guide.places import ACTOR


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake, and where its field is: on this page, or at the address of another step."""

    text: str
    question: str | None = None
    href: str | None = None
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A button that adds an item to a group or removes one: the value sent, the text shown."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """Questions about one item of a group; a group that is not repeated has one, untitled.

    ``aside``: questions that may be left alone; ``by_law``: what the law settles without them.
    """

    id: str
    title: str | None
    fields: tuple[FieldView, ...]
    aside: tuple[FieldView, ...]
    by_law: tuple[LegalBasis, ...] = ()
    removal: Button | None = None


@dataclass(frozen=True, slots=True)
class GroupView:
    id: str
    title: str
    help: str
    items: tuple[ItemView, ...]
    addition: Button | None = None

    @property
    def asks(self) -> bool:
        """Whether anything of the group is asked up front."""
        return any(item.title or item.fields or item.by_law for item in self.items)


@dataclass(frozen=True, slots=True)
class StepView:
    """``asked`` names the fields asked up front, to see which ones an answer brings.

    ``acts``: it is the step that asks who acts.
    """

    theme: Theme
    groups: tuple[GroupView, ...]
    asked: tuple[str, ...]
    acts: bool

    @property
    def aside(self) -> tuple[tuple[str, tuple[FieldView, ...]], ...]:
        """Questions left aside, outside repeated groups, under the title of their group."""
        found = [
            (group.title, item.aside)
            for group in self.groups
            for item in group.items
            if item.title is None and item.aside
        ]
        return tuple(found)


class GuidePresenter:
    """Shows the steps of one vocabulary."""

    def __init__(self, book: Rulebook, codec: FieldCodec, wording: Wording) -> None:
        self.book = book
        self.codec = codec
        self.fields = FieldPresenter(book, wording)
        self.themes = tuple(book.themes.values())
        self.groups = {
            theme.id: [g for g in groups_in_order(book) if g.theme == theme.id]
            for theme in self.themes
        }

    def theme_of(self, fact: Fact) -> Theme:
        """The theme under which a fact is asked."""
        return self.book.themes[fact.group.theme]

    def following(self, ident: str) -> str:
        """The step after a theme."""
        order = [theme.id for theme in self.themes]
        place = order.index(ident) + 1
        return order[place] if place < len(order) else SUMMARY

    def previous(self, ident: str) -> str | None:
        """The step before one."""
        order = [*(theme.id for theme in self.themes), SUMMARY]
        place = order.index(ident)
        return order[place - 1] if place else None

    def answered(self, draft: Draft) -> frozenset[str]:
        """The themes of which something is answered."""
        given = (name for name, text in draft.state.values.items() if text.strip())
        places = (self.codec.place(name, draft.state) for name in given)
        return frozenset(self.theme_of(at[0]).id for at in places if at is not None)

    def asks(self, theme: Theme, fact: Fact) -> bool:
        """Whether a fact belongs to a theme."""
        return fact.group.theme == theme.id

    # -- one step ----------------------------------------------------------------------------

    def step(self, ident: str, draft: Draft, interest: Interest, missing: bool) -> StepView:
        """The questions of a theme; ``missing``: tell which required answers are missing."""
        shown = draft.problems if missing else draft.typed
        problems = {p.pointer: p for p in reversed(shown)}
        theme = self.book.themes[ident]
        groups = tuple(self._group(g, draft, interest, problems) for g in self.groups[ident])
        asked = [f.name for g in groups for item in g.items for f in item.fields]
        acts = any(group.id == ACTOR for group in self.groups[ident])
        return StepView(theme, groups, tuple(asked), acts)

    def _group(
        self, group: Group, draft: Draft, interest: Interest, problems: dict[str, Problem]
    ) -> GroupView:
        ident = f"groupe-{group.id}"
        if not group.repeated:
            item = self._item(group, None, ident, None, draft, interest, problems)
            return GroupView(ident, group.title, group.help, (item,))
        count = draft.state.counts[group.id]
        items = tuple(
            self._item(
                group,
                index,
                f"{ident}-{index + 1}",
                group.noun.numbered(index),
                draft,
                interest,
                problems,
            )
            for index in range(count)
        )
        return GroupView(
            ident,
            group.title,
            group.help,
            items,
            addition=Button(group.id, f"Ajouter {group.noun.one}") if count < MAX_ITEMS else None,
        )

    def _item(
        self,
        group: Group,
        index: int | None,
        ident: str,
        title: str | None,
        draft: Draft,
        interest: Interest,
        problems: dict[str, Problem],
    ) -> ItemView:
        fields: list[FieldView] = []
        aside: list[FieldView] = []
        settled: dict[LegalBasis, None] = {}
        for fact in facts_of(self.book, group):
            name = pointer_of(fact, index)
            place = interest.of(fact, index)
            problem = problems.get(name)
            if place == "none" and problem is None:
                continue
            by_law = interest.by_law.get((fact.id, index), ())
            first = place == "main" or problem is not None
            if by_law and not first:
                settled.update(dict.fromkeys(by_law))
                by_law = ()
            view = self.fields.field(
                fact,
                name,
                draft.state.values.get(name, ""),
                problem,
                by_law,
                doubtful=interest.doubtful(fact, index),
                presumed=interest.presumed(fact, index),
            )
            (fields if first else aside).append(view)
        count = draft.state.counts.get(group.id, 0)
        removal = None
        if index is not None and count > 1:
            removal = Button(f"{group.id}/{index}", f"Retirer {group.noun.the} {index + 1}")
        return ItemView(ident, title, tuple(fields), tuple(aside), tuple(settled), removal)

    # -- mistakes ----------------------------------------------------------------------------

    def mistakes(self, draft: Draft, missing: bool, here: str) -> Iterator[Mistake]:
        """Every mistake, with a way to its field; ``here`` is the step shown."""
        for problem in draft.problems if missing else draft.typed:
            text = mistake_text(problem)
            found = self.codec.place(problem.pointer, draft.state)
            if found is None:
                yield Mistake(f"{problem.pointer or 'Formulaire'} : {text}")
                continue
            fact, item = found
            theme = self.theme_of(fact)
            anchor = field_id(problem.pointer)
            question = fact.question
            if item is not None:
                question = f"{capital(fact.group.id.replace('_', ' '))} {item + 1} : {question}"
            if theme.id == here:
                yield Mistake(text, question, f"#{anchor}")
            else:
                href = draft.address(theme.id, anchor, fautes="1")
                yield Mistake(text, question, href, theme.title)
