"""An advice is shared between requests: whoever shows it leaves it as it is."""

from __future__ import annotations

from rich.console import Console
from starlette.testclient import TestClient

from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.cli.show import show_avis
from coopdec_rules.web.app import create_app
from coopdec_rules.web.avis.downloads import files
from coopdec_rules.web.avis.permalink import Link, encode
from coopdec_rules.web.service import Service
from coopdec_rules.workshop.cases import Case, run_case


def test_no_reader_changes_an_advice(service: Service, cases: list[Case]) -> None:
    today = paris_today()
    case = next(c for c in cases if c.id == "commune-de-communaute-urbaine-eau")
    advice = service.advice(case.scenario, today)
    before = to_json(advice.avis)
    link = Link(case.scenario)
    client = TestClient(create_app(service=service))
    assert client.get(f"/avis?s={encode(case.scenario)}").status_code == 200
    for make in files(None).values():
        make(service, link, advice, "https://avis.exemple.fr")
    show_avis(Console(quiet=True), advice.avis, service.book)
    assert run_case(service.advisor, case).passed
    # Remembered: the page was made from this very advice.
    assert service.advice(case.scenario, today) is advice
    assert to_json(advice.avis) == before
