"""A mistake in a model, a step or a contact is told at its file and line, with a way to mend it."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from coopdec_rules.documents.room import Documents, load_documents
from coopdec_rules.errors import RulebookError
from coopdec_rules.rulebook.rulebook import Rulebook

LETTERS = "modeles/50-lettres.md"
ACT = "modeles/10-deliberation.md"
GATES = "modeles/00-portes.md"
STEPS = "calendrier/calendrier.md"
BODIES = "contacts/contacts.md"


@pytest.fixture
def root(rules_root: Path, tmp_path: Path) -> Path:
    for name in ("modeles", "calendrier", "contacts"):
        shutil.copytree(rules_root / name, tmp_path / name)
    shutil.copy(rules_root / "articles.yaml", tmp_path)
    return tmp_path


MISTAKES = [
    (ACT, "si: fondement = loi_92_125", "si: fondement = loi_92_126", "loi_92_125"),
    (ACT, "{acteur_nomme:majuscule}\n    source", "{acteur_nome:majuscule}\n    source",
     "« {acteur_nome} » n'est ni un fait"),
    (ACT, "{volet.domaine}", "{volet.domaine:gras}", "n'est pas une façon d'écrire"),
    (ACT, "[? heure]", "[? heure", "n'est pas lisible"),
    (ACT, "source: cgct-reglement § art. R. 2121-9", "source: cgct-reglemant § art. R. 2121-9",
     "Vouliez-vous dire « cgct-reglement »"),
    (ACT, "regles: [publication-a-faire,", "regles: [publication-a-faires,",
     "Vouliez-vous dire « publication-a-faire »"),
    (ACT, "pour_chaque: volet", "pour_chaque: volets", "ni une liste de l'avis"),
    (ACT, "    pour_chaque: volet\n", "", "parle d'un volet"),
    (ACT, "couvre: element.organe", "couvre: element.organne", "n'est pas un élément"),
    (ACT, "forme: articles", "forme: article", "Vouliez-vous dire « articles »"),
    (ACT, "en_vigueur: {du: 2005-02-11}", "en_vigueur: {du: 11/02/2005}", "une date AAAA-MM-JJ"),
    (LETTERS, "plan: [lettre-en-tete, lettre-objet, notification-texte,",
     "plan: [lettre-entete, lettre-objet, notification-texte,",
     "Vouliez-vous dire « lettre-en-tete »"),
    (LETTERS, "genre: suite", "genre: suites", "aucune porte"),
    (LETTERS, "ordre: 400", "ordre: premier", "un nombre entier"),
    (LETTERS, 'cellules: ["Publication, affichage ou notification", "[? date et mode]"]',
     'cellules: ["[? date et mode]"]', "2 cellules, 1 sont écrites"),
    (GATES, "acte: oui\nouverte: {autorisee", "acte: oui\nouverte: {interdite: toujours, autorisee",
     "ne se fait jamais sous « interdite »"),
    (STEPS, "quand: seance - 15 jours", "quand: seance - quinze jours", "n'est pas un délai"),
    (STEPS, "quand: executoire + 3 mois", "quand: executoires + 3 mois",
     "Vouliez-vous dire « executoire »"),
    (STEPS, "quand: le plus tard de publication, transmission", "quand: signature",
     "tournent en rond"),
    (STEPS, "contacts: [ambassade, dctciv]", "contacts: [ambassades, dctciv]",
     "Vouliez-vous dire « ambassade »"),
    (BODIES, "site: https://www.cncd.fr", "site: http://www.cncd.fr", "n'est pas l'adresse"),
    (BODIES, "a_confirmer: Nom cité de mémoire.", "verifie_le: hier", "une date AAAA-MM-JJ"),
    (BODIES, 'regions: ["84"]', "regions: [Ain]", "code Insee"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "before", "after", "told"), MISTAKES)
def test_a_mistake_is_told_at_its_line(
    root: Path, rulebook: Rulebook, file: str, before: str, after: str, told: str
) -> None:
    path = root / file
    text = path.read_text("utf-8")
    assert before in text
    line = text[: text.index(before)].count("\n") + 1
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(RulebookError) as stop:
        Documents(rulebook, root)
    found = [d for d in stop.value.diagnostics if told in str(d)]
    assert found, str(stop.value)
    assert found[0].file == file
    assert abs(found[0].line - line) <= 25, (found[0].line, line)


def test_mistakes_are_told_together_and_once(root: Path, rulebook: Rulebook) -> None:
    path = root / ACT
    text = path.read_text("utf-8")
    wrong = text.replace("[? heure]", "[? heure").replace("{action_nommee}", "{action_nomee}")
    path.write_text(wrong, "utf-8")
    with pytest.raises(RulebookError) as stop:
        Documents(rulebook, root)
    assert len(stop.value.diagnostics) == 2


def test_a_fence_mistyped_never_drops_a_model(root: Path, rulebook: Rulebook) -> None:
    path = root / LETTERS
    text = path.read_text("utf-8")
    path.write_text(text.replace("```yaml document", "```yaml documents", 1), "utf-8")
    with pytest.raises(RulebookError, match="Vouliez-vous dire « document »"):
        Documents(rulebook, root)


def test_a_rulebook_without_models_has_no_documents(rulebook: Rulebook, tmp_path: Path) -> None:
    assert load_documents(dataclasses.replace(rulebook, folder=tmp_path)) is None
    assert load_documents(rulebook) is not None


def test_the_fingerprint_is_that_of_the_models_alone(
    root: Path, rulebook: Rulebook, documents: Documents
) -> None:
    assert Documents(rulebook, root).fingerprint == documents.fingerprint
    path = root / LETTERS
    path.write_text(path.read_text("utf-8") + "\nUne phrase.\n", "utf-8")
    assert Documents(rulebook, root).fingerprint != documents.fingerprint


def test_a_situation_leads_to_documents_that_exist(root: Path, rulebook: Rulebook) -> None:
    first = next(iter(rulebook.situations.values()))
    wrong = dataclasses.replace(first, documents=("note-de-sinthese",))
    book = dataclasses.replace(rulebook, folder=root, situations={first.id: wrong})
    with pytest.raises(RulebookError) as caught:
        load_documents(book)
    [found] = caught.value.diagnostics
    assert (found.file, found.line) == (first.file, first.line)
    assert found.suggestion == "note-de-synthese"
