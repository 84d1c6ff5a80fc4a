"""The shipped directory, and a tiny package as npm would unpack it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from coopdec_rules.territories import Directory, load_directory

README = """
| Année | Version du package | NPM |
|-------|--------------------|-----|
| 2031  | 9.9.9              | …   |

Données : [Licence Ouverte](https://exemple.invalid)
"""


@pytest.fixture(scope="session")
def directory() -> Directory:
    """The directory of today."""
    return load_directory()


def commune(code: str, name: str, population: int, **more: Any) -> dict[str, Any]:
    """A commune of today, as the package writes it."""
    return {
        "code": code, "nom": name, "type": "commune-actuelle", "departement": code[:2],
        "population": population, **more,
    }  # fmt: skip


def grouping(code: str, name: str, kind: str, *members: str) -> dict[str, Any]:
    """A grouping, as the package writes it."""
    listed = [{"code": member} for member in members]
    return {
        "code": code, "nom": name, "type": kind, "populationMunicipale": 900, "membres": listed,
    }  # fmt: skip


def contents() -> dict[str, list[dict[str, Any]]]:
    """The tables of the tiny package."""
    return {
        "regions": [{"code": "84", "nom": "Auvergne-Rhône-Alpes"}],
        "departements": [
            {"code": "01", "nom": "Ain", "region": "84"},
            {"code": "69", "nom": "Rhône", "region": "84"},
            {"code": "977", "nom": "Saint-Barthélemy", "region": "84"},
        ],
        "epci": [
            grouping("200000001", "CC  de l'Ain", "CC", "01001", "69001"),
            grouping("200000002", "Métropole de Lyon", "MET69", "69123"),
        ],
        "ept": [grouping("200000009", "Est", "EPT", "01002")],
        "communes": [
            commune("69001", "Affoux", 10),
            commune("01001", "L'Abergement", 700, anciensCodes=["01900", "01901"]),
            commune("01002", "Seule", 5, anciensCodes=["01901"], codesPostaux=["01001", "01000"]),
            commune("69123", "Lyon", 500_000),
            commune("97701", "Saint-Barthélemy", 10_000, departement="977"),
            {"code": "69381", "nom": "Lyon 1er", "type": "arrondissement-municipal",
             "commune": "69123", "population": 30_000},
            {"code": "01001", "nom": "L'Abergement", "type": "commune-deleguee",
             "chefLieu": "01001"},
            {"code": "01700", "nom": "Associée", "type": "commune-associee", "chefLieu": "01002"},
        ],
    }  # fmt: skip


def write_package(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> Path:
    """Write an unpacked package; its folder."""
    (folder / "data").mkdir(parents=True)
    for name, rows in tables.items():
        (folder / "data" / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    (folder / "package.json").write_text(json.dumps({"version": "9.9.9"}), encoding="utf-8")
    (folder / "README.md").write_text(README, encoding="utf-8")
    return folder
