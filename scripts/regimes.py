"""Writes ``docs/regimes/README.md``: six typical scenarios under the five regimes, from the engine.

Run ``python -m scripts.regimes``; a test checks that the page is what the engine says today.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import yaml

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.errors import ScenarioError
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.rulebook.rulebook import Rulebook

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "regimes"
HEAD = """# Cinq régimes, six scénarios

Cette page est écrite par le moteur (`python -m scripts.regimes`) à partir de
[`scenarios.yaml`](scenarios.yaml). En gras, les réponses qui changent d'un régime au suivant. Les
scénarios sont fictifs ; tout y est vérifié et accompli, pour que seule la loi fasse la différence.
Un tiret : à cette date, le scénario ne pouvait pas exister (`rules/espace/`).
"""
#: In the place of an answer, when the rulebook declares the scenario impossible on that day.
IMPOSSIBLE = "—"


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
            scenario = {**_scenario(document, entry), "date": day.isoformat()}
            why = _impossible(book, adviser, scenario, day)
            if why:
                text = IMPOSSIBLE
            else:
                avis = adviser.advise(scenario, day, reasoning=False).avis
                owner = avis["maitrise_ouvrage"]["titulaire"]
                text = f"{powers[avis['habilitation']]}, {owners[owner]}"
                why = _reason(avis)
            # A scenario that begins to exist is not an answer that changes.
            changed = last not in (None, IMPOSSIBLE, text)
            cells.append(f"**{text}**" if changed else text)
            if text != last:
                reasons.append(f"- {number}, {name} : {why}")
            last = text
        lines.append(f"| {number}. {entry['titre']} | " + " | ".join(cells) + " |")
    adviser.close()
    return "\n".join([*lines, "", "## Pourquoi", "", *reasons, ""])


def _impossible(book: Rulebook, adviser: Advisor, scenario: Any, day: dt.date) -> str:
    """What the rulebook says of a scenario that cannot be on that day; empty when it can."""
    try:
        adviser.advise(scenario, day, reasoning=False)
    except ScenarioError as refusal:
        told = [d.explanation for d in book.impossible if d.explanation in str(refusal)]
        if not told:
            raise
        return " ".join(told)
    return ""


def _scenario(document: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    scenario: dict[str, Any] = {}
    parts = [document["tous"]]
    if entry.get("convention") == "oui":
        parts.append(document["convention"])
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
    """What refuses, or the rule of competence and what is left to do."""
    applied = [m for m in avis["motifs"] if m["etat"] == "appliquee"]
    refusals = [m for m in applied if _refuses(m)]
    powers = [m for m in applied if "volet.point_competence" in m["conclut"]]
    covered = [m for m in applied if m["regle"].startswith("avant-la-periode")]
    for reason in covered or refusals or powers:
        todo = [c["texte"] for c in avis["conditions"] if c["etat"] == "a_remplir"]
        after = f" Reste : {' '.join(todo)}" if todo else ""
        return f"{reason['explication']} (`{reason['regle']}`){after}"
    return "voir l'avis."


def _refuses(reason: dict[str, Any]) -> bool:
    """Whether a written rule, not one made from others, says that a point stands in the way."""
    written = any("point_" in name or name.startswith("point.") for name in reason["conclut"])
    return written and "empeche" in reason["conclut"].values()


if __name__ == "__main__":
    (FOLDER / "README.md").write_text(page(), encoding="utf-8")
