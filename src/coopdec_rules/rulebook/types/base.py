"""What a type of fact is: how it is read, compared, shown, cut into cells, asked and described."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar, Literal, Protocol

from coopdec_rules.errors import suggest

#: A known value of a fact: yes/no, choice or text, integer, euros, date.
Value = bool | str | int | Decimal | dt.date
#: One end of what a fact may be.
Bound = Decimal | dt.date
Schema = dict[str, Any]
#: The key of a schema that names it, where several facts share it.
NAME = "x-nom"
#: The schema of what is not there.
NULL: Schema = {"type": "null"}
#: How conditions compare a fact: as true, to names, or in an order.
Comparison = Literal["oui_non", "nommee", "ordonnee"]
#: What stands at the right of a comparison of order: a number, a share of another fact, a day, a
#: day moved by a delay.
Operand = Literal["nombre", "part", "jour", "delai"]

ORDER: Mapping[str, str] = {
    "=": "égal à",
    "<": "inférieur à",
    "<=": "d'au plus",
    ">": "supérieur à",
    ">=": "d'au moins",
}


class Declared(Protocol):
    """What a type reads of a fact's declaration in the vocabulary."""

    @property
    def values(self) -> Mapping[str, str]: ...
    @property
    def minimum(self) -> Bound | None: ...
    @property
    def maximum(self) -> Bound | None: ...


class FactType(ABC):
    """A type of fact, whole.  One instance serves every fact of the type; it keeps nothing.

    ``name`` is how the vocabulary writes it; ``noun`` what a fact of it is compared to; ``field``
    the template that asks for it (``web/templates/champs``).
    """

    name: ClassVar[str]
    noun: ClassVar[str] = ""
    field: ClassVar[str]
    comparison: ClassVar[Comparison]
    #: What may stand at the right of a comparison of order.
    operands: ClassVar[frozenset[Operand]] = frozenset()
    #: Words of a comparison of order.
    order: ClassVar[Mapping[str, str]] = ORDER
    #: Whether the vocabulary lists its values, whether it may bound them.
    listed: ClassVar[bool] = False
    bounded: ClassVar[bool] = False
    #: What a bound must be, in words, when its name does not say it.
    edge: ClassVar[str] = ""
    #: Whether it counts units, one by one: it may be compared to several numbers at once.
    counted: ClassVar[bool] = False
    #: Whether it names things for people, rather than decides on anything.
    free_text: ClassVar[bool] = False
    #: What a form says of the way to write it; "" when it is chosen in a list.
    hint: ClassVar[str] = ""
    #: What is said of a value that is none of this type.
    wrong: ClassVar[str] = "Valeur illisible."

    # -- in a scenario -----------------------------------------------------------------------

    @abstractmethod
    def read(self, value: object, fact: Declared) -> Value | None:
        """A value as people write it in a scenario; ``None`` when it is not of this type."""

    @abstractmethod
    def expected(self, fact: Declared) -> str:
        """What a value should be, in words."""

    def unknown(self, value: object, word: str) -> bool:
        """Whether what is written says that the value is not known; ``word`` says so."""
        return value is None or value == word

    # -- in a form ---------------------------------------------------------------------------

    def options(self, fact: Declared) -> Mapping[str, str]:
        """The values that it may take, with their names; none when it is typed."""
        return {}

    def parse(self, text: str, fact: Declared, today: dt.date) -> object:
        """A text typed by a person, as a scenario writes it; as typed when it is not of the type.

        ``today``: the day it is typed, for what is told from it.
        """
        return text

    def assumed(self, text: str) -> bool:
        """Whether reading a text typed takes something that it does not say."""
        return False

    def refusal(self, value: object, fact: Declared) -> str:
        """Why a value is not of this type, in a sentence."""
        return self.wrong

    def near(self, text: str, fact: Declared) -> str | None:
        """A value of the fact close to a text that is none; ``None``: there is none."""
        return suggest(text, fact.values)

    def typed(self, value: object) -> str:
        """A value of a scenario, as a person types it in a field."""
        if isinstance(value, bool):
            return "oui" if value else "non"
        return str(value) if isinstance(value, str | int) else ""

    # -- in words ----------------------------------------------------------------------------

    @abstractmethod
    def label(self, value: Value, values: Mapping[str, str]) -> str:
        """A known value as one reads it; ``values`` are those that the vocabulary names."""

    # -- in a schema -------------------------------------------------------------------------

    @abstractmethod
    def schema(self, fact: Declared) -> Schema:
        """The JSON schema of a value."""

    def with_unknown(self, schema: Schema, word: str) -> Schema:
        """The schema of a value that may also be null, or ``word``: not known."""
        said = {NAME: word.capitalize(), "type": "string", "enum": [word]}
        return {"anyOf": [schema, said, NULL]}

    def described(self, fact: Declared) -> str:
        """A sentence on how to write a value, "" when nothing is to be said."""
        return ""

    def example(self, text: str) -> object:
        """The vocabulary's example as a scenario writes it; ``None`` when there is none."""
        return text or None

    def plain(self, value: object) -> object:
        """A value, or a bound, as JSON writes it."""
        return value

    # -- in the vocabulary -------------------------------------------------------------------

    def bound(self, text: str) -> Bound | None:
        """One end of what a fact may be, as the vocabulary writes it; ``None``: it is none."""
        return None

    def presumable(self, text: str, values: Mapping[str, str]) -> Value | None:
        """A value as the vocabulary presumes it; ``None`` when it cannot be presumed."""
        return None

    def constant(self, value: Decimal) -> int | Decimal | None:
        """A number of a condition as this type compares it; ``None`` when it is not of it."""
        return value

    # -- in reasoning ------------------------------------------------------------------------

    def every(self, fact: Declared, named: Iterable[Value]) -> Sequence[Value] | None:
        """All its values, where one by one or by what rules name is enough; ``None``: cut them."""
        return None

    @property
    def each_apart(self) -> bool:
        """Whether each of its values is kept apart, even when no rule tells two of them apart."""
        return False

    def limits(self, fact: Declared) -> Sequence[Value]:
        """The ends of its range, or far away values where it has none."""
        return ()

    def around(self, value: object) -> Sequence[Value]:
        """A value met in a comparison, and its nearest neighbours."""
        return ()

    def nearest(self, exact: Decimal) -> Value:
        """The value nearest to a number worked out from another fact."""
        return exact
