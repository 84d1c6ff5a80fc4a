"""The questions of a situation as their template shows them: why each is asked, what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from coopdec_rules.advice.course import Course, Useful
from coopdec_rules.advice.names import how_read
from coopdec_rules.advice.scenario import Presumed, pointer_of
from coopdec_rules.advice.wording import Wording
from coopdec_rules.errors import Problem
from coopdec_rules.rulebook.display import Tone
from coopdec_rules.rulebook.model import Fact
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.field_view import FieldPresenter, FieldView
from coopdec_rules.web.guide.draft import Draft
from coopdec_rules.web.guide.interest import LegalBasis

#: A fact asked about, and its item in a repeated group.
At = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class TextView:
    """A text beside a question: the source, and what the rule drawn from it says."""

    source: str
    says: str


@dataclass(frozen=True, slots=True)
class AskedView:
    """A question, what it is asked for, and the law beside it.

    ``decides``: it may change the answer itself; ``aims``: what the elements it may change ask.
    """

    field: FieldView
    decides: bool
    aims: tuple[str, ...]
    texts: tuple[TextView, ...]


@dataclass(frozen=True, slots=True)
class ElementView:
    """An element of validity and its state, as the avis names them; ``known``: it has one."""

    heading: str
    state: str
    tone: Tone
    known: bool


@dataclass(frozen=True, slots=True)
class CourseView:
    """``left``: questions after those of this screen, as things stand; ``most``: at most.

    ``refused``: the action is, whatever is answered.
    """

    asked: tuple[AskedView, ...]
    elements: tuple[ElementView, ...]
    left: int
    most: int
    refused: bool

    @property
    def known(self) -> int:
        """How many elements have a state."""
        return sum(element.known for element in self.elements)

    @property
    def names(self) -> tuple[str, ...]:
        """The fields asked, to see which ones an answer brings."""
        return tuple(asked.field.name for asked in self.asked)


class CoursePresenter:
    """Shows courses of one vocabulary."""

    def __init__(self, book: Rulebook, fields: FieldPresenter, wording: Wording) -> None:
        self.book = book
        self._fields = fields
        self._wording = wording

    def view(
        self,
        course: Course,
        here: Sequence[At],
        draft: Draft,
        by_law: dict[At, tuple[LegalBasis, ...]],
        presumed: dict[At, Presumed],
        room: int,
        words: Mapping[str, str],
    ) -> CourseView:
        """``here``: what this screen asks; ``room``: how many questions may follow it.

        ``words``: how the situation asks some of them.
        """
        useful = {question.at: question for question in course.questions}
        problems = {p.pointer: p for p in reversed(draft.typed)}
        asked = tuple(
            self._asked(at, useful.get(at), course, draft, by_law, presumed, problems, words)
            for at in here
        )
        rest = sum(at not in here for at in useful)
        return CourseView(asked, self._elements(course), min(rest, room), room, course.refused)

    def _asked(
        self,
        at: At,
        question: Useful | None,
        course: Course,
        draft: Draft,
        by_law: dict[At, tuple[LegalBasis, ...]],
        presumed: dict[At, Presumed],
        problems: dict[str, Problem],
        words: Mapping[str, str],
    ) -> AskedView:
        fact, item = self.book.facts[at[0]], at[1]
        name = pointer_of(fact, item)
        field = self._fields.field(
            fact,
            name,
            draft.state.values.get(name, ""),
            problems.get(name),
            by_law.get(at, ()),
            presumed=presumed.get(at),
        )
        if fact.id in words:
            field = replace(field, question=words[fact.id])
        if question is None:
            return AskedView(field, False, (), ())
        aims = tuple(e.display.question for e in question.elements if e.display is not None)
        return AskedView(field, question.decides, aims, self._texts(question, course))

    def _texts(self, question: Useful, course: Course) -> tuple[TextView, ...]:
        readings = [course.findings.scenario]
        if question.fact.scope is not None:
            readings.insert(0, course.findings.items[question.fact.scope][question.item or 0])
        return tuple(
            TextView(
                self._wording.fill(f"{rule.main_source}{how_read(rule)}", *readings),
                self._wording.fill(rule.explanation, *readings),
            )
            for rule in question.texts
        )

    def _elements(self, course: Course) -> tuple[ElementView, ...]:
        found = []
        for element, value in course.elements:
            display = element.display
            if display is None:
                continue
            if value is None:
                found.append(
                    ElementView(display.heading, display.unknown_label, display.unknown.tone, False)
                )
            else:
                said = display.said[value]
                found.append(ElementView(display.heading, element.values[value], said.tone, True))
        return tuple(found)


def written(seen: Sequence[At]) -> str:
    """Facts asked already, as an address carries them."""
    return ",".join(name if not item else f"{name}*{item}" for name, item in seen)


def read(book: Rulebook, text: str) -> tuple[At, ...]:
    """The facts that an address says were asked; what names none is left out."""
    found: dict[At, None] = {}
    for part in text.split(","):
        name, _, item = part.partition("*")
        fact: Fact | None = book.facts.get(name)
        if fact is not None and (not item or (item.isdecimal() and len(item) < 3)):
            found[name, int(item or 0) if fact.scope else None] = None
    return tuple(found)
