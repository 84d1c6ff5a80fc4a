"""Whole numbers, and amounts in euros to the cent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from coopdec_rules.rulebook.types.base import Bound, Declared, FactType, Schema, Value
from coopdec_rules.rulebook.types.written import Number, read_number
from coopdec_rules.rulebook.words import euros, number

MAX_AMOUNT = Decimal(10) ** 12
_CENT = Decimal("0.01")


class _Numeric(FactType):
    comparison = "ordonnee"
    bounded = True

    def typed(self, value: object) -> str:
        if isinstance(value, float | Decimal):
            return format(Decimal(str(value)), "f").replace(".", ",")
        return super().typed(value)

    def bound(self, text: str) -> Bound | None:
        try:
            return Decimal(text.replace(" ", "").replace(",", "."))
        except InvalidOperation:
            return None

    def example(self, text: str) -> object:
        try:
            return self.plain(Decimal(text))
        except InvalidOperation:
            return None

    def plain(self, value: object) -> object:
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        return value

    def _ends(self, fact: Declared) -> tuple[Decimal, Decimal]:
        low, high = fact.minimum, fact.maximum
        return (
            low if isinstance(low, Decimal) else Decimal(-(10**9)),
            high if isinstance(high, Decimal) else Decimal(10**9),
        )


class WholeNumber(_Numeric):
    """A number of units."""

    name = "nombre"
    noun = "un nombre"
    field = "nombre"
    operands = frozenset({"nombre"})
    counted = True
    hint = "Un nombre entier."

    def read(self, value: object, fact: Declared) -> Value | None:
        if isinstance(value, str):
            found = _count(value).value
            return None if found is None or found.as_tuple().exponent else int(found)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def refusal(self, value: object, fact: Declared) -> str:
        return (_count(value).refusal if isinstance(value, str) else "") or self.wrong

    def expected(self, fact: Declared) -> str:
        return "un nombre entier"

    def parse(self, text: str, fact: Declared, today: dt.date) -> object:
        found = self.read(text, fact)
        return text if found is None else found

    def label(self, value: Value, values: Mapping[str, str]) -> str:
        return number(value) if isinstance(value, int | Decimal) else str(value)

    def schema(self, fact: Declared) -> Schema:
        return {"type": "integer", **_bounds(self, fact, None)}

    def constant(self, value: Decimal) -> int | Decimal | None:
        return int(value) if value == value.to_integral_value() else None

    def limits(self, fact: Declared) -> Sequence[Value]:
        return [int(end) for end in self._ends(fact)]

    def around(self, value: object) -> Sequence[Value]:
        if not isinstance(value, int | Decimal):
            return ()
        return [int(value) + step for step in (-1, 0, 1)]

    def nearest(self, exact: Decimal) -> Value:
        return int(exact)


class Amount(_Numeric):
    """Euros, exact to the cent."""

    name = "montant"
    noun = "un montant en euros"
    field = "montant"
    operands = frozenset({"nombre", "part"})
    hint = "Un montant en euros."

    def read(self, value: object, fact: Declared) -> Value | None:
        if isinstance(value, bool):
            return None
        if isinstance(value, str):
            value = _euros(value).value
        if not isinstance(value, int | float | Decimal):
            return None
        try:
            amount = Decimal(str(value))
            if not amount.is_finite() or abs(amount) > MAX_AMOUNT:
                return None
            cents = amount.quantize(_CENT)
        except (ValueError, ArithmeticError):
            return None
        return cents if cents == amount else None

    def expected(self, fact: Declared) -> str:
        return "un montant en euros, au plus deux décimales"

    def refusal(self, value: object, fact: Declared) -> str:
        return (_euros(value).refusal if isinstance(value, str) else "") or self.wrong

    def parse(self, text: str, fact: Declared, today: dt.date) -> object:
        found = self.read(text, fact)
        return text if found is None else self.plain(found)

    def label(self, value: Value, values: Mapping[str, str]) -> str:
        return euros(Decimal(value)) if isinstance(value, int | Decimal) else str(value)

    def schema(self, fact: Declared) -> Schema:
        return {"type": "number", **_bounds(self, fact, MAX_AMOUNT)}

    def described(self, fact: Declared) -> str:
        return "En euros, au plus deux décimales."

    def limits(self, fact: Declared) -> Sequence[Value]:
        return self._ends(fact)

    def around(self, value: object) -> Sequence[Value]:
        if not isinstance(value, int | Decimal):
            return ()
        return [Decimal(value) + step * _CENT for step in (-1, 0, 1)]

    def nearest(self, exact: Decimal) -> Value:
        return exact.quantize(_CENT)


def _count(text: str) -> Number:
    return read_number(text, ("hab", "%"), "12 000")


def _euros(text: str) -> Number:
    return read_number(text, ("€", "eur"), "5 000 ou 5 000,50")


def _bounds(kind: FactType, fact: Declared, most: Decimal | None) -> Schema:
    schema: Schema = {}
    for key, end, far in (("minimum", fact.minimum, -1), ("maximum", fact.maximum, 1)):
        if end is not None:
            schema[key] = kind.plain(end)
        elif most is not None:
            schema[key] = int(far * most)
    return schema
