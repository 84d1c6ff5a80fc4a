"""Combinations declared impossible and declared properties, as what a lawyer reads of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.advice.sentences import Clause, Part
from coopdec_rules.rulebook.model import Change, Property
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.recueil.cards import Cards, Line
from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.texts import Declared, Text


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a statement: a word that links it to the line before, then what it says."""

    word: str
    part: Part
    #: What stands between both.
    before: str = ""
    #: Whether it is what must follow.
    then: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A declaration in words: its lines in order, its sources, its days of force."""

    declared: Declared
    said: tuple[Said, ...]
    sources: tuple[Line, ...]
    period: str
    scope: str

    @property
    def anchor(self) -> str:
        """Identifier of the declaration on its page."""
        return anchor(self.declared)


@dataclass(frozen=True, slots=True)
class Listed:
    """A text of declarations: how many are in force on each day, of how many in all."""

    id: str
    title: str
    counts: tuple[int, ...]
    total: int


class Declarations:
    """What a rulebook declares of its scenarios and of its answers, by folder."""

    def __init__(self, cards: Cards, texts: Mapping[str, Mapping[str, Text]]) -> None:
        self.cards = cards
        self.texts = texts
        self._place = {
            id(declared): (folder, text.id)
            for folder, found in texts.items()
            for text in found.values()
            for declared in text.declared
        }

    def link(self, declared: Declared, days: Days) -> str:
        """Address of the declaration, on the same days."""
        folder, text = self._place[id(declared)]
        return days.link(f"{folder}/{text}", anchor(declared))

    def listed(self, folder: str, days: Days) -> list[Listed]:
        """The texts of a folder with what they hold on each of the days."""
        return [
            Listed(
                text.id,
                text.title,
                _in_force(text.declared, days),
                len(text.declared),
            )
            for text in self.texts[folder].values()
        ]

    def statement(self, declared: Declared, days: Days) -> Statement:
        """The declaration in words; its sources as numbered on the day, or while in force."""
        period = declared.period
        within = [day for day, _ in days.states if period.contains(day)]
        day = within[0] if within else period.start or period.end or days.day
        return Statement(
            declared,
            tuple(self._said(declared)),
            tuple(self.cards.sources(declared.sources, self.cards.book.at(day))),
            period.words,
            scope_of(self.cards.book, declared),
        )

    def _said(self, declared: Declared) -> Iterable[Said]:
        parts = self.cards.sentences.clauses(declared.conditions)
        if not isinstance(declared, Property):
            lead = "Aucun scénario ne peut avoir"
            for index, part in enumerate(parts):
                first = f"{lead} à la fois :" if len(parts) > 1 else f"{lead} :"
                yield Said("et" if index else first, part)
            return
        for index, part in enumerate(parts):
            yield Said("et si" if index else "Si", part)
        always = "alors, toujours :" if parts else "Toujours :"
        for index, part in enumerate(self.cards.sentences.clauses(declared.then)):
            yield Said("et" if index else always, part, then=True)
        if declared.change is not None:
            lead = "alors, toutes" if parts else "Toutes"
            yield from self._monotony(lead, declared.change, declared.never_worse)

    def _monotony(self, lead: str, change: Change, name: str) -> Iterable[Said]:
        say, book = self.cards.sentences, self.cards.book
        fact, conclusion = book.facts[change.fact], book.conclusions[name]
        before, after = (fact.said(value) for value in (change.before, change.after))
        given = Clause(fact.id, f"« {fact.label} »", f" au lieu de « {before} »")
        word = f"{lead} choses égales par ailleurs, donner"
        yield Said(word, given, before=f"« {after} » à ", then=True)
        order = ", ".join(say.value(name, value) for value in conclusion.order)
        rest = f" (du pire au meilleur : {order})"
        yield Said("n'empire jamais", Clause(name, f"« {conclusion.label} »", rest), then=True)


def scope_of(book: Rulebook, declared: Declared) -> str:
    """Group for each item of which the declaration is read; "" for the whole scenario."""
    scope = declared.scope
    if scope is None and isinstance(declared, Property) and declared.change is not None:
        scope = (
            book.conclusions[declared.never_worse].scope or book.facts[declared.change.fact].scope
        )
    return scope or ""


def anchor(declared: Declared) -> str:
    """Identifier of the declaration on its page."""
    return f"{'propriete' if isinstance(declared, Property) else 'impossible'}-{declared.id}"


def _in_force(found: Sequence[Declared], days: Days) -> tuple[int, ...]:
    return tuple(sum(1 for d in found if d.period.contains(day)) for day, _ in days.states)
