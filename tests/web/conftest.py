"""The application on the real rulebook, in the process and on a real port."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.web.app import create_app
from coopdec_rules.web.hosting.settings import Settings
from coopdec_rules.web.service import Service
from coopdec_rules.workshop.cases import Case, load_cases

from .browser import chromium
from .links import KEY


@pytest.fixture(scope="session")
def cases(cases_root: Path) -> list[Case]:
    """Every worked case."""
    return load_cases(cases_root)


@pytest.fixture(scope="session")
def service(advisor: Advisor, cases: list[Case]) -> Iterator[Service]:
    service = Service(advisor, cases)
    yield service
    service.close()


@pytest.fixture(scope="session")
def app(service: Service) -> FastAPI:
    return create_app(service=service, settings=Settings().with_key(KEY))


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """A client that sees a 500 as any other client would, rather than its exception."""
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for each module: a driver left open would keep its event loop from others."""
    yield from chromium()


@pytest.fixture(scope="session")
def address(app: FastAPI) -> Iterator[str]:
    """Address of the application served on a free port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    limit = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < limit, "the server does not start"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)
    listener.close()
    assert not thread.is_alive(), "the server does not stop"
