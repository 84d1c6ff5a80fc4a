"""Mistakes in the registries: ``sources.yaml`` and ``normes.yaml``."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import tiny

SOURCES: dict[str, tuple[str, str, str, str, str | None]] = {
    "unknown key": (
        "date: 2000-01-01", "dat: 2000-01-01", "dat:", "la clé « dat » n'existe pas", "date",
    ),
    "without title": (
        "  titre: Loi A\n", "", "loi-a:", "Source « loi-a » : la clé « titre » manque", None,
    ),
    "without rank": ("  rang: etude\n", "", "etude-b:", "la clé « rang » manque", None),
    "unknown rank, near": (
        "rang: etude", "rang: etudes", "rang: etudes", "« etudes » n'existe pas", "etude",
    ),
    "unknown rank, far": ("rang: etude", "rang: zzz", "rang: zzz", "« zzz » n'existe pas", None),
    "without confidence": (
        "  confiance: texte\n", "", "loi-a:", "la clé « confiance » manque", None,
    ),
    "unknown confidence, near": (
        "confiance: secondaire",
        "confiance: segondaire",
        "confiance: segondaire",
        "la confiance « segondaire » n'existe pas",
        "secondaire",
    ),
    "unknown confidence, far": (
        "confiance: secondaire", "confiance: zzz", "confiance: zzz", "« zzz » n'existe pas", None,
    ),
    "source that is a word": (
        "etude-b:\n  titre: Étude B\n  rang: etude\n  confiance: secondaire\n",
        "etude-b: Étude B\n",
        "etude-b:",
        "un bloc de clés est attendu",
        None,
    ),
    "same source twice": (
        "etude-b:", "loi-a:", "  titre: Étude B", "« loi-a » est répétée", None,
    ),
    "address that is none": (
        "  titre: Loi A\n",
        "  titre: Loi A\n  adresse: javascript:x\n",
        "adresse:",
        "n'est pas l'adresse d'une page",
        None,
    ),
    "broken YAML": (
        "titre: Étude B", "titre: Étude : B", "titre: Étude", "YAML illisible", None,
    ),
    "tabulation": ("  rang: etude", "\trang: etude", "\trang: etude", "YAML illisible", None),
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "at", "said", "suggestion"), SOURCES.values(), ids=SOURCES.keys()
)
def test_mistake_in_sources(
    tmp_path: Path, old: str, new: str, at: str, said: str, suggestion: str | None
) -> None:
    root = tiny.changed(tmp_path, tiny.SOURCES, old, new)
    found = [d for d in tiny.mistakes(root) if said in d.message]
    assert len(found) == 1, tiny.mistakes(root)
    line = tiny.line_of(root, tiny.SOURCES, at) - ("répétée" in said)
    assert (found[0].file, found[0].line) == (tiny.SOURCES, line)
    assert found[0].suggestion == suggestion


@pytest.mark.parametrize("name", [tiny.SOURCES, tiny.NORMS])
def test_missing_registry(tmp_path: Path, name: str) -> None:
    root = tiny.write(tmp_path, tiny.tiny_files())
    (root / name).unlink()
    found = tiny.mistakes(root)
    assert (found[0].file, found[0].line) == (name, 0)
    assert "Le fichier manque" in found[0].message


def test_norms_as_a_list(tmp_path: Path) -> None:
    root = tiny.changed(tmp_path, tiny.NORMS, "N-01: Première norme\nN-02: Seconde norme", "[a]")
    found = tiny.mistakes(root)
    assert (found[0].file, found[0].line) == (tiny.NORMS, 1)
    assert "un bloc de clés est attendu" in found[0].message


def test_same_norm_twice(tmp_path: Path) -> None:
    root = tiny.changed(tmp_path, tiny.NORMS, "N-02: Seconde", "N-01: Seconde")
    tiny.assert_mistake(root, tiny.NORMS, 2, "La clé « N-01 » est répétée")
