"""What moments share of what a scenario may vary."""

from __future__ import annotations

from coopdec_rules.reasoning.moments import moments
from coopdec_rules.reasoning.variables import Variables
from coopdec_rules.rulebook.rulebook import Rulebook


def test_variables_shared_with_another_moment_are_those_made_alone(rulebook: Rulebook) -> None:
    found = moments(rulebook)
    first = Variables(rulebook, found[-1].day)
    for moment in found[:: len(found) // 5]:
        alone = Variables(rulebook, moment.day)
        shared = Variables(rulebook, moment.day, first)
        assert shared.all == alone.all
        assert shared.fixed == alone.fixed
        mine = sum(a is b for a, b in zip(shared.all, first.all, strict=True))
        assert len(first.all) / 2 < mine  # they are shared, and not only equal
        assert any(a != b for a, b in zip(alone.all, first.all, strict=True)) or moment is found[-1]
