"""Writes ``docs/fautes.md``: the faults of the first law, and what the rulebook answers today.

Run ``python -m scripts.fautes``; a test checks that the page is what the engine says today.  Each
fault is a case of ``cases/fautes``, whose note tells what the first version answered.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.models import Avis
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.workshop.cases import Case, load_cases

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "fautes.md"
BEFORE = "Première version : "
#: The day of asking, fixed so that the page is too.
DAY = dt.date(2026, 11, 25)
#: Values of an element that keep the answer from being a plain yes.
WEIGHING = ("empeche", "a_obtenir", "a_faire")
HEAD = """# Les fautes de la première version, et la réponse d'aujourd'hui

Cette page est écrite par le moteur (`python -m scripts.fautes`) à partir de `cases/fautes` : un cas
par faute, où tout le reste est fait, pour que la faute seule pèse.

| Faute | Avant | Aujourd'hui | Ce qui pèse | Règle et source |
|---|---|---|---|---|
"""


def page() -> str:
    """The page, as the engine would write it now."""
    book = load_rulebook(rules_folder())
    adviser = Advisor(book)
    rows = [_row(book, adviser, case) for case in load_cases(ROOT / "cases" / "fautes")]
    adviser.close()
    return HEAD + "\n".join(rows) + "\n"


def _row(book: Rulebook, adviser: Advisor, case: Case) -> str:
    avis = adviser.advise(case.scenario, DAY, reasoning=True).avis
    power = book.conclusions["habilitation"].values[avis["habilitation"]]
    owner = book.conclusions["maitrise_ouvrage"].values[avis["maitrise_ouvrage"]["titulaire"]]
    before = case.note.strip().removeprefix(BEFORE).rstrip(".")
    weighing = [e for e in avis["elements"] if e["valeur"] in WEIGHING]
    weight = " ; ".join(f"{e['titre']} : {e['valeur_libelle']}" for e in weighing) or "rien"
    cells = (
        case.title, before, f"{power} (maître d'ouvrage : {owner})", weight, _rules(avis, case),
    )  # fmt: skip
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"


def _rules(avis: Avis, case: Case) -> str:
    """The rules that the case expects, each with the sources it rests on."""
    told = []
    for name in case.expected.get("regles", ()):
        reason = next(r for r in avis["motifs"] if r["regle"] == name and r["etat"] == "appliquee")
        sources = " ; ".join(_source(s["titre"], s["reperage"]) for s in reason["sources"])
        told.append(f"`{name}` ({sources})")
    return "<br>".join(told) or case.source


def _source(title: str, place: str) -> str:
    return f"{title}, {place}" if place else title


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
