"""Tables of scenarios over HTTP: sent line by line, or dropped as a file on the page."""

from __future__ import annotations

import dataclasses
import io
import json
import socket
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.web.app import create_app
from coopdec_rules.web.service import Service
from coopdec_rules.web.serving import Limits

from .browser import assert_fits_and_accessible, opened

LOTS = "/api/v1/lots"
LINES = {"content-type": "application/x-ndjson"}
GOOD = {"id": "a", "acteur": {"nature": "commune", "population": 900}, "date": "2026-03-01"}
BAD = {"id": "b", "acteur": {"nature": "comune"}}
CSV = "id;acteur.nature;date\na;commune;01/03/2026\nb;comune;01/03/2026\nc;région;2026-03-01\n"


def body(*documents: Any) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in documents)


def lines(response: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in response.text.splitlines()]


@pytest.fixture(scope="module")
def tight(advisor: Advisor) -> Iterator[Service]:
    """A service with little room for tables."""
    service = Service(
        advisor, [], dataclasses.replace(Limits(), lots_at_once=1, lot_rows=3, lot_bytes=4096)
    )
    yield service
    service.close()


@pytest.fixture(scope="module")
def small(tight: Service) -> FastAPI:
    return create_app(service=tight)


def test_each_line_has_its_answer(client: TestClient) -> None:
    response = client.post(
        f"{LOTS}?colonnes=habilitation,article", content=body(GOOD, BAD, GOOD), headers=LINES
    )
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/x-ndjson"
    assert response.headers["cache-control"] == "no-store"
    first, bad, last = lines(response)
    assert first["regime"] == "loi_2014"
    assert {**first, "ligne": 3} == last
    assert bad["id"] == "b"
    assert bad["erreurs"][0]["suggestion"] == "commune"
    worded = client.post(f"{LOTS}?colonnes=article&libelles=oui", content=body(GOOD)).json()
    assert worded["regime"].startswith("loi du")


@pytest.mark.parametrize(
    ("address", "content", "headers", "status", "said"),
    [
        (LOTS, b"", LINES, 400, "vide"),
        (LOTS, b"\n \n", LINES, 400, "vide"),
        (LOTS, body(GOOD), {"content-type": "application/pdf"}, 415, "ndjson"),
        (f"{LOTS}?colonnes=habilitaton", body(GOOD), LINES, 422, "habilitation"),
        (f"{LOTS}?raisonnement=oui", body(GOOD), LINES, 422, "raisonnement"),
        (LOTS, body(GOOD), {**LINES, "content-length": "99999999"}, 413, "16 Mio"),
    ],
)
def test_what_is_no_table_is_refused(
    client: TestClient,
    address: str,
    content: bytes,
    headers: dict[str, str],
    status: int,
    said: str,
) -> None:
    response = client.post(address, content=content, headers=headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert said in response.json()["detail"]


def test_beyond_its_bounds_a_table_is_stopped_with_why(small: FastAPI) -> None:
    client = TestClient(small)
    *told, end = lines(client.post(LOTS, content=body(*[GOOD] * 5), headers=LINES))
    assert [line["ligne"] for line in told] == [1, 2, 3]
    assert end["lignes"] == 3
    assert end["arret"]["status"] == 413
    assert "3 lignes" in end["arret"]["detail"]

    def pieces() -> Iterator[bytes]:  # of no announced length
        yield body(GOOD, GOOD)
        yield b'{"acteur": "' + b"x" * 9000

    *told, end = lines(client.post(LOTS, content=pieces(), headers=LINES))
    assert len(told) == 2
    assert end["arret"]["title"] == "Document trop grand"


def test_beyond_the_pool_both_ways_say_to_come_back(small: FastAPI, tight: Service) -> None:
    with tight.lots.taken():
        busy = TestClient(small)
        for response in (
            busy.post(LOTS, content=body(GOOD), headers=LINES),
            busy.post("/lots", files={"fichier": ("a.csv", CSV)}, headers={"accept": "text/html"}),
        ):
            assert response.status_code == 503
            assert int(response.headers["retry-after"]) > 0
    assert lines(TestClient(small).post(LOTS, content=body(GOOD), headers=LINES))[0]["ligne"] == 1


def test_answers_come_while_lines_are_still_sent(address: str) -> None:
    """Both ways at once, on a real connection; one that leaves halfway leaves its place."""
    host, port = address.removeprefix("http://").split(":")
    head = (
        f"POST {LOTS}?colonnes=article HTTP/1.1\r\nHost: {host}\r\n"
        "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
    )

    def sent(text: bytes) -> bytes:
        return f"{len(text):x}\r\n".encode() + text + b"\r\n"

    def read_to(file: Any, word: bytes) -> bytes:
        seen = b""
        while word not in seen:
            line = file.readline()
            assert line, seen
            seen += line
        return seen

    for leaves in (True, True, True, False):
        with socket.create_connection((host, int(port)), timeout=20) as there:
            file = there.makefile("rb")
            there.sendall(head.encode() + sent(body(GOOD)))
            assert b"200 OK" in read_to(file, b'"ligne":1')
            if leaves:
                continue
            there.sendall(sent(body(BAD)))
            read_to(file, b'"ligne":2')
            there.sendall(b"0\r\n\r\n")
            read_to(file, b"0\r\n")


# -- the page --------------------------------------------------------------------------------------


def send(client: TestClient, name: str, content: bytes, **fields: Any) -> Any:
    return client.post(
        "/lots", files={"fichier": (name, content)}, data=fields, headers={"accept": "text/html"}
    )


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {page.title: list(page.iter_rows(values_only=True)) for page in book.worksheets}


def test_a_file_of_each_kind_is_answered_and_nothing_is_left(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    book = openpyxl.Workbook()
    for row in CSV.splitlines():
        book.active.append(row.split(";"))
    excel = io.BytesIO()
    book.save(excel)
    names, *rows = [row.split(";") for row in CSV.splitlines()]
    table = pa.table({name: [row[n] for row in rows] for n, name in enumerate(names)})
    parquet = io.BytesIO()
    pq.write_table(table, parquet)
    for name, content in (
        ("Mes communes (2026).csv", CSV.encode("cp1252")),
        ("a.xlsx", excel.getvalue()),
        ("a.parquet", parquet.getvalue()),
        ("a.jsonl", body(GOOD, BAD, {"id": "c", "acteur": {"nature": "region"}})),
    ):
        made = send(client, name, content, colonnes=["habilitation", "article"], libelles="oui")
        assert made.status_code == 200, made.text
        assert made.headers["cache-control"] == "no-store"
        found = sheets(made.content)
        assert list(found) == ["Avis", "Lignes écartées", "Bilan"], name
        head, *answers = found["Avis"]
        assert head == ("id", "habilitation", "fondement", "regime")
        assert [row[0] for row in answers] == ["a", "c"]
        assert answers[0][3].startswith("loi du 7 juillet 2014")
        assert found["Lignes écartées"][1][1:3] == ("b", "acteur.nature")
        assert any("1 scénario écarté" in str(row[0]) for row in found["Bilan"])
    assert (
        "filename=Mes-communes-2026-avis.xlsx"
        in (send(client, "Mes communes (2026).csv", CSV.encode()).headers["content-disposition"])
    )
    for output in ("csv", "jsonl", "parquet"):
        made = send(client, "a.csv", CSV.encode(), colonnes="article", sortie=output)
        packed = zipfile.ZipFile(io.BytesIO(made.content))
        assert packed.namelist() == [f"avis.{output}", f"lignes-ecartees.{output}", "bilan.txt"]
        assert "2 scénarios répondus" in packed.read("bilan.txt").decode()
    assert list(tmp_path.iterdir()) == []


def bomb() -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (200 * 2**20))
    return found.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"x", "attendu"),
        ("a.csv", b"", "est vide"),
        ("a.csv", b"acteur.natur;date\n", "Vouliez-vous dire « acteur.nature »"),
        ("a.csv", b'acteur.nature\n"' + b"x" * 200_000 + b'"\n', "lisible"),
        ("a.xlsx", b"PK\x03\x04rien", "ce que son nom annonce"),
        ("a.xlsx", CSV.encode(), "ce que son nom annonce"),
        ("a.parquet", CSV.encode(), "ce que son nom annonce"),
        ("a.jsonl", b"[", "lisible"),
        ("a.jsonl", b"{}", "vide"),
        ("bombe.xlsx", bomb(), "trop grand une fois ouvert"),
    ],
)
def test_a_file_that_cannot_be_answered_says_why(
    client: TestClient, name: str, content: bytes, said: str
) -> None:
    response = send(client, name, content, sortie="csv", colonnes="article")
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert said in response.text.replace("\N{NO-BREAK SPACE}", " ").replace(
        "\N{NARROW NO-BREAK SPACE}", " "
    )
    # What was chosen is still chosen.
    assert '<option value="csv" selected>' in response.text
    assert "Traceback" not in response.text


def test_bounds_of_the_page(small: FastAPI) -> None:
    client = TestClient(small)
    many = "acteur.nature\n" + "commune\n" * 9
    assert "plus de 3 lignes" in send(client, "a.csv", many.encode()).text
    assert send(client, "a.csv", b"x" * 40_000).status_code == 413
    assert "Aucun fichier" in client.post("/lots", files={"autre": ("a.csv", CSV)}).text
    refused = client.post("/lots", data={"a": "b"}, headers={"accept": "text/html"})
    assert refused.status_code == 415


def test_the_names_of_columns_are_given(client: TestClient, service: Service) -> None:
    text = client.get("/lots/colonnes.csv").content.decode("utf-8-sig").splitlines()
    assert len(text) == len(service.book.facts) + 1
    assert any(row.startswith("acteur.nature;") and "commune (commune)" in row for row in text)
    assert "/lots" in client.get("/api").text
    assert "/lots" in client.get("/plan-du-site").text


@pytest.mark.navigateur
def test_a_file_is_sent_with_the_keyboard_and_its_answers_come(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    good = tmp_path / "s.csv"
    good.write_text(CSV, "utf-8")
    with opened(browser, "422") as page:
        page.goto(f"{address}/lots")
        assert_fits_and_accessible(page)
        page.set_input_files("#fichier", str(good))
        page.focus("button[type=submit]")
        with page.expect_download() as waited:
            page.keyboard.press("Enter")
        assert waited.value.suggested_filename == "s-avis.xlsx"
        assert list(sheets(Path(waited.value.path()).read_bytes())) == [
            "Avis", "Lignes écartées", "Bilan",
        ]  # fmt: skip
        assert "Calcul en cours" in page.inner_text("#attente")
        # Dropped on the frame, as a mouse does it.
        page.evaluate(
            """() => {
              const data = new DataTransfer();
              data.items.add(new File(["acteur.natur\\ncommune\\n"], "tombe.csv"));
              document.querySelector(".depot").dispatchEvent(
                new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
            }"""
        )
        assert "tombe.csv" in page.inner_text("#attente")
        page.click("button[type=submit]")
        page.wait_for_selector("#fautes:focus")
        assert "acteur.nature" in page.inner_text("#fautes")
        assert_fits_and_accessible(page)
    # Without scripts, the same form.
    with opened(browser, java_script_enabled=False) as page:
        page.goto(f"{address}/lots")
        page.set_input_files("#fichier", str(good))
        with page.expect_download() as waited:
            page.click("button[type=submit]")
        assert waited.value.suggested_filename == "s-avis.xlsx"
