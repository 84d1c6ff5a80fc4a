"""What a loaded rulebook is made of.  Everything here is immutable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from coopdec_rules.rulebook.formula import Formula

#: Types of facts, as the vocabulary writes them.
FactType = Literal["booleen", "choix", "nombre", "montant", "date", "texte"]
ConclusionType = Literal["choix", "drapeau"]

#: A known value of a fact: bool, choice or text, integer, euros, date.
Value = bool | str | int | Decimal | dt.date

#: Ranks of sources, strongest first; ``methode`` is the rulebook's own way of forming an answer.
RANKS = ("loi", "reglement", "jurisprudence", "circulaire", "etude", "methode")
CONFIDENCES = ("texte", "secondaire", "partielle", "connaissance")
EFFECT_KINDS = ("condition", "formalite", "avertissement", "conseil", "piste", "modalite")


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


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a scenario may state."""

    id: str
    group: Group
    key: tuple[str, ...]
    type: FactType
    label: str
    question: str
    help: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    presumed: Value | None = None
    relevant_if: Formula | None = None
    minimum: Decimal | dt.date | None = None
    maximum: Decimal | dt.date | None = None
    changed_by: str = ""
    example: str = ""
    file: str = ""
    line: int = 0

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


@dataclass(frozen=True, slots=True)
class Source:
    """A text that rules rest on, from ``rules/sources.yaml``."""

    id: str
    title: str
    rank: str
    date: str
    confidence: str
    note: str = ""


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

    ``who`` must act, ``when`` (``prealable``, ``execution``, ``apres``); ``done_if`` tells whether
    the facts show it as done.
    """

    kind: str
    text: str
    who: str = ""
    when: str = ""
    done_if: Formula | None = None


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A spending limit in euros, as expressions over the facts of one repeated item."""

    limit: Expr
    amount: str
    budget: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Concludes, during ``period``, when its conditions hold and nothing sets it aside."""

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
    fingerprint: str
    ceiling: Ceiling | None = None
    theme: str = ""
    table: str | None = None

    @property
    def main_source(self) -> SourceRef:
        """The source that gives the rule its rank."""
        return next((s for s in self.sources if s.source.rank == self.rank), self.sources[0])


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
