"""``python -m scripts.assistants``: writes the conversations of docs/assistants.md.

Three conversations' worth of calls, by the client of the official SDK to the server itself, in this
process: what an assistant would send, and what it receives.  Always on the same day.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp import Client

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.assistants.desk import AssistantDesk
from coopdec_rules.assistants.server import make_server
from coopdec_rules.documents.room import Documents, load_documents
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder

PAGE = Path(__file__).resolve().parents[1] / "docs" / "assistants.md"
START, END = "<!-- conversations : python -m scripts.assistants -->\n", "<!-- fin -->"
TODAY = dt.date(2026, 11, 26)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a conversation, after what the person said."""

    said: str
    tool: str
    arguments: dict[str, Any]


_FIGEAC = {
    "nature": "commune", "nom": "Figeac", "code": "46102",
    "groupement": {"nature": "communaute_communes", "nom": "CC Grand-Figeac"},
}  # fmt: skip
_SCHOOL = {
    "date": "2026-12-15",
    "acteur": _FIGEAC,
    "action": {
        "operation": "projet",
        "objet": "cooperation",
        "volets": [{"intitule": "Une école", "domaine": "ecoles"}],
    },
    "partenaire": {"nature": "collectivite_territoriale", "pays": "SN"},
}
_STATE = {
    **_SCHOOL,
    "acte": {"forme": "convention"},
    "partenaire": {"nature": "etat", "pays": "SN"},
}

CONVERSATIONS: tuple[tuple[str, tuple[Call, ...]], ...] = (
    (
        "Une secrétaire de mairie : « nous voulons aider une école au Sénégal »",
        (
            Call("« Nous sommes à Figeac. »", "chercher_territoire", {"recherche": "Figeac"}),
            Call(
                "« Une école, avec une commune du Sénégal. »",
                "questions_utiles",
                {"scenario": _SCHOOL},
            ),
            Call("« Alors, on peut ? »", "rendre_avis", {"scenario": _SCHOOL}),
            Call(
                "« D'où vient qu'il faut transmettre ? »",
                "lire_regle",
                {"regle": "convention-a-transmettre", "date": "2026-12-15"},
            ),
        ),
    ),
    (
        "Un consultant : une convention avec un État",
        (
            Call("« La commune peut-elle ? »", "rendre_avis", {"scenario": _STATE}),
            Call("« Que faudrait-il ? »", "voies", {"scenario": _STATE}),
            Call(
                "« Et sur les partenaires, en février 2007 ? »",
                "droit_du_jour",
                {"date": "2007-02-07", "texte": "partenaires"},
            ),
            Call("« Et une date mal écrite ? »", "droit_du_jour", {"date": "15/12/2026"}),
        ),
    ),
    (
        "Un élu : un projet de délibération, et ce que l'outil refuse d'écrire",
        (
            Call("« Que peut-on préparer ? »", "projet_de_document", {"scenario": _SCHOOL}),
            Call(
                "« La note au conseil. »",
                "projet_de_document",
                {"scenario": _SCHOOL, "document": "note-de-synthese"},
            ),
            Call(
                "« Et la convention, avec l'État sénégalais ? »",
                "projet_de_document",
                {"scenario": _STATE, "document": "convention-cooperation"},
            ),
            Call(
                "« Invente une règle. »", "lire_regle", {"regle": "tout-est-permis"},
            ),
        ),
    ),
)  # fmt: skip


async def _direct(document: object, work: Callable[[], str]) -> str:
    return work()


async def transcript(advisor: Advisor, documents: Documents | None) -> str:
    """The conversations, as Markdown."""
    desk = AssistantDesk(advisor, documents, _direct, lambda: TODAY)
    lines: list[str] = []
    async with Client(make_server(desk)) as client:
        for number, (title, calls) in enumerate(CONVERSATIONS, 1):
            lines += [f"### {number}. {title}", ""]
            for call in calls:
                found = await client.call_tool(call.tool, call.arguments)
                text = "".join(getattr(part, "text", "") for part in found.content)
                lines += _told(call, text, bool(found.is_error))
    return "\n".join(lines)


def _told(call: Call, text: str, refused: bool) -> Iterator[str]:
    arguments = json.dumps(call.arguments, ensure_ascii=False)
    yield from (call.said, "", f"**{call.tool}** reçoit :", "", "```json", arguments, "```", "")
    yield from ("Refus rendu :" if refused else "Rend :", "", "```text", text, "```", "")


def written(page: str, conversations: str) -> str:
    """The page with these conversations."""
    pattern = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
    return pattern.sub(lambda _: f"{START}\n{conversations}\n{END}", page)


def main() -> None:
    """Write the page again."""
    advisor = Advisor(load_rulebook(rules_folder()))
    try:
        made = asyncio.run(transcript(advisor, load_documents(advisor.rulebook)))
    finally:
        advisor.close()
    PAGE.write_text(written(PAGE.read_text("utf-8"), made), encoding="utf-8")


if __name__ == "__main__":
    main()
