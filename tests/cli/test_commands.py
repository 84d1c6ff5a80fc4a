"""The ``coopdec`` command as its user types it: output, errors, exit codes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coopdec_rules.cli.app import main
from coopdec_rules.rulebook.location import rules_folder

SCENARIO = {
    "date": "2006-03-01",
    "acteur": {"nature": "communaute_agglomeration"},
    "acte": {"forme": "convention"},
    "action": {"operation": "projet", "volets": [{"domaine": "eau", "transfert": "totale"}]},
    "partenaire": {"nature": "collectivite_territoriale"},
}


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command; gives exit code, output and errors."""

    def _run(*words: str, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["coopdec", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        return stop.value.code, captured.out, captured.err

    return _run


def test_avis_from_a_file_shows_answers_and_sources(run, tmp_path: Path) -> None:
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(SCENARIO))
    code, out, _ = run("avis", str(file))
    assert code == 0
    assert "Oui, sous conditions" in out
    assert "L. 1115-1" in out
    assert "règles relues par un juriste : 0" in out


def test_avis_in_json_from_standard_input(run) -> None:
    code, out, _ = run("avis", "-", "--json", stdin=json.dumps(SCENARIO).encode())
    avis = json.loads(out)
    assert code == 0
    assert avis["habilitation"] == "sous_conditions"
    assert avis["maitrise_ouvrage"]["titulaire"] == "acteur"


def test_complete_trace_has_the_rules_that_do_not_apply(run) -> None:
    body = json.dumps(SCENARIO).encode()
    _, short, _ = run("avis", "-", "--json", stdin=body)
    _, long, _ = run("avis", "-", "--json", "--complet", stdin=body)
    assert "non_remplie" not in {m["etat"] for m in json.loads(short)["motifs"]}
    assert "non_remplie" in {m["etat"] for m in json.loads(long)["motifs"]}


def test_yaml_scenario_is_read(run) -> None:
    body = b"acteur: {nature: commune}\ndate: 1990-01-01\n"
    code, out, _ = run("avis", "-", "--json", stdin=body)
    assert code == 0
    assert json.loads(out)["habilitation"] == "indeterminee"


def test_mistakes_of_a_scenario_are_all_told_with_exit_code_2(run) -> None:
    code, out, err = run("avis", "-", stdin=b"acteur: {nature: communne}\nactoin: {}\n")
    assert code == 2
    assert out == ""
    assert "/acteur/nature" in err
    assert "Vouliez-vous dire « commune »" in err
    assert "/actoin" in err
    assert "2 erreurs" in err


UNREADABLE = {
    "tabulation": (b"acteur:\n\tnature: commune\n", "ligne 2, colonne 1. Trouvé : une tabulation"),
    "Windows-1252": ("acteur: {nom: Orléans}".encode("cp1252"), "ligne 1, colonne 18"),
    "UTF-16": ("acteur: {nom: Orléans}".encode("utf-16"), "enregistrer en UTF-8"),
    "signe réservé": (b"acteur: {nom: @x}", "s'écrit entre guillemets"),
    "vide": (b"", "Le document est vide"),
    "marque seule": (b"\xef\xbb\xbf \n", "Le document est vide"),
    "renvoi": (b"a: &x 1\nb: *x\n", "Les renvois YAML"),
    "coupé": (b'{"acteur": {"nat', "ligne 1, colonne 17"),
    "clé répétée": (b"date: 2020-01-01\ndate: 2021-01-01\n", "répétée à la ligne 2"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_scenario_is_told_in_one_line(run, tmp_path: Path, name: str) -> None:
    data, message = UNREADABLE[name]
    file = tmp_path / "scenario.yaml"
    file.write_bytes(data)
    code, out, error = run("avis", str(file))
    assert (code, out) == (2, "")
    assert error.startswith(f"{file} : ")
    assert message in error
    assert error.count("\n") == 1


def test_a_byte_order_mark_is_no_mistake(run) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(SCENARIO).encode()
    code, out, _ = run("avis", "-", "--json", "--sans-raisonnement", stdin=body)
    assert code == 0
    assert json.loads(out)["droit_au"] == "2006-03-01"


def command(*words: str, **how: Any) -> subprocess.CompletedProcess[bytes]:
    where = [sys.executable, "-m", "coopdec_rules.cli", *words]
    return subprocess.run(where, stderr=subprocess.PIPE, check=False, timeout=60, **how)


def test_a_full_disk_is_told_in_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = command("--version", stdout=full)
    assert done.returncode == 2
    assert done.stderr.decode() == "L'écriture a échoué : le disque est plein.\n"


def test_a_pipe_that_its_reader_closed_ends_quietly() -> None:
    read, write = os.pipe()
    os.close(read)
    done = command("--version", stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_letters_that_a_terminal_lacks_do_not_stop_it() -> None:
    done = command("avis", stdout=subprocess.PIPE, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 2
    assert b"pour r?pondre aux questions" in done.stderr


def test_missing_file(run, tmp_path: Path) -> None:
    code, _, err = run("avis", str(tmp_path / "rien.yaml"))
    assert code == 2
    assert "n'existe pas" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["avsi"], "Vouliez-vous dire « avis »"),
        (["avis"], "Il manque : fichier"),
        (["avis", "--jsn", "x"], "Vouliez-vous dire « --json »"),
        (["servir", "--port", "abc"], "--port : « abc » n'est pas possible"),
        (["recueil", "droit", "--date", "2006-02-31"], "n'est pas une date"),
    ],
)
def test_usage_mistakes_are_told_in_french(run, words: list[str], message: str) -> None:
    code, _, err = run(*words)
    assert code == 2
    assert message in err


def test_cases_end_with_the_closing_line(run, tmp_path: Path) -> None:
    case = {
        "cas": "essai", "titre": "Essai", "origine": "hypothese", "source": "Essai",
        "montre": "Essai", "scenario": SCENARIO, "attendu": {"habilitation": "sous_conditions"},
    }  # fmt: skip
    (tmp_path / "essai.yaml").write_text(json.dumps(case))
    code, out, _ = run("cas", str(tmp_path), "--couverture")
    assert code == 0
    assert out.splitlines()[-1] == "1 passed, 0 failed"
    assert "normes : " in out
    case["attendu"] = {"habilitation": "interdite"}
    (tmp_path / "essai.yaml").write_text(json.dumps(case))
    code, out, _ = run("cas", str(tmp_path))
    assert code == 1
    assert "habilitation : sous_conditions, attendu interdite" in out
    assert out.splitlines()[-1] == "0 passed, 1 failed"


def test_a_badly_formed_case_is_an_input_error(run, tmp_path: Path) -> None:
    (tmp_path / "essai.yaml").write_text("cas: essai\ntitr: rien\n")
    code, _, err = run("cas", str(tmp_path))
    assert code == 2
    assert "Vouliez-vous dire « titre »" in err


def test_rulebook_check(run, tmp_path: Path) -> None:
    code, out, _ = run("recueil", "verifier")
    assert code == 0
    assert "Recueil lisible" in out
    (tmp_path / "vocabulaire").mkdir()
    code, _, err = run("recueil", "verifier", str(tmp_path))
    assert code == 1
    assert "erreur" in err


def test_law_of_a_day(run) -> None:
    code, before, _ = run("recueil", "droit", "--date", "2007-02-06")
    _, after, _ = run("recueil", "droit", "--date", "2007-02-07")
    assert code == 0
    assert "voie-1992-convention" in before
    assert "voie-1992-convention" not in after
    assert "voie-2007-article" in after


def test_facts_are_listed(run) -> None:
    code, out, _ = run("faits", "--json")
    listed = {entry["pointeur"]: entry for entry in json.loads(out)}
    assert code == 0
    assert listed["/acteur/nature"]["obligatoire"] is True
    assert listed["/action/volets/0/domaine"]["type"] == "choix"
    _, table, _ = run("faits")
    assert "/acteur/nature" in table


def test_broken_rulebook_stops_every_command(run, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COOPDEC_RECUEIL", str(tmp_path / "absent"))
    code, _, err = run("faits")
    assert code == 2
    assert "n'existe pas" in err
    assert rules_folder() == tmp_path / "absent"
