"""``coopdec recueil comparer`` and ``journal``: folders, revisions, output, errors, exit codes."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from coopdec_rules.cli.app import main
from tests.rulebook.tiny import LAW, SCENARIO, changed, tiny_files, write

Run = Callable[..., tuple[int, str, str]]
_CONCLUSIONS = "vocabulaire/conclusions.yaml"


@pytest.fixture
def run(monkeypatch, capsys) -> Run:
    """Run the command; gives exit code, output and errors."""

    def _run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["coopdec", "recueil", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        return stop.value.code, captured.out, captured.err

    return _run


def git(folder: Path, *words: str) -> None:
    """Run git with an identity and dates of its own."""
    identity = ["-c", "user.name=Essai", "-c", "user.email=essai@example.org"]
    subprocess.run(
        [shutil.which("git") or "git", *identity, "-C", str(folder), *words],
        check=True,
        capture_output=True,
    )


def answering(files: dict[str, str]) -> dict[str, str]:
    """The tiny rulebook, ``reponse`` being called ``habilitation``: an answer that is compared."""
    return {
        name: text.replace("volet.reponse", "volet.habilitation").replace("reponse", "habilitation")
        for name, text in files.items()
    }


@pytest.fixture
def history(tmp_path: Path, monkeypatch) -> Path:
    """A repository with two versions of the rulebook, and a change that is not committed."""
    root = tmp_path / "depot"
    rules = root / "rules"
    files = answering(tiny_files())
    write(rules, files)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "un")
    files[LAW] = files[LAW].replace("habilitation: refus", "habilitation: seuil")
    write(rules, {**files, "VERSION": "1.3.0\n"})
    git(root, "commit", "-q", "-a", "-m", "deux")
    files[LAW] = files[LAW].replace("Une commune peut agir.", "La commune peut agir.")
    write(rules, files)
    (rules / "VERSION").write_text("1.3.0\n")
    monkeypatch.setenv("COOPDEC_RECUEIL", str(rules))
    monkeypatch.setenv("COOPDEC_CAS", str(tmp_path / "cas"))
    monkeypatch.chdir(tmp_path)
    return root


def test_a_revision_against_the_working_rulebook(run: Run, history: Path) -> None:
    code, out, _ = run("comparer", "HEAD~1")
    assert code == 0
    assert "réponse : refus → seuil" in out
    assert "depuis le 1er janvier 2000" in out
    assert "nature : région ou syndicat" in out
    code, _, _ = run("comparer", "HEAD~1", "--strict")
    assert code == 1
    code, out, _ = run("comparer", "HEAD", "--strict")
    assert code == 0
    assert "Aucune réponse ne change" in out
    assert "explication, après : La commune peut agir." in out


def test_the_report_can_be_read_and_its_scenarios_tried(
    run: Run, history: Path, tmp_path: Path
) -> None:
    report = tmp_path / "rapport.md"
    code, out, _ = run("comparer", "HEAD~1", "HEAD", "--markdown", str(report), "--json")
    found = json.loads(out)
    assert code == 0
    assert found["reponses_changent"] is True
    assert all(family["verifie"] for family in found["familles"])
    text = report.read_text(encoding="utf-8")
    assert text.startswith("# Effet d'un changement du recueil\n")
    blocks = text.split("```yaml\n")[1:]
    scenarios = [yaml.safe_load(block.split("```")[0]) for block in blocks]
    assert found["familles"][0]["scenario"] in scenarios


def test_cases_that_flip_are_told(run: Run, history: Path, tmp_path: Path) -> None:
    case = {
        "cas": "region", "titre": "Une région", "origine": "hypothese", "source": "essai",
        "montre": "le refus", "attendu": {"habilitation": "refus"},
        "scenario": {"date": "2005-01-01", "acteur": {"nature": "region"}},
    }  # fmt: skip
    cases = tmp_path / "mes-cas"
    cases.mkdir()
    (cases / "region.yaml").write_text(yaml.safe_dump(case, allow_unicode=True))
    code, out, _ = run("comparer", "HEAD~1", "--cas", str(cases))
    assert code == 0
    assert "Cas d'étude dont la réponse change (1)" in out
    assert "region : Une région" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("comparer", "absente"), "« absente » n'est ni un dossier, ni une révision"),
        (("comparer", "--", "-n1"), "n'est ni un dossier, ni une révision"),
        (("comparer", "HEAD", "HEAD~9"), "« HEAD~9 » n'est ni un dossier"),
        (("comparer", "HEAD", "--markdown", "absent/rapport.md"), "ne peut pas être écrit"),
        (("comparer", "HEAD", "--cas", "absent"), "« absent » n'existe pas"),
        (("comparer",), "Il manque : ancien"),
        (("journal", "--depuis", "9"), "La version « 9 » n'existe pas (1.2.3, 1.3.0)"),
    ],
)
def test_bad_input_is_told_and_left_with_two(
    run: Run, history: Path, words: tuple[str, ...], said: str
) -> None:
    code, _, err = run(*words)
    assert code == 2
    assert said in err


def test_a_revision_without_rulebook_and_one_that_does_not_load(run: Run, history: Path) -> None:
    git(history, "rm", "-q", "-r", "--cached", "rules")
    git(history, "commit", "-q", "-m", "sans recueil")
    code, _, err = run("comparer", "HEAD")
    assert code == 2
    assert "La révision « HEAD » n'a pas de dossier « rules »" in err
    broken = history.parent / "casse"
    changed(broken, LAW, "conclut: {reponse: permis}", "conclut: {reponse: peut-être}")
    code, _, err = run("comparer", str(broken))
    assert code == 2
    assert f"{LAW}:" in err
    assert f"C'est le recueil « {broken} »" in err


def test_without_a_repository_a_folder_is_asked_for(run: Run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("COOPDEC_RECUEIL", str(write(tmp_path / "r", tiny_files())))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    code, _, err = run("comparer", "HEAD")
    assert code == 2
    assert "il n'y a pas de dépôt git ici" in err
    code, _, err = run("journal")
    assert code == 2
    assert "L'historique du recueil n'est pas disponible" in err
    (tmp_path / "r" / "JOURNAL.md").write_text("# Journal\n\nÉcrit à la main.\n")
    code, out, _ = run("journal")
    assert code == 0
    assert "Écrit à la main." in out


def test_the_journal_tells_each_version_from_its_file(
    run: Run, history: Path, tmp_path: Path
) -> None:
    code, out, _ = run("journal")
    assert code == 0
    assert out.index("en cours") < out.index("1.3.0 (") < out.index("1.2.3 (")
    assert "refus-autres : conclusion" in out
    assert "réponse : refus → seuil" in out
    assert "permis-commune : explication" in out
    assert "Premier état connu" in out
    written = tmp_path / "JOURNAL.md"
    code, out, _ = run("journal", "--depuis", "1.3.0", "--json", "--markdown", str(written))
    assert code == 0
    assert [e["version"].split(" ")[0] for e in json.loads(out)] == ["en", "1.3.0"]
    assert "Premier état connu" not in written.read_text(encoding="utf-8")


def test_tags_are_the_versions_when_there_are_any(run: Run, history: Path) -> None:
    git(history, "tag", "v2", "HEAD")
    code, out, _ = run("journal", "--json")
    assert code == 0
    assert [e["version"].split(" ")[0] for e in json.loads(out)] == ["en", "v2"]


def test_a_version_that_no_longer_loads_is_told(run: Run, history: Path) -> None:
    rules = history / "rules"
    (rules / SCENARIO).write_text("groupe: [", encoding="utf-8")
    (rules / "VERSION").write_text("1.4.0\n")
    git(history, "commit", "-q", "-a", "-m", "cassé")
    write(rules, {**answering(tiny_files()), "VERSION": "1.4.0\n"})
    code, out, _ = run("journal")
    assert code == 0
    assert "Ce recueil ne se lit pas avec le logiciel d'aujourd'hui" in out
