"""Types of facts: one class each.  A new type is a class like these, and ``register``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from coopdec_rules.rulebook.types.base import Bound, Declared, FactType, Schema, Value
from coopdec_rules.rulebook.types.choice import Choice
from coopdec_rules.rulebook.types.day import Day
from coopdec_rules.rulebook.types.numbers import MAX_AMOUNT, Amount, WholeNumber
from coopdec_rules.rulebook.types.text import MAX_TEXT, OTHER_TEXT, UNPRINTABLE, Text
from coopdec_rules.rulebook.types.yes_no import YesNo

_KINDS: dict[str, FactType] = {}
#: Every type, by the name that the vocabulary gives it.
KINDS: Mapping[str, FactType] = MappingProxyType(_KINDS)


def register(kind: FactType) -> None:
    """Add a type.  Raises ``ValueError`` when another one has its name."""
    if kind.name in _KINDS:
        raise ValueError(f"a type is already named {kind.name!r}")
    _KINDS[kind.name] = kind


for _kind in (YesNo(), Choice(), WholeNumber(), Amount(), Day(), Text()):
    register(_kind)

__all__ = [
    "KINDS",
    "MAX_AMOUNT",
    "MAX_TEXT",
    "OTHER_TEXT",
    "UNPRINTABLE",
    "Bound",
    "Declared",
    "FactType",
    "Schema",
    "Value",
    "register",
]
