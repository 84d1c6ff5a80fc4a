"""The contents: texts and themes with their counts, and what changes between two days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coopdec_rules.rulebook.model import Rule
from coopdec_rules.rulebook.reviews import ACCEPTED
from coopdec_rules.rulebook.rulebook import LawState, Rulebook
from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.texts import Text
from coopdec_rules.web.recueil.vocabulary import Index

#: Rules that settle nothing but add to the avis have their own theme.
ADDS = "ajouts"


@dataclass(frozen=True, slots=True)
class Counted:
    """An entry of the contents: how many rules it holds on each day, of how many in all."""

    id: str
    title: str
    rank: str
    counts: tuple[int, ...]
    total: int
    passages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LawChange:
    """A day on which the law changed: rules that began and ended, rows of tables among them."""

    day: dt.date
    begun: tuple[Rule, ...]
    ended: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """Written rules that only one of two days has, those of which each day has its version, and
    the tables of which a row differs."""

    gone: tuple[Rule, ...]
    new: tuple[Rule, ...]
    replaced: tuple[Rule, ...]
    tables: tuple[str, ...]


def by_text(ranks: Iterable[str], texts: Mapping[str, Text], days: Days) -> list[Counted]:
    """Every text, with the rank of its rules when they share one, and its headings.

    ``ranks`` are those of the rulebook, the strongest first.
    """
    found, order = [], list(ranks)
    for text in texts.values():
        rules = [r for r in text.rules if r.table is None]
        ranks = sorted({r.rank for r in rules}, key=order.index)
        found.append(
            Counted(
                text.id, text.title, ranks[0] if len(ranks) == 1 else "",
                _counts(rules, days), len(rules), _headings(text),
            )
        )  # fmt: skip
    return found


def _headings(text: Text) -> tuple[tuple[str, str], ...]:
    found = []
    for index, passage in enumerate(text.passages):
        for place, token in enumerate(passage.tokens):
            if token.type == "heading_open":
                found.append((f"passage-{index + 1}", passage.tokens[place + 1].content))
    return tuple(found)


def by_theme(book: Rulebook, index: Index, days: Days) -> list[Counted]:
    """What rules establish, in the order in which it is settled; then what they only add."""
    found = []
    for conclusion in index.conclusions():
        rules = index.concluded_by.get(conclusion.id, [])
        found.append(Counted(conclusion.id, conclusion.label, "", _counts(rules, days), len(rules)))
    adding = [r for r in book.rules if not r.concludes]
    found.append(
        Counted(
            ADDS, "conditions, formalités, conseils et plafonds seuls", "",
            _counts(adding, days), len(adding),
        )
    )  # fmt: skip
    return found


def _counts(rules: Iterable[Rule], days: Days) -> tuple[int, ...]:
    rules = list(rules)
    return tuple(sum(1 for r in rules if r.period.contains(day)) for day, _ in days.states)


def changes(book: Rulebook) -> list[LawChange]:
    """Every day on which the law changed, oldest first."""
    return [change_on(book, day) for day in book.boundaries]


def change_on(book: Rulebook, day: dt.date) -> LawChange:
    """Rules that began on a day, and rules whose last day was the day before."""
    eve = day - dt.timedelta(days=1)
    return LawChange(
        day,
        tuple(r for r in book.rules if r.period.start == day),
        tuple(r for r in book.rules if r.period.end == eve),
    )


def between(days: Days) -> Differences:
    """What differs between the two days asked; nothing when there is one."""
    rules = days.book.rules if days.other is not None else ()
    gone = [r for r in rules if days.presence(r) == "premier"]
    new = [r for r in rules if days.presence(r) == "second"]
    again = {r.id for r in gone} & {r.id for r in new}
    return Differences(
        gone=tuple(r for r in gone if r.table is None and r.id not in again),
        new=tuple(r for r in new if r.table is None and r.id not in again),
        replaced=tuple(r for r in gone if r.table is None and r.id in again),
        tables=tuple(dict.fromkeys(r.table for r in (*gone, *new) if r.table)),
    )


def figures(state: LawState) -> dict[str, int]:
    """What the law of a day holds."""
    written = [r for r in state.rules if r.table is None]
    reviews = state.rulebook.reviews
    return {
        "règles en vigueur": len(written),
        "lignes de tables en vigueur": len(state.rules) - len(written),
        "règles et lignes relues par un juriste": sum(
            1 for r in state.rules if reviews.state(r) in ACCEPTED
        ),
    }
