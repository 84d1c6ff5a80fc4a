"""The form without a browser: fields and scenarios, the avis it gives, its mistakes."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from coopdec_rules.advice.cases import Case
from coopdec_rules.advice.scenario import pointer_of
from coopdec_rules.rulebook.model import Fact
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.form import Change, FormReader, FormState
from coopdec_rules.web.service import Service

ANSWERS = ("habilitation", "habilitation_possibles", "maitrise_ouvrage", "palier", "volets")
NATURE = "/acteur/nature"


class Fields(HTMLParser):
    """Names and values of the fields of a page, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._select: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.found.append((values["name"], values["value"]))
        elif tag == "select":
            self._select = values["name"]
        elif tag == "option" and "selected" in values and self._select:
            self.found.append((self._select, values["value"]))


def words(page: str) -> str:
    """The text of a page on one line, with plain spaces."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


@pytest.fixture(scope="session")
def reader(rulebook: Rulebook) -> FormReader:
    return FormReader(rulebook)


# -- from a scenario to the form and back --------------------------------------------------------


def through_the_form(reader: FormReader, document: object) -> dict[str, Any]:
    """The document read from the fields that a browser would send for it."""
    state = reader.fill(document)
    fields = [(name, state.values.get(name, "")) for name, _ in reader.names(state)]
    sent = parse_qsl(urlencode(fields), keep_blank_values=True, errors="strict")
    read, change, problems = reader.read(sent)
    assert not problems
    assert change is None
    return reader.document(read)


def values(fact: Fact) -> st.SearchStrategy[Any]:
    low, high = fact.minimum, fact.maximum
    match fact.type:
        case "booleen":
            return st.booleans()
        case "choix":
            return st.sampled_from(list(fact.values))
        case "nombre":
            return st.integers(int(Decimal(str(low or 0))), int(Decimal(str(high or 10**9))))
        case "montant":
            return st.integers(0, 10**12).map(lambda cents: cents / 100)
        case "date":
            first = low if isinstance(low, dt.date) else dt.date(1, 1, 1)
            last = high if isinstance(high, dt.date) else dt.date(9999, 12, 31)
            return st.dates(first, last).map(dt.date.isoformat)
        case _:
            text = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60)
            return text.map(str.strip).filter(bool)


@st.composite
def documents(draw: st.DrawFn, book: Rulebook) -> dict[str, Any]:
    document: dict[str, Any] = {}

    def put(place: dict[str, Any], path: tuple[str, ...], fact: Fact) -> None:
        if not draw(st.booleans()):
            return
        for key in path[:-1]:
            place = place.setdefault(key, {})
        place[path[-1]] = draw(values(fact))

    for fact in book.facts.values():
        if not fact.scope:
            put(document, fact.path, fact)
    for group in book.groups.values():
        if not group.repeated:
            continue
        entries: list[dict[str, Any]] = []
        for _ in range(draw(st.integers(0, 3))):
            entry: dict[str, Any] = {}
            for fact in book.facts.values():
                if fact.scope == group.id:
                    put(entry, fact.key, fact)
            entries.append(entry)
        if entries not in ([], [{}]):
            place = document
            for key in group.path[:-1]:
                place = place.setdefault(key, {})
            place[group.path[-1]] = entries
    return document


@given(st.data())
@settings(
    max_examples=200, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_a_scenario_survives_the_form(
    reader: FormReader, rulebook: Rulebook, data: st.DataObject
) -> None:
    document = data.draw(documents(rulebook))
    assert through_the_form(reader, document) == document


def test_the_form_answers_as_the_api_on_every_case(
    client: TestClient, reader: FormReader, cases: list[Case]
) -> None:
    for case in cases:
        document = through_the_form(reader, case.scenario)
        by_form = client.post("/api/v1/avis", json=document).json()
        shown = client.get(f"/api/v1/cas/{case.id}").json()
        by_api = client.post("/api/v1/avis", json=shown["scenario"]).json()
        assert {k: by_form[k] for k in ANSWERS} == {k: by_api[k] for k in ANSWERS}, case.id
        assert by_form["resume"] == by_api["resume"], case.id


def test_the_page_shows_the_three_answers_of_the_api(client: TestClient, cases: list[Case]) -> None:
    for case in cases[:: max(1, len(cases) // 25)]:
        form = client.get("/", params={"cas": case.id}).text
        page = client.post("/avis", data=dict(Fields(form).found))
        assert page.status_code == 200
        avis = client.post(
            "/api/v1/avis", json=client.get(f"/api/v1/cas/{case.id}").json()["scenario"]
        ).json()
        text = words(page.text)
        for sentence in avis["resume"].values():
            assert " ".join(sentence.split()) in text, case.id


@pytest.mark.parametrize(
    ("pointer", "typed", "value"),
    [
        ("/acteur/population", "67 000", 67000),
        ("/acteur/population", "67\u202f000", 67000),
        ("/acteur/population", "beaucoup", "beaucoup"),
        ("/acteur/population", "²", "²"),
        ("/action/financement/0/montant", "40 000,50 €", 40000.5),
        ("/action/financement/0/montant", "40000", 40000),
        ("/action/financement/0/montant", "1,234", "1,234"),
        ("/date", "1/3/2006", "2006-03-01"),
        ("/date", "01.03.2006", "2006-03-01"),
        ("/date", "2006-03-01", "2006-03-01"),
        ("/date", "mars 2006", "mars 2006"),
        ("/action/urgence", "non", False),
        ("/action/urgence", "peut-être", "peut-être"),
        ("/acteur/nom", "  Vienne ", "Vienne"),
    ],
)
def test_what_people_type_becomes_what_a_scenario_writes(
    reader: FormReader, pointer: str, typed: str, value: object
) -> None:
    state, _, problems = reader.read([(pointer, typed)])
    assert not problems
    place: Any = reader.document(state)
    for key in pointer.split("/")[1:]:
        place = place[int(key) if isinstance(place, list) else key]
    assert place == value
    assert type(place) is type(value)


# -- repeated groups -----------------------------------------------------------------------------


def volets(state: FormState) -> list[str]:
    count = state.counts["volet"]
    return [state.values.get(f"/action/volets/{i}/domaine", "") for i in range(count)]


def test_items_are_added_and_removed_without_losing_the_others(reader: FormReader) -> None:
    state = reader.blank()
    assert volets(state) == [""]
    state.values["/action/volets/0/domaine"] = "eau"
    state = reader.apply(state, Change("volet"))
    assert volets(state) == ["eau", ""]
    state.values["/action/volets/1/domaine"] = "sante"
    state = reader.apply(state, Change("volet"))
    state = reader.apply(state, Change("volet", 0))
    assert volets(state) == ["sante", ""]
    state = reader.apply(state, Change("volet", 1))
    state = reader.apply(state, Change("volet", 0))
    assert volets(state) == [""]


def test_there_is_a_limit_to_adding(reader: FormReader) -> None:
    state = reader.blank()
    for _ in range(60):
        state = reader.apply(state, Change("volet"))
    assert state.counts["volet"] == 50


def test_buttons_re_render_the_form_as_it_was(client: TestClient) -> None:
    sent = {
        NATURE: "commune",
        "/acteur/nom": "L'«&<\"é>",
        "/date": "pas une date",
        "/action/volets/0/domaine": "eau",
        "ajouter": "volet",
    }
    response = client.post("/", data=sent)
    assert response.status_code == 200
    assert "Volet 2" in response.text
    fields = dict(Fields(response.text).found)
    for name in sent:
        if name != "ajouter":
            assert fields[name] == sent[name]
    assert 'role="alert"' not in response.text
    removed = client.post("/", data={**fields, "retirer": "volet/0"})
    fields = dict(Fields(removed.text).found)
    assert fields["/action/volets/0/domaine"] == ""
    assert fields["/acteur/nom"] == sent["/acteur/nom"]
    assert "Volet 2" not in removed.text


def test_the_answers_can_be_changed_from_the_avis(client: TestClient) -> None:
    form = {
        NATURE: "commune",
        "/acteur/nom": "A\"'<b>&amp; é",
        "/action/volets/0/domaine": "eau",
        "/action/volets/1/domaine": "",
    }
    page = client.post("/avis", data=form).text
    back = client.post("/", data=dict(Fields(page).found)).text
    fields = dict(Fields(back).found)
    for name, value in form.items():
        assert fields[name] == value


def test_every_open_question_leads_to_its_field(client: TestClient) -> None:
    page = client.post("/avis", data={NATURE: "communaute_agglomeration"}).text
    back = client.post("/", data=dict(Fields(page).found)).text
    targets = re.findall(r'formaction="/#([^"]+)"', page)
    assert targets
    for target in targets:
        assert f'id="{target}"' in back


# -- mistakes ------------------------------------------------------------------------------------


def test_mistakes_are_told_at_their_field_and_values_are_kept(client: TestClient) -> None:
    sent = {
        "/date": "31/02/2006",
        "/acteur/population": "beaucoup",
        "/acteur/nom": "Vienne",
        "/action/financement/0/montant": "1,234",
    }
    response = client.post("/avis", data=sent)
    assert response.status_code == 422
    page = response.text
    assert 'role="alert"' in page
    assert "<title>Erreur" in page
    for name in ("/date", "/acteur/population", NATURE, "/action/financement/0/montant"):
        ident = "f" + name.replace("/", "-")
        assert f'href="#{ident}"' in page
        assert f'id="{ident}-erreur"' in page
        field = re.search(rf'<(?:input|select)[^>]* id="{ident}"[^>]*>', page)
        assert field is not None
        assert f"{ident}-erreur" in field.group()
        assert 'aria-invalid="true"' in field.group()
    assert page.count('aria-invalid="true"') == 4
    text = words(page)
    assert "4 erreurs empêchent de rendre l'avis" in text
    assert "Attendu : une date JJ/MM/AAAA." in text
    fields = dict(Fields(page).found)
    for name, value in sent.items():
        assert fields[name] == value


def test_a_choice_that_does_not_exist_is_shown_as_sent(client: TestClient) -> None:
    response = client.post("/avis", data={NATURE: "comune"})
    assert response.status_code == 422
    assert dict(Fields(response.text).found)[NATURE] == "comune"
    assert "Vouliez-vous dire « commune »" in words(response.text)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("/acteur/natur", "commune", "Ce champ n'existe pas."),
        ("/action/volets/50/domaine", "eau", "Ce champ n'existe pas."),
        ("/action/volets/00/domaine", "eau", "Ce champ n'existe pas."),
        ("/action/volets/²/domaine", "eau", "Ce champ n'existe pas."),
        ("/action/volets/0/x", "eau", "Ce champ n'existe pas."),
        ("/action/volets", "eau", "Ce champ n'existe pas."),
        ("\u202e<script>", "x", "Ce champ n'existe pas."),
        ("", "x", "Ce champ n'existe pas."),
        ("ajouter", "partenaire", "Ce bouton n'existe pas."),
        ("ajouter", "volet/1", "Ce bouton n'existe pas."),
        ("retirer", "volet", "Ce bouton n'existe pas."),
        ("retirer", "volet/-1", "Ce bouton n'existe pas."),
    ],
)
@pytest.mark.parametrize("path", ["/", "/avis"])
def test_unknown_fields_are_refused(
    client: TestClient, path: str, name: str, value: str, message: str
) -> None:
    response = client.post(path, data={NATURE: "commune", name: value})
    assert response.status_code == 422
    assert message in words(response.text)
    assert "<script" not in response.text
    assert dict(Fields(response.text).found)[NATURE] == "commune"


def test_a_field_given_twice_is_refused(client: TestClient) -> None:
    response = client.post("/avis", data={NATURE: ["commune", "region"]})
    assert response.status_code == 422
    assert "donné deux fois" in words(response.text)


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"%ED%A0%80=1", "application/x-www-form-urlencoded", 400),
        (b"\xff=1", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=" % i for i in range(5000)), "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
        (b"--x--", "multipart/form-data; boundary=x", 415),
    ],
)
def test_what_is_not_a_form_is_refused(
    client: TestClient, body: bytes, media: str, status: int
) -> None:
    for path in ("/", "/avis"):
        headers = {"content-type": media, "accept": "text/html"}
        response = client.post(path, content=body, headers=headers)
        assert response.status_code == status
        assert response.headers["content-type"].startswith("text/html")


@given(
    st.lists(
        st.tuples(
            st.one_of(st.sampled_from([NATURE, "/date", "/action/volets/1/domaine"]), st.text()),
            st.one_of(st.sampled_from(["commune", "eau", "oui"]), st.text()),
        )
    )
)
@settings(
    max_examples=40, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_no_form_breaks_the_service(client: TestClient, fields: list[tuple[str, str]]) -> None:
    body = urlencode(fields, errors="replace").encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for path in ("/", "/avis"):
        assert client.post(path, content=body, headers=headers).status_code in (200, 422)


# -- pages ---------------------------------------------------------------------------------------


def test_every_fact_has_one_field(client: TestClient, rulebook: Rulebook) -> None:
    page = client.get("/").text
    names = re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', page)
    facts = rulebook.facts.values()
    assert sorted(names) == sorted(pointer_of(f, 0 if f.scope else None) for f in facts)
    assert page.count("<label ") == len(names)


def test_examples_fill_the_form(client: TestClient, service: Service) -> None:
    page = client.get("/").text
    assert len(service.examples) == min(5, len(service.cases))
    for case in service.examples:
        assert f'href="/?cas={case.id}"' in page
    case = service.examples[0]
    fields = dict(Fields(client.get(f"/?cas={case.id}").text).found)
    assert fields[NATURE] == case.scenario["acteur"]["nature"]


def test_an_example_that_does_not_exist(client: TestClient, service: Service) -> None:
    response = client.get("/", params={"cas": service.examples[0].id + "x"})
    assert response.status_code == 404
    assert service.examples[0].id in response.text


def test_the_address_of_an_avis_leads_to_the_form(client: TestClient) -> None:
    response = client.get("/avis", follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "/"


def test_what_people_type_is_escaped(client: TestClient) -> None:
    hostile = "<script>alert(1)</script>\"'"
    sent = {
        NATURE: "commune",
        "/acteur/nom": hostile,
        "/action/intitule": hostile,
        "/action/volets/0/intitule": hostile,
    }
    page = client.post("/avis", data=sent).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_ceilings_are_shown_in_euros(client: TestClient) -> None:
    sent = {
        "/date": "01/03/2006",
        NATURE: "communaute_agglomeration",
        "/action/financement/0/budget": "eau",
        "/action/financement/0/montant": "50 000",
        "/action/financement/0/ressources_propres": "4 000 000",
    }
    text = words(client.post("/avis", data=sent).text)
    assert "40 000,00 €" in text
    assert "10 000,00 €" in text
