"""The script that makes the file, on a tiny package; the file's format."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from coopdec_rules.territories.data_file import (
    DirectoryError,
    compress,
    decode,
    encode,
    uncompress,
)
from coopdec_rules.territories.directory import Directory
from coopdec_rules.territories.remarks import Remarks, read_remarks
from tests.territories.conftest import contents, grouping, write_package

ROOT = Path(__file__).resolve().parents[2]


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.territoires", *words],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _build(package: Path) -> str:
    code = (
        "import sys; from pathlib import Path; from scripts.territoires import build; "
        "sys.stdout.buffer.write(build(Path(sys.argv[1])).encode())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(package)], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_the_same_package_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    tables = contents()
    first = _build(write_package(tmp_path / "a", tables))
    for rows in tables.values():
        random.Random(1).shuffle(rows)
    second = _build(write_package(tmp_path / "b", tables))

    def records(text: str) -> list[str]:
        return [line for line in text.splitlines() if not line.startswith("#")]

    assert records(first) == records(second)
    assert _build(tmp_path / "a") == first
    assert compress(first) == compress(first)
    assert "2031" in first.splitlines()[1]


def test_only_communes_of_today_are_kept_and_the_rest_leads_to_them(tmp_path: Path) -> None:
    directory = Directory(decode(_build(write_package(tmp_path / "p", contents()))), Remarks())
    assert {t.code for t in directory.territories} == {
        "01001", "01002", "69001", "69123", "200000001", "200000002",
        "200000009",
    }  # fmt: skip
    # 01901 led to two communes: it leads nowhere.
    suggested = {
        code: directory.unknown_code(code).suggestion
        for code in ("69381", "01700", "01900", "01901", "97701")
    }
    assert suggested == {
        "69381": "69123", "01700": "01002", "01900": "01001", "01901": None, "97701": None,
    }  # fmt: skip
    group = directory.by_code("200000001")
    assert group is not None
    assert (group.name, group.nature, group.population) == (
        "CC de l'Ain", "communaute_communes", 900,
    )  # fmt: skip
    assert group.department.code == "01"
    assert [t.code for t in directory.members(group)] == ["01001", "69001"]
    lyon = directory.by_code("200000002")
    assert lyon is not None
    assert lyon.nature is None
    alone = directory.by_code("01002")
    assert alone is not None
    assert alone.second is directory.by_code("200000009")
    assert alone.postcodes == ("01001", "01000")
    assert [m.territory.code for m in directory.search("associee")] == ["01002"]


def test_check_mode_tells_a_difference(tmp_path: Path) -> None:
    package = write_package(tmp_path / "p", contents())
    file = tmp_path / "essai.tsv.gz"
    where = ("--source", str(package), "--fichier", str(file))
    absent = _run("--verifier", *where)
    assert absent.returncode == 1
    assert not file.exists()
    assert _run(*where).returncode == 0
    assert _run("--verifier", *where).stdout == "essai.tsv.gz est à jour.\n"
    file.write_bytes(compress(uncompress(file.read_bytes()).replace("Affoux", "Affou")))
    changed = _run("--verifier", *where)
    assert changed.returncode == 1
    assert "n'est pas ce que donne le paquet" in changed.stderr


def test_what_the_script_does_not_know_stops_it(tmp_path: Path) -> None:
    tables = contents()
    tables["epci"].append(grouping("200000003", "Nouveauté", "XYZ", "01002"))
    result = _run("--source", str(write_package(tmp_path / "a", tables)), "--verifier")
    assert result.returncode == 1
    assert "Nature de groupement inconnue : XYZ (Nouveauté)" in result.stderr
    tables = contents()
    tables["epci"].append(grouping("200000003", "CC", "CC", "01999"))
    result = _run("--source", str(write_package(tmp_path / "b", tables)), "--verifier")
    assert "01999" in result.stderr
    package = write_package(tmp_path / "c", contents())
    (package / "README.md").write_text("Données : [Licence Ouverte]")
    result = _run("--source", str(package), "--verifier")
    assert "millésime" in result.stderr


def test_contents_survive_the_file(directory: Directory) -> None:
    rows = {"R": [("84", "Auvergne-Rhône-Alpes")], "C": [("01001", "Œ", "1", "01", "", "", "")]}
    text = encode({"millesime": "2031"}, rows)
    tables = decode(uncompress(compress(text)))
    assert {kind: found for kind, found in tables.rows.items() if found} == rows
    assert encode(tables.header, tables.rows) == text


@pytest.mark.parametrize("value", ["a\tb", "a\nb", "a\u2028b"])
def test_a_value_that_breaks_the_format_is_not_written(value: str) -> None:
    with pytest.raises(DirectoryError):
        encode({}, {"R": [("84", value)]})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("R\t84\n", "ligne 1"),
        ("# a\tb\nX\t1\n", "ligne 2"),
        ("# millesime\t2031\nD\t01\tAin\t84\n", "incohérent"),
        ("R\t84\tx\n", "millesime"),
        ("# millesime\t2031\nA\t01001\t01002\n", "01002"),
        ("# millesime\t2031\nC\t01001\tÀ\t1\t01\t\t\t\n", "commune 01001"),
        ("# millesime\t2031\nG\t200000001\tÀ\tmetropole\t1\n", "200000001"),
    ],
)
def test_a_damaged_file_is_told(text: str, message: str) -> None:
    with pytest.raises(DirectoryError, match=message):
        Directory(decode(text), Remarks())


def test_damaged_bytes_are_told() -> None:
    good = compress("R\t84\tx\n")
    for bad in (b"", b"x", good[:-5], good[:12] + b"\xff\xff" + good[14:]):
        with pytest.raises(DirectoryError, match=r"abîmé|ligne"):
            decode(uncompress(bad) or "X")


@pytest.mark.parametrize(
    "text",
    [
        "- {code: '1', remarque: x, autre: y}",
        "- {remarque: x}",
        "- {code: '1', departement: '01', remarque: x}",
        "- {code: '1'}",
        "- {code: '1', remarque: x, ne_remplit_pas: [nom]}",
        "- {code: '1', remarque: x, communes: [y]}",
        "- x",
    ],
)
def test_a_wrong_remark_is_told(text: str) -> None:
    with pytest.raises(DirectoryError, match="entrée 1"):
        read_remarks(text)


def test_the_shipped_file_is_what_the_script_and_its_page_say(directory: Directory) -> None:
    version = directory.header["paquet"].split()[-1]
    script = (ROOT / "scripts" / "territoires.py").read_text(encoding="utf-8")
    data = ROOT / "src" / "coopdec_rules" / "territories" / "data"
    page = (data / "LISEZMOI.md").read_text(encoding="utf-8")
    assert f'VERSION = "{version}"' in script
    assert f"version {version}, que son README donne pour l'année {directory.vintage}" in page
    communes = [t for t in directory.territories if t.nature == "commune"]
    groupings = [t for t in directory.territories if t.nature != "commune" and not t.kind]
    groupings += [t for t in directory.territories if t.kind.startswith("métropole")]
    for count in (len(communes), len(groupings)):
        assert f"- {count:,} ".replace(",", " ") in page
