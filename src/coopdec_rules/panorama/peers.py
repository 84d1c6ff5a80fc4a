"""Finds an actor in the panorama, and its peers: same country, domain, area or tier."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from coopdec_rules.panorama.data import Community, Panorama, Town, shipped

Document = Literal["etude_2006", "enquete_2006"]
Reason = Literal["meme_pays", "meme_domaine", "meme_aire", "meme_palier", "palier_suivant"]
#: Why someone is a peer, from the strongest reason to the weakest, and what each weighs.  A country
#: outweighs an area, which it implies; a domain and an area together outweigh a tier.
REASONS: dict[Reason, int] = {
    "meme_pays": 8,
    "meme_domaine": 5,
    "meme_aire": 4,
    "meme_palier": 2,
    "palier_suivant": 1,
}
#: Nature of the towns of the survey; every other actor is looked for among the groupings.
TOWN = "commune"
#: Words that say the kind of a body, not its name.
_KINDS = re.compile(
    r"^(?:ca|san|ville|commune|communaute d agglomeration|communaute agglomeration"
    r"|syndicat d agglomeration nouvelle)\b(?: (?:de la|de l|du|de|des|d|la|le|les|l)\b)?"
)
_ARTICLES = re.compile(r"^(?:de la|de l|du|des|de|d|la|le|les|l) ")
_TOLD = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Someone of the panorama: who, its published tier, where it acts, what is told of it.

    ``told`` sums up what the document says, ``source`` gives the passages it is taken from,
    ``anchor`` is its place on the page /panorama, ``reasons`` say why it is a peer.
    """

    id: str
    name: str
    document: Document
    tier: str | None
    areas: tuple[str, ...]
    told: str
    source: str
    reasons: tuple[Reason, ...] = ()

    @property
    def anchor(self) -> str:
        """Its place on the page of the panorama."""
        return f"/panorama#{self.id}"


def key_of(name: str) -> str:
    """A name reduced to what tells it from others: no accent, no kind of body, no article.

    >>> key_of("CA du Pays Viennois") == key_of("communauté d'agglomération du Pays viennois")
    True
    >>> key_of("Ville de Marcq-en-Barœul")
    'marcq en baroeul'
    """
    plain = unicodedata.normalize("NFD", name.lower().replace("œ", "oe"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.sub(r"[^a-z0-9]+", " ", plain).strip()
    return _ARTICLES.sub("", _KINDS.sub("", words).strip())


class Directory:
    """Finds actors and peers in one panorama; made once, then only read."""

    def __init__(self, panorama: Panorama) -> None:
        self.panorama = panorama
        communities = panorama.communities.values()
        #: Natures of the groupings: only an actor of one of them is looked for among them.
        self._natures = {community.nature for community in communities}
        self._named: dict[tuple[bool, str], Community | Town] = {}
        for community in communities:
            for name in (community.name, community.printed, *community.other_names):
                self._named.setdefault((False, key_of(name)), community)
        for town in panorama.towns.values():
            self._named.setdefault((True, key_of(town.name)), town)
        self._countries = {key_of(c.name): c.code for c in panorama.countries.values()}
        self._towns = {town.id: _town(panorama, town) for town in panorama.towns.values()}
        everyone: tuple[Community | Town, ...] = (*communities, *panorama.towns.values())
        self._profiles = [_profile(one) for one in everyone]

    def place_of(self, name: str | None, nature: str | None) -> Place | None:
        """The actor's own place, when the panorama names it.

        Only the whole name counts, and a town is never taken for a grouping of the same name; an
        unknown nature finds nobody.
        """
        if not name or (nature != TOWN and nature not in self._natures):
            return None
        found = self._named.get((nature == TOWN, key_of(name)))
        return None if found is None else self.place(found)

    def country_of(self, text: str | None) -> str | None:
        """Code of the country that a scenario names by its code or its French name."""
        if not text:
            return None
        code = text.strip().upper()
        return code if code in self.panorama.countries else self._countries.get(key_of(text))

    def place(
        self, one: Community | Town, domains: Collection[str] = (), reasons: tuple[Reason, ...] = ()
    ) -> Place:
        """What the documents tell of one; stories of ``domains`` come first."""
        if isinstance(one, Town):
            return replace(self._towns[one.id], reasons=reasons)
        return _community(self.panorama, one, domains, reasons)

    def peers(
        self,
        tier: str | None,
        domains: Collection[str] = (),
        country: str | None = None,
        limit: int = 6,
        next_tier: str | None = None,
        without: str | None = None,
        town: bool = False,
    ) -> list[Place]:
        """Real peers, the nearest first.

        ``tier`` is the actor's tier and ``next_tier`` the one that the action leads to (``None``:
        unknown); ``domains`` those of the action, ``country`` the partner's, by its code.
        ``without`` leaves out the actor itself.  The towns of the survey have no tier; they are
        peers by country only, and come before groupings of the same weight when ``town`` is true.
        """
        known = self.panorama.countries.get(country or "")
        area = known.area if known else None
        ranked = []
        for profile in self._profiles:
            if profile.one.id == without:
                continue
            reasons = tuple(_reasons(profile, tier, next_tier, domains, country, area))
            if reasons:
                weight = sum(REASONS[reason] for reason in reasons)
                other_kind = isinstance(profile.one, Town) != town
                order = (-weight, other_kind, -profile.told, profile.one.id)
                ranked.append((order, profile.one, reasons))
        ranked.sort(key=lambda entry: entry[0])
        return [self.place(one, domains, reasons) for _, one, reasons in ranked[:limit]]


@lru_cache(maxsize=4)
def shipped_directory(cases: Path) -> Directory:
    """The directory of the panorama that lies among the worked cases of ``cases``; made once.

    Raises ``RulebookError``.
    """
    return Directory(shipped(cases))


@dataclass(frozen=True, slots=True)
class _Profile:
    """What makes one a peer; ``told`` is how much there is to say of it, up to 9."""

    one: Community | Town
    tier: str | None
    countries: frozenset[str]
    domains: frozenset[str]
    areas: tuple[str, ...]
    told: int


def _profile(one: Community | Town) -> _Profile:
    if isinstance(one, Town):
        countries = frozenset(one.agreements)
        return _Profile(one, None, countries, frozenset(), (), min(one.total, 9))
    domains = frozenset(story.domain for story in one.stories if story.domain)
    return _Profile(one, one.tier, one.countries, domains, one.areas, min(len(one.stories), 9))


def _reasons(
    profile: _Profile,
    tier: str | None,
    next_tier: str | None,
    domains: Collection[str],
    country: str | None,
    area: str | None,
) -> Iterator[Reason]:
    if country in profile.countries:
        yield "meme_pays"
    if not profile.domains.isdisjoint(domains):
        yield "meme_domaine"
    if area in profile.areas:
        yield "meme_aire"
    if profile.tier is None:
        return
    if profile.tier == tier:
        yield "meme_palier"
    elif profile.tier == next_tier:
        yield "palier_suivant"


def _community(
    panorama: Panorama, one: Community, domains: Collection[str], reasons: tuple[Reason, ...]
) -> Place:
    # The order of the study, except that the stories of the domains asked for come first.
    chosen = sorted(one.stories, key=lambda story: story.domain not in domains)[:_TOLD]
    passages = [one.passage, *(story.passage for story in chosen)]
    if not chosen:
        passages += [link.passage for link in one.links[:1]]
    return Place(
        id=one.id,
        name=one.title,
        document="etude_2006",
        tier=one.tier,
        areas=tuple(panorama.areas[area] for area in one.areas),
        told=" ".join(story.text for story in chosen) or _only_named(panorama, one),
        source=_sources("Étude COOP DEC, février 2006", passages),
        reasons=reasons,
    )


def _only_named(panorama: Panorama, one: Community) -> str:
    links = [
        f"{link.count} en {panorama.areas[link.area]}" if link.count > 1
        else panorama.areas[link.area]
        for link in one.links
    ]  # fmt: skip
    if links:
        return f"L'étude ne donne que ses liens : {', '.join(dict.fromkeys(links))}."
    return "L'étude ne fait que la nommer."


def _town(panorama: Panorama, town: Town) -> Place:
    listed = [
        panorama.countries[code].surveyed + (f" ({count})" if count > 1 else "")
        for code, count in town.agreements.items()
    ]
    if listed:
        plural = "s" if town.total > 1 else ""
        told = f"{town.total} accord{plural} déclaré{plural} : {', '.join(listed)}."
    else:
        told = "Contactée ; aucun accord n'est rapporté, et l'enquête ne dit pas si elle a répondu."
    zones = [panorama.countries[code].zone for code in town.agreements]
    names = {str(row["zone"]): str(row["intitule"]) for row in panorama.rows("zones")}
    return Place(
        id=town.id,
        name=town.title,
        document="enquete_2006",
        tier=None,
        areas=tuple(dict.fromkeys(names[zone] for zone in zones if zone)),
        told=told,
        source=_sources(
            "Enquête COOP DEC, villes du Nord-Pas-de-Calais, 2006",
            ["enquête, annexe 2" if listed else town.passage],
        ),
    )


def _sources(document: str, passages: Iterable[str]) -> str:
    """The document, then each passage once, without the document's own name.

    >>> _sources("Étude", ["étude, II.D", "étude, II.D", "étude, IV.A"])
    'Étude, II.D ; IV.A'
    """
    places = dict.fromkeys(passage.partition(", ")[2] for passage in passages)
    return f"{document}, {' ; '.join(places)}"
