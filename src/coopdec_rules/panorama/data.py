"""The panorama as objects: communities, their stories and links; towns, their agreements."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from coopdec_rules.panorama.tables import Cell, Row, Table, load_tables
from coopdec_rules.rulebook.rulebook import Rulebook

#: Folder of the data, inside the folder of the worked cases.
FOLDER = "panorama"
#: Code of the area where the study puts communities that chose none.
NOT_PLACED = "non_positionnees"
#: First letters before which « de » is elided, in the towns of the survey.
_ELIDED = "AEÉHIOU"


@dataclass(frozen=True, slots=True)
class Story:
    """One thing the study tells of a community; ``domain`` and ``country`` when it says them."""

    subject: str
    domain: str | None
    country: str | None
    partner: str | None
    text: str
    passage: str


@dataclass(frozen=True, slots=True)
class Link:
    """One name of the table of section III.B.4: ``count`` links with one area."""

    community: str
    tier: str
    area: str
    line: str
    count: int
    countries: tuple[str, ...]
    passage: str
    note: str


@dataclass(frozen=True, slots=True)
class Community:
    """A grouping that the study names.

    ``title`` is how one says it (« CA du Choletais »); ``tier`` its published group, ``None``: not
    told.
    """

    id: str
    title: str
    name: str
    printed: str
    other_names: tuple[str, ...]
    nature: str
    tier: str | None
    listed: bool
    passage: str
    note: str
    stories: tuple[Story, ...]
    links: tuple[Link, ...]
    facts: Mapping[str, str]

    @property
    def areas(self) -> tuple[str, ...]:
        """Areas where it has links, in the order of the table."""
        return tuple(dict.fromkeys(link.area for link in self.links if link.area != NOT_PLACED))

    @property
    def countries(self) -> frozenset[str]:
        """Countries that a story or a link names."""
        told = {story.country for story in self.stories if story.country}
        return frozenset(told.union(*(link.countries for link in self.links)))


@dataclass(frozen=True, slots=True)
class Town:
    """A town of the survey; ``agreements`` are those of annex 2, by country."""

    id: str
    name: str
    population: int
    agreements: Mapping[str, int]
    passage: str

    @property
    def title(self) -> str:
        """Its name as one says it."""
        return f"Ville d'{self.name}" if self.name[0] in _ELIDED else f"Ville de {self.name}"

    @property
    def total(self) -> int:
        """Its agreements in annex 2."""
        return sum(self.agreements.values())


@dataclass(frozen=True, slots=True)
class Country:
    """A country: its area in the study (or by usage) and its zone in the survey.

    ``surveyed`` is the name that the survey gives it, or else its usual one.
    """

    code: str
    name: str
    surveyed: str
    area: str
    area_told: bool
    zone: str | None


@dataclass(frozen=True, slots=True)
class Panorama:
    """All the data; ``tables`` keeps them as written."""

    tables: Mapping[str, Table]
    communities: Mapping[str, Community]
    towns: Mapping[str, Town]
    countries: Mapping[str, Country]
    areas: Mapping[str, str]
    tiers: Mapping[str, str]
    figures: Mapping[str, int]

    def rows(self, table: str) -> tuple[Row, ...]:
        """Rows of a table."""
        return self.tables[table].rows

    def group_facts(self, tier: str) -> dict[str, str]:
        """What the study tells of a whole group, as facts of the group « engagement »."""
        return {
            text(row["fait"]): text(row["valeur"])
            for row in self.rows("faits_de_groupe")
            if row["palier"] == tier
        }


def load_panorama(folder: Path, book: Rulebook | None = None) -> Panorama:
    """The panorama of a folder; with ``book``, its codes are checked against the vocabulary.

    Raises ``RulebookError`` with every mistake found.
    """
    return _panorama(load_tables(folder, None if book is None else _codes(book)))


@lru_cache(maxsize=4)
def shipped(cases: Path) -> Panorama:
    """The panorama that lies among the worked cases of ``cases``; read once.

    Raises ``RulebookError``.
    """
    return load_panorama(cases / FOLDER)


def text(cell: Cell) -> str:
    """A cell that holds a text (nothing: the empty text)."""
    return "" if cell is None else str(cell)


def number(cell: Cell) -> int:
    """A cell that holds a number.  Raises ``TypeError`` for another one."""
    if not isinstance(cell, int):
        raise TypeError(f"not a number: {cell!r}")
    return cell


def texts(cell: Cell) -> tuple[str, ...]:
    """A cell that holds several texts."""
    return cell if isinstance(cell, tuple) else ()


def _codes(book: Rulebook) -> dict[str, Collection[str]]:
    facts = {name: fact.values for name, fact in book.facts.items() if fact.values}
    return {**facts, **{name: known.values for name, known in book.conclusions.items()}}


def _panorama(tables: Mapping[str, Table]) -> Panorama:
    surveyed = {
        text(row["pays"]): text(row["pays_imprime"]) for row in tables["accords_par_pays"].rows
    }
    stories: dict[str, list[Story]] = {}
    for row in tables["recits"].rows:
        stories.setdefault(text(row["communaute"]), []).append(
            Story(
                subject=text(row["sujet"]),
                domain=text(row["domaine"]) or None,
                country=text(row["pays"]) or None,
                partner=text(row["partenaire"]) or None,
                text=text(row["dit"]),
                passage=text(row["passage"]),
            )
        )
    links: dict[str, list[Link]] = {}
    for row in tables["liens"].rows:
        link = Link(
            community=text(row["communaute"]),
            tier=text(row["colonne"]),
            area=text(row["aire"]),
            line=text(row["ligne"]),
            count=number(row["liens"]),
            countries=texts(row["pays"]),
            passage=text(row["passage"]),
            note=text(row["note"]),
        )
        links.setdefault(link.community, []).append(link)
    facts: dict[str, dict[str, str]] = {}
    for row in tables["faits"].rows:
        facts.setdefault(text(row["communaute"]), {})[text(row["fait"])] = text(row["valeur"])
    communities = {}
    for row in tables["communautes"].rows:
        ident = text(row["communaute"])
        communities[ident] = Community(
            id=ident,
            title=text(row["titre"]),
            name=text(row["nom"]),
            printed=text(row["nom_imprime"]),
            other_names=texts(row["autres_noms"]),
            nature=text(row["nature"]),
            tier=text(row["palier"]) or None,
            listed=row["classement"] == "liste",
            passage=text(row["passage"]),
            note=text(row["note"]),
            stories=tuple(stories.get(ident, ())),
            links=tuple(links.get(ident, ())),
            facts=facts.get(ident, {}),
        )
    return Panorama(
        tables=tables,
        communities=communities,
        towns=_towns(tables),
        countries={
            text(row["pays"]): Country(
                code=text(row["pays"]),
                name=text(row["nom"]),
                surveyed=surveyed.get(text(row["pays"]), text(row["nom"])),
                area=text(row["aire"]),
                area_told=row["aire_selon"] == "etude",
                zone=text(row["zone"]) or None,
            )
            for row in tables["pays"].rows
        },
        areas={text(row["aire"]): text(row["intitule"]) for row in tables["aires"].rows},
        tiers={text(row["palier"]): text(row["intitule"]) for row in tables["paliers"].rows},
        figures={text(row["chiffre"]): number(row["imprime"]) for row in tables["chiffres"].rows},
    )


def _towns(tables: Mapping[str, Table]) -> dict[str, Town]:
    agreements: dict[str, dict[str, int]] = {}
    for row in tables["accords"].rows:
        town = agreements.setdefault(text(row["ville"]), {})
        town[text(row["pays"])] = number(row["accords"])
    return {
        text(row["ville"]): Town(
            id=text(row["ville"]),
            name=text(row["nom"]),
            population=number(row["population_1999"]),
            agreements=agreements.get(text(row["ville"]), {}),
            passage=text(row["passage"]),
        )
        for row in tables["villes"].rows
    }
