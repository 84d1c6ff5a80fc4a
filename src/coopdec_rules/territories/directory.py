"""The directory: every territory, found by name or by code.

Rows are kept as they are read, and a territory is made when it is first asked for; the extract of
the national base (syndicats, competences) is read when something first needs it.
"""

from __future__ import annotations

import datetime as dt
import gc
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib.resources import files

from coopdec_rules.errors import Problem
from coopdec_rules.territories import codes
from coopdec_rules.territories.base import EPT, Base, load_base
from coopdec_rules.territories.codes import plain_code
from coopdec_rules.territories.competences import Competences
from coopdec_rules.territories.data_file import DirectoryError, Row, Tables, decode, uncompress
from coopdec_rules.territories.finding import Finder
from coopdec_rules.territories.model import COMMUNE, Area, Match, Territory
from coopdec_rules.territories.remarks import Remarks, read_remarks, told
from coopdec_rules.territories.search import OTHER

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
        rows, self._remarks = tables.rows, remarks
        self._made: dict[str, Territory] = {}
        self._load_base, self._lock = base, threading.Lock()
        try:
            self.vintage = tables.header["millesime"]
            self.header: Mapping[str, str] = dict(tables.header)
            regions = {code: Area(code, name) for code, name in rows["R"]}
            self._areas = {
                code: (Area(code, name), regions[region]) for code, name, region in rows["D"]
            }
            self._communes = {row[0]: row for row in rows["C"]}
            self._groupings = {row[0]: row for row in rows["G"]}
            self._parisian = {row[0]: row for row in rows["E"]}
            people = {row[0]: int(row[2]) for row in rows["C"]}
            people |= {row[0]: int(row[3]) for row in rows["G"]}
            people |= {row[0]: int(row[2]) for row in rows["E"]}
            self._check(rows)
        except (KeyError, ValueError) as error:
            raise DirectoryError(f"Fichier des territoires incohérent : {error}.") from None
        #: Codes of the division of the year, the most populous first.
        self._sorted = tuple(sorted(people, key=lambda code: (-people[code], code)))
        self.former: Mapping[str, str] = {row[0]: row[1] for row in rows["A"]}
        old = sorted(rows["N"], key=lambda row: (-people[row[2]], row[2]))
        self._old_names = tuple((name, code) for _, name, code in old)

    def _check(self, rows: Mapping[str, list[Row]]) -> None:
        for code, _, _, department, siren, second, _ in rows["C"]:
            if (
                department not in self._areas
                or (siren and siren not in self._groupings)
                or (second and second not in self._parisian)
            ):
                raise ValueError(f"département ou groupement inconnu de la commune {code}")
        lost = {row[-1] for kind in "AN" for row in rows[kind]} - self._communes.keys()
        lost |= (self._groupings.keys() | self._parisian.keys()) - self._members.keys()
        if lost:
            raise ValueError(f"commune ou membres inconnus : {', '.join(sorted(lost))}")

    @cached_property
    def territories(self) -> tuple[Territory, ...]:
        """Every territory of the division of the year, the most populous first."""
        return tuple(self._get(code) for code in self._sorted)

    @cached_property
    def others(self) -> tuple[Territory, ...]:
        """The syndicats and other groupings of the national base, the most populous first."""
        found = self.base.others(self._areas, self._remarks)
        fresh = (t for t in found if t.code not in self._groupings and t.code not in self._parisian)
        return tuple(sorted(fresh, key=lambda t: (-t.population, t.code)))

    @cached_property
    def by_postcode(self) -> Mapping[str, tuple[str, ...]]:
        """Codes of the communes of each postcode, the most populous first."""
        found: dict[str, list[str]] = defaultdict(list)
        for code in self._sorted:
            row = self._communes.get(code)
            for postcode in row[6].split() if row else ():
                found[postcode].append(code)
        return {postcode: tuple(communes) for postcode, communes in found.items()}

    @property
    def base(self) -> Base:
        """The national base on groupings.  Raises ``DirectoryError`` when it cannot be read."""
        with self._lock:
            if self._base is None:
                with not_collecting():
                    self._base = self._load_base()
            return self._base

    _base: Base | None = None

    @cached_property
    def _finder(self) -> Finder:
        with not_collecting():
            names = [
                (self._name(code), OTHER if code in self._parisian else self._nature(code))
                for code in self._sorted
            ]
            return Finder(
                names,
                lambda place: self._get(self._sorted[place]),
                [name for name, _ in self._old_names],
                lambda place: self._get(self._old_names[place][1]),
                self.others,
            )

    @property
    def notice(self) -> str:
        """The sentence, in French, that goes with whatever is filled in from the directory."""
        return (
            f"Renseignements du découpage administratif de {self.vintage} (Insee et DGCL, Licence "
            "Ouverte) : ils ne disent rien d'une autre date."
        )

    def notice_at(self, day: dt.date) -> str:
        """The notice for a scenario dated ``day``: outside the data's year, it asks to check."""
        if str(day.year) == self.vintage:
            return self.notice
        return (
            f"{self.notice} Le scénario est daté du {day:%d/%m/%Y} : vérifier la nature, la "
            "population et le groupement à cette date."
        )

    def by_code(self, code: str) -> Territory | None:
        """The territory of an INSEE code or a SIREN number; spaces and case do not matter.

        A number that is also the postcode of other communes is told by ``code_notice``.
        """
        code = plain_code(code)
        if code in self._communes or code in self._groupings or code in self._parisian:
            return self._get(code)
        return self._other.get(code) if len(code) == 9 and code.isdecimal() else None

    @cached_property
    def _other(self) -> Mapping[str, Territory]:
        return {territory.code: territory for territory in self.others}

    def codes(self) -> Iterator[str]:
        """Every code, the most populous territory first, the syndicats last."""
        yield from self._sorted
        yield from self._other

    def code_notice(self, code: str) -> str | None:
        """What must be told of a code that is also the postcode of other communes, in French."""
        return codes.notice(self, code)

    def members(self, grouping: Territory) -> tuple[Territory, ...]:
        """The communes of a grouping, the most populous first; nothing where they are not known."""
        found = map(self._get, grouping.members)
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

    def _name(self, code: str) -> str:
        return (self._communes.get(code) or self._groupings.get(code) or self._parisian[code])[1]

    def _nature(self, code: str) -> str | None:
        if code in self._communes:
            return COMMUNE
        if code in self._parisian or code in self._remarks.kinds:
            return None
        return self._groupings[code][2] or None

    def _get(self, code: str) -> Territory:
        """The territory of a code of the division, always the same one."""
        found = self._made.get(code)
        if found is None:
            commune = self._communes.get(code)
            made = self._commune(commune) if commune else self._grouping(code)
            found = self._made.setdefault(code, made)
        return found

    def _commune(self, row: Row) -> Territory:
        code, name, population, department, siren, second, postcodes = row
        said = self._remarks.on_commune(code, department, siren)
        return Territory(
            code, name, COMMUNE, int(population), *self._areas[department],
            self._get(siren) if siren else None, (), *told(said), "",
            self._get(second) if second else None, tuple(postcodes.split()),
        )  # fmt: skip

    def _grouping(self, code: str) -> Territory:
        parisian = self._parisian.get(code)
        name, population = parisian[1:] if parisian else self._groupings[code][1::2]
        members = self._members[code]
        inhabitants = Counter[str]()
        for member in members:
            row = self._communes[member]
            inhabitants[row[3]] += int(row[2])
        # The most inhabited département, the first by code among equals.
        main = min(inhabitants.items(), key=lambda item: (-item[1], item[0]))[0]
        said = self._remarks.on_grouping(code, "EPT" if parisian else "")
        return Territory(
            code, name, self._nature(code), int(population), *self._areas[main],
            None, members, *told(said), EPT if parisian else self._remarks.kinds.get(code, ""),
        )  # fmt: skip

    @cached_property
    def _members(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for code, _, _, _, siren, second, _ in self._communes.values():
            for grouping in filter(None, (siren, second)):
                found[grouping].append(code)
        return {siren: tuple(members) for siren, members in found.items()}


@contextmanager
def not_collecting() -> Iterator[None]:
    """Many small objects that are all kept: looking for garbage among them takes half the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


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
            with not_collecting():
                text = uncompress((folder / "territoires.tsv.gz").read_bytes())
                remarks = read_remarks((folder / "remarques.yaml").read_text(encoding="utf-8"))
                _loaded = Directory(decode(text), remarks)
        return _loaded
