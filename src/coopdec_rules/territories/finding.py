"""Finds territories by name: those of the year, communes that became part of another, syndicats."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coopdec_rules.territories.model import COMMUNE, Found, Match, Territory
from coopdec_rules.territories.search import OTHER, Index, found_by


class Finder:
    """The names of the territories.  What it answers never changes: threads may share it."""

    def __init__(
        self,
        named: Sequence[tuple[str, str | None]],
        territory: Callable[[int], Territory],
        old_names: Sequence[str],
        now: Callable[[int], Territory],
        others: Sequence[Territory],
    ) -> None:
        """Names with their natures, by falling population, and what gives a place's territory.

        ``old_names``: of communes that are now part of the one that ``now`` gives.
        """
        self._old_names = old_names
        self._indexes: tuple[tuple[Index, Callable[[int, Found], Match]], ...] = (
            (Index(named), lambda place, how: Match(territory(place), how)),
            (
                Index([(name, COMMUNE) for name in old_names]),
                lambda place, how: self._former(now(place), old_names[place], how),
            ),
            (
                Index([(other.name, OTHER if other.status else other.nature) for other in others]),
                lambda place, how: Match(others[place], how),
            ),
        )

    @staticmethod
    def _former(now: Territory, name: str, how: Found) -> Match:
        note = f"{name} est une commune déléguée ou associée de {now.name}."
        return Match(now, how if how is Found.NEAR else Found.FORMER_NAME, note)

    def named(self, query: str, limit: int) -> list[Match]:
        """The territories that ``query`` names, best first, at most ``limit``.

        Among equals, those of the year come first, then former communes, then syndicats.
        """
        return self._merged(query, limit, Index.search)

    def near(self, query: str, limit: int) -> list[Match]:
        """The territories that ``query`` nearly names, in the same order."""
        return self._merged(query, limit, Index.near)

    def _merged(
        self, query: str, limit: int, search: Callable[[Index, str, int], dict[int, int]]
    ) -> list[Match]:
        answers = [
            (how, rank, match(place, found_by(how)))
            for rank, (index, match) in enumerate(self._indexes)
            for place, how in search(index, query, limit).items()
        ]
        found: dict[str, Match] = {}
        # Sorting keeps the order of each index among answers that are worth the same.
        for _, _, match in sorted(answers, key=lambda answer: answer[:2]):
            found.setdefault(match.territory.code, match)
        return list(found.values())[:limit]
