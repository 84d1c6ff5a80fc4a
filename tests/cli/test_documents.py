"""``coopdec documents`` as its user types it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from coopdec_rules.cli.app import main
from tests.documents.conftest import subsidy

Run = Callable[..., tuple[object, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def _run(*words: str) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["coopdec", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        return stop.value.code, captured.out, captured.err

    return _run


def test_documents_are_written_and_refusals_told(run: Run, tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(yaml.safe_dump(subsidy(), allow_unicode=True), "utf-8")
    folder = tmp_path / "ici" / "là"
    code, told, _ = run("documents", str(scenario), "-o", str(folder), "--format", "odt")
    assert code == 0
    names = {path.name for path in folder.iterdir()}
    assert "vienne_deliberation-subvention_2026-12-10.odt" in names
    assert "vienne_calendrier_2026-12-10.ics" in names
    assert "✗ demande-prise-de-position" in told
    for words, expected in (
        (("--format", "doc"), "docx, odt, pdf"),
        (("--publication", "demain"), "AAAA-MM-JJ"),
    ):
        code, _, wrong = run("documents", str(scenario), *words)
        assert code == 2
        assert expected in wrong
