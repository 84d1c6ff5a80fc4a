"""Every page of the reading room is there, and every link of it leads somewhere."""

from __future__ import annotations

import datetime as dt
import html
import re
from urllib.parse import unquote, urlsplit

import pytest
from starlette.testclient import TestClient

from coopdec_rules.web.recueil import contents
from coopdec_rules.web.recueil.cards import Card
from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.room import Room
from tests.web.recueil.conftest import THEN, TODAY

pytestmark = pytest.mark.usefixtures("few_examples")

HTML = {"accept": "text/html"}
RULE = "commune-dessaisie"
_HREF = re.compile(r'href="([^"]*)"')
_ID = re.compile(r'\bid="([^"]*)"')
FIXED = (
    "", "vocabulaire", "normes", "sources", "graphe", "changements", "tables/competences",
    "tables/titulaires", "espace", "proprietes", "recherche?q=commune", "recherche?q=autorisee",
)  # fmt: skip


def addresses(room: Room) -> list[str]:
    """Every page but those of rules."""
    return [
        *FIXED,
        *(f"textes/{name}" for name in room.texts),
        *(
            f"{folder}/{name}"
            for folder, found in room.declarations.texts.items()
            for name in found
        ),
        *(f"themes/{name}" for name in (*room.book.conclusions, contents.ADDS)),
        *(f"graphe/conclusions/{name}" for name in room.book.conclusions),
    ]


def get(client: TestClient, path: str, query: str) -> str:
    join = "&" if "?" in path else "?"
    page = client.get(
        f"/recueil/{path}{join}{query}".replace("/recueil/?", "/recueil?"), headers=HTML
    )
    assert page.status_code == 200, path
    return page.text


def test_every_link_of_every_page_leads_to_something(client: TestClient, room: Room) -> None:
    rules = dict.fromkeys(rule.id for rule in room.book.rules)
    found: set[str] = set()
    rule = ("regles/commune-dessaisie", "graphe/regles/commune-dessaisie")
    one = (*addresses(room), *rule)
    two = (
        *FIXED,
        *rule,
        "proprietes/60-apports",
        "textes/1992-02-06-loi-atr",
        "themes/volet.point_competence",
    )
    for query, paths in (("au=2005-03-01", one), ("au=2005-03-01&et=2026-11-22", two)):
        for path in paths:
            text = get(client, path, query)
            links = [html.unescape(link) for link in _HREF.findall(text)]
            found |= {link for link in links if not link.startswith(("data:", "/static/"))}
    targets: dict[str, set[str]] = {}
    for link in found:
        parts = urlsplit(link)
        if parts.scheme:
            assert link in {source.address for source in room.book.sources.values()}
            continue
        if parts.path:
            # The same page on another day has the same identifiers or fewer rules.
            targets.setdefault(f"{parts.path}?{parts.query}", set()).add(unquote(parts.fragment))
    seen_rules = set()
    looked: set[str] = set()
    for target, fragments in targets.items():
        path = target.partition("?")[0]
        if path in looked and fragments <= {""}:
            continue
        looked.add(path)
        answer = client.get(target, headers=HTML)
        assert answer.status_code == 200, target
        if path.startswith("/recueil/regles/"):
            seen_rules.add(unquote(path.removeprefix("/recueil/regles/")))
        identifiers = set(_ID.findall(answer.text))
        assert fragments - {""} <= {html.unescape(i) for i in identifiers}, target
    written = {r.id for r in room.book.rules if r.table is None}
    in_force = {r.id for day in (THEN, TODAY) for r in room.book.at(day).rules}
    assert (written & in_force) - seen_rules == set()
    assert seen_rules <= set(rules)


def signature(room: Room, rule_id: str, day: dt.date) -> tuple[object, ...]:
    """What a rule's page on a day depends on, besides the day itself."""
    rule = room.cards.nearest(rule_id, day)
    assert rule is not None
    card: Card = room.cards.card(rule, day)
    lines = [(line.text, line.active, line.mark) for ls in card.lists().values() for line in ls]
    return rule.key, rule.period.contains(day), card.title, *lines


def test_every_rule_page_renders_for_the_states_of_the_law(client: TestClient, room: Room) -> None:
    """Each rule is rendered on a day of each version; one in twelve on every page that it gives.

    The others are rendered by ``test_every_link_of_every_page_leads_to_something`` too.
    """
    states = [state.start or dt.date(1990, 1, 1) for state in room.book.states()]
    for number, rule_id in enumerate(dict.fromkeys(rule.id for rule in room.book.rules)):
        days = states
        if number % 12:
            periods = [rule.period for rule in room.book.versions(rule_id)][-2:]
            days = [period.start or period.end or THEN for period in periods]
        rendered: set[tuple[object, ...]] = set()
        for day in days:
            said = signature(room, rule_id, day)
            if said in rendered:
                continue
            rendered.add(said)
            text = get(client, f"regles/{rule_id}", f"au={day.isoformat()}")
            now = "✓ En vigueur le" if said[1] else "✗ Pas en vigueur le"
            assert now in text, (rule_id, day)


def test_the_contents_count_the_rules_of_the_day(room: Room, then: Days, both: Days) -> None:
    listed = contents.by_text(room.book.ranks, room.texts, then)
    written = [r for r in then.state.rules if r.file.startswith("textes/") and not r.table]
    assert sum(entry.counts[0] for entry in listed) == len(written)
    found = contents.between(both)
    first = {r for r in then.state.rules if r.table is None}
    second = {r for r in room.book.at(TODAY).rules if r.table is None}
    assert {*found.gone, *found.replaced} == first - second
    assert {r.id for r in (*found.new, *found.replaced)} == {r.id for r in second - first}
    assert {r.id for r in found.gone}.isdisjoint(r.id for r in found.new)
    assert "mandat-ecrit" in {r.id for r in found.replaced}
    assert set(found.tables) == {"competences", "titulaires"}
    assert contents.between(then).gone == ()


def test_changes_of_the_law_add_up(room: Room) -> None:
    rules = set(room.book.at(dt.date.min).rules)
    for change in contents.changes(room.book):
        rules = (rules - set(change.ended)) | set(change.begun)
        assert rules == set(room.book.at(change.day).rules), change.day


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("regles/commune-dessaisi", "commune-dessaisie"),
        ("textes/1970-exclusivit", "1970-exclusivite"),
        ("themes/volet.detenteu", "volet.detenteur"),
        ("tables/competence", "competences"),
        ("graphe/conclusions/habilitatio", "habilitation"),
        ("proprietes/60-apport", "60-apports"),
        ("espace/zzz", None),
        ("graphe/regles/zzz", None),
        ("regles/%ED%A0%80%00", None),
    ],
)
def test_what_does_not_exist_says_so_and_suggests(
    client: TestClient, path: str, near: str | None
) -> None:
    answer = client.get(f"/recueil/{path}", headers=HTML)
    assert answer.status_code == 404
    assert "n’est pas dans le recueil" in answer.text
    assert ("Vouliez-vous dire" in answer.text) == (near is not None)
    if near:
        assert near in answer.text


def test_text_pages_tell_both_days_apart_without_colour(client: TestClient) -> None:
    text = get(client, "textes/1970-exclusivite", "au=2005-03-01&et=2026-11-22")
    assert "A — 1er mars 2005" in text
    assert "B — 22 novembre 2026" in text
    assert "− La règle n’est pas en vigueur ce jour-là" in text.replace("&#39;", "'")
    same = get(client, "textes/1970-exclusivite", "au=2005-03-01&et=2005-03-02")
    assert "= Inchangée entre les deux jours" in same.replace("\u00a0", " ")
    assert "aucune règle n’a changé" in same


def test_pages_of_programs_are_refused_as_problems(client: TestClient) -> None:
    answer = client.get("/recueil?au=x", headers={"accept": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"
