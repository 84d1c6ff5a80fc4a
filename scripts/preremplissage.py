"""How many communities have the holder of their competences presumed from the national base.

Read by ``scripts.ecarts_banatic``, which writes it into ``docs/competences/README.md``.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.from_base import case_of
from coopdec_rules.engine.findings import Reading
from coopdec_rules.territories import Directory, Said, Territory, Word

_FACT, _DOMAIN, _DECIDES = "volet.transfert", "volet.domaine", "volet.decide"
#: How a domain of a community stands, in the order of the columns.
WHOLE, PART, BY_LAW, DOUBTFUL, OPEN = "totale", "partielle", "loi", "sans_preuve", "muette"
#: Domains asked about at once: a scenario takes no more than a few volets.
_TOGETHER = 12
_ORDER = (WHOLE, PART, BY_LAW, DOUBTFUL, OPEN)


@dataclass(frozen=True, slots=True)
class Share:
    """The domains of the communities of one nature, counted by how they stand.

    ``some``: communities of which at least one domain is presumed.
    """

    label: str
    count: int
    some: int
    stands: Counter[str]


class Prefilled:
    """What a form dated ``day`` presumes of communities."""

    def __init__(self, directory: Directory, advisor: Advisor, day: dt.date) -> None:
        self._directory, self._advisor, self._day = directory, advisor, day
        self._fact = advisor.rulebook.facts[_FACT]
        self.domains = tuple(advisor.rulebook.facts[_DOMAIN].values)
        self._read: dict[tuple[str, ...], list[list[tuple[Reading, Reading]]]] = {}

    def stands(self, community: Territory) -> Iterator[tuple[str, str]]:
        """Each domain, and how it stands for a community that acts."""
        told = self._directory.competences(community)
        readings = self._findings(community)
        for item, domain in enumerate(self.domains):
            word = told.on(domain)
            # A communauté urbaine is asked whether it is of before July 1999: the least is kept.
            yield domain, max((self._stands(word, law[item]) for law in readings), key=_ORDER.index)

    def _stands(self, word: Word, readings: tuple[Reading, Reading]) -> str:
        if word.said is Said.PRESENT:
            case = case_of(self._fact, word, readings)
            if case is not None:
                return case.value
        if readings[0].conclusions[_DECIDES].value in ("loi", "loi_a_un_autre"):
            return BY_LAW
        return OPEN if word.said is Said.SILENT else DOUBTFUL

    def _findings(self, community: Territory) -> list[list[tuple[Reading, Reading]]]:
        """The law on every domain at once, for an actor of this nature, zone and status."""
        actor = community.as_scenario()["acteur"]
        kept = {name: actor[name] for name in ("nature", "zone", "statut_particulier")
                if name in actor}  # fmt: skip
        key = tuple(kept.values())
        if key not in self._read:
            regimes: list[dict[str, bool]] = [{}]
            if kept.get("nature") == "communaute_urbaine":
                regimes = [{"cu_ancienne": True}, {"cu_ancienne": False}]
            self._read[key] = [self._law({**kept, **regime}) for regime in regimes]
        return self._read[key]

    def _law(self, actor: dict[str, Any]) -> list[tuple[Reading, Reading]]:
        """The law on each domain, with that on the scenario; a few domains to a scenario."""
        found = []
        for start in range(0, len(self.domains), _TOGETHER):
            volets = [{"domaine": d} for d in self.domains[start : start + _TOGETHER]]
            scenario = self._advisor.reader.read(
                {"acteur": actor, "action": {"volets": volets}}, self._day
            )
            findings = self._advisor.engine.evaluate(self._day, scenario.base)
            found += [(reading, findings.scenario) for reading in findings.items["volet"]]
        return found

    def shares(self, communities: Iterable[Territory]) -> list[Share]:
        """One share for each nature, in words; a community without a nature counts for nothing."""
        natures: dict[str, list[Territory]] = {}
        for community in communities:
            natures.setdefault(community.nature_label, []).append(community)
        found = []
        for label, members in natures.items():
            stands = Counter[str]()
            some = 0
            for community in members:
                if community.nature is None:
                    continue
                own = Counter(how for _, how in self.stands(community))
                stands += own
                some += bool(own[WHOLE] + own[PART])
            found.append(Share(label, len(members), some, stands))
        return found


def section(shares: Iterable[Share], day: str) -> list[str]:
    """The section of the page, in Markdown."""
    shares = list(shares)
    count, some = sum(s.count for s in shares), sum(s.some for s in shares)
    lines = [
        "## Ce que la base fait présumer\n",
        f"Sur les {count} communautés et métropoles à fiscalité propre, {some} "
        f"({_decimal(100 * some / count)} %) ont au moins une compétence dont le détenteur est "
        f"présumé d'après la base, pour un scénario daté du {day}. Un domaine présumé se corrige "
        "d'un clic ; « pour une part » laisse demander quelle part l'action touche. Les "
        "communautés urbaines sont comptées une fois dit si elles existaient en juillet 1999. La "
        "Métropole du Grand Paris n'a rien : la base lui coche une liste que la loi ne lui donne "
        "pas, et n'est pas utilisée pour elle. "
        "Nombre de domaines par communauté, en moyenne, sur les domaines du vocabulaire :\n",
        "| Nature | Communautés | Avec présomption | Présumé en entier | Présumé pour une part "
        "| Dit par la loi seule | Cité sans preuve | Rien : à demander |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for share in sorted(shares, key=lambda s: -s.count):
        means = " | ".join(_decimal(share.stands[how] / share.count) for how in _ORDER)
        lines.append(f"| {share.label} | {share.count} | {share.some} | {means} |")
    return [*lines, ""]


def _decimal(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
