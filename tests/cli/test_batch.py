"""``coopdec lot``: what a person sees of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from coopdec_rules.cli import main

Run = Callable[..., tuple[int, str, str]]
TABLE = (
    "id,Type,action.objet,note\n"
    "1,commune,cooperation,rien\n"
    "2,comune,cooperation,\n"
)  # fmt: skip


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line; its exit code and what it wrote."""

    def call(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["coopdec", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        told = capsys.readouterr()
        return int(stop.value.code or 0), told.out, told.err

    return call


def test_a_table_is_answered_and_summed_up(run: Run, tmp_path: Path) -> None:
    source, names = tmp_path / "t.csv", tmp_path / "noms.csv"
    source.write_text(TABLE, encoding="utf-8")
    code, _, told = run("lot", str(source))
    assert code == 2
    assert "« Type »" in told
    assert "« note »" in told
    assert "--garder" in told
    names.write_text("Type;acteur.nature\n", encoding="utf-8")
    code, told, _ = run(
        "lot", str(source), "--correspondance", str(names), "--garder", "note",
        "--sans-raisonnement", "--libelles",
    )  # fmt: skip
    assert code == 0
    assert "1 scénario répondu" in told
    assert "1 scénario écarté" in told
    assert (tmp_path / "t-avis.csv").read_text(encoding="utf-8-sig").count("\n") == 2
    assert "commune" in (tmp_path / "t-avis-rejets.csv").read_text(encoding="utf-8-sig")


def test_mistakes_are_told_in_a_line(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "t.csv"
    source.write_text(TABLE, encoding="utf-8")
    odd, empty, wrong = tmp_path / "t.ods", tmp_path / "vide.csv", tmp_path / "noms.csv"
    odd.write_bytes(b"x")
    empty.write_bytes(b"")
    wrong.write_text("seul\n", encoding="utf-8")
    for words, expected in (
        (("lot",), "Il manque"),
        (("lot", str(tmp_path / "absent.csv")), "n'existe pas"),
        (("lot", str(odd)), ".parquet"),
        (("lot", str(empty)), "est vide"),
        (("lot", str(source), "--colonnes", "habilitacion"), "habilitation"),
        (("lot", str(source), "--correspondance", str(wrong)), "ligne 1"),
        (("lot", str(source), "--reprendre", "--garder", "Type,note"), "Rien à reprendre"),
    ):
        code, _, told = run(*words)
        assert (code, expected in told) == (2, True), (words, told)
    code, told, _ = run("lot", "--faits")
    assert code == 0
    assert "action.volets.1.domaine" in told
