"""Reading the exports of the national base: what changes, and what is refused, where and why."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopdec_rules.cli.app import main
from coopdec_rules.territories import Directory, load_directory
from coopdec_rules.territories.base import VARIABLE, Base, load_base, load_nomenclature
from coopdec_rules.territories.changes import compare, extract
from coopdec_rules.territories.data_file import BANATIC, decode
from coopdec_rules.territories.export_text import ExportError
from coopdec_rules.territories.importing import Imported, read_export
from coopdec_rules.territories.text import words

KNOWN = load_nomenclature()
VIENNE = "200077014"
WATER_2025 = KNOWN.get("2025", "1505").label  # type: ignore[union-attr]
SEWERS_2025 = KNOWN.get("2025", "1510").label  # type: ignore[union-attr]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Imported]:
    def _read(text: str | bytes, nomenclature: str | None = None) -> Imported:
        file = tmp_path / "export.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_export(file, KNOWN, nomenclature)

    return _read


def _codes(found: Imported) -> dict[str, set[str]]:
    return {siren: set(grouping.codes) for siren, grouping in found.groupings.items()}


def test_labels_name_one_competence() -> None:
    for year in ("2021", "2025"):
        labels = [tuple(words(c.label)) for c in KNOWN.all(year)]
        assert len(set(labels)) == len(labels)


# -- what is read --------------------------------------------------------------------------------


def test_the_export_of_2021_is_read(read) -> None:
    """Tab-separated text in Windows-1252, one line for each member."""
    head = (
        "N° SIREN\tNom du groupement\tNature juridique\tPopulation\tSiren membre\tC1502\tC1505\r\n"
    )
    lines = "".join(
        f"200042935\tHaut - Bugey Agglomération\tCA\t65190\t{member}\t1\t0\r\n"
        for member in ("210100111", "210100129")
    )
    found = read((head + lines).encode("cp1252"))
    assert found.nomenclature == "2021"
    assert _codes(found) == {"200042935": {"1502"}}
    grouping = found.groupings["200042935"]
    assert (grouping.line, grouping.name, grouping.kind) == (2, "Haut - Bugey Agglomération", "CA")
    assert grouping.population == "65190"
    assert found.unknown == ()


def test_the_export_of_2025_is_read(read) -> None:
    """Saved as CSV from the workbook: competences by their labels, OUI or NON."""
    head = f'Département;N° SIREN;Nom du groupement;"{WATER_2025}";"{SEWERS_2025}";Nouveauté\n'
    found = read("\ufeff" + head + "38 - Isère;200077014;CA Vienne;OUI;NON;OUI\n")
    assert found.nomenclature == "2025"
    assert _codes(found) == {VIENNE: {"1505"}}
    assert found.groupings[VIENNE].department == "38 - Isère"
    assert found.unknown == ("Nouveauté",)


def test_the_minimal_layout_is_read(read) -> None:
    text = "siren,codes_2025\n200077014,1505 1510\n200077014,7555 0001\n"
    found = read(text)
    assert _codes(found) == {VIENNE: {"1505", "1510", "7555"}}
    assert found.unknown == ("0001",)
    assert read(text.replace("2025", "2021")).unknown == ("7555", "0001")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_encodings_and_separators_do_not_matter(read, encoding: str, mark: str) -> None:
    rows = [["N° SIREN", "Nom du groupement", "C1502", "C1505"],
            ["200 077 014", '"Vienne, ; été"', "oui", ""]]  # fmt: skip
    text = "\r\n".join(mark.join(row) for row in rows) + "\r\n"
    found = read(text.encode(encoding))
    assert _codes(found) == {VIENNE: {"1502"}}
    assert found.groupings[VIENNE].name == "Vienne, ; été"


def test_titles_may_come_after_a_few_lines(read) -> None:
    assert _codes(read("Export;;\n;;\nSIREN;C1502;C1505\n\n200077014;1;0\n;;\n")) == {
        VIENNE: {"1502"}
    }


def test_bare_numbers_that_both_nomenclatures_have_must_be_told(read) -> None:
    text = "siren;1505;1510\n200077014;1;0\n"
    with pytest.raises(ExportError, match="--nomenclature 2021"):
        read(text)
    assert read(text, "2021").nomenclature == "2021"
    assert read(text, "2025").nomenclature == "2025"
    # One that only one of them has settles it.
    assert read("siren;1505;1502\n200077014;1;0\n").nomenclature == "2021"


def test_what_the_shipped_base_says_is_read_back(read, directory: Directory) -> None:
    rows = [(siren, row[5]) for siren, row in directory.base.rows.items()]
    random.Random(3).shuffle(rows)
    found = read("siren,codes_2021\n" + "".join(f"{s},{codes}\n" for s, codes in rows))
    changes = compare(directory.base, found)
    assert changes.changed == []
    assert changes.absent == 0
    assert changes.same == len(rows) - 1  # the Grand Paris is set aside


# -- what is refused -----------------------------------------------------------------------------

_BAD: list[tuple[str | bytes, int | None, int | None, str]] = [
    (b"", None, None, "vide"),
    (b"   \n", None, None, "vide"),
    (b"PK\x03\x04zzz", None, None, "CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0zzz", None, None, "classeur"),
    (b"ab\x00cd", None, None, "texte"),
    ("<!DOCTYPE html><p>siren", None, None, "page"),
    ("nom;C1502\nx;1\n", 1, None, "aucune colonne ne s'appelle"),
    ("siren;nom\n200077014;x\n", 1, None, "aucune colonne de compétence"),
    ("siren;C1502\n", None, None, "aucun groupement"),
    ("siren;C1502\n20007701;1\n", 2, 1, "n'est pas un numéro SIREN"),
    ("siren;C1502\n2,00E+08;1\n", 2, 1, "Texte"),
    ("siren;C1502\n200077014;peut-être\n", 2, 2, "« peut-être »"),
    ("siren;C1502\n200077014;1;1\n", 2, None, "3 valeurs, pour 2 titres"),
    ("siren;C1502\n\n200077014\n", 3, None, "1 valeurs"),
    ("siren;C1502;C1502\n200077014;1;1\n", 1, 3, "déjà dans une autre colonne"),
    ("siren;C1502\n200077014;1\n200077014;0\n", 3, 2, "qu'à la ligne 2"),
    ('siren;C1502\n200077014;"1\n', 2, None, "guillemets"),
    ("siren,codes_2021\n200077014,15-02\n", 2, 2, "« 15-02 »"),
    ("siren,codes_2021,codes_2025\n200077014,1502,1505\n", 1, 3, "deux colonnes"),
    (b"siren;C1502\n" + b"200077014;\x81\n", None, None, "illisible"),
]


@pytest.mark.parametrize(("text", "line", "column", "message"), _BAD)
def test_a_file_that_is_not_understood_is_told_where(
    read, text: str | bytes, line: int | None, column: int | None, message: str
) -> None:
    with pytest.raises(ExportError) as told:
        read(text)
    assert (told.value.line, told.value.column) == (line, column)
    assert message in str(told.value)
    assert "Pour y remédier : " in str(told.value)
    if line is not None:
        assert f"Ligne {line}" in str(told.value)


def test_the_nomenclature_asked_must_be_that_of_the_file(read) -> None:
    with pytest.raises(ExportError, match="ne pas préciser --nomenclature"):
        read("siren,codes_2021\n200077014,1502\n", "2025")
    with pytest.raises(ExportError, match="nomenclature de 2021, et non de 2025"):
        read("siren;C1502;C1507\n200077014;1;1\n", "2025")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=120),
        st.lists(
            st.sampled_from(["siren", "200077014", "C1502", "1", "0", ";", "\n", '"', ",", "\t",
                             "codes_2021", "1505", "é", "N° SIREN", "\r", "OUI", WATER_2025]),
            max_size=25,
        ).map(lambda parts: "".join(parts).encode()),
    )
)  # fmt: skip
def test_any_file_is_read_or_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(data)
    refused, sirens = "", list[str]()
    try:
        sirens = list(read_export(file, KNOWN).groupings)
    except ExportError as error:
        refused = str(error)
    assert bool(sirens) == (not refused)
    assert not refused or "Pour y remédier" in refused
    assert all(re.fullmatch("[0-9]{9}", siren) for siren in sirens)


# -- what changes --------------------------------------------------------------------------------


def _base(codes: str, nomenclature: str = "2021") -> Base:
    text = (
        f"# nomenclature\t{nomenclature}\n# millesime\t2030\n# producteur\tEssai\n"
        f"G\t{VIENNE}\tVienne\tCA\t38\t7\t{codes}\n"
    )
    return Base(decode(text, BANATIC), KNOWN)


def test_changes_are_told_grouping_by_grouping(read) -> None:
    found = read("siren,codes_2021\n200077014,1502 1507\n200000001,1502\n")
    changes = compare(_base("1502 1505"), found)
    first, second = changes.changed
    assert (first.siren, first.name, first.new) == (VIENNE, "Vienne", False)
    assert [c.code for c in first.cited] == ["1507"]
    assert [c.code for c in first.silent] == ["1505"]
    assert (second.siren, second.new, [c.code for c in second.cited]) == (
        "200000001", True, ["1502"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "cited", "silent"),
    [
        # Water and sewers, under numbers that collide.
        ("1502 1505", "1505 1510", [], []),
        ("1505", "1505", ["1505"], ["1505"]),
        # Waste was one code and is two; either carries it on.
        ("1510", "2080 2085", [], []),
        ("1510", "2085", [], []),
        ("1510", "", [], ["1510"]),
        # What the other nomenclature has no code for is not compared.
        ("1010 9999", "7555 1040", [], ["9999"]),
    ],
)
def test_two_nomenclatures_are_compared_by_what_they_say(
    read, before: str, after: str, cited: list[str], silent: list[str]
) -> None:
    changes = compare(_base(before), read(f"siren,codes_2025\n200077014,{after}\n"))
    found = [([c.code for c in x.cited], [c.code for c in x.silent]) for x in changes.changed]
    assert found == ([(cited, silent)] if cited or silent else [])
    # The other way round: an older export than what is known.
    back = compare(_base(after, "2025"), read(f"siren,codes_2021\n200077014,{before}\n"))
    found = [([c.code for c in x.cited], [c.code for c in x.silent]) for x in back.changed]
    assert found == ([(silent, cited)] if cited or silent else [])


def test_the_grand_paris_is_never_taken(read) -> None:
    found = read("siren,codes_2021\n200054781,1502\n")
    changes = compare(_base(""), found)
    assert changes.changed == []
    assert "L. 5219-1" in changes.set_aside["200054781"]
    assert "1502" not in extract(_base(""), found, "2031", "x")


def test_what_is_written_is_read_and_keeps_what_the_file_does_not_say(read) -> None:
    found = read("siren,codes_2025\n200077014,1505\n200000001,1510\n")
    text = extract(_base("1502"), found, " 1er juillet\u00a02031 ", "a b.csv")
    base = Base(decode(text, BANATIC), KNOWN)
    assert (base.nomenclature, base.vintage) == ("2025", "1er juillet 2031")
    assert base.rows[VIENNE] == (VIENNE, "Vienne", "CA", "38", "7", "1505")
    assert base.rows["200000001"] == ("200000001", "", "", "", "", "1510")
    named = read(
        f'N° SIREN;Département;Nom;Nature;Population;"{WATER_2025}";"{SEWERS_2025}"\n'
        "200077014;69 - Rhône;Neuf;SIVU;1 234;OUI;NON\n"
    )
    rows = decode(extract(_base("1502"), named, "2031", "x"), BANATIC).rows["G"]
    assert rows == [(VIENNE, "Neuf", "SIVU", "69", "1234", "1505")]


# -- the command ---------------------------------------------------------------------------------


@pytest.fixture
def run(monkeypatch, capsys) -> Callable[..., tuple[int, str, str]]:
    def _run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["coopdec", "territoires", "importer", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        return stop.value.code, captured.out, captured.err

    return _run


def test_the_command_reports_and_writes_what_the_service_then_uses(
    run, tmp_path: Path, monkeypatch
) -> None:
    file, written = tmp_path / "e.csv", tmp_path / "b.tsv.gz"
    file.write_text("siren,codes_2025\n200077014,7555 9876\n200054781,1505\n", encoding="utf-8")
    code, out, _ = run(file)
    assert code == 0
    assert "CA Vienne Condrieu" in out
    assert "- 1502 Eau (traitement, adduction, distribution) : n'est plus citée" in out
    assert "faute de libellé connu : 9876" in out
    assert "200054781 n'est pas repris" in out
    assert "2 groupements lus, nomenclature de 2025" in out
    assert "Les nomenclatures diffèrent" in out
    assert not written.exists()
    code, _, err = run(file, "--ecrire", written)
    assert code == 2
    assert "--millesime" in err
    code, out, _ = run(file, "--ecrire", written, "--millesime", "1er juillet 2031")
    assert code == 0
    assert f"{VARIABLE}={written}" in out.replace("\n", "")
    monkeypatch.setenv(VARIABLE, str(written))
    assert load_base().vintage == "1er juillet 2031"
    assert load_base().codes(VIENNE) == {"7555"}


def test_the_command_never_shows_a_traceback(run, tmp_path: Path) -> None:
    file = tmp_path / "e.csv"
    for text, *_ in _BAD:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        code, out, err = run(file)
        assert (code, out) == (2, "")
        assert "Pour y remédier" in err
        assert "Traceback" not in err
    for asked in ((tmp_path / "absent",), (tmp_path,), (file, "--nomenclature", "2019")):
        code, _, err = run(*asked)
        assert code == 2
        assert "Traceback" not in err
    file.write_text("siren,codes_2021\n200077014,1502\n")
    code, _, err = run(file, "--ecrire", tmp_path / "non" / "b", "--millesime", "2031")
    assert code == 2
    assert "ne peut pas être" in err


def test_importing_leaves_the_loaded_directory_alone(run, tmp_path: Path) -> None:
    file = tmp_path / "e.csv"
    file.write_text("siren,codes_2021\n200077014,1502\n")
    before = load_directory().base
    run(file)
    assert load_directory().base is before
