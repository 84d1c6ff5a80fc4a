"""Values as people write them: read into the fact's type, or shown back in an error."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from coopdec_rules.rulebook.model import Fact, Value

MAX_TEXT = 500
MAX_AMOUNT = Decimal(10) ** 12
_DIGITS = re.compile(r"\d+(?:[ \u00a0\u202f]\d{3})*")
_EUROS = re.compile(r"(-?\d+(?:[ \u00a0\u202f]\d{3})*(?:[.,]\d+)?)\s*€?")
#: Control characters, lone surrogates and direction overrides: never stored, never shown.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_KINDS = {
    "booleen": "true ou false (ou « oui », « non »)",
    "nombre": "un nombre entier",
    "montant": "un montant en euros, au plus deux décimales",
    "date": "une date AAAA-MM-JJ",
    "texte": f"un texte de {MAX_TEXT} caractères au plus",
}


def escape(key: str) -> str:
    """A key as JSON pointers write it."""
    return clip(key).replace("~", "~0").replace("/", "~1")


def clip(text: str) -> str:
    """Text made safe to show back: short, without control or direction characters."""
    safe = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text[:80])
    return safe + "…" if len(text) > 80 else safe


def show(value: object) -> str:
    """A value as an error message shows it back: short and harmless."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) > 10**30:
        return "un nombre de plus de trente chiffres"
    if isinstance(value, str):
        return f"« {clip(value)} »"
    if isinstance(value, Mapping):
        return "un objet"
    if isinstance(value, list):
        return "une liste"
    return "null" if value is None else clip(str(value))


def expected(fact: Fact) -> str:
    """What a fact's value should be, in words."""
    if fact.type == "choix":
        return "l'une des valeurs " + ", ".join(fact.values)
    return _KINDS[fact.type]


def convert(value: object, fact: Fact) -> Value | None:
    """``value`` as the fact's type; ``None`` when it is not of it."""
    match fact.type:
        case "booleen":
            if isinstance(value, bool):
                return value
            return {"oui": True, "non": False}.get(value) if isinstance(value, str) else None
        case "choix":
            if isinstance(value, bool):
                value = "oui" if value else "non"
            return value if isinstance(value, str) and value in fact.values else None
        case "nombre":
            if isinstance(value, str) and len(value) < 30 and _DIGITS.fullmatch(value.strip()):
                return int("".join(value.split()))
            return value if isinstance(value, int) and not isinstance(value, bool) else None
        case "montant":
            return _amount(value)
        case "date":
            if isinstance(value, dt.datetime):
                return None
            if isinstance(value, dt.date):
                return value
            if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                return dt.date.fromisoformat(value)
            return None
        case "texte":
            if not isinstance(value, str) or len(value) > MAX_TEXT:
                return None
            text = unicodedata.normalize("NFC", value.strip())
            return None if _UNPRINTABLE.search(text) else text


def _amount(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        match = _EUROS.fullmatch(value.strip()) if len(value) < 40 else None
        if match is None:
            return None
        value = "".join(match.group(1).split()).replace(",", ".")
    if not isinstance(value, int | float | Decimal | str):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    if not amount.is_finite() or abs(amount) > MAX_AMOUNT:
        return None
    cents = amount.quantize(Decimal("0.01"))
    return cents if cents == amount else None
