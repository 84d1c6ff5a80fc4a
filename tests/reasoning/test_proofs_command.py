"""``coopdec recueil prouver`` as its user types it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import yaml

from coopdec_rules.cli.app import main
from tests.reasoning.test_proofs import SOUND
from tests.rulebook import tiny


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command; gives exit code, output and errors."""

    def _run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["coopdec", "recueil", "prouver", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        return stop.value.code, captured.out, captured.err

    return _run


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    files = {**tiny.tiny_files(), **SOUND}
    del files[tiny.TABLE_TEXT], files[tiny.TABLE]
    return tiny.write(tmp_path, files)


@pytest.fixture
def torn(sound: Path) -> Path:
    """The same rulebook with a contradiction in it."""
    text = tiny.rule(regle="refus-actif", si="acteur.actif", conclut="{reponse: refus}")
    return tiny.write(sound, {tiny.TRIAL: f"# Essai\n\n{text}"})


def test_a_sound_rulebook_is_proved(run, sound: Path) -> None:
    code, out, err = run(str(sound))
    assert (code, err) == (0, "")
    assert "Prouvé sur tous les scénarios possibles" in out
    assert "chaque conclusion a une valeur et une seule" in out


def test_properties_alone_claim_no_more(run, sound: Path) -> None:
    code, out, _ = run(str(sound), "--proprietes-seules")
    assert code == 0
    assert "chaque conclusion" not in out


def test_a_fault_is_told_with_its_rules_and_a_scenario(run, torn: Path) -> None:
    code, out, _ = run(str(torn), "--date", "2005-06-01")
    assert code == 1
    assert "✗ Contradiction : reponse" in out
    assert "règle permis-commune (conclut reponse : permis), textes/10-loi.md:" in out
    assert "Loi A, art. 9" in out
    scenario = out.split("Scénario témoin :\n")[1].split("\n\n")[0]
    read = yaml.safe_load("\n".join(line[6:] for line in scenario.splitlines()))
    assert read["acteur"] == {"nature": "commune", "actif": True}


def test_json_says_the_same(run, torn: Path) -> None:
    code, out, _ = run(str(torn), "--json")
    found = json.loads(out)
    assert code == 1
    assert found["prouve"] is False
    (fault,) = [d for d in found["defauts"] if d["grave"]]
    assert fault["genre"] == "contradiction"
    assert fault["periodes"][0]["du"] == "2000-01-01"
    assert {rule["regle"] for rule in fault["regles"]} == {"permis-commune", "refus-actif"}
    assert fault["scenario"]["acteur"]["actif"] is True


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--date", "2005-13-01"], "« 2005-13-01 » n'est pas une date AAAA-MM-JJ"),
        (["--date", "1850-01-01"], "« 1850-01-01 » est avant le 1900-01-01"),
        (["--date", "2200-01-01"], "« 2200-01-01 » est après le 2100-12-31"),
        (["/nulle/part"], "Le dossier « /nulle/part » n'existe pas"),
    ],
)
def test_bad_words_are_told(run, words: list[str], said: str) -> None:
    code, out, err = run(*words)
    assert code == 2
    assert said in err
    assert out == ""
