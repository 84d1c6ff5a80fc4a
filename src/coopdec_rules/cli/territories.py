"""``coopdec territoires``: the communes and groupings of today, and what the groupings exercise."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text
from typer._click import Context  # typer vendors click and does not re-export it
from typer.core import TyperGroup

from coopdec_rules.advice.documents import to_json
from coopdec_rules.cli.common import BAD_INPUT, fail, out, write_json
from coopdec_rules.cli.territories_import import import_command
from coopdec_rules.territories import (
    Competences,
    Directory,
    Found,
    Match,
    Territory,
    load_directory,
)
from coopdec_rules.territories.codes import digits, plain_code
from coopdec_rules.territories.data_file import DirectoryError
from coopdec_rules.territories.directory import MAX_LIMIT
from coopdec_rules.territories.documents import competences_document

#: What is found so is what was asked, and not only one of those that may have been.
_SURE = frozenset((Found.CODE, Found.FORMER_CODE, Found.DISTRICT, Found.EXACT))
_SEARCH = "chercher"


class _SearchUnlessTold(TyperGroup):
    """``coopdec territoires vienne`` is ``coopdec territoires chercher vienne``."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *self.get_help_option_names(ctx)):
            args = [_SEARCH, *args]
        return super().parse_args(ctx, args)


territories_app = typer.Typer(
    cls=_SearchUnlessTold,
    help="Les communes et les groupements : « coopdec territoires RECHERCHE » les trouve.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
territories_app.command("importer")(import_command)


@territories_app.command(_SEARCH)
def search_command(
    recherche: Annotated[
        str, typer.Argument(help="Un nom, des mots du nom, un code INSEE ou postal, un SIREN.")
    ],
    limite: Annotated[
        int, typer.Option("--limite", help="Réponses au plus.", min=1, max=MAX_LIMIT)
    ] = 10,
    json: Annotated[bool, typer.Option("--json", help="Les faits à écrire, en JSON.")] = False,
) -> None:
    """Trouve une commune ou un groupement, et montre les compétences d'un groupement."""
    try:
        directory = load_directory()
        matches = directory.search(recherche, limite)
        beyond = directory.beyond(recherche)
        if beyond and not json:
            out.print(Text(beyond), soft_wrap=True)
        if not matches:
            if beyond and not json:
                return
            fail(_nothing(directory, recherche), BAD_INPUT)
        if json:
            _write(directory, matches)
            return
        for place, match in enumerate(matches):
            _show(match)
            if not place and (len(matches) == 1 or match.found in _SURE):
                _describe(directory, match)
    except DirectoryError as error:
        fail(str(error))
    out.print(Text(_notice(directory, matches), style="dim"), soft_wrap=True)


def _notice(directory: Directory, matches: list[Match]) -> str:
    """Where what is shown comes from."""
    return " ".join(dict.fromkeys(directory.notice_of(m.territory) for m in matches))


def _write(directory: Directory, matches: list[Match]) -> None:
    listed = [
        {
            "libelle": m.territory.label,
            "precision": m.note or None,
            "remarques": m.territory.remarks,
            "competences": competences_document(directory.competences(m.territory)),
            **m.territory.as_scenario(),
        }
        for m in matches
    ]
    body: dict[str, Any] = {
        "millesime": directory.vintage, "mention": _notice(directory, matches),
        "territoires": listed,
    }  # fmt: skip
    write_json(to_json(body))


def _describe(directory: Directory, match: Match) -> None:
    """What to know of the territory found, and what the national base says that it exercises."""
    for remark in match.territory.remarks:
        out.print(Text(f"  À savoir : {remark}"), soft_wrap=True)
    if len(match.territory.code) == 9:
        _competences(directory.competences(match.territory))


def _competences(found: Competences) -> None:
    if found.unknown:
        out.print(Text(f"  Compétences : {found.unknown}"), soft_wrap=True)
        return
    out.print(Text(f"  Compétences citées (nomenclature de {found.nomenclature}) :"))
    for cited in found.cited:
        named = ", ".join(
            f"{extent.domain} ({'tout' if extent.whole else 'partie'})"
            for extent in cited.competence.extents
        )
        line = f"    {cited.competence.code} {cited.competence.label} : {named or 'aucun domaine'}"
        reserve = f". Ne prouve rien : {cited.reservation}" if cited.reservation else ""
        out.print(Text(line + reserve), soft_wrap=True)
    out.print(Text(found.notice, style="dim"), soft_wrap=True)


def _show(match: Match) -> None:
    territory = match.territory
    line = Text()
    line.append(territory.label, "bold")
    inhabitants = f"{territory.population:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    people = f", {inhabitants} habitants" if territory.peopled else ""
    line.append(f" — {territory.nature_label}{people}, code {territory.code}{_grouping(territory)}")
    out.print(line, soft_wrap=True)
    if match.note:
        out.print(Text(f"  {match.note}"), soft_wrap=True)


def _grouping(territory: Territory) -> str:
    if territory.members:
        return f", {len(territory.members)} communes"
    groups = [g for g in (territory.grouping, territory.second) if g is not None]
    return "".join(f" ; {group.name} ({group.code})" for group in groups)


def _nothing(directory: Directory, query: str) -> str:
    if digits(plain_code(query)):
        return str(directory.unknown_code(query)).removeprefix("/ : ")
    return (
        f"Aucune commune, aucun groupement connu en {directory.vintage} ne porte ce nom. Un "
        "groupement a pu changer de nom : chercher l'une de ses communes. Une commune disparue qui "
        "n'est pas devenue déléguée ou associée se trouve par son ancien code INSEE."
    )
