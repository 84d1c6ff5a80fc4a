"""The panorama of the project, read and checked against the vocabulary."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coopdec_rules.panorama.data import Panorama, load_panorama
from coopdec_rules.panorama.peers import Directory
from coopdec_rules.rulebook.rulebook import Rulebook

from ..web.conftest import address, app, browser, cases, client, service

__all__ = ["address", "app", "browser", "cases", "client", "service"]


@pytest.fixture(scope="session")
def data(cases_root: Path) -> Path:
    """Folder of the data."""
    return cases_root / "panorama"


@pytest.fixture(scope="session")
def panorama(data: Path, rulebook: Rulebook) -> Panorama:
    return load_panorama(data, rulebook)


@pytest.fixture(scope="session")
def directory(panorama: Panorama) -> Directory:
    return Directory(panorama)


@pytest.fixture
def copy(data: Path, tmp_path: Path) -> Path:
    """A copy of the data, to spoil."""
    return Path(shutil.copytree(data, tmp_path / "panorama"))
