"""From the start page to the avis, without JavaScript."""

from __future__ import annotations

import random
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from coopdec_rules.advice.scenario import MAX_ITEMS, pointer_of
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.avis.permalink import decode, encode
from coopdec_rules.web.guide import answers, pages, steps
from coopdec_rules.web.service import Service
from coopdec_rules.workshop.cases import Case
from tests.web.guide.reader import HTML, Page, Visitor

NATURE = "/acteur/nature"


# -- start page ----------------------------------------------------------------------------------


def test_the_start_page_says_what_it_is_and_leads_on(client: TestClient) -> None:
    page = Page(client.get("/").text)
    assert "ne remplace ni un juriste, ni le contrôle de légalité du préfet" in page.words
    assert "Pour qui" in page.words
    links = re.findall(r'<a (?:class="bouton" )?href="([^"]+)"', page.text)
    for link in {unlocated.split("#")[0] for unlocated in links if unlocated.startswith("/")}:
        assert client.get(link).status_code == 200, link


def test_five_real_examples_lead_to_their_answers(client: TestClient, service: Service) -> None:
    assert len(service.examples) == 5
    assert all(case.origin != "hypothese" for case in service.examples)
    assert len({str(case.expected["habilitation"]) for case in service.examples}) >= 4
    start = client.get("/").text
    for case in service.examples:
        assert f'href="/demande?cas={case.id}"' in start
        visitor = Visitor(client).open(f"/demande?cas={case.id}")
        assert visitor.step == "resume"
        assert case.title.replace("'", "’") in visitor.page.words.replace("\u202f", " ")


def test_an_example_that_does_not_exist(client: TestClient, service: Service) -> None:
    ident = service.examples[0].id
    for path in ("/demande", "/"):
        response = client.get(path, params={"cas": ident + "x"}, headers=HTML)
        assert response.status_code == 404
        assert ident in response.text


# -- every fact is asked -------------------------------------------------------------------------


def test_every_fact_is_asked_somewhere(client: TestClient, rulebook: Rulebook) -> None:
    """Nothing is out of reach: what is not asked up front is one fold away, or one answer away
    where what is presumed leaves it without object."""
    found: list[str] = []
    for theme in rulebook.themes:
        page = Visitor(client).open(f"/demande?etape={theme}").page
        found += [*page.asked, *page.aside]
        assert len(page.ids) == len(set(page.ids))
    unlocked = {
        "/acte/mode_choisi": ("decision", {"acte": {"mode_publication": "papier"}}),
        "/action/contributions/0/licence_export": (
            "argent",
            {"action": {"contributions": [{"nature": "materiel", "double_usage": "oui"}]}},
        ),
    }
    for pointer, (theme, document) in unlocked.items():
        page = Visitor(client).open(f"/demande?etape={theme}&s={encode(document)}").page
        assert pointer in (*page.asked, *page.aside)
        found.append(pointer)
    facts = rulebook.facts.values()
    assert sorted(found) == sorted(pointer_of(f, 0 if f.scope else None) for f in facts)


def test_a_question_without_object_is_not_asked(visitor: Visitor) -> None:
    assert "/acteur/groupement/nature" in visitor.page.aside
    visitor.answer(acteur__nature="communaute_communes")
    visitor.open(visitor.url.replace("etape=quoi", "etape=qui"))
    assert "/acteur/groupement/nature" not in (*visitor.page.asked, *visitor.page.aside)
    assert "/acteur/groupes_optionnels" in (*visitor.page.asked, *visitor.page.aside)


def test_an_answer_that_brings_questions_asks_them_before_going_on(visitor: Visitor) -> None:
    visitor.answer(acteur__nature="commune")
    assert visitor.step == "qui"
    assert "appellent d’autres questions" in visitor.page.words
    assert "/acteur/groupement/nature" in visitor.page.asked
    visitor.answer()
    assert visitor.step == "quoi"


# -- nothing is lost -----------------------------------------------------------------------------


def test_the_address_holds_every_answer(client: TestClient, visitor: Visitor) -> None:
    hostile = "L'«&<\"é> </script>"
    visitor.answer(acteur__nature="region", acteur__nom=hostile, date="1/3/2006")
    assert visitor.response.history[-1].status_code == 303
    wanted = {"acteur": {"nature": "region", "nom": hostile}, "date": "2006-03-01"}
    assert visitor.document == wanted
    again = Visitor(client).open(visitor.url)  # a reload
    assert again.page.text == visitor.page.text
    before = Visitor(client).open(visitor.url.replace("etape=quoi", "etape=qui"))
    assert before.page.fields["/acteur/nom"] == hostile
    assert "</script>" not in re.sub(r"<script defer[^>]*></script>", "", before.page.text)


def test_every_button_keeps_what_is_typed(visitor: Visitor) -> None:
    visitor.answer({"aller": "avec_qui"}, acteur__nature="region")
    assert visitor.step == "avec_qui"
    visitor.answer({"aller": "qui"}, partenaire__0__nom="Porto-Novo")
    assert visitor.page.fields[NATURE] == "region"
    visitor.answer({"aller": "resume"})
    assert "Porto-Novo" in visitor.page.words
    assert "région" in visitor.page.words


@pytest.mark.parametrize("button", [{"aller": "suite"}, {"aller": "avis"}])
def test_mistakes_are_told_at_their_field_and_values_are_kept(
    visitor: Visitor, button: dict[str, str]
) -> None:
    typed = {"date": "31/02/2006", "acteur__nom": "Vienne", "acteur__population": "beaucoup"}
    visitor.answer(button, **typed)
    assert visitor.step == "qui"
    page = visitor.page
    assert "<title>Erreur" in page.text
    assert 'role="alert"' in page.text
    for name in ("/date", "/acteur/population", NATURE):
        ident = "f" + name.replace("/", "-")
        assert f'href="#{ident}"' in page.text
        assert ident in page.ids
        assert f"{ident}-erreur" in page.ids
        field = re.search(rf'<(?:input|select)[^>]* id="{ident}"[^>]*>', page.text)
        assert field is not None
        assert f"{ident}-erreur" in field.group()
        assert 'aria-invalid="true"' in field.group()
    assert page.text.count('aria-invalid="true"') == 3
    assert "3 réponses sont à revoir" in page.words
    assert "Ce jour n’existe pas. Attendu : une date JJ/MM/AAAA." in page.words
    assert page.fields["/date"] == "31/02/2006"
    assert page.fields["/acteur/nom"] == "Vienne"
    assert page.fields["/acteur/population"] == "beaucoup"


def test_a_mistake_of_another_step_leads_there(client: TestClient, visitor: Visitor) -> None:
    visitor.answer({"aller": "quoi"}, acteur__population="beaucoup", acteur__nature="region")
    assert visitor.step == "quoi"
    link = re.search(r'<a href="(/demande[^"]+#f-acteur-population)">', visitor.page.text)
    assert link is not None
    there = Visitor(client).open(link.group(1).replace("&amp;", "&"))
    assert "f-acteur-population-erreur" in there.page.ids


def test_what_cannot_go_together_is_told_at_a_field(visitor: Visitor) -> None:
    visitor.answer(acteur__nature="metropole", date="01/03/2006")
    assert visitor.step == "qui"
    assert "f-acteur-nature-erreur" in visitor.page.ids
    assert "Ces réponses ne vont pas ensemble" in visitor.page.words
    assert "loi du 16 décembre 2010" in visitor.page.words
    visitor.answer(date="01/03/2016")
    assert visitor.step == "quoi"


def test_a_choice_that_does_not_exist_is_shown_as_sent(client: TestClient) -> None:
    sent = {"etape": "qui", "aller": "suite", NATURE: "comune"}
    response = client.post("/demande", data=sent, headers=HTML)
    page = Page(response.text)
    assert page.fields[NATURE] == "comune"
    assert "Vouliez-vous dire « commune »" in page.words


# -- repeated groups -----------------------------------------------------------------------------


def test_parts_are_added_and_removed(visitor: Visitor) -> None:
    visitor.answer({"aller": "domaines"}, acteur__nature="region")
    visitor.answer({"ajouter": "volet"}, action__volets__0__domaine="eau")
    assert "groupe-volet-2" in visitor.page.ids
    assert visitor.response.history[-1].headers["location"].endswith("#groupe-volet-2")
    visitor.answer({"retirer": "volet/0"}, action__volets__1__domaine="sante")
    assert "groupe-volet-2" not in visitor.page.ids
    assert visitor.document["action"] == {"volets": [{"domaine": "sante"}]}


def test_partners_and_contributions_are_added_and_removed(visitor: Visitor) -> None:
    visitor.answer({"aller": "avec_qui"}, acteur__nature="region")
    visitor.answer({"ajouter": "partenaire"}, partenaire__0__nom="Porto-Novo")
    visitor.answer({"ajouter": "partenaire"}, partenaire__1__nom="Cotonou")
    visitor.answer({"retirer": "partenaire/0"}, partenaire__2__nom="Ouidah")
    assert visitor.document["partenaire"] == [{"nom": "Cotonou"}, {"nom": "Ouidah"}]
    visitor.answer({"aller": "argent"})
    first, second = (f"/action/contributions/{n}/nature" for n in range(2))
    visitor.answer({"ajouter": "contribution", first: "argent"})
    assert "/action/contributions/0/affectee" in visitor.page.asked
    assert "/action/contributions/1/affectee" not in visitor.page.asked
    visitor.answer({"retirer": "contribution/0", second: "agent"})
    assert visitor.document["action"] == {"contributions": [{"nature": "agent"}]}
    assert "/action/contributions/0/agent_statut" in visitor.page.asked


@pytest.mark.parametrize(
    "button",
    [{"ajouter": "acteur"}, {"ajouter": "volet/1"}, {"retirer": "volet"}, {"retirer": "x/-1"}],
)
def test_buttons_that_do_not_exist_change_nothing(visitor: Visitor, button: dict[str, str]) -> None:
    visitor.answer(button, acteur__nature="region")
    assert visitor.response.status_code == 422
    assert "Ce bouton n’existe pas." in visitor.page.words
    assert visitor.page.fields[NATURE] == "region"


# -- find yourself -------------------------------------------------------------------------------


def test_a_commune_is_found_and_filled_in(visitor: Visitor) -> None:
    visitor.answer({"chercher": "oui", "q": "saint etienne"}, date="01/03/2006")
    assert visitor.step == "qui"
    assert visitor.page.fields["/date"] == "01/03/2006"
    assert "Saint-Étienne commune, Loire (42)" in visitor.page.words
    visitor.answer({"lieu": "42218", "aller": "remplir"})
    fields = visitor.page.fields
    assert fields[NATURE] == "commune"
    assert fields["/acteur/nom"] == "Saint-Étienne"
    assert fields["/acteur/groupement/nature"] == "metropole"
    assert fields["/date"] == "01/03/2006"
    assert "ils ne disent rien d’une autre date" in visitor.page.words
    assert "daté du 01/03/2006 : vérifier" in visitor.page.words
    # A metropole in 2006: what is filled in from today cannot be, and it is said at once.
    visitor.answer()
    assert visitor.step == "qui"
    assert "Ces réponses ne vont pas ensemble" in visitor.page.words


def test_enter_in_the_search_box_searches(visitor: Visitor) -> None:
    visitor.answer({"aller": "suite", "q": "vienne"})
    assert visitor.step == "qui"
    assert "lieu-38544" in visitor.page.ids
    # The same words sent again mean: go on.
    visitor.answer({"aller": "suite"}, acteur__nature="region")
    assert visitor.step == "quoi"


def test_another_actor_replaces_the_whole_first_one(visitor: Visitor) -> None:
    visitor.answer({"lieu": "38544", "aller": "suite"})
    assert visitor.page.fields["/acteur/groupement/nom"]
    visitor.answer({"lieu": "200077014", "aller": "suite"})  # CA Vienne Condrieu
    assert visitor.document["acteur"] == {
        "code": "200077014",
        "nature": "communaute_agglomeration",
        "nom": "CA Vienne Condrieu",
        "population": visitor.document["acteur"]["population"],  # type: ignore[index]
        "zone": "ailleurs",
    }


def test_nothing_found_is_told(visitor: Visitor) -> None:
    visitor.answer({"chercher": "oui", "q": "zzzzqqqq"})
    assert "Aucune commune ni groupement de ce nom." in visitor.page.words


def test_a_single_answer_is_chosen_beforehand(visitor: Visitor) -> None:
    visitor.answer({"chercher": "oui", "q": "villurbane"}, date="01/03/2026")
    assert visitor.page.fields["lieu"] == visitor.page.fields["propose"] == "69266"
    visitor.answer({"aller": "remplir", "lieu": "69266", "propose": "69266", "q": "villurbane",
                    "deja": "villurbane"})  # fmt: skip
    assert visitor.page.fields["/acteur/nom"] == "Villeurbanne"
    # Several answers: none is.
    visitor.answer({"chercher": "oui", "q": "saint denis"})
    assert "lieu" not in visitor.page.fields
    assert visitor.page.fields["propose"] == ""


def test_what_is_chosen_beforehand_replaces_nothing(visitor: Visitor) -> None:
    beforehand = {"lieu": "69266", "propose": "69266", "deja": "villurbane"}
    visitor.answer({**beforehand, "aller": "suite", "q": "vienne"})
    assert "lieu-38544" in visitor.page.ids  # another search
    visitor.answer({**beforehand, "chercher": "oui", "q": "vienne"})
    assert "lieu-38544" in visitor.page.ids
    visitor.answer({**beforehand, "aller": "suite", "q": "villurbane"}, acteur__nature="region")
    assert visitor.step == "quoi"
    assert visitor.document == {"acteur": {"nature": "region"}}


def test_filling_in_without_a_choice_is_told_where_it_is(visitor: Visitor) -> None:
    visitor.answer({"aller": "remplir", "q": "saint denis", "deja": "saint denis"},
                   acteur__nature="commune")  # fmt: skip
    assert visitor.step == "qui"
    assert visitor.response.status_code == 200
    assert "Choisissez d’abord une réponse de la liste" in visitor.page.words
    assert 'aria-describedby="lieu-faute"' in visitor.page.text
    assert "lieu-97411" in visitor.page.ids
    assert visitor.page.fields[NATURE] == "commune"
    visitor.answer({"aller": "remplir", "q": ""})
    assert "Cherchez d’abord une commune ou un groupement" in visitor.page.words


def test_a_postcode_is_not_read_silently(client: TestClient, visitor: Visitor) -> None:
    visitor.answer({"chercher": "oui", "q": "37240"})
    assert "37240 est lu ici comme un code INSEE, celui de Saunay" in visitor.page.words
    assert "lieu-37130" in visitor.page.ids  # Ligueil, whose postcode it is
    visitor.answer({"chercher": "oui", "q": "99999"})
    assert "Il est lu comme un code INSEE ; si c’est un code postal" in visitor.page.words
    text = client.get("/demande/lieux", params={"q": "75012"}).text
    assert "Trouvé par le code postal 75012" in text
    assert text.index("Paris") < text.index("Boulogne")


def test_what_is_said_of_a_place_is_said_to_the_end(visitor: Visitor) -> None:
    visitor.answer({"lieu": "98818", "aller": "remplir"}, date="01/03/2026")  # Nouméa
    visitor.answer({"aller": "resume"})
    assert "droit commun" in visitor.page.words
    visitor.answer({"aller": "avis"})
    assert visitor.response.url.path == "/avis"
    assert "qu’il s’applique tel quel aux communes de cette collectivité" in visitor.page.words


def test_what_the_base_cites_is_shown_as_presumed(visitor: Visitor) -> None:
    visitor.answer({"lieu": "38544", "aller": "remplir"}, date="01/03/2026")  # Vienne
    words = visitor.page.words
    assert "Ce que la base nationale cite des compétences de CA Vienne Condrieu" in words
    assert "eau potable (tout)" in words
    assert "assainissement (en partie)" in words
    assert "une compétence absente ne prouve rien" in words
    visitor.answer({"lieu": "93001", "aller": "remplir"})  # Aubervilliers
    assert "elle n’est pas utilisée" in visitor.page.words
    assert "des compétences de Plaine Commune" in visitor.page.words
    visitor.answer({"lieu": "200056232", "aller": "remplir"})  # Paris-Saclay
    assert "Cité sans que cela prouve rien : transports urbains et mobilité" in visitor.page.words


def test_the_first_pages_do_not_wait_for_the_directory(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise AssertionError("read")

    for module in (pages, steps, answers):
        monkeypatch.setattr(module, "load_directory", refuse)
    assert client.get("/").status_code == 200
    assert client.get("/demande").status_code == 200


def test_a_place_that_does_not_exist(visitor: Visitor) -> None:
    visitor.answer({"lieu": "00000", "aller": "remplir"})
    assert visitor.response.status_code == 404


def test_places_are_offered_as_one_types(client: TestClient) -> None:
    text = client.get("/demande/lieux", params={"q": "Vienn"}).text
    assert 'role="listbox"' in text
    assert 'data-code="38544"' in text
    assert client.get("/demande/lieux", params={"q": "V"}).text.strip() == ""


# -- to the avis ---------------------------------------------------------------------------------


def test_the_avis_can_be_asked_at_any_moment(visitor: Visitor) -> None:
    visitor.answer({"aller": "avis"}, acteur__nature="region")
    assert urlsplit(visitor.url).path == "/avis"
    assert visitor.response.status_code == 200
    assert visitor.page.title.startswith("Avis")


def test_the_summary_leads_back_to_each_answer(visitor: Visitor) -> None:
    visitor.answer({"aller": "resume"}, acteur__nature="region", date="01/03/2006")
    visitor.answer({"fait": "/date"})
    assert visitor.step == "qui"
    assert visitor.response.history[-1].headers["location"].endswith("#f-date")
    visitor.open(f"/demande?fait=/action/operation&s={encode(visitor.document)}")
    assert visitor.step == "quoi"


def test_the_summary_says_what_has_no_object_any_more(visitor: Visitor) -> None:
    scenario = {"acteur": {"nature": "region", "groupement": {"nature": "syndicat_mixte"}}}
    visitor.open(f"/demande?etape=resume&s={encode(scenario)}")
    assert "syndicat mixte Sans objet" in visitor.page.words
    assert visitor.document == scenario


def test_form_api_and_form_again_agree_on_every_case(
    client: TestClient, cases: list[Case], service: Service
) -> None:
    """Loaded as an example and sent on, a case asks the avis of the same scenario."""
    for case in cases[:: len(cases) // 12]:
        if "impossible" in case.expected:
            continue
        visitor = Visitor(client).open(f"/demande?cas={case.id}")
        sent = {**visitor.page.fields, "aller": "avis"}
        response = client.post("/demande", data=sent, follow_redirects=False)
        code = parse_qs(urlsplit(response.headers["location"]).query)["s"][0]
        by_form = service.advisor.advise(decode(code), reasoning=False).avis
        by_case = service.advisor.advise(case.scenario, reasoning=False).avis
        assert by_form["resume"] == by_case["resume"], case.id


def test_a_scenario_too_long_for_an_address_travels_in_the_page(client: TestClient) -> None:
    rng = random.Random(1)
    volets = [
        {"intitule": "".join(rng.choices("abcdefghijklmnopqrstuvwxyz ", k=400)).strip()}
        for _ in range(MAX_ITEMS)
    ]
    scenario = {"acteur": {"nature": "region"}, "action": {"volets": volets}}
    sent = {"s": encode(scenario), "etape": "qui", "aller": "resume"}
    response = client.post("/demande", data=sent, headers=HTML, follow_redirects=False)
    assert response.status_code == 200
    page = Page(response.text)
    assert decode(page.fields["s"]) == scenario
    avis = client.post("/demande", data={**page.fields, "aller": "avis"}, headers=HTML)
    assert avis.status_code == 200
    fields = Page(avis.text).fields
    assert fields[f"/action/volets/{MAX_ITEMS - 1}/intitule"] == volets[-1]["intitule"]


# -- hostile -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("/acteur/natur", "Ce champ n’existe pas."),
        ("/action/volets/1/domaine", "Ce champ n’existe pas."),
        ("/action/volets", "Ce champ n’existe pas."),
        ("\u202e<script>", "Ce champ n’existe pas."),
        ("", "Ce champ n’existe pas."),
    ],
)
def test_unknown_fields_are_refused(client: TestClient, name: str, message: str) -> None:
    response = client.post("/demande", data={NATURE: "commune", name: "x"}, headers=HTML)
    assert response.status_code == 422
    page = Page(response.text)
    assert message in page.words
    assert page.fields[NATURE] == "commune"
    assert "\u202e" not in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/demande?etape=quo", "/demande?s=abc", "/demande?s=%ED%A0%80", "/demande?fait=/x",
        "/demande?cas=", "/demande?etape=", "/demande/lieux/x",
    ],
)  # fmt: skip
def test_addresses_that_lead_nowhere_are_told(client: TestClient, path: str) -> None:
    response = client.get(path, headers=HTML)
    assert response.status_code in (400, 404, 422)
    assert '<html lang="fr">' in response.text


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"%ED%A0%80=1", "application/x-www-form-urlencoded", 400),
        (b"\xff=1", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=" % i for i in range(5000)), "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
    ],
)
def test_what_is_not_a_form_is_refused(
    client: TestClient, body: bytes, media: str, status: int
) -> None:
    response = client.post("/demande", content=body, headers={**HTML, "content-type": media})
    assert response.status_code == status


BUTTONS = st.sampled_from(["suite", "avis", "resume", "quoi", "remplir", "x"])


@given(
    st.lists(
        st.tuples(
            st.one_of(
                st.sampled_from(
                    [NATURE, "/date", "s", "etape", "q", "lieu", "fait", "ajouter", "retirer"]
                ),
                st.text(),
            ),
            st.one_of(st.sampled_from(["commune", "quoi", "volet", "38544"]), st.text()),
        )
    ),
    BUTTONS,
)
@settings(
    max_examples=60, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_nothing_sent_breaks_the_form(
    client: TestClient, fields: list[tuple[str, str]], button: str
) -> None:
    body = urlencode([*fields, ("aller", button)], errors="replace").encode()
    headers = {**HTML, "content-type": "application/x-www-form-urlencoded"}
    response = client.post("/demande", content=body, headers=headers)
    assert response.status_code in (200, 400, 404, 422)


# -- follow-up questions, as htmx asks for them ----------------------------------------------------


def test_the_questions_alone_are_given_back(client: TestClient) -> None:
    fields = Visitor(client).open("/demande").page.fields
    sent = {**fields, NATURE: "commune", "/date": "31/02/2006"}
    text = client.post("/demande", data=sent, headers={"hx-request": "true"}).text
    assert "<html" not in text
    page = Page(text)
    assert "/acteur/groupement/nature" in page.asked
    assert decode(page.fields["s"]) == {"acteur": {"nature": "commune"}, "date": "31/02/2006"}
    assert "f-date-erreur" in page.ids
    assert "questions de plus" in page.words
    assert 'data-adresse="/demande?etape=qui&amp;s=' in text


def test_pages_of_the_form_are_private(client: TestClient) -> None:
    for path in ("/demande", "/demande?etape=resume"):
        headers = client.get(path).headers
        assert "noindex" in headers["x-robots-tag"]
        assert headers["cache-control"] == "no-store"
