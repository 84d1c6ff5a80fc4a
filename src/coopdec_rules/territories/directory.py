"""The directory: every territory in memory, found by name or by code."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files

from coopdec_rules.errors import Problem, suggest
from coopdec_rules.territories.codes import digits, plain_code, same_commune
from coopdec_rules.territories.data_file import DirectoryError, Tables, decode, uncompress
from coopdec_rules.territories.model import COMMUNE, Area, Found, Match, Territory
from coopdec_rules.territories.remarks import Remark, Remarks, read_remarks, withheld
from coopdec_rules.territories.search import Index

#: Longest query read; what follows cannot be part of a name.
MAX_QUERY = 100
MAX_LIMIT = 50
_NO_REMARK: tuple[tuple[str, ...], frozenset[str]] = ((), frozenset())


class Directory:
    """The communes and groupings of one year.  Immutable: threads may share it."""

    def __init__(self, tables: Tables, remarks: Remarks) -> None:
        """Raises ``DirectoryError`` when the tables do not fit together."""
        try:
            self.vintage = tables.header["millesime"]
            self.header: Mapping[str, str] = dict(tables.header)
            found = _territories(tables, remarks)
        except (KeyError, ValueError) as error:
            raise DirectoryError(f"Fichier des territoires incohérent : {error}.") from None
        #: Every territory, the most populous first.
        self.territories = tuple(sorted(found, key=lambda t: (-t.population, t.code)))
        self._by_code = {t.code: t for t in self.territories}
        self._former = {old: self._by_code[now] for old, now in tables.rows["A"]}

    @cached_property
    def _index(self) -> Index:
        return Index(self.territories)

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
        """The territory of an INSEE code or a SIREN number; spaces and case do not matter."""
        return self._by_code.get(plain_code(code))

    def members(self, grouping: Territory) -> tuple[Territory, ...]:
        """The communes of a grouping, the most populous first; nothing for a commune."""
        found = (self._by_code[code] for code in grouping.members)
        return tuple(sorted(found, key=lambda t: (-t.population, t.code)))

    def search(self, query: str, limit: int = 10) -> list[Match]:
        """The territories that ``query`` names or numbers, best first, at most ``limit`` (1–50).

        Order: code, exact name, exact name but for linking words and nature, beginning of the
        name, words of the name; then, only when nothing else is found, names that look alike.
        Among equals, the most populous first.  Never raises, whatever the text.
        """
        query, limit = query[:MAX_QUERY], max(1, min(limit, MAX_LIMIT))
        return self._with_code(query, limit) or self._index.search(query, limit)

    def _with_code(self, query: str, limit: int) -> list[Match]:
        code = plain_code(query)
        if not digits(code):
            return []
        if code in self._by_code:
            return [Match(self._by_code[code], Found.CODE)]
        if code in self._former:
            return [Match(self._former[code], Found.FORMER_CODE)]
        begun = (t for t in self.territories if t.code.startswith(code))
        return [Match(t, Found.CODE) for t, _ in zip(begun, range(limit), strict=False)]

    def unknown_code(self, code: str, pointer: str = "") -> Problem:
        """What to answer when ``by_code`` finds nothing: the mistake, with the right code if any.

        ``pointer``: where the code was stated.
        """
        asked = plain_code(code)
        message = "Ce code n'est celui d'aucune commune ni d'aucun groupement à fiscalité propre"
        near = self._former.get(asked) or same_commune(asked, self._by_code)
        if asked in self._former and near is not None:
            message = (
                f"Ce code est celui d'une ancienne commune, d'une commune déléguée ou associée ou "
                f"d'un arrondissement municipal ; la commune de {self.vintage} est {near.label}"
            )
        elif near is None and len(asked) == 9:
            sirens = [t.code for t in self.territories if t.nature != COMMUNE]
            suggested = suggest(asked, sirens)
            # One wrong digit in nine is a slip; two make it another number.
            if suggested and sum(a != b for a, b in zip(asked, suggested, strict=True)) == 1:
                near = self._by_code[suggested]
        if asked not in self._former:
            message += f" de {self.vintage}"
        return Problem(
            pointer,
            message + ".",
            f"« {''.join(c if c.isprintable() else '�' for c in code[:40])} »",
            "le code INSEE d'une commune (cinq caractères, qui n'est pas le code postal) ou le "
            "numéro SIREN d'un groupement (neuf chiffres)",
            near.code if near else None,
        )


def _territories(tables: Tables, remarks: Remarks) -> list[Territory]:
    rows = tables.rows
    regions = {code: Area(code, name) for code, name in rows["R"]}
    departments = {code: (Area(code, name), regions[region]) for code, name, region in rows["D"]}
    members: dict[str, list[str]] = defaultdict(list)
    inhabitants: dict[str, Counter[str]] = defaultdict(Counter)
    for code, _, population, department, siren in rows["C"]:
        if siren:
            members[siren].append(code)
            inhabitants[siren][department] += int(population)
    groupings: dict[str, Territory] = {}
    for siren, name, nature, population in rows["G"]:
        said = remarks.on_grouping(siren)
        # The most inhabited département, the first by code among equals.
        main = min(inhabitants[siren].items(), key=lambda item: (-item[1], item[0]))[0]
        groupings[siren] = Territory(
            siren, name, nature or None, int(population), *departments[main],
            None, tuple(members[siren]), *_told(said),
        )  # fmt: skip
    found = list(groupings.values())
    for code, name, population, department, siren in rows["C"]:
        said = remarks.on_commune(code, department, siren)
        found.append(
            Territory(
                code, name, COMMUNE, int(population), *departments[department],
                groupings[siren] if siren else None, (),
                *_told(said),
            )
        )  # fmt: skip
    return found


def _told(remarks: tuple[Remark, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """What is said of a territory, and what is withheld."""
    if not remarks:
        return _NO_REMARK
    return tuple(remark.text for remark in remarks), withheld(remarks)


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
            text = uncompress((folder / "territoires.tsv.gz").read_bytes())
            remarks = read_remarks((folder / "remarques.yaml").read_text(encoding="utf-8"))
            _loaded = Directory(decode(text), remarks)
        return _loaded
