"""The page of an avis: answers given on it, ways out of a refusal, the reasons drawn."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html import unescape
from urllib.parse import parse_qsl

import orjson
import pytest
from starlette.testclient import TestClient

from coopdec_rules.web.avis import permalink
from coopdec_rules.web.avis.permalink import Link
from coopdec_rules.web.service import Service
from coopdec_rules.workshop.cases import Case

from .links import SEAL

REFUSAL = "commune-de-communaute-urbaine-eau"
OPEN = "pays-viennois-pompes-a-eau"
TRANSFER = "/action/volets/0/transfert"


@pytest.fixture
def scenario(cases: list[Case]) -> dict[str, dict[str, object]]:
    return {case.id: dict(case.scenario) for case in cases}


def words(page: str) -> str:
    """The text of a page on one line, with plain spaces."""
    page = re.sub(r'<button [^>]*class="mot"[^>]*>(.*?)</button>', r"\1", page)
    text = unescape(re.sub(r"<[^>]*>", " ", page)).replace("\u2019", "'")
    return " ".join(text.split())


def opened(client: TestClient, document: dict[str, object], **more: str) -> str:
    response = client.get("/avis?" + permalink.query(Link(document), SEAL), params=None)
    assert response.status_code == 200
    return response.text


def reasoned(client: TestClient, document: dict[str, object], more: str = "") -> str:
    """The page of the reasoning, rule by rule."""
    response = client.get("/avis/detail?" + permalink.query(Link(document), SEAL) + more)
    assert response.status_code == 200
    return response.text


def carried(page: str) -> dict[str, str]:
    """The scenario that the forms of a page send along."""
    return dict(re.findall(r'<input type="hidden" name="([sd])" value="([^"]*)"', page))


def test_a_question_is_answered_on_the_page(
    client: TestClient, scenario: dict[str, dict[str, object]]
) -> None:
    page = opened(client, scenario[OPEN])
    assert f'name="{TRANSFER}" value="totale"' in page
    response = client.post("/avis", data={**carried(page), TRANSFER: "totale"})
    assert response.status_code == 200
    assert [r.status_code for r in response.history] == [303]
    assert response.history[0].headers["location"].endswith("#suivi")
    sent = dict(parse_qsl(str(response.url.query, "ascii")))
    kept = permalink.decode(sent["s"])
    assert kept["action"]["volets"][0]["transfert"] == "totale"
    text = words(response.text)
    assert "Ce qui change" in text
    assert re.search(r"Habilitation : indéterminée → devient autorisée sous conditions", text)
    assert "Le groupement, en entier." in text
    assert f'name="{TRANSFER}"' not in response.text


def test_an_answer_that_changes_nothing_says_so(
    client: TestClient, scenario: dict[str, dict[str, object]]
) -> None:
    page = opened(client, scenario[OPEN])
    answered = client.post("/avis", data={**carried(page), "/action/transfrontaliere": "non"})
    assert "Pris en compte, sans changer la réponse" in words(answered.text)


def test_an_empty_answer_leaves_the_question_open(
    client: TestClient, scenario: dict[str, dict[str, object]]
) -> None:
    page = opened(client, scenario[OPEN])
    again = client.post("/avis", data={**carried(page), TRANSFER: " "}).text
    before, after = (permalink.decode(carried(shown)["s"]) for shown in (page, again))
    # One partner written alone is a list of one.
    assert after == {**before, "partenaire": [before["partenaire"]]}


def test_what_cannot_be_read_is_told_at_its_field(client: TestClient) -> None:
    page = client.post("/avis", data={"/acteur/nature": "commune", "/date": "01/03/2006"}).text
    pointer = "/engagement/conventions_signees"
    assert f'name="{pointer}"' in page
    response = client.post("/avis", data={**carried(page), pointer: "beaucoup"})
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert 'value="beaucoup"' in response.text
    field = re.search(rf'<input[^>]* name="{pointer}"[^>]*>', response.text)
    assert field is not None
    assert 'aria-invalid="true"' in field.group()
    ident = re.search(r'id="([^"]+)"', field.group())
    assert ident is not None
    assert f'href="#{ident.group(1).removesuffix("-champ")}"' in response.text


def test_an_answer_to_another_page_is_refused(client: TestClient) -> None:
    code = permalink.encode({"acteur": {"nature": "commune"}})
    for name in ("/zzz", "/action/volets/7/domaine"):
        response = client.post(
            "/avis", data={"s": code, name: "x"}, headers={"accept": "text/html"}
        )
        assert response.status_code == 400
        assert "n'existe pas" in words(response.text)
    broken = client.post("/avis", data={"s": "%%%"}, headers={"accept": "text/html"})
    assert broken.status_code == 400


def test_presumed_facts_can_be_stated(
    client: TestClient, scenario: dict[str, dict[str, object]]
) -> None:
    page = opened(client, scenario[OPEN])
    pointer, told = "/action/neutralite", "S'assurer que l'action ne prend pas parti"
    assert f'name="{pointer}"' in page
    assert told in words(page)
    after = client.post("/avis", data={**carried(page), pointer: "respectee"}).text
    assert f'name="{pointer}"' not in after
    assert told not in words(after)


def test_a_refusal_shows_the_ways_out_and_where_each_leads(
    client: TestClient, service: Service, scenario: dict[str, dict[str, object]]
) -> None:
    page = opened(client, scenario[REFUSAL])
    levers = service.advisor.advise(scenario[REFUSAL]).avis["leviers"]
    assert levers
    text = words(page)
    links = re.findall(r'<a class="vers" href="(/avis\?[^"]+#suivi)"', page)
    assert len(links) == len(levers)
    for lever, link in zip(levers, links, strict=True):
        for change in lever["changements"]:
            assert change["faire"][1:] in text
        after = client.get(unescape(link))
        assert after.status_code == 200
        tone = re.search(r"ton-(\w+)\" aria-label=\"La réponse", after.text)
        assert tone is not None
        if lever["certain"]:
            display = service.book.conclusions["habilitation"].display
            assert display is not None
            assert tone.group(1) == display.said[lever["habilitation"]].tone
            assert f"→ devient {lever['habilitation_libelle']}" in words(after.text)
        assert "Habilitation : interdite → devient" in words(after.text)


def test_a_lever_may_drop_a_volet(client: TestClient, service: Service, cases: list[Case]) -> None:
    for case in cases:
        if len(case.scenario.get("action", {}).get("volets") or []) < 2:
            continue
        for lever in service.advisor.advise(case.scenario).avis["leviers"]:
            if lever["sans"]:
                page = opened(client, dict(case.scenario))
                assert lever["sans"]["faire"] in words(page).lower()
                return
    pytest.skip("no worked case has such a lever")


def test_what_is_to_be_done_is_told_once_with_who_and_when(
    client: TestClient, service: Service, scenario: dict[str, dict[str, object]]
) -> None:
    avis = service.advisor.advise(scenario[OPEN]).avis
    page = opened(client, scenario[OPEN])
    section = page.split('<h2 id="conditions">')[1].split("</section>")[0]
    people = set(re.findall(r'<span class="quand">(.*?)\.</span>', section))
    assert people == {"La CA du Pays Viennois", "Dépend de l’État"}
    later = page.split('<h2 id="eventuelles">')[1].split("</section>")[0]
    told = [*avis["conditions"], *avis["formalites"]]
    for entry in told:
        place = later if entry["etat"] == "eventuelle" else section
        assert " ".join(entry["texte"].split()) in words(place)
    assert {entry["etat"] for entry in told} >= {"a_remplir", "eventuelle"}
    assert section.count('class="etat"') + later.count('class="etat"') == len(told)


def test_the_ladder_has_six_steps_and_marks_the_actor(
    client: TestClient, scenario: dict[str, dict[str, object]]
) -> None:
    ladder = opened(client, scenario[OPEN]).split('class="echelle">')[1].split("</ol>")[0]
    assert ladder.count("<li") == 6
    assert ladder.count('class="ici"') == 1
    assert "aujourd'hui et une fois l'action faite" in words(ladder)


def test_the_reasoning_is_one_click_away_with_the_rules_not_met(
    client: TestClient, scenario: dict[str, dict[str, object]]
) -> None:
    page = opened(client, scenario[REFUSAL])
    assert "/recueil/regles/" not in page
    link = re.search(r'href="(/avis/detail\?[^"]+)"', page)
    assert link is not None
    detail = client.get(unescape(link.group(1))).text
    assert "/recueil/regles/commune-dessaisie" in detail
    assert "motifs-non_remplie" not in detail
    more = re.search(r'href="(/avis/detail\?[^"]+complet=1)#motifs"', detail)
    assert more is not None
    assert "motifs-non_remplie" in client.get(unescape(more.group(1))).text
    back = re.search(r'href="(/avis\?[^"]+)">Revenir', detail)
    assert back is not None
    assert client.get(unescape(back.group(1))).status_code == 200
    sent = client.post("/avis/detail", data=carried(page))
    assert "motifs-appliquee" in sent.text


def test_one_comes_back_where_one_answered(
    client: TestClient, scenario: dict[str, dict[str, object]]
) -> None:
    """What changed is told among the questions, or among what was supposed, not at the top."""
    page = opened(client, scenario[OPEN])
    for here, pointer, value in (
        ("questions", TRANSFER, "totale"),
        ("presumes", "/action/neutralite", "respectee"),
    ):
        after = client.post("/avis", data={**carried(page), "ici": here, pointer: value})
        assert f"&ici={here}#suivi" in after.history[0].headers["location"]
        section = after.text.split(f'<h2 id="{here}">')[1].split("</section>")[0]
        assert 'id="suivi"' in section
        assert after.text.count('id="suivi"') == 1
    # A page that asks for another place tells it at the top.
    assert 'id="suivi"' in client.get(f"{after.url}".replace("ici=presumes", "ici=x")).text


def test_a_word_of_the_field_is_explained_the_first_time(
    client: TestClient, scenario: dict[str, dict[str, object]]
) -> None:
    page = opened(client, scenario[REFUSAL])
    marked = re.findall(r'popovertarget="(mot-[a-z_]+)"', page)
    assert marked
    assert len(marked) == len(set(marked))
    for ident in marked:
        assert page.count(f'<div popover id="{ident}"') == 1


def test_the_amount_that_is_too_much_is_told_with_the_answer(client: TestClient) -> None:
    page = opened(
        client,
        {
            "date": "2026-10-01",
            "acteur": {"nature": "communaute_communes"},
            "acte": {"forme": "convention"},
            "partenaire": {"nature": "collectivite_territoriale", "pays": "MG"},
            "action": {
                "operation": "projet",
                "objet": "cooperation",
                "lieu": "etranger",
                "volets": [{"domaine": "dechets"}],
                "contributions": [
                    {
                        "nature": "argent",
                        "beneficiaire": "collectivite_etrangere",
                        "montant": 60000,
                        "budget": "dechets",
                        "service_exerce": "oui",
                        "ressources_service": 4000000,
                        "autres_prelevements": "aucune",
                    }
                ],
            },
        },
    )
    first = words(page.split('class="premier"')[1].split("</section>")[0])
    assert "20 000 € de trop" in first
    assert "40 000 € au plus" in first


# -- the drawing ---------------------------------------------------------------------------------


def drawings(page: str) -> list[ET.Element]:
    return [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]


def test_every_case_is_drawn_within_its_frame(client: TestClient, cases: list[Case]) -> None:
    for case in cases[:: len(cases) // 12]:
        query = permalink.query(Link(dict(case.scenario)), SEAL)
        response = client.get(f"/avis/detail?{query}")
        if response.status_code != 200:
            continue
        found = drawings(response.text)
        assert found, case.id
        for svg in found:
            _, _, width, height = map(float, svg.attrib["viewBox"].split())
            boxes = []
            for rect in svg.iter("{http://www.w3.org/2000/svg}rect"):
                x, y = float(rect.attrib["x"]), float(rect.attrib["y"])
                w, h = float(rect.attrib["width"]), float(rect.attrib["height"])
                assert x >= 0
                assert y >= 0
                assert x + w <= width
                assert y + h <= height
                boxes.append((x, y, w, h))
            for i, (x, y, w, h) in enumerate(boxes):
                for x2, y2, w2, h2 in boxes[i + 1 :]:
                    apart = x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y
                    assert apart, f"{case.id}: two boxes overlap"


def test_the_drawing_shows_facts_rules_exceptions_and_answers(
    client: TestClient, scenario: dict[str, dict[str, object]]
) -> None:
    page = reasoned(client, scenario[REFUSAL])
    svg = page[page.index("<svg") : page.index("</svg>")]
    for kind in ("d-fait", "d-regle", "d-ecartee", "d-reponse"):
        assert f'<g class="{kind}">' in svg
    assert "style=" not in svg
    assert "<a " not in svg
    text = words(svg)
    assert "Habilitation : interdite" in text
    tree = words(page.split('class="en-mots"')[1].split("</details>")[0])
    assert "Écarte :" in tree
    assert "appartient au groupement ; la commune en est dessaisie" in tree
    assert "nature du groupement de la commune : communauté urbaine" in tree


def test_an_open_answer_is_drawn_with_what_it_waits_for(
    client: TestClient, scenario: dict[str, dict[str, object]]
) -> None:
    page = reasoned(client, scenario[OPEN])
    svg = page[page.index("<svg") : page.index("</svg>")]
    assert '<g class="d-question">' in svg
    assert "Cette réponse attend :" in words(page)


def test_what_people_type_is_escaped_everywhere(client: TestClient) -> None:
    hostile = "<script>alert(1)</script>\"'&<svg onload=x>"
    data = {
        "/acteur/nature": "commune",
        "/acteur/nom": hostile,
        "/action/intitule": hostile,
        "/action/volets/0/intitule": hostile,
        "/action/volets/0/domaine": "eau",
        "/action/volets/1/intitule": hostile,
        "/partenaire/0/nom": hostile,
    }
    page = client.post("/avis", data=data)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<svg onload" not in page.text
    assert "&lt;script&gt;" in page.text
    for bad in ('v="><b>', "v=a.b.c.d", "q=/x", 'q="><script>', "q=/acteur/nom"):
        shown = client.get(f"{page.url}&{bad}")
        assert shown.status_code == (400 if bad == 'v="><b>' else 200)
        assert "<script>alert" not in shown.text
    assert orjson.loads(client.get(str(page.url).replace("/avis?", "/avis.json?")).content)


TAKEN = {
    "date": "2026-11-26",
    "acteur": {"nature": "commune"},
    "action": {
        "operation": "projet", "objet": "cooperation",
        "volets": [{"domaine": "eau"}],
        "contributions": [{"nature": "argent", "beneficiaire": "association_francaise"}],
    },
    "partenaire": [{"nature": "collectivite_territoriale", "pays": "SN"}],
    "acte": {"forme": "convention"},
}  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        {"acte": {"forme": "convention", "interesses": {"situation": "a_participe"}}},
        {"acte": {"forme": "convention", "decidee": True, "organe": "executif_seul"}},
        {"acte": {"forme": "convention", "signee": True, "signature_quand": "avant_vote"}},
        {
            "acte": {"forme": "convention", "interesses": {"situation": "a_participe"}},
            "partenaire": [{"nature": "etat", "pays": "SN"}],
        },
        {"acte": {"interesses": {"situation": "a_participe"}}},
    ],
)
def test_an_illegal_act_already_taken_is_among_the_first_things(
    client: TestClient, more: dict[str, object]
) -> None:
    """Whether the answer is yes if, no, or not yet known."""
    page = opened(client, {**TAKEN, **more})
    first = re.search(r'<section class="prochaines".*?</section>', page, re.DOTALL)
    assert first is not None
    told = words(first[0])
    assert re.search(r"L'acte déjà (pris|signé) est illégal", told), told
    assert "Sans attendre" in told


def test_items_are_told_by_their_name_and_an_item_alone_by_nothing(client: TestClient) -> None:
    alone = words(opened(client, TAKEN))
    assert "Contribution 1" not in alone
    assert "Partenaire 1" not in alone
    more = {"nature": "collectivite_territoriale", "nom": "Ville de Podor", "pays": "SN"}
    several = words(opened(client, {**TAKEN, "partenaire": [{"nature": "etat"}, more]}))
    assert "Ville de Podor" in several
    assert "Partenaire 2" not in several
    same = words(opened(client, {**TAKEN, "partenaire": [more, more]}))
    assert "Partenaire 2, Ville de Podor" in same
