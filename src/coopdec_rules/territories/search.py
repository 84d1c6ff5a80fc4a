"""Finds names, all in memory.

Names are compared glued (« saint denis » = « saintdenis »), so that hyphens, apostrophes and
spaces do not matter.  A name is known by its place in the list, which is sorted by population: the
smallest place is that of the most populous territory.
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from coopdec_rules.territories.model import COMMUNE, SYNDICAT, SYNDICAT_MIXTE, Found
from coopdec_rules.territories.text import (
    ANY_GROUPING,
    LINKS,
    METROPOLE,
    core,
    grouping_cores,
    split_nature,
    words,
    words_of_all,
)

#: Names less alike than this (0 to 100, ``rapidfuzz.fuzz.ratio``) are not proposed.
NEAR_ENOUGH = 78.0
#: A shorter name looks like too many others.
_SHORTEST_NEAR = 4
#: A shorter name is one slip away from too many others.
_SHORTEST_SLIP = 5
#: Sorts after every character of a glued name.
_END = "\N{DELETE}"

_Natures = frozenset[str | None]
#: The nature, here, of groupings that are neither communities nor syndicats.
OTHER = "autre"
#: Every grouping, the métropoles whose nature is not in the vocabulary (``None``) included.
_GROUPINGS: _Natures = frozenset((*ANY_GROUPING, SYNDICAT, SYNDICAT_MIXTE, OTHER, None))
#: How well names answer a query, best first.  ``_WITHIN``: a beginning that ends within a word.
_STEPS = (Found.EXACT, Found.EXACT_CORE, Found.PREFIX, Found.WORDS)
_SLIP, _WITHIN, _ALIKE = range(len(_STEPS), len(_STEPS) + 3)


class _Names:
    """Glued names in alphabetical order, with their places."""

    def __init__(self, names: list[str], places: Sequence[int]) -> None:
        # Sorting keeps the order of places among equal names.
        order = sorted(range(len(names)), key=names.__getitem__)
        self.keys = [names[i] for i in order]
        self._places = [places[i] for i in order]

    def equal(self, key: str) -> list[int]:
        """Places of the names that are ``key``."""
        first = bisect_left(self.keys, key)
        return self._places[first : bisect_right(self.keys, key, first)]

    def beginning(self, key: str) -> list[int]:
        """Places of the names that begin with ``key``."""
        first = bisect_left(self.keys, key)
        return self._places[first : bisect_left(self.keys, key + _END, first)]


class Index:
    """Some names with the natures of their territories, sorted by falling population."""

    def __init__(self, named: Sequence[tuple[str, str | None]]) -> None:
        self._natures = [nature for _, nature in named]
        texts = [text for text, _ in named]
        names = words_of_all(texts)
        glued = list(map("".join, names))
        groupings = [place for place, nature in enumerate(self._natures) if nature != COMMUNE]
        kept = ["".join([word for word in name if word not in LINKS]) for name in names]
        for place, words_kept in zip(
            groupings, grouping_cores(texts[place] for place in groupings), strict=True
        ):
            kept[place] = "".join(words_kept)
        # « CA Arles… » would come before Cannes for whoever types « ca ».
        abbreviated = [p for p in groupings if self._natures[p] not in (METROPOLE, None)]
        whole = sorted(set(range(len(names))).difference(abbreviated))
        by_word: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(names):
            for word in name:
                by_word[word].append(place)
        self._whole = _Names([glued[place] for place in whole], whole)
        self._abbreviated = _Names([glued[place] for place in abbreviated], abbreviated)
        # A name that is only linking words is kept whole.
        cores = [kept[place] or glued[place] for place in range(len(names))]
        self._cores = _Names(cores, range(len(names)))
        self._by_word = dict(by_word)
        self._words = sorted(by_word)

    @cached_property
    def _by_length(self) -> Mapping[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        for name in dict.fromkeys(self._cores.keys):
            found[len(name)].append(name)
        return found

    @cached_property
    def _by_end(self) -> Mapping[tuple[int, int, str], list[str]]:
        """Names by their length and their first (0) or last (-1) letter."""
        found: dict[tuple[int, int, str], list[str]] = defaultdict(list)
        for length, names in self._by_length.items():
            for name in filter(None, names):
                found[length, 0, name[0]].append(name)
                found[length, -1, name[-1]].append(name)
        return found

    def search(self, query: str, limit: int) -> dict[int, int]:
        """Places of the names that ``query`` names, with how well (places in ``_STEPS``)."""
        asked = words(query)
        if not asked:
            return {}
        natures, rest = split_nature(asked)
        found: dict[int, int] = {}
        if natures:
            self._add(found, self._named_exactly("".join(asked)), 0, limit, _GROUPINGS)
            allowed: _Natures = natures | {None} if METROPOLE in natures else natures
            if not rest:
                places = range(len(self._natures))
                self._add(found, places, _STEPS.index(Found.WORDS), limit, allowed)
                return found
            for tried in (allowed, _GROUPINGS):
                self._named(found, [rest], limit, tried)
                if found:
                    return found
        self._named(found, _readings(query, asked), limit, None)
        return found

    def near(self, query: str, limit: int) -> dict[int, int]:
        """Places of the names that ``query`` nearly names, with how nearly; best first."""
        asked = words(query)
        if not asked:
            return {}
        natures, rest = split_nature(asked)
        allowed = _GROUPINGS if natures else None
        found: dict[int, int] = {}
        key = "".join(core(rest))
        if len(key) >= _SHORTEST_SLIP:
            # One slip leaves the first letter or the last.
            near = dict.fromkeys(
                name
                for length in range(len(key) - 1, len(key) + 2)
                for end in (0, -1)
                for name in self._by_end.get((length, end, key[end]), ())
            )
            slips = process.extract(
                key, list(near), scorer=OSA.distance, score_cutoff=1, limit=None
            )
            places = (place for name, _, _ in slips for place in self._cores.equal(name))
            self._add(found, places, _SLIP, limit, allowed)
        for reading in _readings(query, asked):
            for glued in ("".join(reading), "".join(core(reading))):
                self._add(found, self._begun(glued), _WITHIN, limit, allowed)
        if not found and len(key) >= _SHORTEST_NEAR:
            self._alike(found, key, limit, allowed)
        return found

    def _named(
        self,
        found: dict[int, int],
        readings: Sequence[tuple[str, ...]],
        limit: int,
        natures: _Natures | None,
    ) -> None:
        """Add the names asked by one of the readings, until there are ``limit``."""
        whole = ["".join(reading) for reading in readings]
        kept = [core(reading) for reading in readings]
        glued = ["".join(names) for names in kept]
        worded: set[int] = set()

        def words_held() -> set[int]:
            worded.update(_all(self._with_words(names) for names in kept))
            return worded

        steps: tuple[tuple[int, Callable[[], set[int]]], ...] = (
            (0, lambda: _all(map(self._named_exactly, whole))),
            (1, lambda: _all(map(self._cores.equal, glued))),
            # A beginning holds the words asked; « rochele » does not begin « Roche-lez-Beaupré ».
            (2, lambda: words_held() & _all(map(self._begun, whole))),
            (2, lambda: worded & _all(map(self._begun, glued))),
            (3, lambda: worded),
        )
        for how, places in steps:
            self._add(found, places(), how, limit, natures)
            if len(found) >= limit:
                return

    def _add(
        self,
        found: dict[int, int],
        places: Iterable[int],
        how: int,
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
        # The longest word first: it is in the fewest names.
        for name in sorted(names, key=len, reverse=True):
            first = bisect_left(self._words, name)
            last = bisect_left(self._words, name + _END, first)
            places = _all(self._by_word[word] for word in self._words[first:last])
            held = places if held is None else held & places
            if not held:
                break
        return held or set()

    def _alike(self, found: dict[int, int], key: str, limit: int, natures: _Natures | None) -> None:
        """Add the names that look like ``key``, the most alike first."""
        # Names of other lengths cannot be alike enough.
        share = NEAR_ENOUGH / (200 - NEAR_ENOUGH)
        lengths = range(math.ceil(len(key) * share), math.floor(len(key) / share) + 1)
        names = [n for length in lengths for n in self._by_length.get(length, ())]
        alike = process.extract(
            key, names, scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH, limit=limit
        )
        for name, _, _ in alike:
            self._add(found, self._cores.equal(name), _ALIKE, limit, natures)


def _readings(query: str, asked: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A last « st » may be short for « saint », or the beginning of Strasbourg."""
    last = words(query, expand=False)[-1:]
    return [asked] if asked[-1:] == last else [asked, (*asked[:-1], *last)]


def found_by(how: int) -> Found:
    """How a name was found, in the words of the answers."""
    return _STEPS[how] if how < len(_STEPS) else Found.PREFIX if how == _WITHIN else Found.NEAR


def _all(several: Iterable[Iterable[int]]) -> set[int]:
    return set().union(*several)
