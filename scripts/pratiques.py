"""Writes ``docs/pratiques/README.md``: fifteen practices at six dates, as the engine answers them.

Run ``python -m scripts.pratiques``; a test checks that the page is what the engine says today.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.models import Avis
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pratiques"
HEAD = """# Quinze pratiques, six dates

Cette page est écrite par le moteur (`python -m scripts.pratiques`) à partir de
[`scenarios.yaml`](scenarios.yaml). Chaque pratique est décrite au mieux de ce que la loi demande,
tout étant fait ; ce qui reste ne dépend plus que de la date. En gras, les réponses qui changent
d'une date à la suivante.
"""


def page() -> str:
    """The page, as the engine would write it now."""
    book = load_rulebook(rules_folder())
    document = yaml.safe_load((FOLDER / "scenarios.yaml").read_text(encoding="utf-8"))
    days: list[dt.date] = document["dates"]
    advices = _advices(Advisor(book), document, days)
    labels = book.conclusions["habilitation"].values
    lines = [HEAD, "| Pratique | " + " | ".join(str(day.year) for day in days) + " |"]
    lines.append("|---|" + "---|" * len(days))
    reasons = []
    for number, entry in enumerate(document["pratiques"], 1):
        last, cells = "", []
        for day in days:
            text = labels[advices[number, day]["habilitation"]]
            cells.append(f"**{text}**" if last and last != text else text)
            if text != last:
                reasons.append(f"- {number}, {day.year} : {_why(advices[number, day])}")
            last = text
        lines.append(f"| {number}. {entry['titre']} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", "## Ce qui décide", "", *reasons, ""])


def _advices(
    advisor: Advisor, document: Mapping[str, Any], days: list[dt.date]
) -> dict[tuple[int, dt.date], Avis]:
    """Every answer, one day after the other so that each state of the law is compiled once."""
    found = {}
    for day in days:
        for number, entry in enumerate(document["pratiques"], 1):
            own = {key: value for key, value in entry.items() if key != "titre"}
            scenario = {**_merged(document["commun"], own), "date": day.isoformat()}
            found[number, day] = advisor.advise(scenario, day).avis
    advisor.close()
    return found


def _merged(common: Any, own: Any) -> Any:
    if isinstance(common, dict) and isinstance(own, dict):
        keys = (*common, *(key for key in own if key not in common))
        return {
            k: _merged(common.get(k), own[k]) if k in own else common[k]
            for k in keys
            # What is given, and with whom, is told whole by each practice.
            if not (k in own and k in ("contributions", "partenaire"))
        } | {k: own[k] for k in ("contributions", "partenaire") if k in own}
    return own


def _why(avis: Avis) -> str:
    """The elements that weigh, with the first rule that says so."""
    told = [
        f"{e['titre'].lower()}, {e['valeur_libelle']} : {e['motifs'][0]['texte']}"
        for e in avis["elements"]
        if e["valeur"] not in ("rempli", "sans_objet") and e["motifs"]
    ]
    return " ".join(told) or "chaque élément est établi ou sans objet."


if __name__ == "__main__":
    (FOLDER / "README.md").write_text(page(), encoding="utf-8")
