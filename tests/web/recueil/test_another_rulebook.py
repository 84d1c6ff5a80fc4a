"""The reading room of a rulebook that it has never seen: no law is written in its code."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.web.app import create_app
from coopdec_rules.web.service import Service
from tests.rulebook import tiny

HTML = {"accept": "text/html"}


@pytest.fixture
def other(tmp_path: Path) -> Iterator[TestClient]:
    advisor = Advisor(load_rulebook(tiny.write(tmp_path, tiny.tiny_files())), answering=False)
    yield TestClient(create_app(service=Service(advisor, [])))
    advisor.close()


def test_every_page_that_it_leads_to_is_there(other: TestClient) -> None:
    wanted = ["/recueil", "/recueil?au=2005-01-01&et=2010-01-01", "/recueil.pdf"]
    seen: set[str] = set()
    while wanted:
        address = wanted.pop().partition("#")[0]
        path = address.partition("?")[0]
        if path in seen or not path.startswith("/recueil"):
            continue
        seen.add(path)
        page = other.get(address, headers=HTML)
        assert page.status_code == 200, address
        if page.headers["content-type"].startswith("text/html"):
            wanted += map(html.unescape, re.findall('href="([^"]*)"', page.text))
    assert "/recueil/regles/volet-eau" in seen
    assert "/recueil/tables/tailles" in seen
    assert "/recueil/graphe/regles/refus-autres" in seen


def test_without_its_files_the_rules_are_shown_and_the_prose_is_said_missing(
    other: TestClient,
) -> None:
    page = other.get("/recueil/textes/10-loi", headers=HTML).text.replace("&#39;", "'")
    assert "Le texte n’est pas montré" in page
    assert "Aucun cas d’étude" in other.get("/recueil/regles/volet-eau").text.replace("&#39;", "'")
