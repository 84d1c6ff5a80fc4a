"""What every page of the reading room needs, made once for a rulebook."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from coopdec_rules.rulebook.model import Fact, Rule
from coopdec_rules.web.recueil.cards import Card, Cards, compared, mark
from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.decided import Decided
from coopdec_rules.web.recueil.declared import Declarations
from coopdec_rules.web.recueil.graph import Graphs
from coopdec_rules.web.recueil.search import Search
from coopdec_rules.web.recueil.sources import finding
from coopdec_rules.web.recueil.tables import table_ids
from coopdec_rules.web.recueil.texts import PROPERTIES, SPACE, Written, heading_of, load_texts
from coopdec_rules.web.recueil.timeline import Axis, Timeline
from coopdec_rules.web.recueil.vocabulary import Index, listed, rows
from coopdec_rules.web.service import Service

Today = Callable[[], dt.date]


#: Pages that every page leads to; tables stand after the first two.
_MENU = (
    ("", "Sommaire"),
    ("vocabulaire", "Vocabulaire"),
    (SPACE, "Impossibilités"),
    (PROPERTIES, "Propriétés"),
    ("normes", "Normes"),
    ("sources", "Sources"),
    ("graphe", "Graphe"),
    ("changements", "Changements du droit"),
)


class Room:
    """The rulebook of one service, ready to be read."""

    def __init__(self, service: Service, root: Path, today: Today = dt.date.today) -> None:
        self.service = service
        self.book = service.book
        self.today = today
        self.cards = Cards(self.book, service.advisor.wording)
        self.texts = load_texts(self.book, root)
        #: Decision tables and the heading under which each is declared.
        self.tables = {name: heading_of(self.texts, name) for name in table_ids(self.book)}
        self.menu = [
            *_MENU[:2],
            *((f"tables/{name}", title.split(",")[0]) for name, title in self.tables.items()),
            *_MENU[2:],
        ]
        self.index = Index(self.book)
        self.graphs = Graphs(self.cards, self.index, self.tables)
        declared = {folder: load_texts(self.book, root, folder) for folder in (SPACE, PROPERTIES)}
        self.declarations = Declarations(self.cards, declared)
        self.search = Search(self.cards, self.texts)
        self.decided = Decided(service)
        #: Text in which each rule is written, by the rule's key.
        self.text_of = {rule.key: text for text in self.texts.values() for rule in text.rules}

    def pair(self, rule: Rule, days: Days) -> list[Card | None]:
        """The card of a rule on each of the days asked."""
        first, second = compared(self.cards, rule, days)
        return [first] if days.other is None else [first, second]

    def sides(self, rule: Rule, days: Days) -> list[Card | None]:
        """This very version on two days: where another one stands, that one is written elsewhere.

        A text holds each version where it was written; only exceptions and articles differ.
        """
        kept = [
            self.cards.card(rule, day) if rule.period.contains(day) else None
            for day in (days.day, days.other or days.day)
        ]
        first, second = kept
        if first and second:
            mark(first, second)
        return kept

    def still(self, rule: Rule, day: dt.date) -> list[tuple[str, str, int]]:
        """What a rule concludes, and how many written rules conclude the same on a day."""
        rules = [r for r in self.book.at(day).rules if r.table is None]
        return [
            (name, value, sum(1 for r in rules if (name, value) in r.concludes))
            for name, value in rule.concludes
            if rule.table is None
        ]

    @staticmethod
    def period(written: Written) -> str:
        """Days of force of a rule or a declaration in words."""
        return written.period.words

    def presumed(self, fact: Fact) -> str:
        """What the vocabulary presumes of a fact, in words."""
        return "" if fact.presumed is None else fact.said(fact.presumed)

    finding = staticmethod(finding)
    listed = staticmethod(listed)
    rows = staticmethod(rows)

    def timeline(self, rule: Rule, days: Days) -> Timeline:
        """When this version of a rule is in force, and when its others are."""
        return Axis(days).draw((r.period for r in self.cards.versions(rule.id)), rule.period)
