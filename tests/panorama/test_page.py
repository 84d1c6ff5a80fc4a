"""The page, the downloads, and what an avis says of its actor’s peers."""

from __future__ import annotations

import csv
import io
import logging
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.tier import MAX_PEERS
from coopdec_rules.panorama.data import Panorama
from coopdec_rules.web.app import create_app
from coopdec_rules.web.service import Service
from coopdec_rules.workshop.cases import Case

HTML = {"accept": "text/html"}


def test_every_place_has_its_anchor(client: TestClient, panorama: Panorama) -> None:
    page = client.get("/panorama", headers=HTML)
    assert page.status_code == 200
    ids = re.findall(r'\bid="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    assert {*panorama.communities, *panorama.towns} <= set(ids)
    for target in re.findall(r'href="#([^"]+)"', page.text):
        assert target in ids
    assert " style=" not in page.text
    assert 'href="/panorama"' in client.get("/api", headers=HTML).text


def test_the_page_shows_both_figures_and_the_reasons(client: TestClient) -> None:
    text = client.get("/panorama", headers=HTML).text
    assert text.count('<figure class="dessin">') == 8
    assert text.count('<figure class="carte">') == 5
    assert text.count("février 2006") + text.count("1er semestre 2006") >= 8
    for shown in ("recompté 51", "recompté 19", "l’étude dit 132"):
        assert shown in text.replace("&#39;", "'")
    assert "20 diffèrent" in text
    assert "échouent dans cette installation" not in text


def test_links_of_the_page_answer(client: TestClient) -> None:
    text = client.get("/panorama", headers=HTML).text
    links = set(re.findall(r'href="(/[^"#]*)"', text))
    assert len([link for link in links if link.endswith(".csv")]) == 18
    for link in links:
        assert client.get(link, headers=HTML).status_code == 200, link


def test_a_table_is_served_in_both_forms(
    client: TestClient, panorama: Panorama, data: Path
) -> None:
    listed = client.get("/api/v1/panorama").json()
    assert [table["table"] for table in listed["tables"]] == list(panorama.tables)
    for table in listed["tables"]:
        rows = client.get(table["json"]).json()["lignes"]
        answer = client.get(table["csv"])
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert f'panorama-{table["table"]}.csv"' in answer.headers["content-disposition"]
        assert answer.content == (data / f"{table['table']}.csv").read_bytes()
        written = list(csv.DictReader(io.StringIO(answer.text)))
        assert len(rows) == len(written) == table["lignes"]
        names = [column["nom"] for column in listed["colonnes"][table["table"]]]
        assert list(rows[0]) == list(written[0]) == names


def test_missing_is_null(client: TestClient) -> None:
    rows = client.get("/api/v1/panorama/communautes").json()["lignes"]
    maubeuge = next(row for row in rows if row["communaute"] == "ca-maubeuge-val-de-sambre")
    assert maubeuge["palier"] is None


def test_an_unknown_table_is_told(client: TestClient) -> None:
    for path in ("/api/v1/panorama/acords", "/api/v1/panorama/acords.csv"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "Vouliez-vous dire « accords » ?" in answer.json()["detail"]
    assert client.get("/api/v1/panorama?x=1").status_code == 422
    assert client.get("/api/v1/panorama/..%2Fetude").status_code == 404


def test_the_checks_are_served(client: TestClient) -> None:
    found = client.get("/api/v1/panorama/verifications").json()
    different = [c["id"] for c in found["chiffres"] if not c["egal"]]
    assert len(different) == 20
    assert set(different) <= {gap["ecart"] for gap in found["ecarts"]}


def test_data_that_cannot_be_read_stop_nothing_else(
    advisor: Advisor,
    cases: list[Case],
    copy: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (copy / "villes.csv").write_text("ville\n", encoding="utf-8")
    monkeypatch.setenv("COOPDEC_CAS", str(copy.parent))
    client = TestClient(create_app(service=Service(advisor, cases)))
    with caplog.at_level(logging.WARNING):
        page = client.get("/panorama", headers=HTML)
        assert page.status_code == 404
        assert "ne peuvent pas être lues" in page.text
        for path in ("", "/verifications", "/villes", "/villes.csv"):
            assert client.get(f"/api/v1/panorama{path}").status_code == 404
        scenario = {"acteur": {"nom": "Lille", "nature": "commune"}}
        answer = client.post("/api/v1/avis", json=scenario)
        # Logged once, however many avis are given.
        assert client.post("/api/v1/avis", json=scenario).status_code == 200
    assert answer.json()["palier"]["pairs"] == []
    assert answer.json()["palier"]["place"] is None
    assert caplog.text.count("Avis are given without peers") == 1
    assert "villes.csv:1" in caplog.text


# -- what an avis says -------------------------------------------------------------------------


def tier(client: TestClient, **changes: object) -> dict[str, object]:
    scenario = {
        "date": "2006-02-01",
        "acteur": {"nom": "CA du Pays Viennois", "nature": "communaute_agglomeration"},
        "action": {"operation": "projet", "volets": [{"domaine": "eau"}]},
        "acte": {"forme": "convention"},
        "partenaire": {"nature": "collectivite_territoriale", "pays": "SN"},
        "engagement": {"conventions_signees": 1, "actions": "suivies"},
        **changes,
    }
    found = client.post("/api/v1/avis", json=scenario)
    assert found.status_code == 200
    palier = found.json()["palier"]
    assert isinstance(palier, dict)
    return palier


def test_an_avis_shows_the_actor_and_its_peers(client: TestClient) -> None:
    palier = tier(client)
    place = palier["place"]
    assert isinstance(place, dict)
    assert place["ancre"] == "/panorama#ca-pays-viennois"
    assert place["palier"] == palier["actuel"] == "avancee"
    pairs = palier["pairs"]
    assert isinstance(pairs, list)
    assert 0 < len(pairs) <= MAX_PEERS
    assert "/panorama#ca-pays-viennois" not in [pair["ancre"] for pair in pairs]
    assert pairs[0]["nom"] == "CA Angers Loire Métropole"
    assert pairs[0]["raisons"] == ["meme_domaine", "meme_aire", "meme_palier"]
    for pair in pairs:
        assert pair["dit"]
        assert pair["provenance"]
        assert pair["raisons"]


def test_an_avis_names_the_element_that_decides(client: TestClient) -> None:
    palier = tier(client, engagement={"conventions_signees": 0, "contacts": "oui"})
    element, after = palier["element"], palier["element_apres"]
    assert isinstance(element, dict)
    assert isinstance(after, dict)
    assert (element["regle"], after["regle"]) == ("palier-4", "apres-5")
    assert "contacts" in element["texte"]
    assert "II.D" in element["source"]
    assert palier["par_analogie"] is False


def test_an_unsettled_tier_has_no_element_and_no_peer_of_tier(client: TestClient) -> None:
    palier = tier(client, engagement={}, action={}, partenaire={})
    assert palier["element"] is palier["element_apres"] is None
    assert palier["pairs"] == []


@pytest.mark.parametrize("nature", ["commune", "metropole", "region"])
def test_other_actors_are_answered_by_analogy(client: TestClient, nature: str) -> None:
    palier = tier(client, acteur={"nature": nature}, date="2020-02-01")
    assert palier["par_analogie"] is True
    pairs = palier["pairs"]
    assert isinstance(pairs, list)
    towns = [pair for pair in pairs if pair["document"] == "enquete_2006"]
    assert bool(towns) == any(pair["palier"] is None for pair in pairs)


def test_the_place_of_a_town(client: TestClient) -> None:
    palier = tier(client, acteur={"nature": "commune", "nom": "Ville de Lille"})
    place = palier["place"]
    assert isinstance(place, dict)
    assert place["ancre"] == "/panorama#ville-lille"
    assert place["palier"] is None
    assert "12 accords" in place["dit"]
