"""The service under a path of its own, and redirects that hold behind any proxy."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOCAL = re.compile(r'(\s(?:href|action|formaction|src|data-adresse|hx-get|hx-post)=")/(?!/)')


def prefixed(html: str, prefix: str) -> str:
    """A page whose links to this service go under ``prefix``."""
    return _LOCAL.sub(rf"\g<1>{prefix}/", html) if prefix else html


class Prefix:
    """ASGI middleware: takes ``prefix`` off the path, and makes redirects relative to the host.

    A proxy may pass the prefix on or take it off itself.
    """

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app = app
        self.prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"]
        if self.prefix and (path == self.prefix or path.startswith(f"{self.prefix}/")):
            scope["path"] = path[len(self.prefix) :] or "/"
            scope["raw_path"] = scope.get("raw_path", b"")[len(self.prefix) :] or b"/"

        async def relative(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [
                    (name, self._here(value) if name == b"location" else value)
                    for name, value in message.get("headers", ())
                ]
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, relative)

    def _here(self, location: bytes) -> bytes:
        """A redirect as a path on this host: every one made here stays on it."""
        parts = urlsplit(location.decode("latin-1"))
        path = f"{self.prefix}{parts.path or '/'}"
        query = f"?{parts.query}" if parts.query else ""
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return f"{path}{query}{fragment}".encode("latin-1")
