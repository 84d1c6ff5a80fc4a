"""``coopdec avis --recueil --recu`` and ``coopdec recu verifier``."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path

import pytest

from coopdec_rules.cli.app import main
from tests.advice.small import small
from tests.replay.conftest import CHANGE, SCENARIO, released

__all__ = ["released"]  # a fixture


@pytest.fixture
def run(monkeypatch, capsys, released: Path, tmp_path: Path):
    """Run the command on today's small rulebook, 1.0.0 being released; a key is given."""
    root = small(tmp_path / "apres", CHANGE, ("VERSION", "1.0.0", "2.0.0"))
    (tmp_path / "scenario.json").write_text(json.dumps(SCENARIO), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COOPDEC_RECUEIL", str(root))
    monkeypatch.setenv("COOPDEC_RECUEILS", str(released))
    monkeypatch.setenv("COOPDEC_CLE", "c" * 40)

    def _run(*words: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["coopdec", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        return stop.value.code, captured.out, captured.err

    return _run


def test_an_older_rulebook_answers(run) -> None:
    code, out, _ = run("avis", "scenario.json", "--json", "--recueil", "1.0.0")
    assert (code, json.loads(out)["habilitation"]) == (0, "autorisee")
    code, out, _ = run("avis", "scenario.json", "--json", "--recueil", "apres")
    assert (code, json.loads(out)["habilitation"]) == (0, "indeterminee")


@pytest.mark.parametrize("name", ["1.0.9", "scenario.json"])
def test_a_rulebook_that_is_not_there_is_told(run, name: str) -> None:
    code, _, err = run("avis", "scenario.json", "--recueil", name)
    assert code == 2
    assert f"« {name} » n'est ni une version publiée (1.0.0), ni un dossier" in err


def test_a_rulebook_no_longer_read_is_told(run, tmp_path: Path) -> None:
    old = Path(shutil.copytree(tmp_path / "apres", tmp_path / "vieux"))
    (old / "normes.yaml").write_text("- N-01\n", encoding="utf-8")
    code, _, err = run("avis", "scenario.json", "--recueil", "vieux")
    assert code == 2
    assert "Le recueil « vieux » ne se lit pas avec le logiciel" in err
    assert "normes.yaml" in err


def test_a_receipt_is_verified_and_the_change_explained(run, tmp_path: Path, monkeypatch) -> None:
    assert run("avis", "scenario.json", "--recueil", "1.0.0", "--recu", "recu.json")[0] == 0
    code, out, _ = run("recu", "verifier", "recu.json")
    assert code == 1
    assert "Le reçu est intact" in out
    assert "Signé par ce service" in out
    assert "Les mêmes réponses, les mêmes choses à faire." in out
    assert "par eau-et-culture, règle changée" in out
    code, out, _ = run("recu", "verifier", "recu.json", "--json")
    assert json.loads(out)["signature"] == "valable"
    monkeypatch.setenv("COOPDEC_CLE", "d" * 40)
    assert "Signé avec une autre clé" in run("recu", "verifier", "recu.json")[1]
    text = (tmp_path / "recu.json").read_text("utf-8").replace("2026-01-15", "2026-01-16")
    code, out, _ = run("recu", "verifier", "-", stdin=text.encode())
    assert code == 1
    assert "LE REÇU A ÉTÉ MODIFIÉ" in out


def test_a_receipt_of_today_is_verified(run) -> None:
    assert run("avis", "scenario.json", "--recu", "recu.json")[0] == 0
    assert run("recu", "verifier", "recu.json")[0] == 0


def test_the_rulebook_of_a_receipt_is_found_or_given(run, monkeypatch, tmp_path: Path) -> None:
    run("avis", "scenario.json", "--recueil", "1.0.0", "--recu", "recu.json")
    monkeypatch.setenv("COOPDEC_RECUEILS", str(tmp_path))
    code, out, _ = run("recu", "verifier", "recu.json")
    assert code == 1
    assert "n'est pas parmi les recueils gardés" in out
    small(tmp_path / "avant")
    assert "par eau-et-culture" in run("recu", "verifier", "recu.json", "--recueil", "avant")[1]
    code, _, err = run("recu", "verifier", "recu.json", "--recueil", "apres")
    assert code == 2
    assert "n'est pas celui du reçu" in err


def test_what_is_no_receipt_is_told(run) -> None:
    code, _, err = run("recu", "verifier", "scenario.json")
    assert code == 2
    assert "Ce n'est pas un reçu d'avis." in err
