"""The form says who holds a competence, as the national base lets presume it."""

from __future__ import annotations

from starlette.testclient import TestClient

from coopdec_rules.territories import load_directory
from coopdec_rules.web.avis.permalink import encode
from tests.web.guide.reader import Visitor

FIELD = "/action/volets/0/transfert"


def test_the_question_shows_what_is_presumed_and_one_answer_replaces_it(
    client: TestClient,
) -> None:
    territory = load_directory().by_code("200000172")
    assert territory is not None
    volet: dict[str, str] = {"domaine": "voirie"}
    document = {**territory.as_scenario(), "action": {"objet": "cooperation", "volets": [volet]}}
    address = f"/demande?etape=domaines&s={encode(document)}"
    page = Visitor(client).open(address).page
    assert FIELD in page.asked
    assert "Présumé. Base nationale sur l’intercommunalité (Banatic)" in page.words
    assert "l’avis retiendra : le groupement pour une part" in page.words
    volet["transfert"] = "aucune"
    page = Visitor(client).open(f"/demande?etape=domaines&s={encode(document)}").page
    assert FIELD in page.asked
    assert "Présumé. Base" not in page.words
