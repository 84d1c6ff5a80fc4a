"""``coopdec territoires``: the communes and groupings of today."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from rich.text import Text

from coopdec_rules.advice.documents import to_json
from coopdec_rules.cli.common import BAD_INPUT, fail, out
from coopdec_rules.territories import Directory, Found, Match, Territory, load_directory
from coopdec_rules.territories.codes import digits, plain_code
from coopdec_rules.territories.data_file import DirectoryError
from coopdec_rules.territories.directory import MAX_LIMIT

_FORMER = (
    "  Le code demandé est celui d'une ancienne commune, d'une commune déléguée ou associée ou "
    "d'un arrondissement, qui en fait partie."
)


def territories_command(
    recherche: Annotated[str, typer.Argument(help="Un nom, des mots du nom, ou un code.")],
    limite: Annotated[
        int, typer.Option("--limite", help="Réponses au plus.", min=1, max=MAX_LIMIT)
    ] = 10,
    json: Annotated[bool, typer.Option("--json", help="Les faits à écrire, en JSON.")] = False,
) -> None:
    """Trouve une commune ou un groupement à fiscalité propre d'aujourd'hui."""
    try:
        directory = load_directory()
    except DirectoryError as error:
        fail(str(error))
    matches = directory.search(recherche, limite)
    if not matches:
        fail(_nothing(directory, recherche), BAD_INPUT)
    if json:
        listed = [
            {"libelle": m.territory.label, "remarques": m.territory.remarks,
             **m.territory.as_scenario()}
            for m in matches
        ]  # fmt: skip
        body: dict[str, Any] = {
            "millesime": directory.vintage, "mention": directory.notice, "territoires": listed,
        }  # fmt: skip
        sys.stdout.write(to_json(body).decode() + "\n")
        return
    for match in matches:
        _show(match)
        if match.found is Found.FORMER_CODE:
            out.print(Text(_FORMER), soft_wrap=True)
    if len(matches) == 1:
        for remark in matches[0].territory.remarks:
            out.print(Text(f"  À savoir : {remark}"), soft_wrap=True)
    out.print(Text(directory.notice, style="dim"), soft_wrap=True)


def _show(match: Match) -> None:
    territory = match.territory
    line = Text()
    line.append(territory.label, "bold")
    inhabitants = f"{territory.population:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    line.append(
        f" — {territory.nature_label}, {inhabitants} habitants, code {territory.code}"
        f"{_grouping(territory)}"
    )
    out.print(line, soft_wrap=True)


def _grouping(territory: Territory) -> str:
    if territory.members:
        return f", {len(territory.members)} communes"
    group = territory.grouping
    return f" ; {group.name} ({group.code})" if group else ""


def _nothing(directory: Directory, query: str) -> str:
    if digits(plain_code(query)):
        return str(directory.unknown_code(query)).removeprefix("/ : ")
    return (
        f"Aucune commune, aucun groupement à fiscalité propre de {directory.vintage} ne porte ce "
        "nom. Un groupement a pu changer de nom : chercher l'une de ses communes. Les syndicats "
        "ne sont pas dans les données."
    )
