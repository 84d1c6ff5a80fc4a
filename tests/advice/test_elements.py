"""Elements of validity are data: declared in the rulebook, they are in every form of the avis."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter
from rich.console import Console

from coopdec_rules.advice.advisor import Advice, Advisor
from coopdec_rules.advice.models import Avis, Element
from coopdec_rules.cli.show import show_avis
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.web.app import create_app
from coopdec_rules.web.report import pdf
from coopdec_rules.web.report.content import content
from coopdec_rules.web.service import Service
from coopdec_rules.web.typeset import pdf_of
from tests.advice.small import CONCLUSIONS, LAW, LISTS, small
from tests.rulebook.tiny import line_of, mistakes

TODAY = dt.date(2026, 1, 1)
SCENARIO: dict[str, Any] = {
    "acteur": {"nature": "commune", "nom": "Saint-Malo", "delibere": False},
    "action": {"volets": [{"domaine": "eau"}, {"domaine": "defense"}, {}]},
}


@pytest.fixture(scope="module")
def adviser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Advisor]:
    adviser = Advisor(load_rulebook(small(tmp_path_factory.mktemp("recueil"))))
    yield adviser
    adviser.close()


@pytest.fixture(scope="module", params=[True, False], ids=["raisonne", "sans raisonnement"])
def advice(adviser: Advisor, request: pytest.FixtureRequest) -> Advice:
    return adviser.advise(SCENARIO, TODAY, reasoning=request.param)


@pytest.fixture(scope="module")
def avis(advice: Advice) -> Avis:
    return advice.avis


def at(avis: Avis, code: str, rank: int | None) -> Element:
    (found,) = [e for e in avis["elements"] if (e["code"], e["rang"]) == (code, rank)]
    return found


def test_every_element_is_listed_at_each_place_in_the_declared_order(avis: Avis) -> None:
    TypeAdapter(Avis).validate_python(avis)
    assert [(e["code"], e["rang"]) for e in avis["elements"]] == [
        ("volet.competence", 0),
        ("volet.competence", 1),
        ("volet.competence", 2),
        ("organe", None),
    ]


def test_a_value_bears_the_sentence_and_the_tone_that_the_rulebook_gives(
    avis: Avis,
) -> None:
    said = {(e["code"], e["rang"]): (e["valeur"], e["phrase"], e["ton"]) for e in avis["elements"]}
    assert said == {
        ("volet.competence", 0): ("rempli", "C'est acquis.", "favorable"),
        ("volet.competence", 1): (
            "empeche",
            "« défense » n'est pas une affaire locale.",
            "defavorable",
        ),
        ("volet.competence", 2): (None, "On ne peut pas encore le dire.", "inconnu"),
        ("organe", None): ("a_faire", "C'est à Saint-Malo de le faire.", "reserve"),
    }


def test_an_open_element_says_what_is_still_possible(avis: Avis) -> None:
    open_one = at(avis, "volet.competence", 2)
    assert sorted(open_one["possibles"]) == ["empeche", "rempli"]
    assert open_one["valeur_libelle"] == "à vérifier"
    assert open_one["motifs"] == []
    assert at(avis, "volet.competence", 0)["possibles"] == []


def test_questions_are_asked_for_elements(adviser: Advisor) -> None:
    text = {"acteur": {"nature": "commune"}, "action": {"volets": [{"domaine": "eau"}, {}]}}
    for reasoning in (True, False):
        avis = adviser.advise(text, TODAY, reasoning=reasoning).avis
        asked = {(q["fait"], q["element"]): q["pour"] for q in avis["questions"]}
        assert asked["acteur.delibere", None] == ["organe"]
        # What makes an answer up is told beside it, though the answer of one volet is not.
        assert asked["volet.domaine", 1] == ["habilitation", "volet.competence"]


def test_an_element_names_the_rules_that_give_it(avis: Avis) -> None:
    assert at(avis, "organe", None)["motifs"] == [
        {
            "regle": "vote-a-faire",
            "texte": "Explication de vote-a-faire.",
            "source": "Loi A, art. vote-a-faire",
            "rang": "loi",
        }
    ]
    assert [m["regle"] for m in at(avis, "volet.competence", 1)["motifs"]] == ["defense"]


def test_an_effect_belongs_to_what_its_rule_concludes_or_to_the_element_it_names(
    avis: Avis,
) -> None:
    organ = at(avis, "organe", None)
    assert [(c["texte"], c["etat"]) for c in organ["conditions"]] == [("Délibérer.", "a_remplir")]
    # One comes from a rule about the volet 1 (it names this element), none goes to the other.
    assert [(f["texte"], f["groupe"], f["elements"]) for f in organ["formalites"]] == [
        ("Publier la délibération.", None, []),
        ("Saisir le préfet.", "volet", [1]),
    ]
    for rank in range(3):
        formalities = at(avis, "volet.competence", rank)["formalites"]
        assert [f["texte"] for f in formalities] == ["Nommer un référent du volet."]


def test_a_conflict_shows_every_rule_and_no_value(tmp_path: Path) -> None:
    root = small(tmp_path, (LAW, "si: non acteur.delibere", "si: acteur.nature = commune"))
    adviser = Advisor(load_rulebook(root))
    avis = adviser.advise({"acteur": {"nature": "commune", "delibere": True}}, TODAY).avis
    adviser.close()
    organ = at(avis, "organe", None)
    assert organ["valeur"] is None
    assert {m["regle"] for m in organ["motifs"]} == {"vote", "vote-a-faire"}
    assert any("Défaut du recueil" in w["texte"] for w in avis["avertissements"])


def test_an_element_that_no_rule_gives_is_said_to_be_a_fault_of_the_rulebook(
    adviser: Advisor, tmp_path: Path
) -> None:
    root = small(tmp_path, (LAW, "si: non acteur.delibere", "si: acteur.nature = region"))
    other = Advisor(load_rulebook(root))
    avis = other.advise({"acteur": {"nature": "commune", "delibere": False}}, TODAY).avis
    other.close()
    assert at(avis, "organe", None)["valeur"] is None
    texts = [w["texte"] for w in avis["avertissements"]]
    assert "Défaut du recueil : aucune règle ne donne « organe compétent »." in texts


def test_the_terminal_shows_the_list(adviser: Advisor, avis: Avis) -> None:
    console = Console(record=True, width=200, file=None, quiet=False)
    with console.capture() as captured:
        show_avis(console, avis, adviser.rulebook)
    text = captured.get()
    assert "[empêché] La compétence (volet 2) : « défense » n'est pas une affaire locale." in text
    assert "[à faire] L'organe qui décide : C'est à Saint-Malo de le faire." in text
    assert "• [à faire] Délibérer. — la collectivité" in text
    assert "Explication de vote-a-faire. (Loi A, art. vote-a-faire)" in text


def test_the_page_and_the_printed_avis_show_the_list(adviser: Advisor, advice: Advice) -> None:
    client = TestClient(create_app(service=Service(adviser, [])))
    fields = {
        "/acteur/nature": "commune",
        "/acteur/nom": "Saint-Malo",
        "/acteur/delibere": "non",
        "/action/volets/0/domaine": "eau",
        "/action/volets/1/domaine": "defense",
    }
    page = client.post("/avis", data=fields).text
    section = page[page.index('<h2 id="pourquoi">') :]
    section = re.sub(r"\s+", " ", section[: section.index("</section>")])
    assert section.count('<li class="element') == 3
    assert '<span class="place">Volet 2</span> La compétence' in section
    assert '<span class="pastille ton-defavorable">empêché</span>' in section
    assert "L’organe compétent a-t-il décidé ?" in section
    assert 'Délibérer. <span class="quand">Saint-Malo.</span>' in re.sub(r"\s+", " ", page)
    data = content(adviser.rulebook, advice, False, TODAY)
    assert [(e["titre"], e["etat"], e["ton"]) for e in data["elements"]][1:] == [
        ("Volet 2\u00a0: La compétence", "Empêché", "defavorable"),
        ("Volet 3\u00a0: La compétence", "À vérifier", "inconnu"),
        ("L’organe qui décide", "À faire", "reserve"),
    ]
    assert pdf_of(pdf.document(adviser.rulebook, advice, False, TODAY)).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("file", "old", "new", "places", "words"),
    [
        (LISTS, ", phrase: C'est acquis.", "", {(LISTS, "rempli: {")}, ("rempli", "phrase")),
        (LISTS, ", ton: neutre", "", {(LISTS, "sans_objet: {")}, ("sans_objet", "ton")),
        (LISTS, "ton: neutre", "ton: gai", {(LISTS, "sans_objet: {")}, ("gai", "favorable")),
        (
            LISTS,
            "à {acteur} de",
            "à {acteurs} de",
            {(CONCLUSIONS, "organe:"), (CONCLUSIONS, "volet.competence:")},
            ("{acteurs}",),
        ),
        (
            CONCLUSIONS,
            "  titre: L'organe qui décide\n",
            "",
            {(CONCLUSIONS, "organe:")},
            ("« titre » manque",),
        ),
        (
            CONCLUSIONS,
            "« {volet.domaine} »",
            "« {volet.domain} »",
            {(CONCLUSIONS, "volet.competence:")},
            ("{volet.domain}",),
        ),
        (
            LAW,
            "element: organe",
            "element: habilitation",
            {(LAW, "element: habilitation")},
            ("« habilitation » n'est pas un élément",),
        ),
    ],
)
def test_what_is_missing_or_unknown_is_refused_at_its_line(
    tmp_path: Path,
    file: str,
    old: str,
    new: str,
    places: set[tuple[str, str]],
    words: tuple[str, ...],
) -> None:
    root = small(tmp_path, (file, old, new))
    found = mistakes(root)
    assert {(m.file, m.line) for m in found} == {(f, line_of(root, f, at)) for f, at in places}
    for mistake in found:
        for word in words:
            assert word in mistake.message
