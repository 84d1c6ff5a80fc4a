"""``coopdec panorama``: the data of the study and the survey, recounted beside what they print."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from coopdec_rules.cli.common import BAD_INPUT, DONE, FAILED, advisor, err, fail, out
from coopdec_rules.errors import RulebookError
from coopdec_rules.panorama.checks import Check, Gap, Report, verify
from coopdec_rules.panorama.data import FOLDER, Panorama, load_panorama
from coopdec_rules.rulebook.location import cases_folder
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.workshop.agreement import Agreement, agreement
from coopdec_rules.workshop.cases import load_cases

panorama_app = typer.Typer(
    help="Le panorama : ce que font les communautés et les villes de 2005-2006.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_SUPPORT = {
    "texte": "le texte le montre",
    "hypothese": "hypothèse",
    "aucun": "le texte ne l'explique pas",
}


@panorama_app.callback()
def _group() -> None:
    pass


@panorama_app.command("verifier")
def verify_command(
    dossier: Annotated[
        Path | None, typer.Argument(help="Dossier des tables ; par défaut, celles du projet.")
    ] = None,
    ecarts: Annotated[
        bool, typer.Option("--ecarts", help="Ne montre que les chiffres qui diffèrent.")
    ] = False,
) -> None:
    """Recompte chaque tableau des documents, et compare les paliers publiés à ceux des règles."""
    folder = dossier or cases_folder() / FOLDER
    if not folder.is_dir():
        fail(f"Le dossier « {folder} » n'existe pas.")
    with advisor() as adviser:
        panorama = _panorama(folder, adviser.rulebook)
        report = verify(panorama)
        try:
            measured = agreement(adviser, load_cases(cases_folder()), panorama)
        except RulebookError as error:
            _tell(str(diagnostic) for diagnostic in error.diagnostics)
            raise typer.Exit(BAD_INPUT) from None
    rows = sum(len(table.rows) for table in panorama.tables.values())
    out.print(f"{len(panorama.tables)} tables, {rows} lignes lues dans {folder}.", markup=False)
    for section, checks in groupby(report.checks, key=lambda check: check.section):
        _section(section, list(checks), report, ecarts)
    _textual(report.textual)
    _agreement(measured, adviser.rulebook)
    faults = (*report.faults, *measured.faults)
    different = sum(not check.equal for check in report.checks)
    out.print(
        f"\n{len(report.checks)} chiffres recomptés : {len(report.checks) - different} égaux, "
        f"{different} écarts expliqués ou dits ; {len(report.textual)} contradictions sans chiffre."
        if not faults
        else f"\n{len(faults)} défauts.",
        style="bold",
        soft_wrap=True,
    )
    _tell(faults)
    raise typer.Exit(FAILED if faults else DONE)


def _panorama(folder: Path, book: Rulebook) -> Panorama:
    try:
        return load_panorama(folder, book)
    except RulebookError as error:
        _tell(str(diagnostic) for diagnostic in error.diagnostics)
        fail(f"Les tables ne sont pas lisibles : {len(error.diagnostics)} erreurs.", FAILED)


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        err.print(line, style="red", markup=False, soft_wrap=True)


def _section(title: str, checks: list[Check], report: Report, only_gaps: bool) -> None:
    shown = [check for check in checks if not (only_gaps and check.equal)]
    if not shown:
        return
    out.print(f"\n{title}", style="bold", markup=False)
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("")
    for name in ("imprimé", "recompté"):
        table.add_column(name, justify="right")
    table.add_column("")
    for check in shown:
        verdict = "=" if check.equal else f"écart {check.counted - check.printed:+d}"
        table.add_row(
            Text(check.label),
            str(check.printed),
            str(check.counted),
            Text(verdict, style="" if check.equal else "yellow"),
        )
    out.print(table)
    told: set[str] = set()
    for check in shown:
        gap = report.gaps.get(check.id)
        if gap is not None:
            _gap(gap, gap.explanation in told)
            told.add(gap.explanation)


def _gap(gap: Gap, already: bool) -> None:
    out.print(f"  ≠ {gap.finding}", style="yellow", markup=False, soft_wrap=True)
    why = "même explication que ci-dessus" if already else gap.explanation
    out.print(
        f"    {_SUPPORT[gap.support]} : {why} ({gap.passage})", style="dim", markup=False,
        soft_wrap=True,
    )  # fmt: skip


def _textual(gaps: Iterable[Gap]) -> None:
    out.print("\nContradictions sans chiffre", style="bold")
    for gap in gaps:
        _gap(gap, False)


def _agreement(measured: Agreement, book: Rulebook) -> None:
    labels = book.conclusions["palier.actuel"].values
    cases = measured.cases
    agreed = sum(one.agrees for one in cases)
    out.print("\nPaliers publiés et règles", style="bold")
    out.print(
        f"  Cas d'étude : {agreed} sur {len(cases)} donnent le palier publié "
        f"({len(measured.communities)} communautés).",
        soft_wrap=True,
    )
    for one in cases:
        if not one.agrees:
            given = labels.get(one.given or "", "indéterminé")
            published = labels[one.published]
            out.print(
                f"  ≠ {one.case} : {given}, publié « {published} ». {one.note}", style="yellow",
                markup=False, soft_wrap=True,
            )  # fmt: skip
    own = measured.own
    settled = sum(one.given is not None for one in own)
    excluded = sum(one.excluded for one in own)
    out.print(
        f"  Sur les seuls faits propres à chaque communauté ({len(own)}) : le palier est établi "
        f"{settled} fois ; le palier publié reste possible {len(own) - excluded} fois, exclu "
        f"{excluded} fois. Ce sont les phrases dites de tout un groupe (faits_de_groupe.csv) qui "
        "achèvent de décider.",
        soft_wrap=True,
    )
    if measured.without_facts:
        listed = ", ".join(measured.without_facts)
        out.print(f"  Sans fait d'engagement, non comparés : {listed}.", soft_wrap=True)
    out.print(
        f"  Nommées sans que rien n'en soit dit, donc sans cas : {', '.join(measured.untold)}.",
        soft_wrap=True,
    )
