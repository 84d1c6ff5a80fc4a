"""The summary of a draft: every answer given, by theme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coopdec_rules.advice.scenario import pointer_of
from coopdec_rules.rulebook.model import Theme
from coopdec_rules.web.catalogue import facts_of
from coopdec_rules.web.field_view import mistake_text
from coopdec_rules.web.guide.draft import Draft
from coopdec_rules.web.guide.interest import Interest
from coopdec_rules.web.guide.view import GuidePresenter


@dataclass(frozen=True, slots=True)
class Given:
    """One line of the summary; ``idle``: the other answers make it useless."""

    pointer: str
    question: str
    text: str
    idle: bool
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """Answers of one theme, by item (the title is "" outside repeated groups)."""

    theme: Theme
    parts: tuple[tuple[str, tuple[Given, ...]], ...]


def chapters(presenter: GuidePresenter, draft: Draft, interest: Interest) -> Iterator[Chapter]:
    """Every theme, with the answers given under it."""
    for theme in presenter.themes:
        yield Chapter(theme, tuple(_parts(presenter, theme, draft, interest)))


def _parts(
    presenter: GuidePresenter, theme: Theme, draft: Draft, interest: Interest
) -> Iterator[tuple[str, tuple[Given, ...]]]:
    problems = {p.pointer: p for p in reversed(draft.problems)}
    for group in presenter.groups[theme.id]:
        facts = facts_of(presenter.book, group)
        count = draft.state.counts[group.id] if group.repeated else 1
        for index in range(count):
            item = index if group.repeated else None
            answers = []
            for fact in facts:
                pointer = pointer_of(fact, item)
                value = draft.state.values.get(pointer, "").strip()
                if not value:
                    continue
                problem = problems.get(pointer)
                answers.append(
                    Given(
                        pointer,
                        fact.question,
                        presenter.fields.answer(fact, value),
                        interest.of(fact, item) == "none",
                        mistake_text(problem) if problem else None,
                    )
                )
            if answers:
                title = group.noun.numbered(index)
                yield title if group.repeated and count > 1 else "", tuple(answers)
