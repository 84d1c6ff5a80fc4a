"""Situations: what people come with, read and checked; the real ones can exist."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from coopdec_rules.advice.situations import situation_faults
from coopdec_rules.engine.engine import Engine
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.workshop.cases import load_cases

from . import tiny

FILE = "situations/s.yaml"
COPIES = "situations/correspondances.yaml"
ONE = dedent(
    """\
    un-puits:
      titre: Un puits
      aide: De l'eau.
      rang: 2
      source: loi-a § art. 1
      en_vigueur: {du: 2005-02-11}
      faits: {volet.domaine: eau, acteur.actif: oui}
      vaut_aussi: pareil
      questions: [acteur.population, acteur.depenses]
      documents: [note-de-synthese]
    autre:
      titre: Autre
      rang: 1
      source: loi-a
      en_vigueur: toujours
      questions: acteur.nature
      documents: [calendrier]
    """
)
SAME = "pareil: {de: acteur.nature, vers: volet.domaine, valeurs: {commune: dechets}}\n"


def written(root: Path, old: str = "", new: str = "", same: str = SAME) -> Path:
    """The tiny rulebook with situations, one thing changed in them."""
    assert old in ONE
    situations = ONE.replace(old, new, 1) if old else ONE
    return tiny.write(root, {**tiny.tiny_files(), FILE: situations, COPIES: same})


def test_situations_come_in_their_rank_and_state_their_facts(tmp_path: Path) -> None:
    same = SAME.replace(
        "volet.domaine, valeurs: {commune: dechets}", "lecture, valeurs: {commune: droit}"
    )
    book = load_rulebook(written(tmp_path, same=same))
    assert list(book.situations) == ["autre", "un-puits"]
    well = book.situations["un-puits"]
    assert well.scenario(book.facts) == {
        "action": {"volets": [{"domaine": "eau"}]},
        "acteur": {"actif": True},
    }
    assert well.questions == ("acteur.population", "acteur.depenses")
    assert well.copies["acteur.nature"].target == "lecture"
    assert (
        book.fingerprint == load_rulebook(tiny.write(tmp_path / "x", tiny.tiny_files())).fingerprint
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "said", "suggestion"),
    [
        ("volet.domaine: eau", "volet.domain: eau", 7, "« volet.domain »", "volet.domaine"),
        ("volet.domaine: eau", "volet.domaine: eaux", 7, "« eaux » n'est pas une valeur", "eau"),
        ("acteur.actif: oui", "lecture: droit", 7, "« lecture » est déjà présumé", None),
        ("[acteur.population,", "[acteur.populatio,", 9, "acteur.populatio »", "acteur.population"),
        ("[acteur.population,", "[acteur.actif,", 9, "est dit par la situation et redemandé", None),
        ("[acteur.population,", "[acteur.depenses,", 9, "est demandé deux fois", None),
        ("acteur.depenses]", "acteur.depenses: {si: {rien: oui}}]", 9, "pas une conclusion", None),
        ("note-de-synthese", "Note de synthèse", 10, "n'est pas un nom de document", None),
        ("vaut_aussi: pareil", "vaut_aussi: pareille", 8, "« pareille » n'est pas dans", "pareil"),
        ("vaut_aussi: pareil", "vaut_aussi: pareil", 8, "« volet.domaine » est déjà dit", None),
        ("  rang: 2\n", "", 1, "la clé « rang » manque", None),
        ("rang: 2", "rang: deux", 4, "« rang » attend un nombre", None),
        ("source: loi-a §", "source: loi-b1 §", 5, "la source « loi-b1 »", "loi-a"),
        ("titre: Un puits", "titres: Un puits", 2, "la clé « titres » n'existe pas", "titre"),
        ("un-puits:", "Un puits:", 1, "le nom s'écrit en minuscules", None),
    ],
)  # fmt: skip
def test_mistakes_are_placed(
    tmp_path: Path, old: str, new: str, line: int, said: str, suggestion: str | None
) -> None:
    found = [d for d in tiny.mistakes(written(tmp_path, old, new)) if said in d.message]
    assert len(found) == 1, found
    assert (found[0].file, found[0].line) == (FILE, line)
    assert found[0].suggestion == suggestion


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("commune: dechets", "comune: dechets", "« comune » n'est pas une valeur"),
        ("commune: dechets", "commune: dechet", "« dechet » n'est pas une valeur"),
        ("de: acteur.nature", "de: acteur.natur", "le fait « acteur.natur » n'existe pas"),
        ("{commune: dechets}", "{}", "« valeurs » dit ce que chaque réponse"),
        ("de: acteur.nature, ", "", "la clé « de » manque"),
    ],
)  # fmt: skip
def test_mistakes_of_tables_are_placed(tmp_path: Path, old: str, new: str, said: str) -> None:
    found = tiny.mistakes(written(tmp_path, same=SAME.replace(old, new)))
    told = [d for d in found if said in d.message]
    assert [d.file for d in told] == [COPIES]


def test_real_situations_can_exist_and_lead_somewhere(
    rulebook: Rulebook, engine: Engine, cases_root: Path
) -> None:
    assert not list(situation_faults(engine))
    assert 12 <= len(rulebook.situations) <= 16
    cases = {case.id for case in load_cases(cases_root)}
    for situation in rulebook.situations.values():
        assert situation.documents, situation.id
        assert situation.example in ("", *cases)
        assert situation.sources


def test_what_cannot_exist_is_found_at_its_line(tmp_path: Path) -> None:
    files = {
        **tiny.tiny_files(),
        FILE: ONE,
        COPIES: SAME.replace(
            "volet.domaine, valeurs: {commune: dechets}", "lecture, valeurs: {commune: droit}"
        ),
        "espace/e.md": dedent(
            """\
            # Espace

            ```yaml impossible
            impossible: eau-active
            source: loi-a § art. 1
            en_vigueur: {du: 2010-01-01}
            si: [volet.domaine = eau, acteur.actif]
            explication: Cela ne se peut pas.
            ```
            """
        ),
    }
    engine = Engine(load_rulebook(tiny.write(tmp_path, files)))
    try:
        found = list(situation_faults(engine))
    finally:
        engine.close()
    assert [(d.file, d.line) for d in found] == [(FILE, 1)]
    assert "un-puits" in found[0].message
    assert "Cela ne se peut pas." in found[0].message
