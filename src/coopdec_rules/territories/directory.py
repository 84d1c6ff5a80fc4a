"""The directory: every territory, found by name or by code.

The extract of the national base (syndicats, competences) and the indexes are read and made when
something first needs them.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib.resources import files

from coopdec_rules.errors import Problem
from coopdec_rules.garbage import paused
from coopdec_rules.territories import codes
from coopdec_rules.territories.base import Base, load_base
from coopdec_rules.territories.beyond import Beyond
from coopdec_rules.territories.codes import plain_code
from coopdec_rules.territories.competences import Competences
from coopdec_rules.territories.data_file import Tables, decode, uncompress
from coopdec_rules.territories.division import Division
from coopdec_rules.territories.finding import Finder
from coopdec_rules.territories.model import Match, Territory
from coopdec_rules.territories.remarks import Remarks, read_remarks

#: Longest query read; what follows cannot be part of a name.
MAX_QUERY = 100
MAX_LIMIT = 50


class Directory:
    """The communes and groupings known.  What it answers never changes: threads may share it."""

    def __init__(
        self, tables: Tables, remarks: Remarks, base: Callable[[], Base] = load_base
    ) -> None:
        """``base``: gives the national base, when it is needed.

        Raises ``DirectoryError`` when the tables do not fit together.
        """
        self._division, self._remarks = Division(tables, remarks), remarks
        self._load_base, self._lock = base, threading.Lock()
        self._base: Base | None = None
        self.vintage = self._division.vintage
        self.header = self._division.header
        self.former = self._division.former

    @cached_property
    def territories(self) -> tuple[Territory, ...]:
        """Every territory of the division of the year, the most populous first."""
        return tuple(map(self._division.get, self._division.codes))

    @cached_property
    def others(self) -> tuple[Territory, ...]:
        """The syndicats and other groupings of the national base, the most populous first."""
        found = self.base.others(self._division.areas, self._remarks)
        fresh = (t for t in found if t.code not in self._division)
        return tuple(sorted(fresh, key=lambda t: (-t.population, t.code)))

    @property
    def by_postcode(self) -> Mapping[str, tuple[str, ...]]:
        """Codes of the communes of each postcode, the most populous first."""
        return self._division.by_postcode

    @property
    def base(self) -> Base:
        """The national base on groupings.  Raises ``DirectoryError`` when it cannot be read."""
        with self._lock:
            if self._base is None:
                with paused():
                    self._base = self._load_base()
            return self._base

    @cached_property
    def _finder(self) -> Finder:
        with paused():
            division, old = self._division, self._division.old_names
            return Finder(
                division.named(),
                lambda place: division.get(division.codes[place]),
                [name for name, _ in old],
                lambda place: division.get(old[place][1]),
                self.others,
            )

    def prepare(self) -> None:
        """Read and make at once what a first search would wait for."""
        self.search("00000")
        self._finder.near("zzzzzz", 1)

    @property
    def notice(self) -> str:
        """The sentence, in French, that goes with whatever is filled in from the directory."""
        return (
            f"Renseignements du découpage administratif de {self.vintage} (Insee et DGCL, Licence "
            "Ouverte) : ils ne disent rien d'une autre date."
        )

    def notice_of(self, territory: Territory) -> str:
        """The sentence that goes with what is filled in for a territory, from where it comes."""
        return self.notice if territory.code in self._division else self.base.notice

    def notice_at(self, day: dt.date, territory: Territory) -> str:
        """The notice for a scenario dated ``day``: outside the data's year, it asks to check."""
        notice = self.notice_of(territory)
        if str(day.year) == self.vintage and territory.code in self._division:
            return notice
        return (
            f"{notice} Le scénario est daté du {day:%d/%m/%Y} : vérifier la nature, la "
            "population et le groupement à cette date."
        )

    def by_code(self, code: str) -> Territory | None:
        """The territory of an INSEE code or a SIREN number; spaces and case do not matter.

        A number that is also the postcode of other communes is told by ``code_notice``.
        """
        code = plain_code(code)
        if code in self._division:
            return self._division.get(code)
        return self._other.get(code) if len(code) == 9 and code.isdecimal() else None

    @cached_property
    def _other(self) -> Mapping[str, Territory]:
        return {territory.code: territory for territory in self.others}

    def codes(self) -> Iterator[str]:
        """Every code, the most populous territory first, the syndicats last."""
        yield from self._division.codes
        yield from self._other

    def code_notice(self, code: str) -> str | None:
        """What must be told of a code that is also the postcode of other communes, in French."""
        return codes.notice(self, code)

    def members(self, grouping: Territory) -> tuple[Territory, ...]:
        """The communes of a grouping, the most populous first; nothing where they are not known."""
        found = map(self._division.get, grouping.members)
        return tuple(sorted(found, key=lambda t: (-t.population, t.code)))

    def competences(self, territory: Territory) -> Competences:
        """What the national base says of a grouping's competences: cited, or silent, never no."""
        return self.base.competences(territory)

    def search(self, query: str, limit: int = 10) -> list[Match]:
        """The territories that ``query`` names or numbers, best first, at most ``limit`` (1–50).

        Order: code, postcode, arrondissement, exact name, exact name but for linking words and
        nature, name of a commune that is part of another, beginning of the name, words of the name;
        then, only when nothing else is found, names beside a département or a postcode (« Vienne
        38 »), names one slip away, beginnings that end within a
        word, names that look alike.  Among equals, the most populous first, the syndicats last.
        Never raises, whatever the text.
        """
        query, limit = query[:MAX_QUERY], max(1, min(limit, MAX_LIMIT))
        code = plain_code(query)
        numbered = codes.find(self, code, limit) if codes.digits(code) else []
        if numbered:
            return numbered
        if district := codes.district(self, query):
            return [district]
        return (
            self._finder.named(query, limit)
            or self._in_area(query, limit)
            or self._finder.near(query, limit)
        )

    def beyond(self, query: str) -> str:
        """What to tell of a query that names a département or a région, in French, or nothing.

        The directory has none of them, and what ``search`` finds may be something else.
        """
        return self._beyond.note(query[:MAX_QUERY])

    @cached_property
    def _beyond(self) -> Beyond:
        return Beyond(self._division.areas.values())

    def _in_area(self, query: str, limit: int) -> list[Match]:
        """The territories named beside a département or a postcode (« Vienne 38 »)."""
        name, area = codes.split_area(query)
        if not area:
            return []
        found = self._finder.named(name, MAX_LIMIT) or self._finder.near(name, MAX_LIMIT)
        kept = (
            match
            for match in found
            if area == match.territory.department.code or area in match.territory.postcodes
        )
        return list(kept)[:limit]

    def unknown_code(self, code: str, pointer: str = "") -> Problem:
        """What to answer when ``by_code`` finds nothing: the mistake, with the right code if any.

        ``pointer``: where the code was stated.
        """
        return codes.unknown(self, code, pointer)


_lock = threading.Lock()
_loaded: Directory | None = None


def load_directory() -> Directory:
    """The directory shipped in the package, read at the first call and kept.

    Raises ``DirectoryError`` when the shipped files are damaged.
    """
    global _loaded
    with _lock:
        if _loaded is None:
            folder = files("coopdec_rules.territories") / "data"
            with paused():
                text = uncompress((folder / "territoires.tsv.gz").read_bytes())
                remarks = read_remarks((folder / "remarques.yaml").read_text(encoding="utf-8"))
                _loaded = Directory(decode(text), remarks)
        return _loaded
