"""Bodies to write to, as ``rules/contacts`` declares them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from coopdec_rules.documents.library import Test
from coopdec_rules.rulebook.model import Atom


@dataclass(frozen=True, slots=True)
class Contact:
    """A body and its public page.

    ``regions``: codes of the régions it serves; empty: everywhere.  ``checked``: the last day on
    which somebody opened the page, ``None`` when nobody did.
    """

    id: str
    name: str
    site: str
    reason: str
    order: int
    test: Test
    regions: frozenset[str]
    checked: dt.date | None
    to_confirm: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Contacts:
    """Every body declared."""

    contacts: Mapping[str, Contact]
    atoms: Sequence[Atom] = field(repr=False)
