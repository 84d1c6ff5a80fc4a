"""Rules as cards: what a lawyer reads of a rule on a day, and what differs on another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from coopdec_rules.advice.names import NAMES
from coopdec_rules.advice.sentences import Part, Sentences
from coopdec_rules.advice.wording import Wording
from coopdec_rules.rulebook.model import Rule, SourceRef
from coopdec_rules.rulebook.rulebook import LawState, Rulebook
from coopdec_rules.web.recueil.days import Days, Presence
from coopdec_rules.web.recueil.sources import Finding, finding

EFFECTS = {
    "condition": "Condition",
    "formalite": "Formalité",
    "modalite": "Modalité",
    "avertissement": "Avertissement",
    "conseil": "Conseil",
    "piste": "Piste pour y arriver",
}
#: Marks of what only one of two days holds.
GONE, NEW = "moins", "plus"
_SHORT = 110


@dataclass(slots=True)
class Line:
    """One thing a card says; ``text`` is compared between two days, ``mark`` tells the result."""

    text: str
    part: Part | None = None
    subject: str = ""
    label: str = ""
    note: str = ""
    rank: str = ""
    found: Finding | None = None
    rule: str = ""
    active: bool = True
    mark: str = ""


@dataclass(slots=True)
class Card:
    """One version of a rule, read on one day."""

    rule: Rule
    day: dt.date
    title: str
    conditions: list[Line]
    concludes: list[Line]
    effects: list[Line]
    sets_aside: list[Line]
    aside_by: list[Line]
    sources: list[Line]
    presence: Presence = "deux"
    changed: list[str] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Identifier on a page that shows several rules."""
        return f"regle-{self.rule.key}"

    @property
    def period(self) -> str:
        """Days of force in words."""
        return self.rule.period.words

    def lists(self) -> dict[str, list[Line]]:
        """What is compared between two days, under its name."""
        return {
            "conditions": self.conditions,
            "effets": [*self.concludes, *self.effects],
            "exceptions": [*self.aside_by, *self.sets_aside],
            "sources": self.sources,
        }


class Cards:
    """Makes the cards of one rulebook."""

    def __init__(self, book: Rulebook, wording: Wording) -> None:
        self.book = book
        self.sentences = Sentences(book, wording)
        self.wording = wording
        #: Versions of each rule, oldest first.
        self._by_id: dict[str, list[Rule]] = {}
        self._against: dict[str, list[str]] = {}
        self._titles: dict[tuple[str, str], str] = {}
        for rule in sorted(book.rules, key=lambda r: r.period.start or dt.date.min):
            self._by_id.setdefault(rule.id, []).append(rule)
            for target in rule.sets_aside:
                names = self._against.setdefault(target, [])
                if rule.id not in names:
                    names.append(rule.id)

    def card(self, rule: Rule, day: dt.date) -> Card:
        """A version of a rule as it stands on a day."""
        state = self.book.at(day)
        say = self.sentences
        return Card(
            rule=rule,
            day=day,
            title=say.on_day(rule.explanation, state),
            conditions=[Line(str(part), part) for part in say.conditions(rule)],
            concludes=[self._concluded(name, value) for name, value in rule.concludes],
            effects=self._effects(rule, state),
            sets_aside=self._named(rule.sets_aside, day),
            aside_by=self._named(self._against.get(rule.id, ()), day),
            sources=self.sources(rule.sources, state),
        )

    def versions(self, rule_id: str) -> Sequence[Rule]:
        """The versions of a rule, oldest first."""
        return self._by_id.get(rule_id, [])

    def short(self, rule_id: str, day: dt.date, length: int = _SHORT) -> str:
        """What a rule says, cut after ``length`` characters at most."""
        state = self.book.at(day)
        key = (rule_id, state.key[1])
        text = self._titles.get(key)
        if text is None:
            version = self.nearest(rule_id, day)
            text = rule_id if version is None else self.sentences.on_day(version.explanation, state)
            self._titles[key] = text
        return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + "…"

    def nearest(self, rule_id: str, day: dt.date) -> Rule | None:
        """The version in force on a day, else the last one before, else the first one after."""
        versions = self._by_id.get(rule_id, [])
        for rule in versions:
            if rule.period.contains(day):
                return rule
        before = [r for r in versions if r.period.end is not None and r.period.end < day]
        return before[-1] if before else versions[0] if versions else None

    def in_force(self, rule_id: str, day: dt.date) -> Rule | None:
        """The version of a rule in force on a day."""
        found = self.nearest(rule_id, day)
        return found if found is not None and found.period.contains(day) else None

    def followed(self, rule: Rule) -> list[Rule]:
        """Rules that begin the day after this one ends and conclude something that it did."""
        if rule.period.end is None or rule.period.end == dt.date.max:
            return []
        return self._same_matter(rule, rule.period.end + dt.timedelta(days=1), "start")

    def preceded(self, rule: Rule) -> list[Rule]:
        """Rules that end the day before this one begins and concluded something that it does."""
        if rule.period.start is None or rule.period.start == dt.date.min:
            return []
        return self._same_matter(rule, rule.period.start - dt.timedelta(days=1), "end")

    def _same_matter(self, rule: Rule, day: dt.date, edge: str) -> list[Rule]:
        names = {name for name, _ in rule.concludes}
        return [
            other
            for other in self.book.rules
            if getattr(other.period, edge) == day
            and (
                other.id == rule.id
                or (
                    other.table is None
                    and rule.table is None
                    and any(name in names for name, _ in other.concludes)
                )
            )
        ]

    def _concluded(self, name: str, value: str) -> Line:
        label = self.sentences.label(name)
        said = self.sentences.value(name, value)
        return Line(f"{label} : {said}", subject=name, label=label, note=said)

    def _effects(self, rule: Rule, state: LawState) -> list[Line]:
        say = self.sentences
        lines = []
        for effect in rule.effects:
            text = say.on_day(effect.text, state)
            who = self._who(effect.who, effect.when)
            done = "" if effect.done_if is None else str(say.part(effect.done_if))
            note = " ; ".join(filter(None, (who, f"tenue pour faite si {done}" if done else "")))
            lines.append(Line(text, label=EFFECTS.get(effect.kind, effect.kind), note=note))
        if rule.ceiling is not None:
            limit = self.wording.ceiling(rule.ceiling)
            amount = say.label(rule.ceiling.amount)
            lines.append(Line(f"{amount} : au plus {limit}", label="Plafond"))
        return lines

    @staticmethod
    def _who(who: str, when: str) -> str:
        named = [f"par {NAMES['qui'].get(who, who)}"] if who else []
        return ", ".join([*named, *([NAMES["quand"].get(when, when)] if when else [])])

    def _named(self, names: Iterable[str], day: dt.date) -> list[Line]:
        lines = []
        for name in names:
            active = self.in_force(name, day) is not None
            version = self.nearest(name, day)
            period = version.period.words if version is not None and not active else ""
            # A rule out of force plays no part that day: it is not compared.
            text = name if active else ""
            rank = version.rank if version is not None else ""
            label = self.short(name, day)
            lines.append(Line(text, rule=name, label=label, note=period, rank=rank, active=active))
        return sorted(lines, key=lambda line: not line.active)

    def sources(self, refs: Iterable[SourceRef], state: LawState) -> list[Line]:
        """Sources with their pinpoints, as they are numbered in a state of the law."""
        return [
            Line(
                f"{ref.source.title}, {pinpoint}" if pinpoint else ref.source.title,
                subject=ref.source.id,
                label=ref.source.title,
                note=pinpoint,
                rank=ref.source.rank,
                found=finding(ref.source),
            )
            for ref in refs
            for pinpoint in [self.sentences.on_day(ref.pinpoint, state)]
        ]


def mark(left: Card, right: Card) -> None:
    """Mark on two cards what the other does not say; ``changed`` names what differs."""
    other = right.lists()
    for name, lines in left.lists().items():
        gone = _mark(lines, other[name], GONE)
        new = _mark(other[name], lines, NEW)
        if gone or new:
            left.changed.append(name)
            right.changed.append(name)


def _mark(lines: Sequence[Line], others: Sequence[Line], sign: str) -> bool:
    known = {line.text for line in others}
    found = [line for line in lines if line.text and line.text not in known]
    for line in found:
        line.mark = sign
    return bool(found)


def compared(cards: Cards, rule: Rule, days: Days) -> tuple[Card | None, Card | None]:
    """The card of a rule's version on each of two days, marked; ``None`` where it has none."""
    left = cards.in_force(rule.id, days.day)
    right = cards.in_force(rule.id, days.other) if days.other else None
    first = cards.card(left, days.day) if left else None
    second = cards.card(right, days.other) if right and days.other else None
    if first and second:
        mark(first, second)
    return first, second
