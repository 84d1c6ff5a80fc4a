"""What an avis needs of a rulebook is checked; all the rest is the rulebook's own."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console
from starlette.testclient import TestClient
from typer.testing import CliRunner

from coopdec_rules.advice.advisor import Advice, Advisor
from coopdec_rules.cli.app import app
from coopdec_rules.cli.show import show_avis
from coopdec_rules.errors import RulebookError
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.web.app import create_app
from coopdec_rules.web.report import pdf
from coopdec_rules.web.report.content import content
from coopdec_rules.web.service import Service
from coopdec_rules.web.typeset import pdf_of
from tests.advice.small import CONCLUSIONS, LAW, LISTS, rule, small
from tests.rulebook.tiny import line_of

TODAY = dt.date(2026, 1, 1)
COMMUNE = {"acteur": {"nature": "commune", "nom": "Brest", "delibere": True}}
EAU = {**COMMUNE, "action": {"volets": [{"domaine": "eau"}]}}


def add_to(file: str, after: str, text: str) -> tuple[str, str, str]:
    """A change of the small rulebook that adds a text after another."""
    return file, after, after + text


def every_form(adviser: Advisor, advice: Advice, page: str) -> dict[str, str]:
    """The avis as each of its readers gives it."""
    console = Console(width=200)
    with console.capture() as captured:
        show_avis(console, advice.avis, adviser.rulebook)
    assert pdf_of(pdf.document(adviser.rulebook, advice, False, TODAY)).startswith(b"%PDF")
    printed = str(content(adviser.rulebook, advice, False, TODAY))
    return {
        "page": re.sub(r"\s+", " ", page),
        "pdf": re.sub(r"\s+", " ", printed.replace("\\xa0", " ").replace("\\u202f", " ")),
        "terminal": captured.get(),
        "json": str(advice.avis["reponses"]),
    }


def page_of(adviser: Advisor, fields: dict[str, str]) -> str:
    client = TestClient(create_app(service=Service(adviser, [])))
    return client.post("/avis", data=fields).text


FIELDS = {
    "/acteur/nature": "commune",
    "/acteur/nom": "Brest",
    "/acteur/delibere": "oui",
    "/action/volets/0/domaine": "eau",
}

NEW_VALUE = (
    LISTS,
    '    indeterminee: {libelle: indéterminée, phrase: "À voir',
    '    toleree: {libelle: tolérée, phrase: "Peut-être : {acteur} y est toléré.", ton: reserve}\n'
    '    indeterminee: {libelle: indéterminée, phrase: "À voir',
)
ORDER = (
    LISTS,
    "[interdite, indeterminee, autorisee]",
    "[interdite, indeterminee, toleree, autorisee]",
)
TOLERATED = (
    LAW,
    "conclut: {habilitation: autorisee}",
    "conclut: {habilitation: toleree}",
)


def test_a_value_added_with_its_sentence_needs_no_python(tmp_path: Path) -> None:
    with closing(Advisor(load_rulebook(small(tmp_path, NEW_VALUE, ORDER, TOLERATED)))) as adviser:
        advice = adviser.advise(EAU, TODAY)
        assert advice.avis["habilitation"] == "toleree"
        assert advice.avis["resume"]["habilitation"] == "Peut-être : Brest y est toléré."
        forms = every_form(adviser, advice, page_of(adviser, FIELDS))
        for name, text in forms.items():
            assert re.search("Peut-être.: Brest y est toléré.", text), name
        assert 'class="reponses ton-reserve"' in forms["page"]
        assert content(adviser.rulebook, advice, False, TODAY)["ton"] == "reserve"


def test_a_value_of_the_real_rulebook_added_without_its_sentence_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "rules"
    shutil.copytree(rules_folder(), root)
    path = root / LISTS
    text = path.read_text(encoding="utf-8")
    before = "    indeterminee:\n      libelle: indéterminée\n"
    assert text.count(before) == 1
    text = text.replace(before, f"    toleree: tolérée\n{before}")
    text = text.replace(
        "[interdite, indeterminee, partielle", "[interdite, toleree, indeterminee, partielle"
    )
    path.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["recueil", "verifier", str(root)])
    assert done.exit_code == 1
    line = line_of(root, LISTS, "toleree: tolérée")
    found = [told for told in done.output.splitlines() if f"{LISTS}:{line}" in told]
    assert any("« toleree » n'a pas de « phrase »" in told for told in found)
    assert any("« toleree » n'a pas de « ton »" in told for told in found)


def test_a_renamed_norm_changes_no_answer(tmp_path: Path) -> None:
    root = tmp_path / "rules"
    shutil.copytree(rules_folder(), root)
    for path in (root / "normes.yaml", *root.glob("textes/*.md")):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\bN-(\d+)", r"X-\1", text), encoding="utf-8")
    scenario = {"acteur": {"nature": "commune"}, "action": {"volets": [{"domaine": "eau"}]}}
    with (
        closing(Advisor(load_rulebook(root))) as renamed,
        closing(Advisor(load_rulebook(rules_folder()))) as usual,
    ):
        first, second = (a.advise(scenario, TODAY, reasoning=False).avis for a in (renamed, usual))
    assert first["palier"]["par_analogie"] is True
    for avis in (first, second):
        avis["recueil"]["empreinte"] = ""
        for reason in avis["motifs"]:
            reason["normes"] = [norm.replace("X-", "N-") for norm in reason["normes"]]
    assert first == second


SHOWN = """\
volet.duree:
  type: choix
  libelle: durée
  valeurs: {courte: courte, longue: longue}
  place: tableau
  titre: Durée possible
  ton: neutre
  inconnu: {libelle: inconnue}
publicite:
  type: choix
  libelle: publicité
  valeurs:
    affichage: {libelle: affichage, phrase: "{acteur} affiche sa délibération.", ton: favorable}
    aucune: {libelle: aucune, phrase: Rien n'est à publier., ton: neutre}
  place: suite
  titre: Comment la rendre publique ?
  inconnu: {phrase: La publicité dépend du vote.}
"""


def test_a_conclusion_added_to_the_vocabulary_shows_itself(tmp_path: Path) -> None:
    rules = "\n".join(
        (
            rule("courte", "toujours", "volet.duree: courte"),
            rule("affichage", "acteur.delibere", "publicite: affichage"),
            rule("aucune", "non acteur.delibere", "publicite: aucune"),
        )
    )
    root = small(tmp_path, add_to(CONCLUSIONS, "inconnu: {libelle: inconnu, ton: neutre}\n", SHOWN))
    with (root / LAW).open("a", encoding="utf-8") as law:
        law.write(rules)
    with closing(Advisor(load_rulebook(root))) as adviser:
        # Two volets: the printed avis has a table of them.
        document = {**COMMUNE, "action": {"volets": [{"domaine": "eau"}, {"domaine": "culture"}]}}
        fields = {**FIELDS, "/action/volets/1/domaine": "culture"}
        forms = every_form(adviser, adviser.advise(document, TODAY), page_of(adviser, fields))
        for name, text in forms.items():
            for told in (
                "Durée possible",
                "courte",
                "Comment la rendre publique.?",
                "Brest affiche sa",
            ):
                assert re.search(told, text), (name, told)
        unknown = adviser.advise({"acteur": {"nature": "commune"}}, TODAY).avis
        (reply,) = [r for r in unknown["reponses"] if r["code"] == "publicite"]
        assert (reply["valeur"], reply["ton"]) == (None, "inconnu")
        assert reply["phrase"] == "La publicité dépend du vote."
        assert sorted(reply["possibles"]) == ["affichage", "aucune"]


OWNER_SHOWN = """\
  valeurs: {acteur: l'acteur, personne: personne, indeterminee: à désigner}
  place: tete
  titre: Qui en est maître d'ouvrage ?
  rang: 2
  phrase: "Maître d'ouvrage : {valeur}."
  ton: neutre
  inconnu: indeterminee
"""
OWNER_HIDDEN = OWNER_SHOWN.splitlines(keepends=True)[0]
TIERS = "  valeurs: {un: 1. Un, deux: 2. Deux}\n"


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        (
            [
                (CONCLUSIONS, "regime:\n  type", "regimes:\n  type"),
                (LAW, "regime: general", "regimes: general"),
            ],
            "",
            "Conclusion « regime » : l'avis en a besoin, et elle n'est pas déclarée",
        ),
        ([(CONCLUSIONS, OWNER_SHOWN, OWNER_HIDDEN)], "maitrise_ouvrage:", "l'avis la montre"),
        (
            [("vocabulaire/20-partenaire.yaml", "pays:", "etat:")],
            "",
            "Fait « partenaire.pays » : l'avis en a besoin",
        ),
        (
            [("vocabulaire/30-volet.yaml", "pluriel: volets\n", "")],
            "",
            "Groupe « volet » : « nom » et « pluriel » manquent",
        ),
        (
            [(LISTS, TIERS + "  du_pire_au_meilleur: [un, deux]\n", TIERS)],
            "palier.actuel:",
            "« du_pire_au_meilleur » manque",
        ),
    ],
    ids=["conclusion", "hidden", "fact", "noun", "order"],
)
def test_what_an_avis_needs_is_checked_before_any_is_given(
    tmp_path: Path, changes: list[tuple[str, str, str]], place: str, words: str
) -> None:
    book = load_rulebook(small(tmp_path, *changes))
    with pytest.raises(RulebookError) as caught:
        Advisor(book)
    (mistake,) = [d for d in caught.value.diagnostics if words in d.message]
    assert mistake.line == (line_of(tmp_path, CONCLUSIONS, place) if place else 0)
    done = CliRunner().invoke(app, ["recueil", "verifier", str(tmp_path)])
    assert done.exit_code == 1
    assert words in done.output
    # The reading room reads such a rulebook all the same; it only gives no avis.
    with closing(Advisor(book, answering=False)) as reader, pytest.raises(RulebookError):
        reader.advise(EAU, TODAY)
