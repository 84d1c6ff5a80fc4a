"""The language of conditions: short French sentences, parsed into a syntax tree.

Only the shape is settled here; names, types and values are checked in ``binding``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, VisitError

_GRAMMAR = r"""
start: disj
?disj: conj ("ou" conj)*            -> either
?conj: unary ("et" unary)*          -> both
?unary: "non" unary                 -> negation
      | "au" "moins" ("un" | "une") NAME ":" unary -> some
      | ("tous" | "toutes") "les" NAME ":" unary -> every
      | ("aucun" | "aucune") NAME ":" unary -> none
      | "(" disj ")"
      | comparison
comparison: NAME                    -> truth
      | NAME ("≠" | "!=") operand   -> differs
      | NAME OP operand             -> compare
      | NAME "parmi" "[" _values "]" -> among
      | NAME "hors" "[" _values "]" -> outside
_values: value ("," value)*
value: NAME | NUMBER | CODE
operand: NAME "€"?                  -> name
       | CODE                        -> name
      | NUMBER "€"?                 -> number
      | DATE                        -> date
      | NUMBER "%" "de"? NAME       -> percent
      | NAME shift+                 -> moved
      | DATE shift+                 -> moved
shift: SIGN NUMBER UNIT
OP: "<=" | ">=" | "≤" | "≥" | "<" | ">" | "="
SIGN: "+" | "-"
UNIT: /ans?|mois|jours?/
DATE.3: /\d{4}-\d{2}-\d{2}/
NUMBER.2: /\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?/
CODE: /[A-Z]{2,3}/
NAME: /[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*/
%import common.WS
%ignore WS
"""


class ConditionSyntaxError(Exception):
    """The sentence is not of the condition language; the message says where and what fits."""


@dataclass(frozen=True, slots=True)
class Name:
    text: str


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal


@dataclass(frozen=True, slots=True)
class Day:
    value: dt.date


@dataclass(frozen=True, slots=True)
class Share:
    rate: Decimal
    fact: str


@dataclass(frozen=True, slots=True)
class Moved:
    base: Name | Day
    years: int
    months: int
    days: int


Operand = Name | Number | Day | Share | Moved


@dataclass(frozen=True, slots=True)
class Comparison:
    """``op`` is ``truth``, ``parmi`` or an order sign; ``right`` holds values or one operand."""

    name: str
    op: str
    right: tuple[Operand, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    part: Tree


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Any_:
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Quantifier:
    kind: str  # "un", "tous", "aucun"
    group: str
    part: Tree


Tree = Comparison | Not | All | Any_ | Quantifier


def _decimal(token: str) -> Decimal:
    return Decimal("".join(token.split()).replace(",", "."))


@v_args(inline=True)
class _Build(Transformer[Token, Any]):
    def start(self, tree: Tree) -> Tree:
        return tree

    def either(self, *parts: Tree) -> Tree:
        return parts[0] if len(parts) == 1 else Any_(parts)

    def both(self, *parts: Tree) -> Tree:
        return parts[0] if len(parts) == 1 else All(parts)

    def negation(self, part: Tree) -> Tree:
        return Not(part)

    def some(self, group: Token, part: Tree) -> Tree:
        return Quantifier("un", str(group), part)

    def every(self, group: Token, part: Tree) -> Tree:
        return Quantifier("tous", str(group), part)

    def none(self, group: Token, part: Tree) -> Tree:
        return Quantifier("aucun", str(group), part)

    def truth(self, name: Token) -> Tree:
        return Comparison(str(name), "truth")

    def compare(self, name: Token, op: Token, right: Operand) -> Tree:
        sign = {"≤": "<=", "≥": ">="}.get(str(op), str(op))
        return Comparison(str(name), sign, (right,))

    def differs(self, name: Token, right: Operand) -> Tree:
        return Not(Comparison(str(name), "=", (right,)))

    def among(self, name: Token, *values: Operand) -> Tree:
        return Comparison(str(name), "parmi", values)

    def outside(self, name: Token, *values: Operand) -> Tree:
        return Not(Comparison(str(name), "parmi", values))

    def value(self, token: Token) -> Operand:
        return Number(_decimal(token)) if token.type == "NUMBER" else Name(str(token))

    def name(self, token: Token) -> Operand:
        return Name(str(token))

    def number(self, token: Token) -> Operand:
        return Number(_decimal(token))

    def date(self, token: Token) -> Operand:
        return Day(dt.date.fromisoformat(str(token)))

    def percent(self, rate: Token, fact: Token) -> Operand:
        return Share(_decimal(rate), str(fact))

    def shift(self, sign: Token, count: Token, unit: Token) -> tuple[str, int]:
        number = _decimal(count)
        if number != number.to_integral_value():
            raise ConditionSyntaxError(f"une durée compte des unités entières, pas {count}")
        return str(unit)[0], int(number) * (1 if sign == "+" else -1)

    def moved(self, base: Token, *shifts: tuple[str, int]) -> Operand:
        totals = {"a": 0, "m": 0, "j": 0}
        for unit, count in shifts:
            totals[unit] += count
        start = Name(str(base)) if base.type == "NAME" else Day(dt.date.fromisoformat(str(base)))
        return Moved(start, totals["a"], totals["m"], totals["j"])


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=False)


_BUILD = _Build()


def parse_condition(sentence: str) -> Tree:
    """Parse one condition.

    Raises ``ConditionSyntaxError`` with the place of the mistake.

    >>> parse_condition("acteur.nature = commune")
    Comparison(name='acteur.nature', op='=', right=(Name(text='commune'),))
    """
    try:
        return _BUILD.transform(_parser().parse(sentence))  # type: ignore[no-any-return]
    except VisitError as error:
        if isinstance(error.orig_exc, ConditionSyntaxError):
            raise error.orig_exc from None
        raise ConditionSyntaxError(f"valeur impossible ({error.orig_exc})") from None
    except UnexpectedEOF:
        raise ConditionSyntaxError("la phrase s'arrête avant la fin d'une comparaison") from None
    except UnexpectedInput as error:
        column = getattr(error, "column", 1)
        if isinstance(error, UnexpectedCharacters):
            found = sentence[column - 1 : column + 11]
        else:
            found = str(getattr(error, "token", ""))
        if not found:
            raise ConditionSyntaxError(
                "la phrase s'arrête avant la fin d'une comparaison"
            ) from None
        raise ConditionSyntaxError(f"« {found} » n'est pas attendu (caractère {column})") from None


@cache
def _operand_parser() -> Lark:
    return Lark(
        _GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=False, start="operand"
    )


def parse_expression(sentence: str) -> Operand:
    """Parse an amount such as ``1 % contribution.ressources_service``."""
    try:
        return _BUILD.transform(_operand_parser().parse(sentence))  # type: ignore[no-any-return]
    except (UnexpectedInput, VisitError):
        raise ConditionSyntaxError(f"« {sentence} » n'est pas un montant lisible") from None
