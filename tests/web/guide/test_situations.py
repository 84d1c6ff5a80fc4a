"""From a situation to the avis: the journeys, without a browser where none is needed."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.course import MOST, stated_at
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.avis.permalink import decode
from coopdec_rules.web.fields import FieldCodec
from coopdec_rules.web.guide.course_pages import PER_SCREEN
from scripts.parcours import journeys
from tests.web.guide.reader import HTML, Page

TODAY = dt.date(2026, 11, 26)
GIFT = "/situation/don-catastrophe"
WHO = "/action/contributions/0/beneficiaire"


def send(client: TestClient, page: Page, path: str = GIFT, **fields: str) -> tuple[str, Page]:
    """Where the fields of a page lead, and what stands there."""
    named = {name.replace("__", "/"): text for name, text in fields.items()}
    answer = client.post(path, data={**page.fields, **named}, headers=HTML, follow_redirects=True)
    assert answer.status_code == 200, answer.text[:500]
    return str(answer.url), Page(answer.text)


def begun(client: TestClient, path: str = GIFT, **fields: str) -> tuple[str, Page]:
    """The first questions of a situation, for a commune."""
    first = Page(client.get(path, headers=HTML).text)
    return send(client, first, path, __acteur__nature="commune", aller="suite", **fields)


def scenario(url: str) -> dict[str, Any]:
    """The scenario that an address carries."""
    return dict(decode(parse_qs(urlsplit(url).query)["s"][0]))


def test_the_start_page_offers_every_situation_and_the_long_way(
    client: TestClient, rulebook: Rulebook
) -> None:
    page = client.get("/").text
    for situation in rulebook.situations.values():
        assert f'href="/situation/{situation.id}"' in page
        assert client.get(f"/situation/{situation.id}").status_code == 200
    assert 'href="/demande"' in page


def test_a_situation_states_its_facts_and_no_other(client: TestClient, rulebook: Rulebook) -> None:
    url, _ = begun(client)
    said = rulebook.situations["don-catastrophe"].scenario(rulebook.facts)
    assert scenario(url) == {**said, "acteur": {"nature": "commune"}}


def test_nothing_goes_on_without_who_acts(client: TestClient) -> None:
    first = Page(client.get(GIFT, headers=HTML).text)
    _, again = send(client, first, aller="suite")
    assert "Une réponse est à revoir" in again.words
    _, again = send(client, first, aller="remplir")
    assert "Cherchez d’abord une commune" in again.words


def test_a_situation_that_does_not_exist(client: TestClient) -> None:
    answer = client.get("/situation/don-catastrofe", headers=HTML)
    assert answer.status_code == 404
    assert "don-catastrophe" in answer.text


def test_the_payee_is_the_partner_and_is_not_asked_twice(client: TestClient) -> None:
    _, page = begun(client)
    assert WHO in page.asked
    url, page = send(client, page, **{WHO.replace("/", "__"): "association_francaise"})
    assert scenario(url)["partenaire"] == [{"nature": "association_francaise"}]
    assert "/partenaire/0/nature" not in page.asked
    # Left unanswered, it is not asked under another name either.
    _, page = begun(client)
    url, page = send(client, page, aller="suite")
    assert "/partenaire/0/nature" not in page.asked


def test_a_changed_answer_changes_what_it_also_says(client: TestClient) -> None:
    _, page = begun(client)
    name = WHO.replace("/", "__")
    part = client.post(
        GIFT,
        data={**page.fields, WHO: "association_francaise"},
        headers={**HTML, "hx-request": "true"},
    )
    then = Page(part.text)
    url, _ = send(client, then, **{name: "collectivite_etrangere"})
    assert scenario(url)["partenaire"] == [{"nature": "collectivite_territoriale"}]


def test_a_month_is_taken_as_its_first_day_and_that_is_said(client: TestClient) -> None:
    url, page = begun(client, __date="mars 2006")
    assert scenario(url)["date"] == "2006-03-01"
    assert "Le jour n’était pas écrit" in page.words
    first = Page(client.get(GIFT, headers=HTML).text)
    _, again = send(client, first, __acteur__nature="commune", __date="2006", aller="suite")
    assert "Il manque le jour et le mois" in again.words


def test_what_is_ambiguous_is_refused_where_it_is_typed(client: TestClient) -> None:
    path = "/situation/un-pour-cent"
    _, page = begun(client, path)
    amount = next(name for name in page.asked if name.endswith("montant"))
    url, again = send(client, page, path, **{amount.replace("/", "__"): "5.000"})
    assert "se lit de deux façons" in again.words
    assert amount in again.asked
    assert "/avis" not in url


def test_an_action_refused_whatever_is_answered_asks_no_more(
    advisor: Advisor, rulebook: Rulebook
) -> None:
    situation = rulebook.situations["jumelage"]
    document = {
        **situation.scenario(rulebook.facts),
        "acteur": {"nature": "commune"},
        "acte": {"forme": "convention"},
        "partenaire": {"nature": "collectivite_territoriale", "reconnue_par_la_france": "non"},
    }
    found = advisor.course(advisor.read(document, TODAY), situation)
    assert found.refused
    assert found.answer == "interdite"
    assert not found.questions


def test_the_tier_is_never_asked_before_the_answer(advisor: Advisor, rulebook: Rulebook) -> None:
    for situation in rulebook.situations.values():
        document = {**situation.scenario(rulebook.facts), "acteur": {"nature": "commune"}}
        found = advisor.course(advisor.read(document, TODAY), situation)
        assert found.questions, situation.id
        asked = {question.fact.id for question in found.questions}
        assert not any(name.startswith("engagement.") for name in asked)
        for question in found.questions:
            supposed = set(question.fact.supposes)
            assert supposed.isdisjoint(asked), question.fact.id


@pytest.mark.parametrize("name", journeys())
def test_journeys_take_few_questions_and_each_can_change_something(
    client: TestClient, advisor: Advisor, rulebook: Rulebook, name: str
) -> None:
    journey = journeys()[name]
    path = f"/situation/{journey['situation']}"
    situation = rulebook.situations[journey["situation"]]
    given = {} if "date" not in journey else {"__date": journey["date"]}
    url, page = begun(client, path, **given)
    screens, asked = 2, list[str]()
    while "/avis" not in url:
        screens += 1
        assert len(page.asked) <= PER_SCREEN
        assert not set(page.asked) & set(asked), "asked twice"
        document = scenario(url)
        found = advisor.course(advisor.readable(document, TODAY), situation)
        useful = {question.fact.id for question in found.questions}
        fields: dict[str, str] = {}
        for field in page.asked:
            fact, item = rulebook_fact(rulebook, field)
            assert fact in useful or stated_at(advisor.readable(document, TODAY), (fact, item)), (
                fact
            )
            value = journey["reponses"].get(fact)
            if value is not None:
                text = {True: "oui", False: "non"}.get(value) if isinstance(value, bool) else value
                fields[field.replace("/", "__")] = str(text)
        asked += page.asked
        url, page = send(client, page, path, aller="suite", **fields)
    assert screens <= 4
    assert len(asked) <= MOST


def rulebook_fact(rulebook: Rulebook, pointer: str) -> tuple[str, int | None]:
    """The fact of a field, and its item."""
    codec = FieldCodec(rulebook)
    found = codec.place(pointer, codec.blank())
    assert found is not None
    return found[0].id, found[1]


def test_a_country_left_empty_stays_unknown(client: TestClient) -> None:
    _, page = begun(client, "/situation/jumelage")
    assert page.fields["/partenaire/0/pays"] == ""
    url, _ = send(client, page, "/situation/jumelage", aller="suite")
    assert "pays" not in scenario(url)["partenaire"][0]
    url, page = begun(client, "/situation/jumelage")
    url, _ = send(client, page, "/situation/jumelage", __partenaire__0__pays="Congo", aller="suite")
    assert "/avis" not in url


def test_where_it_happens_is_asked_only_when_no_foreign_partner_says_it(
    client: TestClient,
) -> None:
    _, page = begun(client)
    paid = {WHO.replace("/", "__"): "association_francaise", "__action__neutralite": "respectee"}
    _, following = send(client, page, **paid, aller="suite")
    assert "/action/lieu" in following.asked
    assert "Où la catastrophe a-t-elle eu lieu" in following.words
    _, abroad = send(client, page, **{WHO.replace("/", "__"): "collectivite_etrangere"})
    _, following = send(client, abroad, __partenaire__0__pays="Maroc", aller="suite")
    assert "/action/lieu" not in following.asked


def test_the_avis_carries_on_from_the_situation(client: TestClient) -> None:
    """Its title, what it still asks first, and the tier of commitment only after that."""
    _, page = begun(client, "/situation/puits-ecole")
    answers = {WHO.replace("/", "__"): "collectivite_etrangere", "__acte__forme": "convention"}
    url, _ = send(client, page, "/situation/puits-ecole", **answers, aller="avis")
    assert "de=puits-ecole" in url
    html = client.get(url, headers=HTML).text
    assert "<h1>Financer un puits, une école, un dispensaire</h1>" in html
    tier = html.index('id="palier"')
    assert html.index('name="/engagement/actions"') > tier
    asked = html.index('name="/action/volets/0/domaine"')
    assert asked < html.index('name="/action/volets/0/transfert"') < tier
    sent = dict(re.findall(r'<input type="hidden" name="(s|d|de)" value="([^"]*)"', html))
    answered = client.post("/avis", data={**sent, "/action/volets/0/domaine": "eau"}, headers=HTML)
    assert "<h1>Financer un puits, une école, un dispensaire</h1>" in answered.text


def test_i_do_not_know_is_offered_once(client: TestClient) -> None:
    url, _ = begun(client)
    html = client.get(url, headers=HTML).text
    assert 'name="/action/neutralite" value="respectee"' in html
    assert 'name="/action/neutralite" value="a_verifier"' not in html


def test_questions_without_effect_are_folded_and_said_so(client: TestClient) -> None:
    path = "/situation/jumelage"
    _, page = begun(client, path)
    said = {
        "__acte__forme": "charte",
        "__partenaire__0__pays": "Ukraine",
        "__partenaire__0__reconnue_par_son_droit": "oui",
        "__partenaire__0__reconnue_par_la_france": "oui",
    }
    _, page = send(client, page, path, **said, aller="suite")
    rest = {"__action__contributions__0__nature": "rien", "__action__neutralite": "respectee"}
    url, _ = send(client, page, path, **rest, aller="avis")
    shown = Page(client.get(url, headers=HTML).text)
    assert "Ce que l’on peut encore préciser" in shown.words
    assert "sans effet sur la réponse" in shown.words
    assert "ouvertes : 0" not in shown.words.replace("\u00a0", " ")
