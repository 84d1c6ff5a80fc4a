"""Reads the fields of a form that a browser sent."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from coopdec_rules.web.problems import Refused

_FORM_TYPE = "application/x-www-form-urlencoded"
#: More than any form of this service has.
_MAX_FIELDS = 2000


async def sent_fields(request: Request) -> list[tuple[str, str]]:
    """Fields of a form sent.  Raises ``Refused``."""
    media = request.headers.get("content-type", _FORM_TYPE).partition(";")[0].strip().lower()
    if media != _FORM_TYPE:
        raise Refused("format", "Le formulaire s'envoie en application/x-www-form-urlencoded.")
    try:
        return parse_qsl(
            (await request.body()).decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_FIELDS,
        )
    except ValueError:
        raise Refused("illisible", "Le formulaire envoyé ne peut pas être lu.") from None
