"""Walks over the readings of one scenario: the scenario itself, then every item."""

from __future__ import annotations

from collections.abc import Iterator

from coopdec_rules.engine.findings import Findings, Reading


def readings_of(findings: Findings) -> Iterator[tuple[Reading, str | None, int | None]]:
    """Every reading, with its repeated group and its place in it (``None`` for the scenario)."""
    yield findings.scenario, None, None
    for group, items in findings.items.items():
        for position, reading in enumerate(items):
            yield reading, group, position
