"""Style sheets (and other static files) of the pages, read once and served under their hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_MEDIA = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


class Assets:
    """Files of one folder; ``router`` serves those of a known kind at ``/static/<name>``."""

    def __init__(self, folder: Path) -> None:
        self._files = {
            path.name: (path.read_bytes(), _MEDIA[path.suffix])
            for path in sorted(folder.iterdir())
            if path.suffix in _MEDIA
        }
        self.router = APIRouter(include_in_schema=False, default_response_class=Response)
        self.router.add_api_route("/static/{name}", self._serve)

    def url(self, name: str) -> str:
        """Address of a file; it bears the content's hash.  Raises ``KeyError`` if there is none."""
        body, _ = self._files[name]
        return f"/static/{name}?v={hashlib.sha256(body).hexdigest()[:12]}"

    async def _serve(self, request: Request) -> Response:
        found = self._files.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        # Its address bears its content's hash: it may be kept for good.
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(found[0], headers=headers, media_type=found[1])
