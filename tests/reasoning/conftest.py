"""The reasoner of the real rulebook, made once."""

from __future__ import annotations

import pytest

from coopdec_rules.reasoning.reasoner import Reasoner
from coopdec_rules.rulebook.rulebook import Rulebook

from ..engine.scenarios import Scenarios


@pytest.fixture(scope="session")
def reasoner(rulebook: Rulebook) -> Reasoner:
    """The reasoner of the real rulebook."""
    return Reasoner(rulebook)


@pytest.fixture(scope="session")
def scenarios(rulebook: Rulebook) -> Scenarios:
    """Random scenarios of the real rulebook."""
    return Scenarios(rulebook)
