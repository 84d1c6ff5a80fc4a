"""Every kind of mistake in a decision table, its declaration and its rows."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder

from . import tiny

HEADER = "nature,seuil,categorie,du,au,source,objet,confiance,note"
#: The last row of the tiny table, whose line is looked at.
ROW = "region,50000,grande,2000-01-01,,art. 6,cinquante mille,secondaire,à relire"

ROWS: dict[str, tuple[str, str, str | None]] = {
    "overlapping periods": (
        "commune,1000,grande,2005-01-01,2005-12-31,art. 5,mille,texte,",
        "chevauche celle de la ligne 2",
        None,
    ),
    "same period twice": (
        "commune,1000,petite,2010-01-01,,art. 5,mille,texte,",
        "chevauche celle de la ligne 3",
        None,
    ),
    "bad first day": (
        "region,50000,grande,2000-13-01,,art. 6,o,texte,",
        "« 2000-13-01 » (colonne du) n'est pas une date",
        None,
    ),
    "bad last day": (
        "region,50000,grande,2000-01-01,31/12/2001,art. 6,o,texte,",
        "« 31/12/2001 » (colonne au) n'est pas une date",
        None,
    ),
    "period that ends before it starts": (
        "region,50000,grande,2001-01-02,2001-01-01,art. 6,o,texte,",
        "finit (2001-01-01) avant de commencer",
        None,
    ),
    "unknown value in a cell, near": (
        "regoin,50000,grande,2000-01-01,,art. 6,o,texte,",
        "Colonne nature, « regoin »",
        "region",
    ),
    "unknown value in a cell, far": (
        "zzz,50000,grande,2000-01-01,,art. 6,o,texte,",
        "« zzz » n'est pas une valeur de « acteur.nature »",
        None,
    ),
    "decimal for a count in a cell": (
        'region,"1,5",grande,2000-01-01,,art. 6,o,texte,',
        "compte des unités entières",
        None,
    ),
    "unreadable cell": (
        "region,= =,grande,2000-01-01,,art. 6,o,texte,",
        "Colonne seuil, « = = »",
        None,
    ),
    "unknown result, near": (
        "region,50000,grandes,2000-01-01,,art. 6,o,texte,",
        "Colonne categorie : « grandes » n'est pas une valeur de « taille »",
        "grande",
    ),
    "unknown result, far": (
        "region,50000,zzz,2000-01-01,,art. 6,o,texte,",
        "« zzz » n'est pas une valeur de « taille » (petite, grande)",
        None,
    ),
    "no result": ("region,50000,,2000-01-01,,art. 6,o,texte,", "Colonne categorie : «  »", None),
    "bad confidence, near": (
        "region,50000,grande,2000-01-01,,art. 6,o,textes,",
        "Colonne confiance : « textes » n'existe pas",
        "texte",
    ),
    "bad confidence, far": (
        "region,50000,grande,2000-01-01,,art. 6,o,zzz,",
        "Colonne confiance : « zzz » n'existe pas",
        None,
    ),
    "missing source": (
        "region,50000,grande,2000-01-01,,,o,texte,",
        "La source de la ligne manque",
        None,
    ),
    "empty cell": (
        ",50000,grande,2000-01-01,,art. 6,o,texte,",
        "Colonne nature : la case est vide",
        None,
    ),
    "short row": ("region,50000,grande", "pas le même nombre de cases", None),
    "long row": (f"{ROW},de trop", "pas le même nombre de cases", None),
}


@pytest.mark.parametrize(("row", "said", "suggestion"), ROWS.values(), ids=ROWS.keys())
def test_mistake_in_a_row(tmp_path: Path, row: str, said: str, suggestion: str | None) -> None:
    root = tiny.changed(tmp_path, tiny.TABLE, ROW, row)
    found = tiny.mistakes(root)
    assert {(d.file, d.line) for d in found} == {(tiny.TABLE, 4)}
    (mistake,) = (d for d in found if said in d.message)
    assert mistake.suggestion == suggestion


def test_good_row_after_a_bad_one_keeps_its_line(tmp_path: Path) -> None:
    old = "commune,1000,petite,2010-01-01,,"
    root = tiny.changed(tmp_path, tiny.TABLE, old, "comune,1000,petite,2010-01-01,,")
    files = [(d.file, d.line) for d in tiny.mistakes(root)]
    assert files == [(tiny.TABLE, 3)]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (HEADER.replace(",confiance", ""), "Colonnes manquantes : confiance"),
        (HEADER.replace("seuil", "seuill"), "Colonnes manquantes : seuil"),
        (HEADER.replace("categorie,", ""), "Colonnes manquantes : categorie"),
        (HEADER.replace("note", "note,remarque"), "Colonnes inconnues : remarque"),
    ],
    ids=["missing", "misspelt", "missing result", "extra"],
)
def test_mistake_in_the_header(tmp_path: Path, header: str, said: str) -> None:
    root = tiny.changed(tmp_path, tiny.TABLE, HEADER, header)
    found = tiny.mistakes(root)
    assert (found[0].file, found[0].line) == (tiny.TABLE, 1)
    assert said in found[0].message


def test_column_written_twice(tmp_path: Path) -> None:
    """Otherwise the second one silently wins."""
    files = tiny.tiny_files()
    lines = files[tiny.TABLE].splitlines()
    files[tiny.TABLE] = "\n".join([f"{lines[0]},seuil", *(f"{line},5" for line in lines[1:])])
    found = tiny.mistakes(tiny.write(tmp_path, files))
    assert (found[0].file, found[0].line) == (tiny.TABLE, 1)
    assert "seuil" in found[0].message


DECLARATIONS: dict[str, tuple[str, str, str, str, str | None]] = {
    "unknown key": (
        "a_defaut: {taille: petite}",
        "a_default: {taille: petite}",
        "a_default:",
        "la clé « a_default » n'existe pas",
        "a_defaut",
    ),
    "without name": ("table: tailles\n", "", "fichier:", "la clé « table » manque", None),
    "without file": (
        "fichier: tables/seuils.csv\n",
        "",
        "table: tailles",
        "la clé « fichier » manque",
        None,
    ),
    "missing file": (
        "fichier: tables/seuils.csv",
        "fichier: tables/seuil.csv",
        "fichier:",
        "le fichier « tables/seuil.csv » manque",
        None,
    ),
    "without norm": ("norme: N-02\n", "", "table: tailles", "la clé « norme » manque", None),
    "unknown norm": ("norme: N-02", "norme: N-002", "norme:", "« N-002 » n'est pas dans", "N-02"),
    "without source": ("source: loi-a\n", "", "table: tailles", "la source manque", None),
    "unknown source": ("source: loi-a", "source: loi", "source:", "« loi » n'est pas", "loi-a"),
    "rank of none of its sources": (
        "rang: loi", "rang: etude", "rang:", "aucune de ses sources n'est de rang", None,
    ),
    "unknown conclusion": (
        "{categorie: taille}",
        "{categorie: taile}",
        "conclut:",
        "« taile » (colonne categorie) n'est pas une conclusion",
        "taille",
    ),
    "unknown default": (
        "{taille: petite}", "{taille: zzz}", "a_defaut: {", "« taille: zzz » n'est pas", None,
    ),
    "default without explanation": (
        "explication_a_defaut: Aucune ligne ne s'applique.\n",
        "",
        "a_defaut: {",
        "la clé « explication_a_defaut » manque",
        None,
    ),
    "without explanation": (
        'explication: "Selon la table : {objet}."\n',
        "",
        "table: tailles",
        "la clé « explication » manque",
        None,
    ),
    "unknown placeholder": (
        "{objet}.", "{objeto} {acteur.nature}.", "explication:", "« {objeto} »", "objet",
    ),
    "columns as a list": (
        'colonnes:\n  nature: "acteur.nature = {}"\n  seuil: "acteur.population >= {}"',
        "colonnes: [nature, seuil]",
        "colonnes:",
        "un bloc de clés est attendu",
        None,
    ),
    "without columns": (
        'colonnes:\n  nature: "acteur.nature = {}"\n  seuil: "acteur.population >= {}"\n',
        "",
        "table: tailles",
        "la clé « colonnes » manque",
        None,
    ),
    "without conclusion": (
        "conclut: {categorie: taille}\n",
        "",
        "table: tailles",
        "la clé « conclut » manque",
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "at", "said", "suggestion"), DECLARATIONS.values(), ids=DECLARATIONS.keys()
)
def test_mistake_in_the_declaration(
    tmp_path: Path, old: str, new: str, at: str, said: str, suggestion: str | None
) -> None:
    root = tiny.changed(tmp_path, tiny.TABLE_TEXT, old, new)
    found = [d for d in tiny.mistakes(root) if said in d.message]
    assert len(found) == 1, tiny.mistakes(root)
    assert found[0].file == tiny.TABLE_TEXT
    assert found[0].line == tiny.line_of(root, tiny.TABLE_TEXT, at)
    assert found[0].suggestion == suggestion


def test_mistake_in_the_common_condition(tmp_path: Path) -> None:
    root = tiny.changed(tmp_path, tiny.TABLE_TEXT, "rang: loi\n", "rang: loi\nsi: acteur.actf\n")
    tiny.assert_mistake(
        root, tiny.TABLE_TEXT, "si:", "« acteur.actf » n'est ni un fait", suggestion="acteur.actif"
    )


def test_row_on_two_groups(tmp_path: Path) -> None:
    """A row is held to the same scopes as a rule."""
    root = tiny.changed(
        tmp_path,
        tiny.TABLE_TEXT,
        'nature: "acteur.nature = {}"\n  seuil: "acteur.population >= {}"',
        'nature: "volet.domaine = eau"\n  seuil: "ligne.montant >= {}"',
    )
    found = tiny.mistakes(root)
    assert all("deux groupes répétés" in d.message for d in found)
    assert {d.file for d in found} <= {tiny.TABLE, tiny.TABLE_TEXT}


def test_row_that_reads_an_item_and_concludes_on_the_scenario(tmp_path: Path) -> None:
    root = tiny.changed(
        tmp_path, tiny.TABLE_TEXT, 'nature: "acteur.nature = {}"', 'nature: "volet.domaine = eau"'
    )
    assert any("conclut sur tout le scénario" in d.message for d in tiny.mistakes(root))


def test_row_on_the_scenario_may_conclude_on_an_item(tmp_path: Path) -> None:
    """As a rule may: it then concludes on every item."""
    files = tiny.tiny_files()
    files[tiny.TABLE_TEXT] = (
        files[tiny.TABLE_TEXT]
        .replace("{categorie: taille}", "{categorie: volet.reponse}")
        .replace("a_defaut: {taille: petite}\n", "")
        .replace("explication_a_defaut: Aucune ligne ne s'applique.\n", "")
    )
    for word, value in (("grande", "permis"), ("petite", "refus")):
        files[tiny.TABLE] = files[tiny.TABLE].replace(word, value)
    files[tiny.TRIAL] = tiny.rule(conclut="{taille: petite}")
    book = load_rulebook(tiny.write(tmp_path, files))
    assert {rule.scope for rule in book.rules if rule.table} == {"volet"}


def test_rows_become_rules(tmp_path: Path) -> None:
    book = load_rulebook(tiny.write(tmp_path, tiny.tiny_files()))
    first, second = book.versions("tailles:commune:1000")
    assert (first.file, first.line, first.table) == (tiny.TABLE, 2, "tailles")
    assert first.concludes == (("taille", "grande"),)
    assert first.sets_aside == ("tailles:a-defaut",)
    assert first.explanation == "Selon la table : mille habitants."
    assert str(first.sources[0]) == "Loi A, art. 5"
    assert (second.line, second.concludes) == (3, (("taille", "petite"),))
    (region,) = book.versions("tailles:region:50000")
    assert (region.confidence, region.doubt) == ("secondaire", "à relire")
    (default,) = book.versions("tailles:a-defaut")
    assert default.explanation == "Aucune ligne ne s'applique."


def test_empty_cell_of_an_optional_column_leaves_its_condition_out(tmp_path: Path) -> None:
    files = tiny.tiny_files()
    files[tiny.TABLE] = files[tiny.TABLE].replace("region,50000,", "region,,")
    files[tiny.TABLE_TEXT] = files[tiny.TABLE_TEXT].replace(
        "conclut:", "facultatives: seuil\nconclut:"
    )
    root = tiny.write(tmp_path, files)
    (region,) = load_rulebook(root).versions("tailles:region")
    assert [c.text for c in region.conditions] == ["acteur.nature = region"]


@pytest.mark.parametrize("change", ["bom", "crlf"])
def test_table_saved_by_a_spreadsheet(tmp_path: Path, change: str) -> None:
    root = tiny.write(tmp_path, tiny.tiny_files())
    path = root / tiny.TABLE
    data = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + data if change == "bom" else data.replace(b"\n", b"\r\n"))
    assert len(load_rulebook(root).versions("tailles:commune:1000")) == 2


def test_optional_column_that_is_none_of_the_table(tmp_path: Path) -> None:
    root = tiny.changed(tmp_path, tiny.TABLE_TEXT, "conclut:", "facultatives: [seuils]\nconclut:")
    tiny.assert_mistake(root, tiny.TABLE_TEXT, "facultatives:", "« seuils »", suggestion="seuil")


@pytest.mark.parametrize("column", ["nature", "domaine"])
def test_the_real_table_of_competences_refuses_an_empty_cell(tmp_path: Path, column: str) -> None:
    root = tmp_path / "rules"
    shutil.copytree(rules_folder(), root)
    table = root / "tables" / "competences.csv"
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    rows[4][column] = ""
    with table.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (mistake,) = tiny.mistakes(root)
    assert (mistake.file, mistake.line) == ("tables/competences.csv", 6)
    assert f"Colonne {column} : la case est vide" in mistake.message
