"""Recounts every total of both documents from the data and sets it beside the printed one.

A figure that differs must have its line in ``ecarts.csv`` with both numbers; one that does not
differ must have none.  Nothing is corrected: both numbers are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coopdec_rules.panorama.data import NOT_PLACED, Panorama, number, text
from coopdec_rules.panorama.tables import Row

#: The tier that a check speaks of is the column of the study's table; ``total`` its last one.
TOTAL = "total"
#: Letters of the study's groups whose members do not act, act, act « in an advanced way » (the only
#: reading of its 28 that its groups allow), and act across a border.
_IDLE, _ACTIVE, _ADVANCED, _ACROSS = "A", "BCDEF", "DEF", "F"


@dataclass(frozen=True, slots=True)
class Check:
    """One printed figure and the same figure recounted.  ``id`` is its name in ``ecarts.csv``."""

    section: str
    id: str
    label: str
    printed: int
    counted: int

    @property
    def equal(self) -> bool:
        """Whether both figures agree."""
        return self.printed == self.counted


@dataclass(frozen=True, slots=True)
class Gap:
    """A contradiction of the documents, as ``ecarts.csv`` explains it.

    ``support`` says what bears the explanation: ``texte``, ``hypothese`` or ``aucun``.
    """

    id: str
    printed: int | None
    counted: int | None
    finding: str
    explanation: str
    support: str
    passage: str


@dataclass(frozen=True, slots=True)
class Report:
    """Checks with their gaps, contradictions without figures, and what does not fit."""

    checks: tuple[Check, ...]
    gaps: dict[str, Gap]
    faults: tuple[str, ...]

    @property
    def textual(self) -> tuple[Gap, ...]:
        """Contradictions that no figure shows."""
        return tuple(gap for gap in self.gaps.values() if gap.printed is None)


def verify(panorama: Panorama) -> Report:
    """Every check, matched with the stated gaps; ``faults`` is empty when all is accounted for."""
    checks = tuple(_checks(panorama))
    gaps = {text(row["ecart"]): _gap(row) for row in panorama.rows("ecarts")}
    faults = []
    for check in checks:
        gap = gaps.get(check.id)
        said = None if gap is None else (gap.printed, gap.counted)
        if check.equal and gap is not None:
            faults.append(f"{check.id} : un écart est déclaré, mais les deux chiffres sont égaux.")
        elif not check.equal and said != (check.printed, check.counted):
            faults.append(
                f"{check.id} : imprimé {check.printed}, recompté {check.counted} ; "
                f"ecarts.csv ne le dit pas ({said or 'aucune ligne'})."
            )
    known = {check.id for check in checks}
    faults += [
        f"{gap.id} : ecarts.csv déclare un écart que rien ne vérifie."
        for gap in gaps.values()
        if gap.printed is not None and gap.id not in known
    ]
    return Report(checks, gaps, tuple(faults))


def _gap(row: Row) -> Gap:
    printed, counted = row["imprime"], row["recalcule"]
    return Gap(
        id=text(row["ecart"]),
        printed=None if printed is None else number(printed),
        counted=None if counted is None else number(counted),
        finding=text(row["constat"]),
        explanation=text(row["explication"]),
        support=text(row["appui"]),
        passage=text(row["passage"]),
    )


def _checks(panorama: Panorama) -> Iterator[Check]:
    yield from _introduction(panorama)
    yield from _groups(panorama)
    yield from _areas(panorama)
    yield from _areas_in_text(panorama)
    yield from _survey(panorama)
    yield from _by_country(panorama)
    yield from _distribution(panorama)


def _introduction(panorama: Panorama) -> Iterator[Check]:
    section = "Étude, introduction : l'intercommunalité au 1er janvier 2006"
    figures = panorama.figures
    parts = sum(figures[name] for name in ("epci-cc", "epci-ca", "epci-cu"))
    yield Check(
        section, "introduction/epci", "EPCI à fiscalité propre, somme des trois catégories",
        figures["epci"], parts,
    )  # fmt: skip
    share = round(100 * figures["epci-ca"] / figures["epci"])
    yield Check(
        section, "introduction/part-ca", "Part des communautés d'agglomération, en %",
        figures["part-ca"], share,
    )  # fmt: skip


def _groups(panorama: Panorama) -> Iterator[Check]:
    section = "Étude, II : les six groupes"
    figures = panorama.figures
    groups = panorama.rows("paliers")
    size = {text(row["palier"]): number(row["imprime"]) for row in groups}
    yield Check(section, "groupes/nombre", "Groupes", figures["groupes"], len(groups))
    named = Counter(c.tier for c in panorama.communities.values() if c.listed)
    for row in groups:
        tier = text(row["palier"])
        if row["nommees"] == "oui":
            label = f"{text(row['lettre'])}. {text(row['intitule'])} : noms de la liste"
            yield Check(section, f"groupes/{tier}", label, size[tier], named[tier])
    lettered = {text(row["lettre"]): number(row["imprime"]) for row in groups}
    yield Check(
        section, "groupes/etudiees", "Communautés étudiées : somme des six groupes",
        figures["ca-etudiees"], sum(size.values()),
    )  # fmt: skip
    yield Check(
        section, "groupes/actives-par-difference", "Communautés qui agissent : étudiées moins A",
        figures["ca-actives"], figures["ca-etudiees"] - lettered[_IDLE],
    )  # fmt: skip
    yield Check(
        section, "groupes/actives", "Communautés qui agissent : somme de B à F",
        figures["ca-actives"], sum(lettered[letter] for letter in _ACTIVE),
    )  # fmt: skip
    yield Check(
        section, "groupes/avancees", "… « de manière avancée » : somme de D à F",
        figures["ca-avancees"], sum(lettered[letter] for letter in _ADVANCED),
    )  # fmt: skip


def _areas(panorama: Panorama) -> Iterator[Check]:
    section = "Étude, III.B.4 : les aires d'intervention"
    links = [link for c in panorama.communities.values() for link in c.links]
    cells: Counter[tuple[str, str]] = Counter()
    for link in links:
        for area in (link.area, TOTAL):
            for tier in (link.tier, TOTAL):
                cells[area, tier] += link.count
    for row in panorama.rows("aires_imprimees"):
        if row["imprime"] is None:
            continue
        area, tier = text(row["aire"]), text(row["colonne"])
        line = panorama.areas.get(area, "Totaux")
        column = panorama.tiers.get(tier, "total")
        yield Check(
            section, f"aires/{area}/{tier}", f"{line}, {column.lower()}",
            number(row["imprime"]), cells[area, tier],
        )  # fmt: skip
    printed = {
        text(row["colonne"]): number(row["imprime"])
        for row in panorama.rows("aires_imprimees")
        if row["aire"] == TOTAL and row["imprime"] is not None
    }
    yield Check(
        section, "aires/somme-des-colonnes", "Total général : somme des totaux imprimés de colonne",
        printed[TOTAL], sum(n for tier, n in printed.items() if tier != TOTAL),
    )  # fmt: skip


def _areas_in_text(panorama: Panorama) -> Iterator[Check]:
    section = "Étude, III.B.4 : le texte sous le tableau"
    figures = panorama.figures
    links = [link for c in panorama.communities.values() for link in c.links]
    by_area = Counter[str]()
    for link in links:
        by_area[link.area] += link.count
    listed = Counter(text(row["aire"]) for row in panorama.rows("pays_etude"))
    told = [area for area in panorama.areas if f"liens-{area}" in figures]
    for area in told:
        name = panorama.areas[area]
        yield Check(
            section, f"texte-aires/liens/{area}", f"{name} : liens",
            figures[f"liens-{area}"], by_area[area],
        )  # fmt: skip
        yield Check(
            section, f"texte-aires/pays/{area}", f"{name} : pays énumérés",
            figures[f"pays-{area}"], listed[area],
        )  # fmt: skip
    ranked = sorted(told, key=lambda area: -by_area[area])
    for area in told:
        if f"rang-{area}" in figures:
            yield Check(
                section, f"texte-aires/rang/{area}", f"{panorama.areas[area]} : rang",
                figures[f"rang-{area}"], ranked.index(area) + 1,
            )  # fmt: skip
    crossing = {text(r["palier"]) for r in panorama.rows("paliers") if r["lettre"] == _ACROSS}
    across = sum(link.count for link in links if link.tier in crossing)
    yield Check(
        section, "texte-aires/transfrontaliers", "Liens transfrontaliers",
        figures["liens-transfrontaliers"], across,
    )  # fmt: skip
    yield Check(
        section, "texte-aires/liens", "Liens : somme des aires du texte", figures["liens"],
        sum(figures[f"liens-{area}"] for area in told),
    )  # fmt: skip
    yield Check(
        section, "texte-aires/pays", "Pays : somme des listes", figures["pays-total"],
        sum(listed.values()),
    )  # fmt: skip
    placeless = {link.community for link in links if link.area == NOT_PLACED}
    yield Check(
        section, "texte-aires/pas-positionnees", "Communautés pas positionnées",
        figures["pas-positionnees"], len(placeless),
    )  # fmt: skip


def _survey(panorama: Panorama) -> Iterator[Check]:
    section = "Enquête : participation"
    figures = panorama.figures
    towns = panorama.rows("villes")
    spread = {
        number(row["accords"]): number(row["imprime"])
        for row in panorama.rows("villes_par_accords")
    }
    agreements = sum(count * towns_with for count, towns_with in spread.items())
    same = sum(row["population_1999"] == row["population_liste_2"] for row in towns)
    above = sum(number(row["population_1999"]) > figures["seuil"] for row in towns)
    answered = sum(spread.values())
    figured: Iterable[tuple[str, str, str, int]] = (
        ("contactees", "Villes contactées : noms de l'annexe 1", "villes-contactees", len(towns)),
        ("seuil", "… de plus de 20 000 habitants", "villes-contactees", above),
        ("listes", "… de même population dans les deux listes", "villes-contactees", same),
        ("repondantes", "Villes répondantes : somme du tableau", "villes-repondantes", answered),
        ("engagees", "Villes engagées : répondantes moins celles sans accord", "villes-engagees",
         answered - spread[0]),
        ("engagees-annexe", "Villes engagées : noms de l'annexe 2", "villes-engagees",
         sum(bool(town.agreements) for town in panorama.towns.values())),
        ("accords", "Accords : somme du tableau", "accords", agreements),
        ("moyenne", "Accords par ville répondante", "moyenne", round(agreements / answered)),
    )  # fmt: skip
    for name, label, printed, counted in figured:
        yield Check(section, f"enquete/{name}", label, figures[printed], counted)
    seniority = [
        number(row["villes"]) for row in panorama.rows("reponses") if row["theme"] == "anciennete"
    ]
    yield Check(
        section, "enquete/anciennete", "Villes engagées : somme des anciennetés",
        figures["villes-engagees"], sum(seniority),
    )  # fmt: skip


def _by_country(panorama: Panorama) -> Iterator[Check]:
    section = "Enquête : accords par zone"
    countries = panorama.rows("accords_par_pays")
    by_zone = Counter[str]()
    for row in countries:
        by_zone[text(row["zone"])] += number(row["imprime"])
    for row in panorama.rows("zones"):
        zone = text(row["zone"])
        label = f"{text(row['intitule'])} : somme des pays"
        yield Check(section, f"zones/{zone}", label, number(row["imprime"]), by_zone[zone])
    total = sum(number(row["imprime"]) for row in panorama.rows("zones"))
    yield Check(section, "zones/total", "Total des zones", panorama.figures["accords"], total)
    section = "Enquête : accords par pays, tableau et annexe 2"
    annex = Counter[str]()
    for town in panorama.towns.values():
        annex.update(town.agreements)
    for row in countries:
        code = text(row["pays"])
        label = text(row["pays_imprime"])
        yield Check(section, f"annexe/{code}", label, number(row["imprime"]), annex[code])
    for code in sorted(annex.keys() - {text(row["pays"]) for row in countries}):
        yield Check(section, f"annexe/{code}", panorama.countries[code].name, 0, annex[code])
    yield Check(
        section, "annexe/total", "Total", panorama.figures["accords"], sum(annex.values())
    )  # fmt: skip


def _distribution(panorama: Panorama) -> Iterator[Check]:
    section = "Enquête : villes par nombre d'accords, tableau et annexe 2"
    printed = {
        number(row["accords"]): number(row["imprime"])
        for row in panorama.rows("villes_par_accords")
    }
    # Towns without any agreement are not in annex 2, nor are those that did not answer.
    counted = Counter(town.total for town in panorama.towns.values() if town.total)
    for count in sorted((printed.keys() | counted.keys()) - {0}):
        label = f"{count} accord{'s' if count > 1 else ''}"
        yield Check(
            section, f"repartition/{count}", label, printed.get(count, 0), counted[count]
        )  # fmt: skip
