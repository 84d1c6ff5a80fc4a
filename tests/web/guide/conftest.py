"""Someone who goes through the guided form."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.web.guide.reader import Visitor


@pytest.fixture
def visitor(client: TestClient) -> Visitor:
    return Visitor(client).open("/demande")
