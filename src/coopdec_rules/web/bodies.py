"""Bodies of requests of the API: a scenario in JSON, read once and in one way."""

from __future__ import annotations

import orjson
from starlette.requests import Request

from coopdec_rules.advice.documents import parse_json
from coopdec_rules.errors import ScenarioError
from coopdec_rules.web.problems import Refused


async def json_body(request: Request) -> bytes:
    """The body of a request.

    Raises ``Refused`` when it is announced as something else than JSON; one that announces nothing
    is read.
    """
    announced = request.headers.get("content-type")
    if announced is not None:
        media = announced.partition(";")[0].strip().lower()
        if media != "application/json":
            raise Refused(
                "format", "Le scénario s'envoie en JSON (Content-Type: application/json)."
            )
    return await request.body()


def glance(body: bytes) -> object:
    """A document, only looked at to tell how much work it is; ``None`` when it is not JSON."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def read_body(body: bytes) -> object:
    """What a body holds.  Raises ``Refused`` when it is not JSON."""
    try:
        return parse_json(body)
    except ScenarioError as error:
        raise Refused("illisible", error.problems[0].message, error.problems) from None
