"""Who may ask the API: keys, their limits, and pages of other sites (CORS).  Nothing by default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from coopdec_rules.advice.today import today
from coopdec_rules.web.problems import KINDS, problem

if TYPE_CHECKING:
    from coopdec_rules.web.hosting.keys import Keys

#: Addresses that programs ask: the only ones that keys open, and that other sites may read.
PROGRAMS = ("/api/", "/mcp")
_DESCRIPTION = "/openapi.json"
_BEARER = "bearer"
#: Told to whoever bears no key that is good.
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="coopdec"'}
#: The name of the key that a request bears, in its scope.
KEY = "coopdec.cle"
_MISSING = "Cette adresse demande une clé : en-tête « Authorization: Bearer » suivi de la clé."


class Admission:
    """ASGI middleware: what programs ask bears a key of ``keys``, and stays within its limits.

    ``without``: what bears none is refused (« refuse ») or answered (« permis »); a key that is
    not good is always refused.
    """

    def __init__(self, app: ASGIApp, keys: Keys, without: Literal["refuse", "permis"]) -> None:
        self.app = app
        self.keys = keys
        self.without = without

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PROGRAMS):
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("authorization")
        if given is None and self.without == "permis":
            await self.app(scope, receive, send)
            return
        scheme, _, text = (given or "").partition(" ")
        key = self.keys.find(text.strip()) if scheme.lower() == _BEARER else None
        if key is None or (key.until is not None and key.until < today()):
            detail = _MISSING
            if key is not None:
                detail = f"Cette clé n'est plus bonne depuis le {key.until:%d/%m/%Y}."
            elif given is not None and scheme.lower() == _BEARER:
                detail = "Cette clé n'existe pas."
            await problem(scope, KINDS["cle"], detail, headers=_CHALLENGE)(scope, receive, send)
            return
        scope[KEY] = key.name
        wait = self.keys.spend(key)
        if wait:
            told = f"La limite de cette clé est atteinte : redemandez dans {_seconds(wait)}."
            response = problem(scope, KINDS["limite"], told, headers={"Retry-After": str(wait)})
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)


class Origins:
    """ASGI middleware: pages of the sites named may ask the API; those of others may not."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self.app = app
        self.open = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=("GET", "POST"),
            allow_headers=("Authorization", "Content-Type"),
            expose_headers=("Retry-After", "X-Request-ID"),
            max_age=3600,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and (
            scope["path"].startswith(PROGRAMS) or scope["path"] == _DESCRIPTION
        )
        await (self.open if asked else self.app)(scope, receive, send)


def _seconds(count: int) -> str:
    return f"{count} seconde{'s' if count > 1 else ''}"
