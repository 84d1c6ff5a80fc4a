"""Links that carry a scenario: what they keep, and what they refuse."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import random
import zlib
from typing import Any
from urllib.parse import parse_qsl

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from coopdec_rules.advice.documents import MAX_BYTES
from coopdec_rules.advice.replies import answer_codes
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.avis import permalink
from coopdec_rules.web.avis.permalink import Link
from coopdec_rules.web.avis.seal import Seal
from coopdec_rules.web.problems import Refused
from coopdec_rules.workshop.cases import Case

from .links import KEY, SEAL

SCENARIO = {"acteur": {"nature": "commune", "nom": "Été à l'« eau »"}, "date": "2006-03-01"}

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), values, max_size=5))
def test_what_is_put_in_a_link_comes_out_of_it(document: dict[str, Any]) -> None:
    code = permalink.encode(document)
    assert permalink.decode(code) == document
    assert code.isascii()
    assert not set(code) & set("+/= &?#")


def test_equal_scenarios_have_the_same_link() -> None:
    turned = dict(reversed(SCENARIO.items()))
    assert permalink.encode(turned) == permalink.encode(SCENARIO)


def test_every_worked_case_fits_in_a_short_link(cases: list[Case]) -> None:
    assert max(len(permalink.encode(case.scenario)) for case in cases) < 1000


def packed(data: bytes) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.urlsafe_b64encode(packer.compress(data) + packer.flush()).decode().rstrip("=")


BROKEN = {
    "vide": "",
    "pas du base64": "é à",
    "autre alphabet": "+/==",
    "pas compressé": base64.urlsafe_b64encode(b"{}").decode(),
    "coupé": permalink.encode(SCENARIO)[:-6],
    "suivi d'autre chose": permalink.encode(SCENARIO) + "AAAA",
    "pas du JSON": packed(b"{"),
    "pas un objet": packed(b"[]"),
    "trop imbriqué": packed(b'{"a":' * 30 + b"1" + b"}" * 30),
    "bombe": packed(b" " * 40_000_000 + b"{}"),
    "trop grand": packed(b'{"a":"' + b"a" * MAX_BYTES + b'"}'),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("path", ["/avis", "/avis.pdf", "/scenario.yaml"])
def test_a_broken_link_is_a_clear_page(client: TestClient, path: str, name: str) -> None:
    response = client.get(path, params={"s": BROKEN[name]}, headers={"accept": "text/html"})
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/html")
    assert "Lien illisible" in response.text
    assert "lien" in response.text.split("<h1>")[1]
    told = client.get("/avis.json", params={"s": BROKEN[name]}, headers={"accept": "text/html"})
    assert told.status_code == 400
    assert told.json()["title"] == "Lien illisible"


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda b: packed(b)))
def test_any_text_is_read_or_refused(code: str) -> None:
    with contextlib.suppress(Refused):
        assert isinstance(permalink.decode(code), dict)


@given(
    st.one_of(
        st.text(max_size=40),
        values.map(lambda v: packed(orjson.dumps(v))),
        st.dictionaries(
            st.sampled_from(["acteur", "action", "date", "partenaire", "lecture"]), values
        ).map(lambda v: packed(orjson.dumps(v))),
    ),
    st.dictionaries(st.sampled_from(["d", "r", "a", "v", "q", "complet", "x"]), st.text()),
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_address_breaks_the_service(
    client: TestClient, code: str, others: dict[str, str]
) -> None:
    response = client.get("/avis", params={"s": code, **others}, headers={"accept": "text/html"})
    assert response.status_code in (200, 400, 422)
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    "pairs",
    [
        [("d", "hier")],
        [("d", "2006-02-30")],
        [("r", "xyz")],
        [("r", "0" * 13)],
        [("a", "interdite")],
        [("a", "<b>.b.c.d")],
        [("s", permalink.encode(SCENARIO))],
    ],
)
def test_a_link_is_refused_whole(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(Refused):
        permalink.read([("s", permalink.encode(SCENARIO)), *pairs], SEAL)


def test_parameters_of_others_are_left_aside() -> None:
    link = permalink.read([("utm_source", "x"), ("s", permalink.encode(SCENARIO))], SEAL)
    assert link == Link(SCENARIO)
    assert permalink.read([("utm_source", "x")], SEAL) is None


def test_the_day_travels_only_when_the_scenario_gives_none() -> None:
    undated = {"acteur": {"nature": "commune"}}
    day = dt.date(2010, 1, 2)
    assert dict(parse_qsl(permalink.query(Link(undated, day), SEAL)))["d"] == "2010-01-02"
    assert "d" not in dict(parse_qsl(permalink.query(Link(SCENARIO, day), SEAL)))


# -- on the page ---------------------------------------------------------------------------------

FORM = {
    "/date": "01/03/2006",
    "/acteur/nature": "communaute_agglomeration",
    "/action/volets/0/domaine": "eau",
}


def link_of(client: TestClient, data: dict[str, str]) -> dict[str, str]:
    """Parameters of the permalink that sending a form leads to."""
    response = client.post("/avis", data=data, follow_redirects=False)
    assert response.status_code == 303
    return dict(parse_qsl(response.headers["location"].partition("?")[2].partition("#")[0]))


def test_a_form_leads_to_the_link_that_carries_it(client: TestClient, rulebook: Rulebook) -> None:
    found = link_of(client, FORM)
    assert permalink.decode(found["s"]) == {
        "date": "2006-03-01",
        "acteur": {"nature": "communaute_agglomeration"},
        "action": {"volets": [{"domaine": "eau"}]},
    }
    assert found["r"] == rulebook.fingerprint[:12]
    assert len(found["a"].split(".")) == 4


def test_a_link_without_a_date_keeps_the_law_of_its_day(client: TestClient) -> None:
    code = permalink.encode({"acteur": {"nature": "commune"}})
    page = client.get("/avis", params={"s": code, "d": "2006-03-01"})
    assert "Droit au 1er mars 2006" in page.text
    assert "Lire au droit d’aujourd’hui" in page.text
    today = client.get("/avis", params={"s": code}).text
    assert "Droit au 1er mars 2006" not in today


def signed(found: dict[str, str], **claims: str) -> dict[str, str]:
    """A link as this service would have made it once, with other claims."""
    pairs = {**{name: text for name, text in found.items() if name != "g"}, **claims}
    return {**pairs, "g": SEAL.mark(pairs.items())}


def test_an_older_rulebook_is_told_with_both_readings(client: TestClient) -> None:
    found = link_of(client, FORM)
    now = found["a"]
    old = signed(found, r="0123456789ab", a="autorisee.acteur.naissante.avancee")
    page = client.get("/avis", params=old).text
    assert "Le recueil de règles a changé depuis ce lien" in page
    assert "autorisée" in page
    kept = client.get("/lien.json", params=old).json()
    assert kept["reponses"]["habilitation"] == "autorisee"
    assert kept["recueil"]["empreinte"] == "0123456789ab"
    assert kept["atteste"] is True
    today = client.get("/avis.json", params=old).json()
    assert ".".join(answer_codes(today)) == now
    same = client.get("/avis", params=signed(old, a=now)).text
    assert "Les réponses sont restées les mêmes." in same


def test_a_program_that_changed_is_told(client: TestClient) -> None:
    found = link_of(client, FORM)
    assert "avait reçu d’autres" not in client.get("/avis", params=found).text
    other = signed(found, a="autorisee.acteur.naissante.avancee")
    page = client.get("/avis", params=other).text
    assert "Ce lien avait reçu d’autres réponses" in page
    assert "Seul l’avis ci-dessous vaut." in page


YES = "autorisee.acteur.naissante.avancee"


@pytest.mark.parametrize(
    "forged",
    [
        {"a": YES},
        {"r": "0123456789ab", "a": YES},
        {"v": YES, "q": "/acteur/nature"},
        {"r": "0123456789ab", "a": YES, "g": "A" * 16},
        {"a": YES, "g": "é"},
        {"d": "2024-03-01"},
        {"s": permalink.encode({"acteur": {"nature": "departement"}})},
    ],
)
def test_nothing_that_a_link_invents_is_told(client: TestClient, forged: dict[str, str]) -> None:
    link = {**link_of(client, FORM), **forged}
    page = client.get("/avis", params=link).text
    assert "Rien n’atteste ce que ce lien dit avoir répondu" in page
    for past in ("Selon le lien", 'id="suivi"', "a changé depuis ce lien"):
        assert past not in page
    kept = client.get("/lien.json", params=link).json()
    assert kept["atteste"] is False
    assert kept["reponses"] is kept["recueil"]["empreinte"] is None


def test_a_link_that_claims_nothing_needs_no_mark(client: TestClient) -> None:
    bare = {"s": link_of(client, FORM)["s"]}
    assert "Rien n’atteste" not in client.get("/avis", params=bare).text
    assert client.get("/lien.json", params=bare).json()["atteste"] is None


def test_the_mark_is_that_of_one_key() -> None:
    pairs = [("s", "x"), ("a", YES)]
    mark = SEAL.mark(pairs)
    assert SEAL.holds(reversed(pairs), mark)
    assert not Seal(KEY[::-1]).holds(pairs, mark)
    assert not Seal().holds(pairs, mark)
    assert not SEAL.holds([("s", "x&a=" + YES)], mark)
    with pytest.raises(ValueError, match="32 bytes"):
        Seal(b"court")


def test_a_scenario_that_no_longer_reads_shows_its_mistakes(client: TestClient) -> None:
    code = permalink.encode({"acteur": {"nature": "baronnie"}, "zzz": 1})
    for path in ("/avis", "/avis.pdf"):
        response = client.get(path, params={"s": code}, headers={"accept": "text/html"})
        assert response.status_code == 422
        assert 'role="alert"' in response.text
        assert "baronnie" in response.text


@pytest.mark.parametrize("path", ["/avis.pdf", "/avis.json", "/scenario.yaml", "/lien.json"])
def test_a_program_is_told_the_mistakes_as_a_problem(client: TestClient, path: str) -> None:
    code = permalink.encode({"acteur": {"nature": "baronnie"}, "zzz": 1})
    responses = [client.get(path, params={"s": code}), client.post(path, data={"s": code})]
    if path.endswith(".json"):
        responses.append(client.get(path, params={"s": code}, headers={"accept": "text/html"}))
    for response in responses:
        assert response.status_code == 422
        assert response.headers["content-type"] == "application/problem+json"
        assert {e["pointeur"] for e in response.json()["erreurs"]} == {"/acteur/nature", "/zzz"}


def test_a_scenario_too_long_for_a_link_is_answered_at_once(client: TestClient) -> None:
    chance = random.Random(1)
    noise = ["".join(chr(chance.randrange(0x4E00, 0x9FA0)) for _ in range(490)) for _ in range(6)]
    data = {
        "/acteur/nature": "commune",
        "/acteur/nom": noise[0],
        "/action/intitule": noise[1],
        "/partenaire/0/nom": noise[2],
        "/action/volets/0/intitule": noise[3],
        "/action/volets/1/intitule": noise[4],
        "/action/volets/2/intitule": noise[5],
    }
    response = client.post("/avis", data=data, follow_redirects=False)
    assert response.status_code == 200
    assert "trop longue pour tenir dans un lien" in response.text
    assert "/avis.pdf?" not in response.text
    code = response.text.split('name="s" value="')[1].split('"')[0]
    assert client.post("/avis.json", data={"s": code}).json()["volets"][2]["intitule"] == noise[5]
    answered = client.post("/avis", data={"s": code, "/acte/forme": "convention"})
    assert answered.status_code == 200
    assert 'id="suivi"' in answered.text


@pytest.mark.parametrize("path", ["/avis", "/avis.pdf", "/avis.json", "/scenario.yaml"])
def test_an_avis_is_kept_by_nobody(client: TestClient, path: str) -> None:
    headers = client.get(path, params=link_of(client, FORM)).headers
    assert headers["cache-control"] == "no-store"
    assert "noindex" in headers["x-robots-tag"]
    assert headers["referrer-policy"] == "no-referrer"


def test_the_address_without_a_scenario_leads_to_the_start(client: TestClient) -> None:
    response = client.get("/avis", follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "/"
