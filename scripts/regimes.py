"""Writes ``docs/regimes/README.md``: six typical scenarios under the five regimes, from the engine.

Run ``python -m scripts.regimes``; a test checks that the page is what the engine says today.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "regimes"
HEAD = """# Cinq régimes, six scénarios

Cette page est écrite par le moteur (`python -m scripts.regimes`) à partir de
[`scenarios.yaml`](scenarios.yaml). En gras, les réponses qui changent d'un régime au suivant. Les
scénarios sont fictifs ; tout y est vérifié et accompli, pour que seule la loi fasse la différence.
"""


def page() -> str:
    """The page, as the engine would write it now."""
    book = load_rulebook(rules_folder())
    adviser = Advisor(book)
    document = yaml.safe_load((FOLDER / "scenarios.yaml").read_text(encoding="utf-8"))
    dates: dict[str, dt.date] = document["dates"]
    powers = book.conclusions["habilitation"].values
    owners = book.conclusions["maitrise_ouvrage"].values
    lines = [HEAD]
    lines.append("| Scénario | " + " | ".join(f"{n} ({d.year})" for n, d in dates.items()) + " |")
    lines.append("|---|" + "---|" * len(dates))
    reasons = []
    for number, entry in enumerate(document["scenarios"], start=1):
        cells = []
        last = None
        for name, day in dates.items():
            avis = adviser.advise({**_scenario(document, entry), "date": day.isoformat()}, day)
            answer = avis["habilitation"]
            text = f"{powers[answer]}, {owners[avis['maitrise_ouvrage']['titulaire']]}"
            cells.append(f"**{text}**" if last is not None and text != last else text)
            if text != last:
                reasons.append(f"- {number}, {name} : {_reason(avis)}")
            last = text
        lines.append(f"| {number}. {entry['titre']} | " + " | ".join(cells) + " |")
    adviser.close()
    return "\n".join([*lines, "", "## Pourquoi", "", *reasons, ""])


def _scenario(document: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    scenario: dict[str, Any] = {}
    parts = [document["convention"]] if entry.get("convention") == "oui" else []
    for part in [*parts, {k: v for k, v in entry.items() if k not in ("titre", "convention")}]:
        _merge(scenario, part)
    return scenario


def _merge(target: dict[str, Any], part: dict[str, Any]) -> None:
    for key, value in part.items():
        if isinstance(value, dict):
            _merge(target.setdefault(key, {}), value)
        else:
            target[key] = value


def _reason(avis: dict[str, Any]) -> str:
    for reason in avis["motifs"]:
        if reason["etat"] == "appliquee" and (
            "volet.titre" in reason["conclut"] or reason["regle"].startswith("avant-la-periode")
        ):
            todo = [c["texte"] for c in avis["conditions"] if c["etat"] == "a_remplir"]
            after = f" Reste : {' '.join(todo)}" if todo else ""
            return f"{reason['explication']} (`{reason['regle']}`){after}"
    return "voir l'avis."


if __name__ == "__main__":
    (FOLDER / "README.md").write_text(page(), encoding="utf-8")
