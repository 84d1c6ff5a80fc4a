"""What the national base says of groupings: presumed when cited, nothing when silent."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.territories import Competences, Directory, Said, load_directory
from coopdec_rules.territories import base as module
from coopdec_rules.territories.base import Base, load_base, load_nomenclature
from coopdec_rules.territories.data_file import (
    BANATIC,
    DirectoryError,
    compress,
    decode,
    encode,
)
from coopdec_rules.territories.nomenclature import NOMENCLATURES, read_nomenclature
from scripts import banatic as script

DATA = Path(module.__file__).parent / "data"
GRAND_PARIS = "200054781"


def _of(directory: Directory, code: str) -> Competences:
    territory = directory.by_code(code)
    assert territory is not None, code
    return directory.competences(territory)


def _codes(directory: Directory, kind: str) -> list[str]:
    return [code for code, row in directory.base.rows.items() if row[2] == kind]


# -- the types -----------------------------------------------------------------------------------


@pytest.mark.parametrize("said", list(Said))
def test_what_is_said_is_neither_yes_nor_no(said: Said) -> None:
    with pytest.raises(TypeError):
        bool(said)


def test_a_cited_competence_is_presumed_and_a_missing_one_is_silence(directory: Directory) -> None:
    found = _of(directory, "200077014")  # CA Vienne Condrieu
    eau = found.on("eau")
    assert eau.said is Said.PRESENT
    assert eau.whole
    assert [c.competence.code for c in eau.cited] == ["1502"]
    missing = found.on("agriculture")
    assert missing.said is Said.SILENT
    assert not missing.whole
    assert missing.cited == ()
    assert found.unknown is None
    assert "une compétence absente ne prouve rien" in found.notice
    assert "2023" in found.notice
    assert "(BANATIC)" in found.notice


def test_parts_that_are_the_whole_together_are_the_whole(directory: Directory) -> None:
    known = load_nomenclature()

    def whole(nomenclature: str, *codes: str) -> dict[str, bool]:
        cited = known.cited(nomenclature, codes, "84")
        found = Competences(nomenclature, "", "", cited)
        return {word.domain: word.whole for word in found.domains()}

    assert whole("2021", "1528", "1529", "1531", "1532") == {"gemapi": True}
    assert whole("2021", "1528", "1529", "1531") == {"gemapi": False}
    assert whole("2025", "2080") == {"dechets": False}
    assert whole("2025", "2080", "2085") == {"dechets": True}
    assert whole("2025", "4000", "4005") == {"developpement_economique": True}
    assert whole("2021", "1505", "1507") == {"assainissement": False}


def test_the_same_number_says_another_thing_in_the_other_nomenclature() -> None:
    known = load_nomenclature()
    domains = {
        (year, code): {e.domain for e in found.extents}
        for year in NOMENCLATURES
        for code in ("1505", "1510")
        if (found := known.get(year, code))
    }
    assert domains == {
        ("2021", "1505"): {"assainissement"}, ("2025", "1505"): {"eau"},
        ("2021", "1510"): {"dechets"}, ("2025", "1510"): {"assainissement"},
    }  # fmt: skip


# -- what a citation does not prove ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("nomenclature", "code", "domain"),
    [
        ("2021", "4016", "colleges_lycees"),
        ("2025", "5020", "colleges_lycees"),
        ("2025", "5025", "colleges_lycees"),
        ("2021", "9922", "incendie_secours"),
        ("2021", "9923", "incendie_secours"),
        ("2025", "7520", "incendie_secours"),
        ("2025", "7525", "incendie_secours"),
        ("2021", "5555", "habitat_logement"),
        ("2025", "6530", "habitat_logement"),
        ("2025", "6535", "habitat_logement"),
        ("2021", "2525", "action_sociale"),
        ("2025", "3025", "action_sociale"),
        ("2021", "7030", "abattoirs"),
    ],
)
def test_some_citations_prove_nothing(nomenclature: str, code: str, domain: str) -> None:
    cited = load_nomenclature().cited(nomenclature, [code], "84")
    word = Competences(nomenclature, "", "", cited).on(domain)
    assert word.said is Said.DOUBTFUL
    assert not word.whole
    assert cited[0].reservation


@pytest.mark.parametrize(("nomenclature", "code"), [("2021", "4530"), ("2025", "6000")])
def test_mobility_proves_nothing_in_ile_de_france(nomenclature: str, code: str) -> None:
    known = load_nomenclature()
    said = {
        region: Competences(nomenclature, "", "", known.cited(nomenclature, [code], region))
        .on("transports_urbains")
        .said
        for region in ("11", "84")
    }
    assert said == {"11": Said.DOUBTFUL, "84": Said.PRESENT}


@pytest.mark.parametrize(
    ("nomenclature", "code"),
    [
        ("2021", "9915"), ("2021", "9920"), ("2021", "9924"), ("2021", "9999"),
        ("2025", "7505"), ("2025", "7510"), ("2025", "7575"),
    ],
)  # fmt: skip
def test_what_falls_in_no_domain_is_shown_and_says_nothing(nomenclature: str, code: str) -> None:
    (cited,) = load_nomenclature().cited(nomenclature, [code], "84")
    assert cited.competence.label
    assert cited.competence.extents == ()


def test_a_code_without_a_known_label_is_not_used() -> None:
    known = load_nomenclature()
    assert known.get("2021", "2505") is None
    assert known.cited("2021", ["2505", "0000"], "84") == ()


def test_the_grand_paris_is_set_aside(directory: Directory) -> None:
    found = _of(directory, GRAND_PARIS)
    assert found.cited == ()
    assert "L. 5219-1" in (found.unknown or "")
    assert directory.base.codes(GRAND_PARIS) == frozenset()
    # Whatever a file imported later says of it.
    text = encode(directory.base.header, {"G": [(GRAND_PARIS, "", "", "", "", "")]}, BANATIC)
    assert "L. 5219-1" in (Base(decode(text, BANATIC), load_nomenclature())
                           .competences(directory.by_code(GRAND_PARIS)).unknown or "")  # fmt: skip


def test_a_commune_and_a_grouping_not_in_the_base_are_told(directory: Directory) -> None:
    assert "ne décrit que les groupements" in (_of(directory, "38544").unknown or "")
    silent = [t for t in directory.others if not directory.base.codes(t.code)]
    assert silent
    assert "cela ne prouve pas" in (directory.competences(silent[0]).unknown or "")


# -- the shipped extract --------------------------------------------------------------------------


def test_the_whole_extract_is_there(directory: Directory) -> None:
    base = directory.base
    cited = [row for row in base.rows.values() if row[5]]
    assert len(base.rows) == 10_316
    # 9 811 groupings in the source, but for the Grand Paris.
    assert len(cited) == 9_810
    assert sum(1 for row in base.rows.values() if not row[1]) == 179
    assert len(directory.others) == 10_137 - 1_255 - 11
    page = (DATA / "LISEZMOI.md").read_text(encoding="utf-8")
    for count in (len(cited), len(directory.others)):
        assert f"{count:,}".replace(",", " ") in page
    assert base.vintage in page


def test_every_community_with_own_taxation_has_competences(directory: Directory) -> None:
    groupings = [t for t in directory.territories if t.nature != "commune" and len(t.code) == 9]
    without = {t.code for t in groupings if not directory.competences(t).cited}
    assert without == {GRAND_PARIS}


def test_domains_and_shares_are_those_of_the_source(
    directory: Directory, rulebook: Rulebook
) -> None:
    domains = set(rulebook.facts["volet.domaine"].values)
    for year in NOMENCLATURES:
        for competence in load_nomenclature().all(year):
            assert {e.domain for e in competence.extents} <= domains
    # The shares that the map was checked with, in percent.
    for kind, domain, share in (
        ("CC", "eau", 35), ("CA", "eau", 100), ("CU", "eaux_pluviales", 29),
        ("CC", "assainissement", 76), ("CA", "dechets", 99), ("CA", "colleges_lycees", 3),
    ):  # fmt: skip
        codes = _codes(directory, kind)
        cited = sum(bool(_of(directory, code).on(domain).cited) for code in codes)
        assert round(100 * cited / len(codes)) == share, (kind, domain)


def test_every_code_of_the_extract_has_a_label(directory: Directory) -> None:
    known = {c.code for c in load_nomenclature().all("2021")}
    used = set().union(*(directory.base.codes(code) for code in directory.base.rows))
    assert used <= known
    assert len(known) == 105
    assert len(load_nomenclature().all("2025")) == 118


@given(st.integers(0, 10_315), st.text(max_size=10))
def test_any_domain_of_any_grouping_is_answered(place: int, domain: str) -> None:
    directory = load_directory()
    code = list(directory.base.rows)[place]
    territory = directory.by_code(code)
    if territory is None:
        return
    found = directory.competences(territory)
    assert (found.unknown is None) == bool(found.cited)
    assert found.on(domain).said in Said
    for word in found.domains():
        assert word.cited
        assert word.said is not Said.SILENT


# -- how it is made and read ----------------------------------------------------------------------


def _csv(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _pair(code21: str, code25: str, domain: str, note: str = "") -> dict[str, str]:
    return {
        "code_2021": code21, "libelle_2021": code21 and f"ancien {code21}", "code_2025": code25,
        "libelle_2025": code25 and f"nouveau {code25}", "domaine": domain,
        "portee": domain and "partie", "note": note,
    }  # fmt: skip


def test_the_script_makes_both_files_and_tells_a_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = [tmp_path / name for name in ("c.csv", "g.csv", "x.csv")]
    sources[0].write_text(f"siren,codes_2021\n200000001,1510 1505\n{GRAND_PARIS},1505\n9,1505\n")
    sources[1].write_text(
        "siren,nom,region,departement,nature,population\n200000001,SI  ''À'',84,01,SIVU,7\n"
        f"{GRAND_PARIS},Grand Paris,11,75,METRO,9\n"
    )
    reserved = [
        _pair(str(code), "", "")
        for code in (4016, 9922, 9923, 4530, 5555, 2525, 7030)
    ] + [
        _pair("", str(code), "")
        for code in (5020, 5025, 7520, 7525, 6000, 6530, 6535, 3025)
    ]  # fmt: skip
    pairs = [_pair("1505", "1510", "eau"), _pair("1510", "", "dechets", "en 2025 : 2080 et 2085"),
             _pair("", "2080", "dechets"),
             _pair("", "2085", "dechets", "2080 et 2085 ensemble = tout")]  # fmt: skip
    sources[2].write_text(_csv(pairs + reserved), encoding="utf-8")
    where = [*map(str, sources), "--dossier", str(tmp_path)]
    script.main(where)
    script.main([*where, "--verifier"])
    assert "est à jour" in capsys.readouterr().out
    text = script.uncompress((tmp_path / "banatic.tsv.gz").read_bytes())
    rows = [line.split("\t")[1:] for line in text.splitlines() if line.startswith("G")]
    assert rows == [
        ["200000001", 'SI "À"', "SIVU", "01", "7", "1505 1510"],
        [GRAND_PARIS, "Grand Paris", "METRO", "75", "9", ""],
        ["9", "", "", "", "", "1505"],
    ]
    known = read_nomenclature(
        (tmp_path / "competences.csv").read_text(encoding="utf-8"),
        (DATA / "reserves.yaml").read_text(encoding="utf-8"),
    )
    assert known.get("2021", "1510").successors == ("2080", "2085")  # type: ignore[union-attr]
    assert known.predecessors["1510"] == {"1505"}
    assert known.get("2025", "2085").extents[0].together == {"2080", "2085"}  # type: ignore[union-attr]
    sources[0].write_text("siren,codes_2021\n200000001,1111\n")
    with pytest.raises(SystemExit, match="sans libellé connu : 1111"):
        script.main(where)
    sources[0].write_text("siren;codes\n")
    with pytest.raises(SystemExit, match="colonnes attendues"):
        script.main(where)


def test_a_grouping_that_takes_the_place_of_the_shipped_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = {"nomenclature": "2025", "millesime": "1er juillet 2031", "producteur": "Essai"}
    file = tmp_path / "b.tsv.gz"
    file.write_bytes(compress(encode(header, {"G": [("1", "", "", "", "", "1505")]}, BANATIC)))
    monkeypatch.setenv(module.VARIABLE, str(file))
    base = load_base()
    assert base.vintage == "1er juillet 2031"
    assert base.codes("1") == {"1505"}
    monkeypatch.setenv(module.VARIABLE, str(tmp_path / "absent"))
    with pytest.raises(DirectoryError, match="absent"):
        load_base()


@pytest.mark.parametrize(
    ("header", "message"),
    [({}, "nomenclature"),
     ({"nomenclature": "2021"}, "millesime"),
     ({"nomenclature": "2019", "millesime": "x", "producteur": "y"}, "2019")],
)  # fmt: skip
def test_an_extract_that_does_not_say_what_it_is(header: dict[str, str], message: str) -> None:
    with pytest.raises(DirectoryError, match=message):
        Base(decode(encode(header, {}, BANATIC), BANATIC), load_nomenclature())


_HEAD = "nomenclature,code,libelle,domaine,etendue,ensemble,suite,note\n"


@pytest.mark.parametrize(
    ("table", "reservations", "message"),
    [
        ("x\n", "", "ligne 1"),
        (_HEAD + "2021,1,a\n", "", "ligne 2"),
        (_HEAD + "2019,1,a,,,,,\n", "", "ligne 2"),
        (_HEAD + "2021,1,a,eau,,,,\n", "", "ligne 2"),
        (_HEAD + "2021,1,a,,tout,,,\n", "", "ligne 2"),
        (_HEAD, "- x", "entrée 1"),
        (_HEAD, "- {codes: {'2021': [1]}}", "entrée 1"),
        (_HEAD, "- {codes: {'2021': [1]}, pourquoi: x}", "le code 1 n'est pas"),
    ],
)
def test_a_wrong_table_is_told(table: str, reservations: str, message: str) -> None:
    with pytest.raises(DirectoryError, match=re.escape(message)):
        read_nomenclature(table, reservations)
