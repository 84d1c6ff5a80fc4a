"""Finds territories by name, all in memory.

Names are compared glued (« saint denis » = « saintdenis »), so that hyphens, apostrophes and
spaces do not matter.  A territory is known by its place in the list, which is sorted by population:
the smallest place is the most populous territory.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz import fuzz, process

from coopdec_rules.territories.model import COMMUNE, Found, Match, Territory
from coopdec_rules.territories.text import (
    ANY_GROUPING,
    METROPOLE,
    core,
    grouping_core,
    split_nature,
    words,
)

#: Names less alike than this (0 to 100, ``rapidfuzz.fuzz.ratio``) are not proposed.
NEAR_ENOUGH = 78.0
#: A shorter name looks like too many others.
_SHORTEST_NEAR = 4
#: Sorts after every character of a glued name.
_END = "\N{DELETE}"

_Natures = frozenset[str | None]
#: Every grouping, the Métropole de Lyon included, whose nature is not in the vocabulary.
_GROUPINGS: _Natures = frozenset((*ANY_GROUPING, None))


class _Names:
    """Glued names in alphabetical order, with their places."""

    def __init__(self, names: list[tuple[str, int]]) -> None:
        names.sort()
        self.keys = [key for key, _ in names]
        self._places = [place for _, place in names]

    def equal(self, key: str) -> list[int]:
        """Places of the names that are ``key``."""
        first = bisect_left(self.keys, key)
        return self._places[first : bisect_right(self.keys, key, first)]

    def beginning(self, key: str) -> list[int]:
        """Places of the names that begin with ``key``."""
        first = bisect_left(self.keys, key)
        return self._places[first : bisect_left(self.keys, key + _END, first)]


class Index:
    """The names of some territories, which must be sorted by falling population."""

    def __init__(self, territories: Sequence[Territory]) -> None:
        self._territories = territories
        self._natures = [t.nature for t in territories]
        whole: list[tuple[str, int]] = []
        cores: list[tuple[str, int]] = []
        abbreviated: list[tuple[str, int]] = []
        by_word: dict[str, list[int]] = defaultdict(list)
        for place, territory in enumerate(territories):
            name = words(territory.name)
            commune = territory.nature == COMMUNE
            glued = "".join(name)
            kept = "".join(core(name) if commune else grouping_core(territory.name))
            # « CA Arles… » would come before Cannes for whoever types « ca ».
            begins = commune or territory.nature in (METROPOLE, None)
            (whole if begins else abbreviated).append((glued, place))
            cores.append((glued if kept == glued else kept, place))
            for word in set(name):
                by_word[word].append(place)
        self._whole, self._cores = _Names(whole), _Names(cores)
        self._abbreviated = _Names(abbreviated)
        self._by_word = dict(by_word)
        self._words = sorted(by_word)
        self._distinct = list(dict.fromkeys(self._cores.keys))

    def search(self, query: str, limit: int) -> list[Match]:
        """The territories that ``query`` names, best first, at most ``limit``."""
        asked = words(query)
        if not asked:
            return []
        natures, rest = split_nature(asked)
        found: dict[int, Found] = {}
        if natures:
            self._add(found, self._named_exactly("".join(asked)), Found.EXACT, limit, _GROUPINGS)
            allowed: _Natures = natures | {None} if METROPOLE in natures else natures
            for tried in (allowed, _GROUPINGS):
                if rest:
                    self._named(found, [rest], limit, tried)
                else:
                    self._add(found, range(len(self._natures)), Found.WORDS, limit, tried)
                if found:
                    return self._matches(found)
        # A last « st » may be short for « saint », or the beginning of Strasbourg.
        last = words(query, expand=False)[-1]
        readings = [asked] if asked[-1] == last else [asked, (*asked[:-1], last)]
        self._named(found, readings, limit, None)
        if not found:
            self._alike(found, "".join(core(rest)), limit, _GROUPINGS if natures else None)
        return self._matches(found)

    def _named(
        self,
        found: dict[int, Found],
        readings: Sequence[tuple[str, ...]],
        limit: int,
        natures: _Natures | None,
    ) -> None:
        """Add the territories named by one of the readings, until there are ``limit``."""
        whole = ["".join(reading) for reading in readings]
        kept = [core(reading) for reading in readings]
        glued = ["".join(names) for names in kept]
        steps: tuple[tuple[Found, Callable[[], set[int]]], ...] = (
            (Found.EXACT, lambda: _all(map(self._named_exactly, whole))),
            (Found.EXACT_CORE, lambda: _all(map(self._cores.equal, glued))),
            (Found.PREFIX, lambda: _all(map(self._begun, whole))),
            (Found.PREFIX, lambda: _all(map(self._begun, glued))),
            (Found.WORDS, lambda: _all(self._with_words(names) for names in kept)),
        )
        for how, places in steps:
            self._add(found, places(), how, limit, natures)
            if len(found) >= limit:
                return

    def _add(
        self,
        found: dict[int, Found],
        places: Iterable[int],
        how: Found,
        limit: int,
        natures: _Natures | None,
    ) -> None:
        """Add the most populous of the ``places``, once each, until there are ``limit``."""
        fresh = {place for place in places if place not in found}
        if natures is not None:
            fresh = {place for place in fresh if self._natures[place] in natures}
        for place in heapq.nsmallest(limit - len(found), fresh):
            found[place] = how

    def _named_exactly(self, key: str) -> list[int]:
        return self._whole.equal(key) + self._abbreviated.equal(key)

    def _begun(self, key: str) -> list[int]:
        return self._whole.beginning(key) + self._cores.beginning(key)

    def _with_words(self, names: Iterable[str]) -> set[int]:
        """Places of the names that hold, for each word asked, a word that begins with it."""
        held: set[int] | None = None
        for name in names:
            first = bisect_left(self._words, name)
            last = bisect_left(self._words, name + _END, first)
            places = _all(self._by_word[word] for word in self._words[first:last])
            held = places if held is None else held & places
            if not held:
                break
        return held or set()

    def _alike(
        self, found: dict[int, Found], key: str, limit: int, natures: _Natures | None
    ) -> None:
        """Add the territories whose name looks like ``key``, the most alike first."""
        if len(key) < _SHORTEST_NEAR:
            return
        alike = process.extract(
            key, self._distinct, scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH, limit=limit
        )
        for name, _, _ in alike:
            self._add(found, self._cores.equal(name), Found.NEAR, limit, natures)

    def _matches(self, found: dict[int, Found]) -> list[Match]:
        return [Match(self._territories[place], how) for place, how in found.items()]


def _all(several: Iterable[Iterable[int]]) -> set[int]:
    return set().union(*several)
