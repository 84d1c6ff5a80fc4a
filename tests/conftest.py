"""The real rulebook, loaded once for the whole run; random tests that repeat themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.engine.engine import Engine
from coopdec_rules.garbage import keep_what_is_loaded
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.rulebook import Rulebook

# The settings of whoever runs the tests are not those of the services under test.
for name in [name for name in os.environ if name.startswith("COOPDEC_")]:
    del os.environ[name]

# The same examples on every run, however slow the machine.
settings.register_profile("coopdec", deadline=None, derandomize=True)
settings.load_profile("coopdec")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def rules_root() -> Path:
    """Folder of the real rulebook."""
    return ROOT / "rules"


@pytest.fixture(scope="session")
def cases_root() -> Path:
    """Folder of the worked cases."""
    return ROOT / "cases"


@pytest.fixture(scope="session")
def rulebook(rules_root: Path) -> Rulebook:
    """The real rulebook."""
    return load_rulebook(rules_root)


@pytest.fixture(scope="session")
def engine(advisor: Advisor) -> Engine:
    """The engine of ``advisor``: compiled in full, each weighs several hundred megabytes."""
    return advisor.engine


@pytest.fixture(scope="session")
def advisor(rulebook: Rulebook) -> Iterator[Advisor]:
    """An advisor on the real rulebook."""
    advisor = Advisor(rulebook)
    keep_what_is_loaded()
    yield advisor
    advisor.close()
