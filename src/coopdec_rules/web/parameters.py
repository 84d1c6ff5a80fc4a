"""Reads the query parameters of the API; what is not known is refused, not ignored."""

from __future__ import annotations

import datetime as dt
import re

from starlette.requests import Request

from coopdec_rules.errors import Problem, suggest
from coopdec_rules.web.problems import Refused

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NONE_KNOWN = "Cette adresse n'en accepte pas."


def parameter(request: Request, name: str | None = None) -> str | None:
    """Value of the only parameter that the address may carry, ``None`` when it is not there.

    Raises ``Refused`` for any other parameter, or the same one twice.
    """
    return parameters(request, *([name] if name else [])).get(name or "")


def parameters(request: Request, *names: str) -> dict[str, str]:
    """Values of the parameters that the address carries, which may only be those named.

    Raises ``Refused`` for any other parameter, or the same one twice.
    """
    found: dict[str, str] = {}
    for key, value in request.query_params.multi_items():
        if key not in names:
            plural = "s" if len(names) > 1 else ""
            known = ", ".join(names) or None
            hint = f"Paramètre{plural} connu{plural} : {known}." if known else _NONE_KNOWN
            raise Refused(
                "parametre",
                f"Le paramètre « {shown(key)} » n'existe pas. {hint}",
                [Problem("", "Ce paramètre n'existe pas.", shown(key), known, suggest(key, names))],
            )
        if key in found:
            raise Refused("parametre", f"Le paramètre « {key} » est donné deux fois.")
        found[key] = value
    return found


def whole(value: str | None, name: str, low: int, high: int, default: int) -> int:
    """``value``, given as parameter ``name``, as a whole number in a range.  Raises ``Refused``."""
    if value is None:
        return default
    if re.fullmatch("[0-9]{1,9}", value) and low <= int(value) <= high:
        return int(value)
    raise _wrong(name, value, f"un nombre entier de {low} à {high}", None)


def choice(request: Request, name: str, values: tuple[str, ...]) -> str | None:
    """A parameter that has one of a few values.  Raises ``Refused``."""
    return among(parameter(request, name), name, values)


def among(value: str | None, name: str, values: tuple[str, ...]) -> str | None:
    """``value``, given as parameter ``name``, as one of a few.  Raises ``Refused``."""
    if value is None or value in values:
        return value
    expected = ", ".join(values)
    raise _wrong(name, value, expected, suggest(value, values))


def day(request: Request, name: str) -> dt.date | None:
    """A parameter that is a date AAAA-MM-JJ.  Raises ``Refused``."""
    value = parameter(request, name)
    if value is None:
        return None
    if _DATE.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    raise _wrong(name, value, "une date AAAA-MM-JJ", None)


def _wrong(name: str, value: str, expected: str, near: str | None) -> Refused:
    message = f"Le paramètre « {name} » n'a pas une valeur possible."
    return Refused("parametre", message, [Problem("", message, shown(value), expected, near)])


def shown(text: str) -> str:
    """Text made safe to show back."""
    safe = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:80])
    return safe + "…" if len(text) > 80 else safe
