"""Help for whoever edits the rulebook: checks on save, house style, schema."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from watchfiles import Change

from coopdec_rules.cli.app import main
from coopdec_rules.cli.editing import Changes, follow
from coopdec_rules.rulebook.loader import load_rulebook

from ..rulebook import tiny

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command; gives exit code, output and errors."""

    def _run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["coopdec", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        code = stop.value.code
        assert isinstance(code, int)
        return code, captured.out, captured.err

    return _run


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return tiny.write(tmp_path / "rules", tiny.tiny_files())


# -- verifier --suivre -------------------------------------------------------------------------


def _break(rules: Path) -> None:
    path = rules / tiny.LAW
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("si: acteur.nature = commune", "si: acteur.natur = commune"))


def _mend(rules: Path) -> None:
    tiny.write(rules, {tiny.LAW: tiny.tiny_files()[tiny.LAW]})


def _count(rules: Path) -> str:
    return f"{len(load_rulebook(rules).rules)} règles, aucun défaut."


def test_each_save_is_checked(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = _count(rules)
    line = tiny.line_of(rules, tiny.LAW, "si: acteur.nature = commune")
    seen: list[str] = []

    def saves(folder: Path) -> Iterator[set[tuple[Change, str]]]:
        def said() -> None:
            seen.append(capsys.readouterr().out)

        saved = (Change.modified, str(folder.resolve() / tiny.LAW))
        yield set()
        said()
        yield set()  # Nothing happens: nothing is said.
        said()
        _break(folder)
        yield {saved}
        said()
        yield {(Change.added, str(folder / "textes" / ".10-loi.md.swp"))}
        said()
        _mend(folder)
        yield {saved}
        said()
        raise KeyboardInterrupt

    follow(rules, False, saves)
    first, idle, broken, draft, mended = seen
    assert good in first
    assert idle == draft == ""
    assert f"Enregistré : {tiny.LAW}" in broken
    assert f"{tiny.LAW}:{line} : Règle « permis-commune »" in broken
    assert "Vouliez-vous dire « acteur.nature » ?" in broken
    assert "1 défaut." in broken
    assert good in mended
    assert capsys.readouterr().out == "Fin du suivi.\n"


def test_a_rulebook_broken_at_first_is_followed(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _break(rules)

    def saves(folder: Path) -> Changes:
        yield set()
        _mend(folder)
        yield {(Change.modified, str(folder / tiny.LAW))}

    follow(rules, False, saves)
    out = capsys.readouterr().out
    assert out.index("1 défaut.") < out.index("aucun défaut.") < out.index("Fin du suivi.")


def test_the_command_follows_real_saves_and_ends_on_ctrl_c(rules: Path) -> None:
    good = _count(rules)
    command = [
        sys.executable,
        "-m",
        "coopdec_rules.cli",
        "recueil",
        "verifier",
        "--suivre",
        "--sans-avis",
    ]
    with subprocess.Popen(
        [*command, str(rules)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        # A suite started in the background ignores Ctrl-C, and its children with it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            _until(process.stdout, good)
            _break(rules)
            _until(process.stdout, f"{tiny.LAW}:")
            _mend(rules)
            _until(process.stdout, good)
            process.send_signal(signal.SIGINT)
            assert "Fin du suivi." in process.stdout.read()
            assert process.wait() == 0
            assert process.stderr.read() == ""
        finally:
            process.kill()


def _until(lines: Iterator[str], said: str) -> None:
    """Read until a line says so; the end of the output is a failure."""
    assert any(said in line for line in lines), said


def test_missing_folder(run: Run, tmp_path: Path) -> None:
    code, _, err = run("recueil", "verifier", "--suivre", str(tmp_path / "rien"))
    assert code == 2
    assert "n'existe pas" in err


# -- formater ----------------------------------------------------------------------------------


def test_format_writes_the_blocks_and_says_where(run: Run, rules: Path) -> None:
    path = rules / tiny.LAW
    tidy = path.read_text(encoding="utf-8")
    untidy = re.sub(r"(rang: loi\n)(en_vigueur: \{du: 2000-01-01\}\n)", r"\2\1", tidy, count=1)
    assert untidy != tidy
    path.write_text(untidy, encoding="utf-8")
    assert run("recueil", "formater", str(rules))[0] == 0
    before = path.read_bytes()
    place = f"{tiny.LAW}:{tiny.line_of(rules, tiny.LAW, 'regle: permis-commune')} : "

    path.write_text(untidy, encoding="utf-8")
    code, out, err = run("recueil", "formater", "--verifier", str(rules))
    assert code == 1
    assert f"{place}à remettre en forme" in out
    assert "bloc" in err
    assert path.read_text(encoding="utf-8") == untidy

    code, out, err = run("recueil", "formater", str(rules))
    assert (code, err) == (0, "")
    assert f"{place}remis en forme" in out
    assert path.read_bytes() == before
    assert run("recueil", "formater", "--verifier", str(rules)) == (
        0, "Tous les blocs sont en forme.\n", "",
    )  # fmt: skip


def test_a_block_with_a_comment_is_named(run: Run, rules: Path) -> None:
    path = rules / tiny.LAW
    text = path.read_text(encoding="utf-8")
    commented = text.replace("rang: loi\n", "rang: loi  # à revoir\n", 1)
    path.write_text(commented, encoding="utf-8")
    code, out, _ = run("recueil", "formater", str(rules))
    assert code == 0
    line = tiny.line_of(rules, tiny.LAW, "regle: permis-commune")
    assert f"{tiny.LAW}:{line} : laissé, il porte un commentaire" in out
    assert "rang: loi  # à revoir\n" in path.read_text(encoding="utf-8")


def test_format_keeps_the_byte_order_mark(run: Run, rules: Path) -> None:
    path = rules / tiny.LAW
    text = path.read_text(encoding="utf-8").replace("norme: N-01\n", "norme: 'N-01'\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert run("recueil", "formater", str(rules))[0] == 0
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf# Loi A\r\n")
    assert b"norme: N-01\r\n" in data
    assert data.count(b"\n") == data.count(b"\r\n")


@pytest.mark.parametrize("words", [["formater"], ["formater", "--verifier"]])
def test_format_of_a_text_that_is_not_utf8(run: Run, rules: Path, words: list[str]) -> None:
    (rules / tiny.LAW).write_bytes("# é".encode("latin-1"))
    code, _, err = run("recueil", *words, str(rules))
    assert code == 2
    assert f"{tiny.LAW}:1 :" in err


def test_format_of_a_missing_folder(run: Run, tmp_path: Path) -> None:
    assert run("recueil", "formater", str(tmp_path / "rien"))[0] == 2


# -- schema ------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["regle"], ["table"], ["sources"], ["relectures"]])
def test_schema_is_printed(run: Run, rules: Path, words: list[str]) -> None:
    code, out, _ = run("recueil", "schema", *words, "--dossier", str(rules))
    assert code == 0
    schema = json.loads(out)
    Draft7Validator.check_schema(schema)
    assert "permis-commune" in out


def test_unknown_kind_of_schema(run: Run) -> None:
    code, _, err = run("recueil", "schema", "regles")
    assert code == 2
    assert "Vouliez-vous dire « regle »" in err


# -- what the documentation shows --------------------------------------------------------------


def test_the_task_for_vs_code_reads_what_is_printed(
    rules_root: Path, rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guide = (rules_root / "LISEZMOI.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```json\n(.*?)```", guide, re.DOTALL)
    (task,) = json.loads(block)["tasks"]
    assert task["command"] == "coopdec recueil verifier --suivre"
    matcher = task["problemMatcher"]
    line = tiny.line_of(rules, tiny.LAW, "si: acteur.nature = commune")
    good = _count(rules)
    _break(rules)

    def saves(folder: Path) -> Changes:
        yield set()
        _mend(folder)
        yield {(Change.modified, str(folder / tiny.LAW))}

    follow(rules, False, saves)
    printed = capsys.readouterr().out.splitlines()
    found = [m for text in printed if (m := re.match(matcher["pattern"]["regexp"], text))]
    assert [(m[1], m[2]) for m in found] == [(tiny.LAW, str(line))]
    assert "acteur.natur" in found[0][3]
    background = matcher["background"]
    begins = [text for text in printed if re.search(background["beginsPattern"], text)]
    ends = [text for text in printed if re.search(background["endsPattern"], text)]
    assert len(begins) == 2
    assert ends == ["1 défaut.", good]


def test_the_example_of_a_change_is_the_real_one(rules_root: Path) -> None:
    guide = (rules_root / "LISEZMOI.md").read_text(encoding="utf-8")
    text = (rules_root / "textes" / "2025-04-11-loi.md").read_text(encoding="utf-8")
    shown = guide.split("regle: cc-eau-selon-la-situation\n", 1)[1].split("```", 1)[0]
    real = text.split("regle: cc-eau-selon-la-situation\n", 1)[1].split("```", 1)[0]

    def words(block: str) -> list[str]:
        return [line.split(" […]")[0].replace('"', "").strip() for line in block.splitlines()]

    assert len(words(shown)) == len(words(real))
    for one, other in zip(words(shown), words(real), strict=True):
        assert other.startswith(one)
    rows = (rules_root / "tables" / "competences.csv").read_text(encoding="utf-8").splitlines()
    examples = [line.removesuffix("…") for line in guide.splitlines() if line.endswith(",…")]
    assert len(examples) == 2
    for example in examples:
        assert sum(row.startswith(example) for row in rows) == 1
