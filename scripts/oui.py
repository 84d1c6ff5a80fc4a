"""Writes ``docs/le-plus-court-oui.md``: the shortest scenarios that answer yes for a commune today.

Run ``python -m scripts.oui``; a test checks that the page is what the engine says today, and that
no fact can be taken away without losing the yes.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.models import Element
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.workshop.cases import load_cases

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "le-plus-court-oui.md"
CASES = ("plus-court-oui-geste-2026", "plus-court-oui-action-2026", "plus-court-oui-argent-2026")
#: The day of asking, fixed so that the page is too.
DAY = dt.date(2026, 11, 25)
HEAD = """# Le plus court oui

Cette page est écrite par le moteur (`python -m scripts.oui`) à partir de trois cas de
`cases/pratiques` : le plus court scénario trouvé qui donne « autorisée » à une commune, pour un
geste, pour une action extérieure et pour de l'argent. Aucun fait n'y est de trop : sans l'un d'eux,
l'avis ne dit plus oui. La date est celle de la page.
"""


def page() -> str:
    """The page, as the engine would write it now."""
    adviser = Advisor(load_rulebook(rules_folder()))
    parts = [HEAD]
    for name in CASES:
        (case,) = load_cases(ROOT / "cases" / "pratiques" / f"{name}.yaml")
        avis = adviser.advise(case.scenario, DAY, reasoning=True).avis
        text = (ROOT / "cases" / "pratiques" / f"{name}.yaml").read_text(encoding="utf-8")
        scenario = text[text.index("scenario:") : text.index("attendu:")].rstrip()
        parts.append(f"## {case.title}\n\n```yaml\n{scenario}\n```\n")
        parts.append("| Élément | État | Pourquoi | Texte |\n|---|---|---|---|")
        parts.extend(_row(element) for element in avis["elements"])
        told = "".join(f"- {line['texte']}\n" for line in avis["formalites"])
        parts.append(
            f"\nRestent des formalités après l'acte, qui ne le conditionnent pas :\n\n{told}"
        )
    adviser.close()
    return "\n".join(parts)


def _row(element: Element) -> str:
    why = "<br>".join(dict.fromkeys(reason["texte"] for reason in element["motifs"]))
    sources = "<br>".join(dict.fromkeys(reason["source"] for reason in element["motifs"]))
    return f"| {element['titre']} | {element['valeur_libelle']} | {why} | {sources} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
