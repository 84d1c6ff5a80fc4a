"""Writes ``docs/competences/README.md``: the law's table beside the national base on groupings.

For each nature of community with own taxation and each domain, how many the base cites, out of
those to which ``rules/tables/competences.csv`` gives it today.  ``docs/competences/ecarts.yaml``
explains the large differences.  Run ``python -m scripts.ecarts_banatic`` (``--verifier``: compares
without writing).
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import yaml

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.territories import Directory, Said, Territory, load_directory
from coopdec_rules.territories.base import EPT
from coopdec_rules.territories.model import ORDINARY
from scripts.generated import write_or_compare
from scripts.preremplissage import Prefilled, section

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "competences" / "README.md"
EXPLAINED = PAGE.with_name("ecarts.yaml")
TABLE = ROOT / "rules" / "tables" / "competences.csv"
DOMAINS = ROOT / "rules" / "listes" / "domaines.yaml"
#: The day whose law is compared; fixed, so that the page is too.
DAY = "2026-11-25"
NATURES = ("communaute_communes", "communaute_agglomeration", "communaute_urbaine", "metropole")
#: From this share of silent groupings on, an obligatory competence must be explained.
LARGE = 0.05
_NOTHING = "rien"


@dataclass(frozen=True, slots=True)
class Line:
    """One domain of one nature: what the law says, and how many groupings the base cites.

    ``law``: categories of the rows of the day, or ``rien``.
    """

    nature: str
    domain: str
    law: str
    count: int
    whole: int
    part: int
    doubtful: int
    silent: int

    @property
    def unexplained(self) -> bool:
        """Whether the law obliges and the base leaves too many out."""
        return "obligatoire" in self.law and self.count - self.whole - self.part > (
            LARGE * self.count
        )


def law(table: Iterable[Mapping[str, str]], day: str = DAY) -> dict[tuple[str, str], str]:
    """Categories by nature and domain, on a day; both régimes of communautés urbaines together."""
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for row in table:
        if row["du"] <= day <= (row["au"] or "9999"):
            found[row["nature"], row["domaine"]][row["categorie"]] = None
    return {key: ", ".join(categories) for key, categories in found.items()}


def lines(
    directory: Directory,
    groupings: Iterable[Territory],
    given: Mapping[tuple[str, str], str],
    domains: Iterable[str],
) -> Iterator[Line]:
    """One line for each nature and domain that the law or the base knows of."""
    by_nature: dict[str, list[Territory]] = defaultdict(list)
    for grouping in groupings:
        if grouping.nature in NATURES and grouping.status in ("", ORDINARY):
            by_nature[grouping.nature].append(grouping)
    for nature in NATURES:
        found = [directory.competences(grouping) for grouping in by_nature[nature]]
        for domain in domains:
            words = [competences.on(domain) for competences in found]
            said = Counter(word.said.value for word in words)
            whole = sum(word.whole for word in words)
            line = Line(
                nature, domain, given.get((nature, domain), _NOTHING), len(words), whole,
                said[Said.PRESENT.value] - whole, said[Said.DOUBTFUL.value],
                said[Said.SILENT.value],
            )  # fmt: skip
            if line.law != _NOTHING or line.silent < line.count:
                yield line


def page(advisor: Advisor) -> str:
    """The page, as the rulebook and the base give it now.  Raises ``SystemExit``: see ``check``."""
    directory = load_directory()
    labels: dict[str, str] = yaml.safe_load(DOMAINS.read_text(encoding="utf-8"))
    with TABLE.open(encoding="utf-8", newline="") as file:
        given = law(csv.DictReader(file))
    groupings = [t for t in directory.territories if len(t.code) == 9 and t.kind != EPT]
    found = list(lines(directory, groupings, given, labels))
    explained = yaml.safe_load(EXPLAINED.read_text(encoding="utf-8"))
    check(found, explained)
    whole = sum(
        directory.competences(t).unknown is None and t.status in ("", ORDINARY) for t in groupings
    )
    parts = [
        "# Les compétences, selon la loi et selon la base nationale\n",
        "Cette page est écrite par `python -m scripts.ecarts_banatic`. Elle met côte à côte ce que "
        f"`rules/tables/competences.csv` donne au {DAY} et ce que la base nationale sur "
        f"l'intercommunalité citait ({directory.base.vintage}), pour les {whole} communautés et "
        "métropoles de droit commun d'aujourd'hui. La base ne dit jamais non : « muette » ne "
        "prouve rien. « Sans preuve » : la citation ne prouve rien non plus "
        "(`territories/data/reserves.yaml`).\n",
    ]
    prefilled = Prefilled(directory, advisor, dt.date.fromisoformat(DAY))
    parts += section(prefilled.shares(groupings), DAY)
    for nature in NATURES:
        of_nature = [line for line in found if line.nature == nature]
        if not of_nature:
            continue
        label = next(t.nature_label for t in groupings if t.nature == nature)
        parts.append(f"## {label.capitalize()} ({of_nature[0].count})\n")
        parts.append("| Domaine | La loi | Tout | Partie | Sans preuve | Muette | Écart expliqué |")
        parts.append("|---|---|---:|---:|---:|---:|---|")
        parts += [_row(line, labels[line.domain], explained) for line in of_nature]
        parts.append("")
    return "\n".join(parts)


def check(found: Iterable[Line], explained: Mapping[str, str]) -> None:
    """Every large difference is explained.  Raises ``SystemExit`` with those that are not."""
    missing = [f"{x.nature}.{x.domain}" for x in found if x.unexplained and not _why(x, explained)]
    if missing:
        raise SystemExit(f"Écarts à expliquer dans {EXPLAINED.name} : {', '.join(missing)}.")


def _why(line: Line, explained: Mapping[str, str]) -> str:
    return explained.get(f"{line.nature}.{line.domain}") or explained.get(line.domain) or ""


def _row(line: Line, label: str, explained: Mapping[str, str]) -> str:
    share = f"{line.silent} ({100 * line.silent / line.count:.0f} %)" if line.silent else "0"
    law_says = "rien (facultative)" if line.law == _NOTHING else line.law
    why = " ".join(_why(line, explained).split()) if line.unexplained else ""
    return (
        f"| {label} | {law_says} | {line.whole} | {line.part} | {line.doubtful} | {share} | {why} |"
    )


def main(arguments: list[str]) -> None:
    """Write the page, or compare it with what the script gives."""
    with closing(Advisor(load_rulebook(rules_folder()))) as advisor:
        text = page(advisor)
    write_or_compare(PAGE, text, "scripts.ecarts_banatic", arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
