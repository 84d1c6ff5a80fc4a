"""Files made from an avis: the PDF, the JSON, the scenario of the command line."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

import orjson
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from coopdec_rules.advice.advisor import Advice
from coopdec_rules.advice.documents import parse_yaml, to_json
from coopdec_rules.advice.scenario import MAX_ITEMS
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.avis import permalink
from coopdec_rules.web.avis.permalink import Link
from coopdec_rules.web.report import content, pdf
from coopdec_rules.web.service import Service
from coopdec_rules.web.typeset import pdf_of
from coopdec_rules.workshop.cases import Case

from .links import SEAL

TODAY = dt.date(2026, 11, 22)
ANSWERS = ("habilitation", "habilitation_possibles", "maitrise_ouvrage", "palier", "volets")


def one(cases: list[Case], ident: str) -> Case:
    return next(case for case in cases if case.id == ident)


def test_form_api_command_line_and_link_give_the_same_answers(
    client: TestClient, service: Service, cases: list[Case]
) -> None:
    """The file to download, read as the command line reads it, gives what the API gives."""
    for case in cases[:: len(cases) // 10]:
        by_api = client.post("/api/v1/avis", content=to_json(case.scenario))
        if by_api.status_code != 200:
            continue
        address = "/avis?" + permalink.query(Link(case.scenario), SEAL)
        by_link = client.get(address.replace("/avis?", "/avis.json?")).json()
        document = parse_yaml(client.get(address.replace("/avis?", "/scenario.yaml?")).content)
        by_file = orjson.loads(to_json(service.advisor.advise(document).avis))
        for name in ANSWERS:
            assert by_link[name] == by_api.json()[name] == by_file[name], (case.id, name)
        assert by_link == by_api.json(), case.id


def test_the_scenario_file_gives_the_same_avis_another_day(
    client: TestClient, service: Service
) -> None:
    code = permalink.encode({"acteur": {"nature": "commune"}, "lecture": "droit"})
    response = client.get("/scenario.yaml", params={"s": code, "d": "2005-05-05"})
    assert "attachment" in response.headers["content-disposition"]
    document = parse_yaml(response.content)
    assert service.advisor.advise(document).avis["droit_au"] == "2005-05-05"


# -- the PDF -------------------------------------------------------------------------------------


def rendered(book: Rulebook, advice: Advice, dated: bool, today: dt.date) -> bytes:
    """The PDF, set in this process."""
    return pdf_of(pdf.document(book, advice, dated, today))


def printed(service: Service, document: Mapping[str, object]) -> pdfium.PdfDocument:
    advice = service.advisor.advise(document, TODAY)
    return pdfium.PdfDocument(rendered(service.book, advice, "date" in document, TODAY))


def texts(document: pdfium.PdfDocument) -> list[str]:
    found = []
    for page in document:
        text = page.get_textpage().get_text_range()
        found.append(" ".join(text.replace("\ufffe", "").split()))
    return found


@pytest.fixture(scope="module")
def refusal(service: Service, cases: list[Case]) -> pdfium.PdfDocument:
    return printed(service, one(cases, "commune-de-communaute-urbaine-eau").scenario)


def test_the_pdf_says_what_the_page_says(
    refusal: pdfium.PdfDocument, service: Service, rulebook: Rulebook, cases: list[Case]
) -> None:
    avis = service.advisor.advise(
        one(cases, "commune-de-communaute-urbaine-eau").scenario, TODAY
    ).avis
    whole = " ".join(texts(refusal)).replace("\u2019", "'").replace(" ", "")
    sentences = [part for said in avis["resume"].values() for part in said.split(" : ", 1)]
    for sentence in sentences:
        assert "".join(sentence.split()).lower() in whole.lower()
    for wanted in (
        "Avis sur une action de coopération décentralisée",
        "La réponse",
        "Ce qui débloquerait",
        "Règles appliquées",
        "Les sources",
        "Commune de Saint-Vallier",
        "avis établi le 22 novembre 2026",
        f"version {rulebook.version}",
        rulebook.fingerprint[:12],
        "ne remplace ni un juriste",
    ):
        assert wanted.replace(" ", "").replace("\u2019", "'") in whole, wanted


def test_pages_are_numbered(refusal: pdfium.PdfDocument) -> None:
    pages = texts(refusal)
    assert len(pages) > 1
    for number, text in enumerate(pages, 1):
        assert f"page {number} sur {len(pages)}" in text


def test_the_pdf_is_tagged_titled_and_in_french(refusal: pdfium.PdfDocument) -> None:
    assert pdfium_c.FPDFCatalog_IsTagged(refusal.raw)
    assert refusal.get_metadata_value("Title") == "Avis sur une action de coopération décentralisée"


def test_the_file_says_its_language_and_its_standard(service: Service) -> None:
    scenario = {"acteur": {"nature": "commune"}, "date": "2006-03-01"}
    made = rendered(service.book, service.advisor.advise(scenario, TODAY), True, TODAY)
    assert b"fr-FR" in made
    assert b"pdfuaid" in made


def test_the_same_avis_gives_the_same_file(service: Service, cases: list[Case]) -> None:
    scenario = cases[0].scenario
    advice = service.advisor.advise(scenario, TODAY)
    first, second = (rendered(service.book, advice, True, TODAY) for _ in range(2))
    assert first == second


def test_a_very_long_action_stays_on_the_page(service: Service) -> None:
    document = {
        "date": "2006-03-01",
        "acteur": {"nature": "commune", "nom": "B" * 200},
        "action": {"intitule": "A" * 500, "volets": [{"domaine": "eau", "intitule": "C" * 300}]},
    }
    for page in printed(service, document):
        width, _ = page.get_size()
        text = page.get_textpage()
        for index in range(text.count_chars()):
            left, _, right, _ = text.get_charbox(index)
            assert left >= 0
            assert right <= width - 30


HOSTILE = (
    '#panic("x") $x$ *gras* `raw` #read("/etc/passwd") @ref <label> \\ " ]',
    "水 合作 مشروع 🇫🇷 \u202ftest \u0301\u200d",
    "= Titre\n- liste",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_only_text(service: Service, text: str) -> None:
    title = " ".join(text.split())
    document = {"acteur": {"nature": "commune", "nom": title}, "date": "2006-03-01"}
    first = texts(printed(service, document))[0]
    if title.isascii():
        assert title.replace("  ", " ").split('"')[0][:18] in first


@pytest.mark.parametrize(("name", "told"), [("Kayes", False), ("合作 Tbilissi", True)])
def test_letters_that_are_not_printed_are_told(service: Service, name: str, told: bool) -> None:
    document = {"acteur": {"nature": "commune", "nom": name}, "date": "2006-03-01"}
    whole = " ".join(" ".join(texts(printed(service, document))).split())
    assert ("Un carré (□) tient lieu d’une lettre" in whole) is told


SHOWN = [
    chr(code)
    for low, high in ((0x20, 0x7E), (0xA0, 0x2AF), (0x300, 0x4FF), (0x590, 0x5FF), (0x1E00, 0x2040))
    for code in range(low, high + 1)
    if unicodedata.category(chr(code)) not in ("Cn", "Cc", "Cf", "Zl", "Zp", "Mn", "Me")
    and unicodedata.is_normalized("NFC", chr(code))
]


@pytest.fixture(scope="module")
def plain(service: Service) -> Advice:
    """Any advice, to print with other names."""
    document = {"acteur": {"nature": "commune"}, "date": "2006-03-01"}
    return service.advisor.advise(document, TODAY, reasoning=False)


def test_letters_that_do_not_go_together_are_printed_all_the_same(
    service: Service, plain: Advice
) -> None:
    assert content.shown("e\u0301") == "\u00e9"
    assert named(service, plain, "x\u0489 \u05d0\u05b0 \u0600\u0363").startswith(b"%PDF-")


def named(service: Service, advice: Advice, name: str) -> bytes:
    base = advice.scenario.base
    renamed = FactBase({**base.scenario, "acteur.nom": name}, base.items)
    scenario = replace(advice.scenario, base=renamed)
    return rendered(service.book, replace(advice, scenario=scenario), True, TODAY)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60))
@settings(max_examples=40)
def test_any_name_can_be_printed(service: Service, plain: Advice, name: str) -> None:
    assert named(service, plain, name).startswith(b"%PDF-")


def test_every_character_kept_has_a_glyph(service: Service, plain: Advice) -> None:
    for start in range(0, len(SHOWN), 150):
        name = "x".join(SHOWN[start : start + 150])
        assert content.shown(name) == name
        assert named(service, plain, name).startswith(b"%PDF-")


def test_the_rulebook_itself_can_be_printed(service: Service, rulebook: Rulebook) -> None:
    for rule in rulebook.rules:
        texts_ = [rule.explanation, rule.doubt, *(effect.text for effect in rule.effects)]
        for text in texts_:
            assert content.shown(text) == text, rule.id


def test_as_many_volets_as_may_be_are_printed(service: Service) -> None:
    volets = [{"domaine": "eau", "intitule": f"Volet {n + 1}"} for n in range(MAX_ITEMS)]
    document = {"acteur": {"nature": "commune"}, "action": {"volets": volets}}
    # Without the reasoning: what is measured here is the setting of many pages.
    advice = service.advisor.advise(document, TODAY, reasoning=False)
    made = rendered(service.book, advice, False, TODAY)
    assert f"{MAX_ITEMS}. Volet {MAX_ITEMS}" in " ".join(texts(pdfium.PdfDocument(made)))
