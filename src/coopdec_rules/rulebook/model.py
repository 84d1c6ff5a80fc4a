"""What a loaded rulebook is made of.  Everything here is immutable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from coopdec_rules.rulebook.display import Display
from coopdec_rules.rulebook.formula import Formula
from coopdec_rules.rulebook.nouns import Noun
from coopdec_rules.rulebook.types import KINDS, Bound, FactType
from coopdec_rules.rulebook.types import Value as Value
from coopdec_rules.rulebook.words import period

ConclusionType = Literal["choix", "drapeau"]
#: Value of a flag that some rule raises.
RAISED = "oui"

#: Who may have to act, those whose act is the easiest to obtain first; and who may change a fact
#: (nobody, for some).
WHO_ACTS = ("acteur", "groupement", "communes", "partenaire", "etat")
WHO_CHANGES = (*WHO_ACTS, "personne")
CONFIDENCES = ("texte", "secondaire", "partielle", "connaissance")
WARNING = "avertissement"
EFFECT_KINDS = ("condition", "formalite", WARNING, "conseil", "piste", "modalite")
#: The moments of an action, in their order: at once (an act already taken is illegal), before the
#: vote, at the vote, once voted (publish, transmit), to sign, once signed, to pay, afterwards.
WHEN = (
    "sans_attendre", "prealable", "vote", "execution", "signature", "envoi", "paiement", "apres",
)  # fmt: skip
#: The moment of what cannot wait.
AT_ONCE = WHEN[0]
#: What a warning bears on: the answer itself (told with it), a doubt on how it was read (counted
#: with the answer), this action (the default), a detail that changes nothing for it.
REACHES = ("reponse", "doute", "action", "detail")


@dataclass(frozen=True, slots=True)
class Group:
    """A family of facts, found together at ``path`` in a scenario; ``repeated``: a list there."""

    id: str
    path: tuple[str, ...]
    title: str
    repeated: bool = False
    unique_key: str | None = None
    order: int = 0
    help: str = ""
    #: Theme under which people are asked about the group.
    theme: str = ""
    #: What an item is called, as written; ``noun`` gives it in any case.
    singular: str = ""
    plural: str = ""
    feminine: bool = False
    #: Facts that name an item to people, the best first ("Ville de Podor", "eau potable").
    named_by: tuple[str, ...] = ()

    @property
    def noun(self) -> Noun:
        """What one item of the group is called."""
        plain = self.id.replace("_", " ")
        singular = self.singular or plain
        return Noun(singular, self.plural or f"{singular}s", self.feminine)


@dataclass(frozen=True, slots=True)
class Theme:
    """Groups asked together, as one step of a form; ``short`` names it in a list of steps."""

    id: str
    title: str
    short: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class BaseCase:
    """What may be presumed of a fact when the national base on groupings cites its domain.

    ``cited``: as a whole (``tout``) or for a part (``partie``).  ``when``: conclusions of the law,
    without the fact, each with the values that it must have.  ``value``: what is presumed.
    """

    cited: str
    when: Mapping[str, frozenset[str]]
    value: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a scenario may state."""

    id: str
    group: Group
    key: tuple[str, ...]
    type: str
    label: str
    question: str
    help: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    presumed: Value | None = None
    relevant_if: Formula | None = None
    minimum: Bound | None = None
    maximum: Bound | None = None
    changed_by: str = ""
    example: str = ""
    #: What is presumed says that nothing is known: no other answer than "I do not know".
    presumed_doubt: bool = False
    #: Asked apart, for those who look for it: few people have anything to say about it.
    rare: bool = False
    #: Says which action it is: another value is another action, never a way out of this one.
    identity: bool = False
    #: Facts that its question speaks of: it is not asked while one of them is still to be asked.
    supposes: tuple[str, ...] = ()
    #: Conclusions that tell, before it is answered, what the law itself says about it.
    by_law: tuple[str, ...] = ()
    #: What the national base on groupings lets presume of it, the first case that holds.
    by_base: tuple[BaseCase, ...] = ()
    #: What someone does to give it a value, by value as scenarios write it ("" for a number).
    to_do: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    line: int = 0

    @property
    def kind(self) -> FactType:
        """What its type does: reads, compares, shows, cuts into cells, asks, describes."""
        return KINDS[self.type]

    def said(self, value: Value) -> str:
        """A known value as one reads it."""
        return self.kind.label(value, self.values)

    @property
    def scope(self) -> str | None:
        """Identifier of the repeated group the fact belongs to, ``None`` for the scenario."""
        return self.group.id if self.group.repeated else None

    @property
    def path(self) -> tuple[str, ...]:
        """Keys from the scenario (or from the item of its repeated group) down to the value."""
        return self.key if self.group.repeated else self.group.path + self.key


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Something that rules establish: one value among several, or a flag."""

    id: str
    type: ConclusionType
    label: str
    values: Mapping[str, str]
    scope: str | None
    file: str = ""
    line: int = 0
    #: Values from the least to the most favourable to the actor; empty when they have no order.
    order: tuple[str, ...] = ()
    #: How an avis shows it; ``None``: it only serves other rules.
    display: Display | None = None
    #: Conclusions whose worst value it takes (``pire_de``); empty when rules conclude it.
    worst_of: tuple[str, ...] = ()
    #: Values that go without saying beside the questions that it explains (``sans_dire``).
    unsaid: frozenset[str] = frozenset()

    @property
    def is_element(self) -> bool:
        """Whether it is one of the elements that an action must have to be valid."""
        return self.display is not None and self.display.place == "element"


@dataclass(frozen=True, slots=True)
class Source:
    """A text that rules rest on, from ``rules/sources.yaml``."""

    id: str
    title: str
    rank: str
    date: str
    confidence: str
    note: str = ""
    #: Where the official text is read (https); "" when the rulebook does not know.
    address: str = ""
    #: First day of the facts it governs, when the text itself reaches back before its own date.
    applies_from: dt.date | None = None
    #: Last day on which someone made sure that it still read so; ``None``: not known.
    read_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class SourceRef:
    source: Source
    pinpoint: str

    def __str__(self) -> str:
        return f"{self.source.title}, {self.pinpoint}" if self.pinpoint else self.source.title


@dataclass(frozen=True, slots=True)
class Period:
    """Days of force, both ends included; ``None`` leaves an end open."""

    start: dt.date | None
    end: dt.date | None

    def contains(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def overlaps(self, other: Period) -> bool:
        first, last = dt.date.min, dt.date.max
        return (self.start or first) <= (other.end or last) and (other.start or first) <= (
            self.end or last
        )

    @property
    def words(self) -> str:
        """The period as one reads it."""
        return period(self.start, self.end)

    def __str__(self) -> str:
        if self.start and self.end:
            return f"du {self.start.isoformat()} au {self.end.isoformat()}"
        if self.start:
            return f"depuis le {self.start.isoformat()}"
        if self.end:
            return f"jusqu'au {self.end.isoformat()}"
        return "sans limite de date"


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a rule's ``si``: its text as written and its formula."""

    text: str
    formula: Formula


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule attaches to the avis besides its conclusions.

    ``who`` must act, ``when`` (one of ``WHEN``); ``done_if`` tells whether the facts show it as
    done; ``element`` is the element of validity it belongs to, when that is not the one that its
    rule concludes; ``reach`` (one of ``REACHES``) is what a warning bears on.
    """

    kind: str
    text: str
    who: str = ""
    when: str = ""
    done_if: Formula | None = None
    element: str = ""
    reach: str = ""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A spending limit in euros, as expressions over the facts of one repeated item."""

    limit: Expr
    amount: str
    budget: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Concludes, during ``period``, when its conditions hold and nothing sets it aside.

    ``fingerprint`` is the hash of what it says (``meaning``); ``note`` is what the row of a table
    adds in its own words, "" for another rule.
    """

    id: str
    key: str
    norms: tuple[str, ...]
    sources: tuple[SourceRef, ...]
    rank: str
    period: Period
    conditions: tuple[Condition, ...]
    formula: Formula
    concludes: tuple[tuple[str, str], ...]
    sets_aside: tuple[str, ...]
    effects: tuple[Effect, ...]
    explanation: str
    confidence: str
    doubt: str
    scope: str | None
    file: str
    line: int
    fingerprint: str = ""
    ceiling: Ceiling | None = None
    theme: str = ""
    table: str | None = None
    note: str = ""
    #: The rules that an exception may set aside together, under one name; "" for none.
    family: str = ""

    @property
    def main_source(self) -> SourceRef:
        """The source that gives the rule its rank."""
        return next((s for s in self.sources if s.source.rank == self.rank), self.sources[0])


@dataclass(frozen=True, slots=True)
class Impossible:
    """A combination of facts that no scenario can hold during ``period``."""

    id: str
    sources: tuple[SourceRef, ...]
    period: Period
    conditions: tuple[Condition, ...]
    formula: Formula
    explanation: str
    scope: str | None
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Change:
    """One fact going from a value to another, everything else being equal."""

    fact: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Property:
    """What every possible scenario of ``period`` must verify, as lawyers declare it.

    Either an implication (``conditions`` entail ``then``) or a monotony: ``change`` never makes the
    conclusion ``never_worse`` less favourable.
    """

    id: str
    sources: tuple[SourceRef, ...]
    period: Period
    conditions: tuple[Condition, ...]
    formula: Formula
    explanation: str
    scope: str | None
    file: str
    line: int
    then: tuple[Condition, ...] = ()
    then_formula: Formula | None = None
    change: Change | None = None
    never_worse: str = ""


# Expressions on the right of a comparison -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Const:
    value: int | Decimal | dt.date


@dataclass(frozen=True, slots=True)
class FactRef:
    fact: str


@dataclass(frozen=True, slots=True)
class Percent:
    """``rate`` per cent of a fact's amount."""

    rate: Decimal
    fact: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A date moved by whole years, months and days."""

    base: Const | FactRef
    years: int = 0
    months: int = 0
    days: int = 0


Expr = Const | FactRef | Percent | Shift


def facts_of(expr: Expr) -> tuple[str, ...]:
    """Facts that a right-hand side reads."""
    base = expr.base if isinstance(expr, Shift) else expr
    return (base.fact,) if isinstance(base, FactRef | Percent) else ()


# Atoms ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IsTrue:
    """A yes/no fact is answered yes."""

    fact: str


@dataclass(frozen=True, slots=True)
class Among:
    """A fact has one of these values."""

    fact: str
    values: frozenset[str | int]


@dataclass(frozen=True, slots=True)
class Compare:
    """A number, amount or date stands in this order (``=``, ``<``, ``<=``, ``>``, ``>=``)."""

    fact: str
    op: str
    right: Expr


@dataclass(frozen=True, slots=True)
class Concluded:
    """A conclusion has one of these values (for a flag: ``oui``)."""

    conclusion: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Quantified:
    """The formula holds for at least one (``un``) or every (``tous``) item of a repeated group."""

    quantifier: Literal["un", "tous"]
    group: str
    formula: Formula


AtomKind = IsTrue | Among | Compare | Concluded | Quantified


@dataclass(frozen=True, slots=True)
class Atom:
    index: int
    kind: AtomKind
    scope: str | None
    text: str
