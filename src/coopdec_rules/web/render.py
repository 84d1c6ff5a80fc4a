"""What every page is given to show itself."""

from __future__ import annotations

from typing import Protocol

from starlette.responses import Response


class Render(Protocol):
    """Renders a template as a page."""

    def __call__(self, template: str, status: int = 200, /, **values: object) -> Response: ...
