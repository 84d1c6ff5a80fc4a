"""The data are read strictly; every mistake is placed at its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopdec_rules.errors import RulebookError
from coopdec_rules.panorama.data import Panorama, load_panorama
from coopdec_rules.panorama.tables import load_tables
from coopdec_rules.rulebook.rulebook import Rulebook


def spoil(folder: Path, file: str, old: str, new: str) -> int:
    """Change the first ``old`` of a file; the line where it stood."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def mistakes(folder: Path, book: Rulebook | None = None) -> list[str]:
    with pytest.raises(RulebookError) as caught:
        load_panorama(folder, book)
    return [str(diagnostic) for diagnostic in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("villes.csv", "212597,212597", "beaucoup,212597", "n'est pas un nombre entier"),
        ("villes.csv", "212597,212597", ",212597", "population_1999 : la cellule est vide"),
        ("villes.csv", "ville-lille,", "ville-lens,", "Même clé que la ligne 18 (ville)"),
        ("accords.csv", "ville-roubaix,DZ", "ville-roubais,DZ", "« ville-roubaix »"),
        ("accords.csv", "ville-roubaix,DZ,1", "ville-roubaix,DZ,1,2", "5 cellules au lieu de 4"),
        ("accords.csv", "ville-roubaix,DZ", "ville-roubaix,XX", "n'est pas dans pays.csv"),
        ("liens.csv", ",MG ; KM ; MU,", ",MG ; KM ; ZZ,", "« ZZ » n'est pas dans pays.csv"),
        ("liens.csv", ",deduit,", ",devine,", "n'est pas possible (dit, deduit)"),
        ("recits.csv", ",reflexion,", ",reflexions,", "Vouliez-vous dire « reflexion »"),
        ("communautes.csv", "CA Dracénoise", " CA Dracénoise", "Espaces en trop dans : titre"),
        ("ecarts.csv", "annexe/LV", '"annexe/LV', "CSV illisible"),
    ],
)  # fmt: skip
def test_a_mistake_is_placed(copy: Path, file: str, old: str, new: str, told: str) -> None:
    line = spoil(copy, file, old, new)
    found = mistakes(copy)
    assert any(told in text for text in found), found
    # An unclosed quotation mark is found at the end of the file only.
    if "illisible" not in told:
        assert any(text.startswith(f"{file}:{line} :") and told in text for text in found), found


def test_codes_are_those_of_the_vocabulary(copy: Path, rulebook: Rulebook) -> None:
    line = spoil(copy, "recits.csv", ",tourisme,", ",tourime,")
    assert load_panorama(copy)
    (told,) = mistakes(copy, rulebook)
    assert told.startswith(f"recits.csv:{line} : domaine :")
    assert "Vouliez-vous dire « tourisme » ?" in told


def test_headers_tables_and_descriptions_hold_together(copy: Path) -> None:
    spoil(copy, "zones.csv", "zone,intitule", "zone,titre")
    (copy / "villes.csv").unlink()
    (copy / "vile.csv").write_text("a\n", encoding="utf-8")
    (copy / "accords.csv").write_bytes(b"\xff\xfe")
    spoil(copy, "colonnes.csv", "pays_etude,pays,renvoi", "pays_etude,pays,renvois")
    found = "\n".join(mistakes(copy))
    assert "zones.csv:1 : Colonnes lues : zone, titre" in found
    assert "villes.csv : Le fichier manque." in found
    assert "vile.csv : Cette table n'est pas dans tables.csv." in found
    assert "accords.csv : Le fichier ne peut pas être lu" in found
    assert "Le type « renvois » n'existe pas" in found


def test_a_table_that_is_not_described_or_not_listed_is_told(copy: Path) -> None:
    spoil(copy, "tables.csv", "\nzones,", "\nzoness,")
    found = "\n".join(mistakes(copy))
    assert "La table « zoness » n'y est pas décrite." in found
    assert "tables.csv : La table « zones » n'y est pas." in found


def test_every_row_gives_its_passage(panorama: Panorama) -> None:
    for table in panorama.tables.values():
        columns = {column.name for column in table.columns}
        if "passage" not in columns:
            # Lists of reference: the documents' own headings, and the countries.
            assert table.name in {"aires", "pays"}
            continue
        for row in table.rows:
            assert str(row["passage"]).startswith(("étude, ", "enquête, ")), (table.name, row)


def test_what_is_missing_is_not_no(panorama: Panorama) -> None:
    towns = [town for town in panorama.towns.values() if not town.agreements]
    assert len(towns) == 8  # four did not answer, four have none: nothing says which
    assert all("répon" not in town.passage for town in towns)
    assert panorama.communities["ca-amiens-metropole"].facts == {}


def test_lists_become_tuples(data: Path) -> None:
    rows = load_tables(data)["liens"].rows
    island = next(row for row in rows if row["communaute"] == "ca-nord-de-la-reunion")
    assert island["pays"] == ("MG", "KM", "MU")
