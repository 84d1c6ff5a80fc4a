"""Writes ``docs/competences/essais.md``: territories tried through the form, what each was told.

Those that the law treats apart, and ten communes drawn at random (always the same).  Each is found
by its name, filled in, and asked about water and another domain.  Run ``python -m scripts.essais``
(``--verifier``: compares without writing).
"""

from __future__ import annotations

import datetime as dt
import random
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.testclient import TestClient

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.territories import Directory, load_directory
from coopdec_rules.web.app import create_app
from coopdec_rules.web.avis.permalink import decode, encode
from coopdec_rules.web.service import Service
from scripts.generated import write_or_compare

PAGE = Path(__file__).resolve().parent.parent / "docs" / "competences" / "essais.md"
DAY, SEED, DRAWN = "2026-11-25", 2026, 10
_WATER = "eau"
#: What is asked of each: an affair of its own, for which its competences are asked.
_ASKED: dict[str, Any] = {
    "date": DAY,
    "acte": {"forme": "deliberation"},
    "partenaire": [{"nature": "association_francaise"}],
}
_ACTION = {"operation": "projet", "objet": "affaire_locale", "lieu": "france"}


@dataclass(frozen=True, slots=True)
class Trial:
    """What is typed in the search, the second domain, and what is answered by hand (``by_hand``).

    ``by_hand``: facts on the actor of a collectivity that the directory has not.
    """

    query: str
    domain: str
    code: str = ""
    by_hand: Mapping[str, str] = field(default_factory=dict)


#: The territories that the law treats apart.
APART = (
    Trial("Métropole de Lyon", "voirie", "200046977"),
    Trial("Villeurbanne", "dechets", "69266"),
    Trial("Métropole du Grand Paris", "amenagement_espace", "200054781"),
    Trial("Plaine Commune", "urbanisme", "200057867"),
    Trial("Aubervilliers", "dechets", "93001"),
    Trial("Aix-Marseille-Provence", "cimetieres", "200054807"),
    Trial("Aubagne", "tourisme", "13005"),
    Trial("Paris", "dechets", "75056"),
    Trial("Collectivité de Corse", "tourisme",
          by_hand={"nature": "region", "statut_particulier": "corse"}),
    Trial("Collectivité européenne d'Alsace", "colleges_lycees",
          by_hand={"nature": "departement", "statut_particulier": "alsace"}),
    Trial("Beaupréau-en-Mauges", "equipements_culturels", "49023"),
    Trial("Nouméa", "dechets", "98818"),
)  # fmt: skip


def drawn(directory: Directory, domains: list[str]) -> Iterator[Trial]:
    """The communes drawn at random, each with a domain drawn with it."""
    draw = random.Random(SEED)  # noqa: S311 (a choice that anyone can repeat)
    communes = sorted(t.code for t in directory.territories if t.nature == "commune")
    for code in draw.sample(communes, DRAWN):
        territory = directory.by_code(code)
        if territory is not None:
            yield Trial(territory.name, draw.choice(domains), code)


class Form:
    """The form, as a browser without JavaScript uses it, and the avis that it leads to."""

    def __init__(self, advisor: Advisor) -> None:
        self._advisor = advisor
        self._client = TestClient(create_app(service=Service(advisor, [])))
        self._headers = {"accept": "text/html"}

    def searched(self, query: str) -> str:
        """The page of a search."""
        return self._client.get("/demande", params={"q": query}, headers=self._headers).text

    def filled(self, query: str, code: str) -> tuple[dict[str, Any], str]:
        """The scenario that choosing a territory fills in, and the page that follows."""
        sent = {
            "etape": "qui",
            "q": query,
            "deja": query,
            "lieu": code,
            "aller": "remplir",
            "s": "",
        }
        answer = self._client.post("/demande", data=sent, headers=self._headers)
        return decode(parse_qs(urlsplit(str(answer.url)).query)["s"][0]), answer.text

    def domains(self, document: Mapping[str, Any]) -> str:
        """The step that asks the domains and who exercises them."""
        query = {"etape": "domaines", "s": encode(dict(document))}
        return self._client.get("/demande", params=query, headers=self._headers).text

    def avis(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The avis in JSON."""
        found: dict[str, Any] = self._client.post("/api/v1/avis", json=document).json()
        return found

    def presumed(self, document: Mapping[str, Any]) -> dict[str, str]:
        """What the base lets presume, by pointer."""
        scenario = self._advisor.read(document, dt.date.fromisoformat(DAY))
        return {
            p.pointer: f"{p.fact.said(p.value)}. {p.origin}" for p in scenario.presumed if p.origin
        }


def told(form: Form, trial: Trial, labels: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """The lines on one territory, in Markdown."""
    yield f"### {trial.query}\n"
    beyond = _text(form.searched(trial.query), r'<p class="note">(.*?)</p>')
    if beyond:
        yield f"- La recherche répond : {beyond}"
    if trial.code:
        document, page = form.filled(trial.query, trial.code)
        remarks = _all(_block(page, "lieu-dit"), r"<p>(.*?)</p>")[1:]
        yield f"- Rempli : {_actor(document['acteur'], labels)}."
        yield from (f"- À savoir : {remark}" for remark in remarks)
    else:
        document = {"acteur": dict(trial.by_hand)}
        yield f"- Répondu à la main : {_actor(document['acteur'], labels)}."
    volets = [{"domaine": _WATER}, {"domaine": trial.domain}]
    document = {**document, **_ASKED, "action": {**_ACTION, "volets": volets}}
    page, avis = form.domains(document), form.avis(document)
    presumed = form.presumed(document)
    for item, volet in enumerate(volets):
        pointer = f"/action/volets/{item}/transfert"
        by_law = _all(_block(page, f"groupe-volet-{item + 1}"), r'<span class="dit">(.*?)</span>\s')
        row = avis["volets"][item]
        yield f"- **{labels['domaine'][volet['domaine']]}**"
        yield f"  - La loi : {' ; '.join(by_law) or 'rien de certain'}."
        yield f"  - La base : {presumed.get(pointer, 'rien à présumer.')}"
        holder = labels["detenteur"].get(row["detenteur"] or "", "inconnu")
        power = labels["habilitation"].get(row["habilitation"] or "", "indéterminée")
        yield f"  - L'avis : détenteur, {holder} ; habilitation, {power}."
        about = f"/action/volets/{item}/"
        asked = [q["question"] for q in avis["questions"] if q["pointeur"].startswith(about)]
        if asked:
            yield f"  - Reste à répondre : {' '.join(asked)}"
    for warning in avis["avertissements"]:
        if warning["regle"] and warning["regle"].startswith(("statut-", "metropole-")):
            yield f"- Avertissement : {warning['texte']}"
    yield ""


def _actor(actor: Mapping[str, Any], labels: Mapping[str, Mapping[str, str]]) -> str:
    status, group = actor.get("statut_particulier"), actor.get("groupement")
    parts = [labels["nature"].get(actor.get("nature", ""), "nature inconnue")]
    if status:
        parts.append(f"statut : {labels['statut'][status]}")
    if group:
        own = group.get("statut_particulier", "aucun").replace("aucun", "")
        kind = labels["nature"][group["nature"]] + (f", {labels['statut'][own]}" if own else "")
        parts.append(f"groupement : {group['nom']} ({kind})")
    elif actor.get("nature") == "commune":
        parts.append("groupement : à dire")
    return " ; ".join(parts)


def _block(page: str, ident: str) -> str:
    """The text of the page from an element to the next one that has an identifier of its kind."""
    _, _, rest = page.partition(f'id="{ident}"')
    return re.split(r'<(?:details|fieldset|section)[^>]* id="(?:exercees|groupe|autres)', rest)[0]


def _all(text: str, pattern: str) -> list[str]:
    return [_plain(found) for found in re.findall(pattern, text, re.DOTALL)]


def _text(text: str, pattern: str) -> str:
    return next(iter(_all(text, pattern)), "")


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def labels_of(book: Rulebook) -> dict[str, Mapping[str, str]]:
    """The values that the page names, in words."""
    facts, conclusions = book.facts, book.conclusions
    return {
        "nature": facts["acteur.nature"].values,
        "statut": facts["acteur.statut_particulier"].values,
        "domaine": facts["volet.domaine"].values,
        "detenteur": conclusions["volet.detenteur"].values,
        "habilitation": conclusions["volet.habilitation"].values,
    }


def page(advisor: Advisor) -> str:
    """The whole page."""
    directory, labels = load_directory(), labels_of(advisor.rulebook)
    form = Form(advisor)
    lines = [
        "# Essais par le formulaire\n",
        "Cette page est écrite par `python -m scripts.essais`. Chaque territoire est cherché par "
        f"son nom, choisi, puis interrogé, au {DAY}, sur l'eau et un autre domaine, pour une "
        "affaire de la collectivité menée en France (la compétence y est demandée). Rien n'est "
        "répondu à « Qui exerce cette compétence chez vous ? » : ce qui est présumé se corrige.\n",
        "## Territoires que la loi traite à part\n",
    ]
    for trial in APART:
        lines += told(form, trial, labels)
    lines.append(f"## {DRAWN} communes tirées au sort (graine {SEED})\n")
    others = [domain for domain in labels["domaine"] if domain != _WATER]
    for trial in drawn(directory, others):
        lines += told(form, trial, labels)
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Write the page, or compare it with what the form tells now."""
    with closing(Advisor(load_rulebook(rules_folder()))) as advisor:
        text = page(advisor)
    write_or_compare(PAGE, text, "scripts.essais", arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
