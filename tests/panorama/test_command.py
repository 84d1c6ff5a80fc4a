"""``coopdec panorama verifier``."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopdec_rules.cli.app import main

from .test_tables import spoil


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["coopdec", "panorama", *words])
    with pytest.raises(SystemExit) as left:
        main()
    code = left.value.code
    return code if isinstance(code, int) else 0


def test_each_table_beside_the_printed_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "verifier") == 0
    shown = capsys.readouterr().out
    assert "131 chiffres recomptés : 111 égaux, 20 écarts" in shown
    assert "10 contradictions sans chiffre" in shown
    assert "cas d'étude : 64 sur 66 donnent le palier publié" in shown.replace("Cas", "cas")
    assert "≠ palier-pays-d-aix" in shown
    assert "Lettonie" in shown


def test_only_what_differs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "verifier", "--ecarts") == 0
    shown = capsys.readouterr().out
    assert "Enquête : participation" not in shown
    assert "écart +3" in shown


def test_an_unstated_difference_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], copy: Path
) -> None:
    spoil(copy, "zones.csv", ",78,", ",79,")
    assert run(monkeypatch, "verifier", str(copy)) == 1
    told = capsys.readouterr()
    assert "zones/ue : imprimé 79, recompté 78" in told.err
    assert "défauts" in told.out


def test_unreadable_tables_are_told_with_their_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], copy: Path
) -> None:
    line = spoil(copy, "zones.csv", ",78,", ",beaucoup,")
    assert run(monkeypatch, "verifier", str(copy)) == 1
    assert f"zones.csv:{line} : imprime :" in capsys.readouterr().err


def test_a_folder_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "verifier", str(tmp_path / "rien")) == 2
    assert "n'existe pas" in capsys.readouterr().err
