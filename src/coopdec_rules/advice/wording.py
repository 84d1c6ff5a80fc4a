"""Values and conditions in plain French."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from coopdec_rules.engine.findings import Reading
from coopdec_rules.rulebook.binding import show
from coopdec_rules.rulebook.formula import And, Formula, Lit, sentence
from coopdec_rules.rulebook.model import (
    Among,
    Atom,
    Compare,
    Concluded,
    Const,
    Expr,
    FactRef,
    IsTrue,
    Percent,
    Quantified,
    Shift,
    Value,
)
from coopdec_rules.rulebook.rulebook import Rulebook

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_ORDER = {
    "=": "égal à",
    "<": "inférieur à",
    "<=": "d'au plus",
    ">": "supérieur à",
    ">=": "d'au moins",
}
#: What stays true when a comparison is not: the other side of the order.
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_DATE_ORDER = {
    "=": "le",
    "<": "avant le",
    "<=": "au plus tard le",
    ">": "après le",
    ">=": "à partir du",
}
#: Written where a text speaks of something that is not known.
NOT_GIVEN = "(non précisé)"


def date(day: dt.date) -> str:
    """A date in words.

    >>> date(dt.date(2006, 3, 1))
    '1er mars 2006'
    """
    first = "1er" if day.day == 1 else str(day.day)
    return f"{first} {_MONTHS[day.month - 1]} {day.year}"


def number(value: int | Decimal) -> str:
    """A number with French grouping.

    >>> number(50000)
    '50\\u202f000'
    """
    return f"{value:,}".replace(",", "\u202f").replace(".", ",")


def euros(value: Decimal) -> str:
    """An amount in euros.

    >>> euros(Decimal("40000"))
    '40\\u202f000,00\\xa0€'
    """
    return number(value.quantize(Decimal("0.01"))) + "\u00a0€"


def label(value: Value, values: Mapping[str, str] | None = None) -> str:
    """A known value as one reads it."""
    match value:
        case bool():
            return "oui" if value else "non"
        case Decimal():
            return euros(value)
        case int():
            return number(value)
        case dt.date():
            return date(value)
        case str():
            return (values or {}).get(value, value)


class Wording:
    """Puts a rulebook's atoms and templates into words."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        # Those that only properties compare are read aloud too; they come last.
        self._atoms = [self._atom(atom) for atom in rulebook.all_atoms]

    def fill(self, template: str, *readings: Reading) -> str:
        """The template, each ``{name}`` replaced by its value in the first reading having it."""
        if "{" not in template:
            return template

        def value(match: re.Match[str]) -> str:
            return self.value_of(match.group(1), readings)

        return _PLACEHOLDER.sub(value, template)

    def plain(self, template: str) -> str:
        """The template for reading outside any scenario: each ``{name}`` becomes its label."""
        book = self.rulebook

        def label_of(match: re.Match[str]) -> str:
            name = match.group(1)
            known = book.facts.get(name) or book.conclusions.get(name)
            return f"[{known.label}]" if known is not None else match.group(0)

        return _PLACEHOLDER.sub(label_of, template)

    def value_of(self, name: str, readings: Sequence[Reading]) -> str:
        """Label of a fact's or conclusion's value, or ``NOT_GIVEN``."""
        fact = self.rulebook.facts.get(name)
        for reading in readings:
            if fact is not None and name in reading.facts:
                return label(reading.facts[name], fact.values)
            settled = reading.conclusions.get(name)
            if settled is not None and settled.value is not None:
                return self.rulebook.conclusions[name].values.get(settled.value, settled.value)
        return NOT_GIVEN

    def condition(self, formula: Formula) -> str:
        """A condition in plain words."""
        return sentence(formula, self._said)

    def _said(self, literal: Lit) -> str:
        return self._atoms[literal.atom][0 if literal.positive else 1]

    def _atom(self, atom: Atom) -> tuple[str, str]:
        kind = atom.kind
        book = self.rulebook
        match kind:
            case IsTrue(fact):
                name = book.facts[fact].label
                return f"{name} : oui", f"{name} : non"
            case Among(fact, values):
                known = book.facts[fact].values
                order = list(known)
                ranked = sorted(values, key=lambda v: order.index(str(v)) if v in known else 0)
                labels = [known.get(str(v), str(v)) for v in ranked]
                return self._choices(book.facts[fact].label, labels)
            case Concluded(name, values):
                conclusion = book.conclusions[name]
                if conclusion.type == "drapeau":
                    return f"{conclusion.label} : oui", f"{conclusion.label} : non"
                labels = [text for key, text in conclusion.values.items() if key in values]
                return self._choices(conclusion.label, labels)
            case Compare(fact, op, right):
                words = _DATE_ORDER if book.facts[fact].type == "date" else _ORDER
                name, value = book.facts[fact].label, self.expression(right)
                opposite = words[_OPPOSITE[op]] if op in _OPPOSITE else "autre que"
                return f"{name} {words[op]} {value}", f"{name} {opposite} {value}"
            case Quantified(quantifier, group, formula):
                inner = self._inner(formula)
                noun = book.groups[group].noun
                if quantifier == "un":
                    return f"{noun.at_least_one} — {inner}", f"{noun.none} — {inner}"
                return f"{noun.every} — {inner}", f"pas {noun.every} — {inner}"

    def _inner(self, formula: Formula) -> str:
        if isinstance(formula, Lit):
            return self._atom(self.rulebook.all_atoms[formula.atom])[0 if formula.positive else 1]
        word = " et " if isinstance(formula, And) else " ou "
        return word.join(self._inner(p) for p in formula.parts)

    def _choices(self, name: str, labels: Sequence[str]) -> tuple[str, str]:
        if len(labels) == 1:
            return f"{name} : {labels[0]}", f"{name} : autre que « {labels[0]} »"
        listed = ", ".join(labels)
        return f"{name}, parmi : {listed}", f"{name}, en dehors de : {listed}"

    def expression(self, expr: Expr) -> str:
        """The right-hand side of a comparison, or a ceiling, in words."""
        match expr:
            case Const(value):
                return label(value)
            case FactRef(fact):
                return self.rulebook.facts[fact].label
            case Percent(rate, fact):
                return f"{number(rate)} % de : {self.rulebook.facts[fact].label}"
            case Shift(base, _, _, _):
                start = self.expression(base)
                return show(expr).replace(show(base), start, 1)
