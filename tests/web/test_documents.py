"""Documents, calendar and contacts: the page, the files, the API, and what is refused."""

from __future__ import annotations

import io
import random
from typing import Any

import docx
import odfdo
import orjson
import pytest
from icalendar import Calendar as Ics
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from coopdec_rules.web.api.documents_schemas import DocumentsPossibles, Modeles
from coopdec_rules.web.avis.permalink import MAX_LINK, encode
from tests.documents.conftest import scenario, subsidy

HTML = {"accept": "text/html"}
ACT = "deliberation-subvention"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def link(document: dict[str, Any]) -> dict[str, str]:
    return {"s": encode(document)}


def test_the_avis_leads_to_its_documents(client: TestClient) -> None:
    page = client.get("/avis", params=link(subsidy()), headers=HTML)
    assert page.status_code == 200
    assert page.text.count('href="/avis/documents?') == 1
    shown = client.get("/avis/documents", params=link(subsidy()), headers=HTML)
    assert shown.status_code == 200
    assert shown.headers["cache-control"] == "no-store"
    text = plain(shown.text)
    assert f"/avis/documents/{ACT}.docx?" in text
    assert "vendredi 4 décembre 2026" in text
    assert "RESACOOP" in text  # the network of the région of the commune
    assert "Pas proposé :" in text


def test_files_come_from_the_same_link_with_a_plain_name(client: TestClient) -> None:
    query = link(subsidy())
    word = client.get(f"/avis/documents/{ACT}.docx", params=query, headers=HTML)
    assert word.headers["content-disposition"] == (
        f"attachment; filename=vienne_{ACT}_2026-12-10.docx"
    )
    assert docx.Document(io.BytesIO(word.content)).tables
    odt = client.get(f"/avis/documents/{ACT}.odt", params=query, headers=HTML)
    assert odfdo.Document(io.BytesIO(odt.content)).body.get_elements("//text:h")
    pdf = client.get(f"/avis/documents/{ACT}.pdf", params=query, headers=HTML)
    assert pdf.content.startswith(b"%PDF")
    ics = client.get("/avis/documents/calendrier.ics", params=query, headers=HTML)
    assert ics.headers["content-type"].startswith("text/calendar")
    assert Ics.from_ical(ics.content).walk("VEVENT")
    again = client.post(f"/avis/documents/{ACT}.docx", data=query)
    assert again.content == word.content


def test_another_seance_gives_other_days(client: TestClient) -> None:
    sent = {**link(subsidy()), "seance": "2027-01-04", "publication": "2027-01-06"}
    moved = client.post("/avis/documents", data=sent, follow_redirects=False)
    assert moved.status_code == 303
    page = plain(client.get(moved.headers["location"], headers=HTML).text)
    assert "mardi 29 décembre 2026" in page
    assert "Fin du délai de recours" in page
    wrong = client.post("/avis/documents", data={**link(subsidy()), "seance": "bientôt"})
    assert wrong.status_code == 422
    assert "ne se lit pas" in wrong.text
    early = {**link(subsidy()), "publication": "2026-12-01"}
    page = client.get("/avis/documents", params=early, headers=HTML)
    assert page.status_code == 422
    assert client.get("/avis/documents/calendrier.ics", params=early).status_code == 422


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("/avis/documents", {}, 400),
        ("/avis/documents", {"s": "!!"}, 400),
        ("/avis/documents/rien.docx", link(subsidy()), 404),
        (f"/avis/documents/{ACT}.exe", link(subsidy()), 404),
        ("/avis/documents/convention-cooperation.docx", link(subsidy()), 409),
        (f"/avis/documents/{ACT}.docx", link({"acteur": {"nature": "comune"}}), 422),
        ("/avis/documents/calendrier.ics", {**link(subsidy()), "publication": "x"}, 422),
    ],
)
def test_what_cannot_be_made_is_told(
    client: TestClient, path: str, params: dict[str, str], status: int
) -> None:
    for accept in ("text/html", "application/json"):
        answer = client.get(path, params=params, headers={"accept": accept})
        assert answer.status_code == status, answer.text[:300]


def test_a_past_day_is_told_and_never_signed(client: TestClient) -> None:
    query = link(scenario("2006-03-01"))
    page = client.get("/avis/documents", params=query, headers=HTML)
    assert "Cette date est passée" in plain(page.text)
    word = client.get("/avis/documents/deliberation-convention.docx", params=query, headers=HTML)
    file = docx.Document(io.BytesIO(word.content))
    marks = " ".join(p.text for s in file.sections for p in s.header.paragraphs)
    assert "Reconstitution" in marks
    assert not [p for p in file.paragraphs if p.text in ("Vote", "Signatures")]


def test_a_scenario_too_long_for_an_address_is_sent_by_forms(client: TestClient) -> None:
    long, rng = subsidy(), random.Random(1)
    long["action"]["volets"] = [
        {"intitule": "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(400))}
        for _ in range(10)
    ]
    code = link(long)
    assert len(code["s"]) > MAX_LINK
    page = client.post("/avis/documents", data=code)
    assert page.status_code == 200
    assert f'formaction="/avis/documents/{ACT}.odt"' in page.text


def test_the_api_tells_and_makes_documents(client: TestClient) -> None:
    models = client.get("/api/v1/documents")
    TypeAdapter(Modeles).validate_python(models.json())
    body = orjson.dumps(subsidy())
    found = client.post("/api/v1/documents", content=body)
    told = TypeAdapter(DocumentsPossibles).validate_python(found.json())
    states = {d["document"]: d["etat"] for d in told["documents"]}
    assert states[ACT] == "possible"
    assert states["demande-prise-de-position"] == "refuse"
    made = client.post(f"/api/v1/documents/{ACT}?format=odt", content=body)
    assert made.status_code == 200
    assert made.headers["content-type"] == "application/vnd.oasis.opendocument.text"
    ics = client.post("/api/v1/documents/calendrier?publication=2026-12-30", content=body)
    assert "20270301" in ics.text
    for path, status, slug in (
        ("convention-cooperation", 409, "document"),
        ("deliberation-subvention?format=doc", 422, "parametre"),
        ("deliberation-subvension", 404, "introuvable"),
    ):
        refused = client.post(f"/api/v1/documents/{path}", content=body)
        assert refused.status_code == status
        problem = refused.json()
        assert problem["type"].endswith(slug)
        assert problem["detail"]
    assert "deliberation-subvention" in refused.json()["detail"]
    assert client.post("/api/v1/documents", content=b"{").status_code == 400
