"""What an official reads is plain French; the lawyer's and the program's words are a click away."""

from __future__ import annotations

import re
from html import unescape

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.wordbook import Wordbook
from coopdec_rules.web.avis import permalink
from coopdec_rules.web.avis.permalink import Link
from coopdec_rules.workshop.cases import Case

from .links import SEAL

#: A day (a state of the law to compile), and how many pages of that day are read.
DAY, MOST = "2006-02-01", 12
#: Kinds of words that have no place on an official's page.
FORBIDDEN = {
    "a fingerprint": r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{12,}\b",
    "a file and its line": r"\.md\b|, ligne \d",
    "a note of a table": r"CONDITION\s?:|vie-publique dit|\b\d{1,2}\.\d{1,2}\.\d{4}\b",
    "a percentage of doubt": r"% du doute",
    "a file format": r"\b(?:JSON|YAML|yaml)\b",
    "a straight apostrophe": r"\w\'\w",
    "clauses joined without end": r"; et\b.*; et\b",
    "the actor as the program calls it": r"\b[Ll]’acteur\b",
    "a place not filled": r"\{[a-z_.]+\}",
    "an empty name": r"« »",
}


def text_of(html: str) -> str:
    """What a reader sees of a page, with plain spaces."""
    seen = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", seen)).split())


@pytest.fixture(scope="module")
def pages(app: FastAPI, cases: list[Case]) -> dict[str, str]:
    """The pages of worked cases of one day, those with conditions first, by name."""
    client, found = TestClient(app), {}
    for case in sorted(cases, key=lambda c: "sous_conditions" not in str(c.expected)):
        if str(case.scenario.get("date")) == DAY and len(found) < MOST:
            response = client.get("/avis?" + permalink.query(Link(dict(case.scenario)), SEAL))
            if response.status_code == 200:
                found[case.id] = response.text
    assert len(found) == MOST
    return found


def test_official_pages_hold_no_word_of_the_trade(
    pages: dict[str, str], rulebook: Rulebook
) -> None:
    ids = {rule.id for rule in rulebook.rules if rule.id.count("-") > 1}
    wrong = []
    for case, html in pages.items():
        text = text_of(html)
        assert "/recueil/regles/" not in html, case
        wrong += [
            f"{case}: {kind}: {found[0]}"
            for kind, pattern in FORBIDDEN.items()
            for found in [re.search(pattern, text)]
            if found
        ]
        wrong += [f"{case}: {name}" for name in ids.intersection(re.findall(r"[\w/-]+", text))]
    assert wrong == []


def test_counts_are_the_same_everywhere(pages: dict[str, str]) -> None:
    """The number of the sentence is that of the link and that of the boxes left to tick."""
    checked = 0
    for case, html in pages.items():
        said = re.search(r"si (\d+) conditions sont remplies", text_of(html))
        if said is None:
            continue
        listed = html.split('id="conditions"')[1].split("</section>")[0]
        boxes = listed.split('class="autres"')[0]
        left = boxes.count("etat-a_remplir") + boxes.count("etat-inconnue")
        assert left == int(said[1]), case
        assert f"Tout voir\u00a0: {said[1]} conditions" in html, case
        checked += 1
    assert checked > 3


def test_what_is_done_follows_the_order_of_the_steps(pages: dict[str, str]) -> None:
    """Vote, publish and transmit, sign, transmit what is signed: never the other way round."""
    order = ["Avant le vote", "Au vote", "Aussitôt après le vote", "Ensuite, à la signature"]
    order += ["Après la signature", "Avant de payer", "Une fois l’action engagée"]
    for case, html in pages.items():
        if 'id="conditions"' not in html:
            continue
        listed = html.split('id="conditions"')[1].split('class="autres"')[0]
        heads = [text_of(h) for h in re.findall(r"<h3>(.*?)<span", listed)]
        places = [order.index(head) for head in heads if head in order]
        assert places == sorted(places), case


@pytest.mark.parametrize(
    ("name", "said", "after_a", "after_de"),
    [
        ("CA du Grand Angoulême", "la CA du Grand Angoulême", "à la CA du Grand Angoulême",
         "de la CA du Grand Angoulême"),
        ("Commune d'Albi", "la commune d'Albi", "à la commune d'Albi", "de la commune d'Albi"),
        ("Département du Lot", "le département du Lot", "au département du Lot",
         "du département du Lot"),
        ("Communes associées", "les communes associées", "aux communes associées",
         "des communes associées"),
        ("Établissement public", "l'établissement public", "à l'établissement public",
         "de l'établissement public"),
        ("Angoulême", "Angoulême", "à Angoulême", "d'Angoulême"),
        ("Figeac", "Figeac", "à Figeac", "de Figeac"),
        ("{acteur} & <b>", "{acteur} & <b>", "à {acteur} & <b>", "de {acteur} & <b>"),
    ],
)  # fmt: skip
def test_a_name_takes_its_article(
    rulebook: Rulebook, name: str, said: str, after_a: str, after_de: str
) -> None:
    words: Wordbook = rulebook.wordbook
    assert words.named(name) == said
    assert words.after("à", name) == after_a
    assert words.after("de", name) == after_de
