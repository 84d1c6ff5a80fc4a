"""Runs of ``make bench`` are kept with what they were made on, and can be compared."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.figures import Figures, about, compared
from coopdec_rules.rulebook.rulebook import Rulebook


def _run(folder: Path, book: Rulebook, value: float, key: str, capsys) -> dict[str, Any]:
    figures = Figures(about(book))
    figures.add("commun", "commun", value, "ms", 10, "essai")
    figures.add(key, f"mesure {key}", 1)
    assert capsys.readouterr().out == (
        f"commun : {value:.0f} ms (à atteindre : 10) — essai\nmesure {key} : 1\n"
    )
    figures.write(folder / "essai.json")
    return json.loads((folder / "essai.json").read_text("utf-8"))


def test_two_runs_are_compared(tmp_path: Path, rulebook: Rulebook, capsys) -> None:
    first = _run(tmp_path, rulebook, 2, "a", capsys)
    second = _run(tmp_path, rulebook, 3, "b", capsys)
    assert first["versions"]["recueil"].startswith(rulebook.version)
    assert first["machine"]["coeurs"] >= 1
    second["versions"]["python"] = "3.0"
    lines = list(compared(first, second))
    assert lines[-4:] == [
        "Attention : versions différentes (python).",
        "≠ commun : 2 ms puis 3 ms (× 1,50)",
        "Seulement dans A : mesure a.",
        "Seulement dans B : mesure b.",
    ]
    assert "= commun : 2 ms puis 2 ms (× 1,00)" in list(compared(first, first))


def test_a_figure_has_one_name() -> None:
    figures = Figures({})
    figures.add("a", "a", 1)
    with pytest.raises(ValueError, match="two figures are called a"):
        figures.add("a", "b", 2)


@pytest.mark.parametrize(
    "name",
    sorted(
        path.stem
        for path in (Path(__file__).parents[2] / "benchmarks").glob("*.py")
        if path.stem[0] != "_"
    ),
)
def test_every_part_of_the_bench_can_be_read(name: str) -> None:
    """What they import is still there: nothing else runs them in the suite."""
    importlib.import_module(f"benchmarks.{name}")
