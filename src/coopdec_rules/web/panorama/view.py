"""What the page of the panorama shows, put together once from the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from markupsafe import Markup

from coopdec_rules.panorama.checks import Gap, Report, verify
from coopdec_rules.panorama.data import NOT_PLACED, Community, Panorama, number, text
from coopdec_rules.panorama.peers import Directory

#: Printed under the plots: where the figures come from, and when they were gathered.
STUDY = (
    "Source : étude « Intercommunalité et international », Agence COOP DEC Conseil, février 2006, "
    "{passage} (recensement du {date})."
)
SURVEY = (
    "Source : enquête « Engagement international des villes de plus de 20 000 habitants », "
    "Nord-Pas-de-Calais, Agence COOP DEC Conseil, 1er semestre 2006, {passage} "
    "(février et mars 2006)."
)
SUPPORT = {
    "texte": "Le texte le montre",
    "hypothese": "Hypothèse",
    "aucun": "Sans explication dans le texte",
}
_TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Cell:
    """A printed figure, and the same recounted (``None``: it is not printed)."""

    printed: int | None
    counted: int

    @property
    def differs(self) -> bool:
        """Whether both are known and differ."""
        return self.printed is not None and self.printed != self.counted


def page_values(panorama: Panorama, drawings: Path) -> dict[str, Any]:
    """Values for the template ``panorama.html``; ``drawings`` is the folder of the plots."""
    report = verify(panorama)
    return {
        "panorama": panorama,
        "dessins": {
            # What scripts/panorama.py drew: no text of a user is in it.
            path.stem: Markup(path.read_text(encoding="utf-8"))  # noqa: S704
            for path in sorted(drawings.glob("*.svg"))
        },
        "etude": STUDY,
        "enquete": SURVEY,
        "appuis": SUPPORT,
        "paliers": _tiers(panorama),
        "aires": _areas(panorama),
        "repartition": _distribution(panorama),
        "pays": _countries(panorama, report),
        "reponses": _answers(panorama),
        "communautes": _communities(panorama),
        "villes": _towns(panorama),
        "ecarts": _gaps(report),
        "comptes": {
            "chiffres": len(report.checks),
            "ecarts": sum(not check.equal for check in report.checks),
            "textes": len(report.textual),
            "defauts": len(report.faults),
        },
        "tables": list(panorama.tables.values()),
    }


def _tiers(panorama: Panorama) -> list[dict[str, Any]]:
    named = Counter(c.tier for c in panorama.communities.values() if c.listed)
    return [
        {
            "palier": text(row["palier"]),
            "titre": f"{rank}. {text(row['intitule'])}",
            "imprime": number(row["imprime"]),
            "nommees": named[text(row["palier"])] if row["nommees"] == "oui" else None,
            "passage": text(row["passage"]),
        }
        for rank, row in enumerate(panorama.rows("paliers"), start=1)
    ]


def _areas(panorama: Panorama) -> dict[str, Any]:
    """The table of III.B.4: each cell printed and recounted, with the names behind it."""
    printed = {
        (text(row["aire"]), text(row["colonne"])): row["imprime"]
        for row in panorama.rows("aires_imprimees")
    }
    counted: Counter[tuple[str, str]] = Counter()
    for community in panorama.communities.values():
        for link in community.links:
            for area in (link.area, _TOTAL):
                for tier in (link.tier, _TOTAL):
                    counted[area, tier] += link.count
    columns = list(dict.fromkeys(tier for _, tier in printed))
    return {
        "colonnes": [panorama.tiers.get(tier, "Total") for tier in columns],
        "lignes": [
            {
                "titre": panorama.areas.get(area, "Totaux"),
                "cellules": [
                    Cell(_whole(printed.get((area, tier))), counted[area, tier])
                    for tier in columns
                ],
            }
            for area in dict.fromkeys(area for area, _ in printed)
        ],
    }  # fmt: skip


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _distribution(panorama: Panorama) -> list[dict[str, Any]]:
    printed = {
        number(row["accords"]): number(row["imprime"])
        for row in panorama.rows("villes_par_accords")
    }
    towns: dict[int, list[str]] = {}
    for town in panorama.towns.values():
        if town.total:
            towns.setdefault(town.total, []).append(town.name)
    return [
        {
            "accords": count,
            "cellule": Cell(printed.get(count, 0), len(towns.get(count, ()))) if count else None,
            "imprime": printed.get(count, 0),
            "villes": towns.get(count, []),
        }
        for count in sorted(printed.keys() | towns.keys())
    ]


def _countries(panorama: Panorama, report: Report) -> list[dict[str, Any]]:
    """The countries of the survey by zone, the largest first."""
    names = {text(row["zone"]): row for row in panorama.rows("zones")}
    cells = {
        check.id.partition("/")[2]: Cell(check.printed, check.counted)
        for check in report.checks
        if check.id.startswith("annexe/")
    }
    rows = panorama.rows("accords_par_pays")
    return [
        {
            "titre": text(names[zone]["intitule"]),
            "imprime": number(names[zone]["imprime"]),
            "pays": sorted(
                (
                    {
                        "nom": text(row["pays_imprime"]),
                        "cellule": cells[text(row["pays"])],
                    }
                    for row in group
                ),
                key=lambda entry: (-(entry["cellule"].printed or 0), entry["nom"]),
            ),
        }
        for zone, group in groupby(rows, key=lambda row: text(row["zone"]))
    ]


def _answers(panorama: Panorama) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in panorama.rows("reponses"):
        found.setdefault(text(row["theme"]), []).append(row)
    return found


def _communities(panorama: Panorama) -> list[dict[str, Any]]:
    """The named communities, from the most engaged tier to the least."""
    order = [*reversed(list(panorama.tiers)), None]
    by_tier: dict[str | None, list[Community]] = {}
    for community in panorama.communities.values():
        by_tier.setdefault(community.tier, []).append(community)
    ranks = {tier: rank for rank, tier in enumerate(panorama.tiers, start=1)}
    return [
        {
            "titre": "Groupe non dit" if tier is None else f"{ranks[tier]}. {panorama.tiers[tier]}",
            "membres": [_community(panorama, c) for c in by_tier[tier]],
        }
        for tier in order
        if tier in by_tier
    ]


def _community(panorama: Panorama, community: Community) -> dict[str, Any]:
    areas: dict[str, int] = {}
    named: dict[str, dict[str, None]] = {}
    for link in community.links:
        if link.area != NOT_PLACED:
            areas[link.area] = areas.get(link.area, 0) + link.count
            countries = [panorama.countries[code].name for code in link.countries]
            named.setdefault(link.area, {}).update(dict.fromkeys(countries))
    notes = [community.note, *(link.note for link in community.links)]
    return {
        "id": community.id,
        "nom": community.title,
        "liens": [
            panorama.areas[area]
            + (f", {count} liens" if count > 1 else "")
            + (f" ({', '.join(named[area])})" if named[area] else "")
            for area, count in areas.items()
        ],
        "recits": community.stories,
        "notes": list(dict.fromkeys(note for note in notes if note)),
        "passage": community.passage,
    }


def _towns(panorama: Panorama) -> list[dict[str, Any]]:
    directory = Directory(panorama)
    ranked = sorted(panorama.towns.values(), key=lambda town: (-town.total, -town.population))
    return [
        {
            "id": town.id,
            "nom": town.name,
            "population": town.population,
            "accords": town.total,
            "pays": [
                panorama.countries[code].surveyed + (f" ({count})" if count > 1 else "")
                for code, count in town.agreements.items()
            ],
            "zones": directory.place(town).areas,
        }
        for town in ranked
    ]


def _gaps(report: Report) -> list[dict[str, Any]]:
    """Contradictions, those that one explanation covers told together."""
    found: dict[tuple[str, str], list[Gap]] = {}
    for gap in report.gaps.values():
        found.setdefault((gap.explanation, gap.support), []).append(gap)
    return [
        {
            "constats": [gap.finding for gap in gaps],
            "explication": explanation,
            "appui": support,
            "passages": _joined(gap.passage for gap in gaps),
        }
        for (explanation, support), gaps in found.items()
    ]


def _joined(passages: Iterable[str]) -> str:
    return " ; ".join(dict.fromkeys(passages))
