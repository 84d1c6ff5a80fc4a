"""What people write, shown back in an error: short and harmless."""

from __future__ import annotations

from collections.abc import Mapping

from coopdec_rules.rulebook.types import UNPRINTABLE


def escape(key: str) -> str:
    """A key as JSON pointers write it."""
    return clip(key).replace("~", "~0").replace("/", "~1")


def clip(text: str) -> str:
    """Text made safe to show back: short, without control or direction characters."""
    safe = UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text[:80])
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
