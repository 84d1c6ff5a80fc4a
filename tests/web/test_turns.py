"""Heavy work waits its turn, in a waiting room of a known size; lists have one limit everywhere."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from coopdec_rules.advice.reasoned import MOST_MORE
from coopdec_rules.advice.scenario import MAX_ITEMS
from coopdec_rules.web.app import create_app
from coopdec_rules.web.avis.detail_view import MOST_REASONS
from coopdec_rules.web.avis.page_view import MOST_FIELDS
from coopdec_rules.web.avis.permalink import encode
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.service import Service
from coopdec_rules.web.serving import Limits
from coopdec_rules.web.turns import Turns

HTML = {"accept": "text/html"}


def with_volets(count: int) -> dict[str, Any]:
    return {"acteur": {"nature": "commune"}, "action": {"volets": [{}] * count}}


def test_work_beyond_the_waiting_room_is_refused_and_the_rest_is_done() -> None:
    turns, gate, begun = Turns("t", 1, 2, 30), threading.Event(), threading.Event()

    def work(number: int) -> int:
        begun.set()
        gate.wait(10)
        return number

    async def all_at_once() -> list[object]:
        first = asyncio.ensure_future(turns.run(work, 0))
        await asyncio.to_thread(begun.wait, 10)
        others = [asyncio.ensure_future(turns.run(work, n)) for n in range(1, 6)]
        await asyncio.sleep(0)
        gate.set()
        return await asyncio.gather(first, *others, return_exceptions=True)

    found = asyncio.run(all_at_once())
    assert found[:3] == [0, 1, 2]
    assert [type(each) for each in found[3:]] == [Refused] * 3
    assert turns.inside == 0
    turns.close()


def test_work_that_waited_too_long_is_refused_and_never_done() -> None:
    turns, gate, done = Turns("t", 1, 5, 0.05), threading.Event(), []

    async def blocked() -> object:
        # What has begun is let end, however long it takes.
        first = asyncio.ensure_future(turns.run(lambda: gate.wait(10)))
        late = asyncio.ensure_future(turns.run(lambda: done.append(1)))
        with pytest.raises(Refused):
            await late
        gate.set()
        return await first

    assert asyncio.run(blocked()) is True
    assert not done
    assert turns.inside == 0
    turns.close()


@contextmanager
def busy(turns: Turns) -> Iterator[None]:
    """All threads at work, and the waiting room full."""
    gate = threading.Event()

    async def fill() -> None:
        await asyncio.gather(*(turns.run(lambda: gate.wait(20)) for _ in range(turns.most)))

    filler = threading.Thread(target=lambda: asyncio.run(fill()))
    filler.start()
    while turns.inside < turns.most:
        pass
    yield
    gate.set()
    filler.join()


def test_what_is_refused_says_when_to_ask_again(service: Service) -> None:
    small = Limits(avis_waiting=1, long_waiting=1, pages_waiting=1, waiting_seconds=20)
    crowded = Service(service.advisor, service.cases.values(), small)
    client = TestClient(create_app(service=crowded))
    ordinary, long = with_volets(1), with_volets(4)
    assert client.post("/api/v1/avis", json=ordinary).status_code == 200
    with busy(crowded.desk.avis):
        refused = client.post("/api/v1/avis?raisonnement=non", json=ordinary)
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        assert refused.headers["content-type"] == "application/problem+json"
        page = client.get(f"/avis?s={encode(ordinary)}", headers=HTML)
        assert page.status_code == 503
        assert "retry-after" in page.headers
        assert "redemandez dans quelques secondes" in page.text
        # What is already known, long scenarios, and pages have nothing to wait for.
        assert client.post("/api/v1/avis", json=ordinary).status_code == 200
        assert client.post("/api/v1/avis?raisonnement=non", json=long).status_code == 200
        assert client.get("/recueil", headers=HTML).status_code == 200
        assert client.get("/sante").status_code == 200
    with busy(crowded.desk.long):
        assert client.post("/api/v1/questions", json=long).status_code == 503
        assert client.post("/api/v1/pistes", json=ordinary).status_code == 200
    crowded.desk.close()


@pytest.mark.parametrize("count", [MOST_MORE + 2, MAX_ITEMS + 1])
def test_every_route_has_the_same_limit(client: TestClient, count: int) -> None:
    document = with_volets(count)
    code = encode(document)
    link = f"s={code}"
    status = 200 if count <= MAX_ITEMS else 422
    answers = [
        client.post("/api/v1/avis?raisonnement=non", json=document),
        client.post("/api/v1/questions", json=document),
        client.post("/api/v1/pistes", json=document),
        client.get(f"/demande?etape=domaines&s={code}", headers=HTML),
        client.get(f"/avis?{link}", headers=HTML),
        client.get(f"/avis.json?{link}", headers=HTML),
    ]
    assert [answer.status_code for answer in answers] == [status] * len(answers)
    if status == 422:
        mistake = answers[2].json()["erreurs"][0]
        assert mistake["pointeur"] == "/action/volets"
        assert mistake["trouve"] == f"{count} éléments"
        assert mistake["attendu"] == f"{MAX_ITEMS} éléments au plus"
        for page in answers[3:]:
            assert f"{count} éléments" in page.text
    else:
        assert answers[2].json()["raisonnement"] is False
        assert answers[2].json()["leviers"] == []


def test_the_longest_page_is_bounded(client: TestClient) -> None:
    """It says what it leaves out, and where to find it."""
    code = encode(with_volets(MAX_ITEMS))
    detail = client.get(f"/avis/detail?s={code}&complet=1", headers=HTML)
    assert detail.status_code == 200
    assert len(detail.content) < 3_000_000
    assert f"Les {MOST_REASONS} premières seulement" in detail.text
    page = client.get(f"/avis?s={code}", headers=HTML)
    assert len(page.content) < 1_000_000
    assert page.text.count('<li class="question">') <= 2 * MOST_FIELDS
