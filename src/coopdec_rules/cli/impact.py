"""``coopdec recueil comparer``: what a change of the rulebook changes, and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.today import today
from coopdec_rules.cli.common import DONE, FAILED, err, fail, out, rulebook, write_file, write_json
from coopdec_rules.cli.revisions import RevisionError, folder_of
from coopdec_rules.errors import EngineError, RulebookError
from coopdec_rules.reasoning.impact.impact import compare
from coopdec_rules.rulebook.location import cases_folder, rules_folder
from coopdec_rules.workshop.cases import Case, load_cases
from coopdec_rules.workshop.impact_report import COMPARED, answers_change, impact_report
from coopdec_rules.workshop.impact_text import Line, markdown, report_lines


def compare_command(
    ancien: Annotated[str, typer.Argument(help="Dossier ou révision git du recueil d'avant.")],
    nouveau: Annotated[
        str | None, typer.Argument(help="Celui d'après ; par défaut, le recueil de travail.")
    ] = None,
    markdown_: Annotated[
        Path | None, typer.Option("--markdown", help="Écrit le rapport dans ce fichier.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Le rapport en JSON.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Code 1 si une réponse change.")] = False,
    cas: Annotated[
        Path | None, typer.Option("--cas", help="Dossier des cas rejoués ; ceux du projet.")
    ] = None,
) -> None:
    """Compare deux recueils : les réponses qui changent, pour qui, et les cas qui basculent."""
    cases = _cases(cas)
    with ExitStack() as stack:
        try:
            before = stack.enter_context(folder_of(ancien))
            after = stack.enter_context(folder_of(nouveau)) if nouveau else rules_folder()
        except RevisionError as error:
            fail(str(error))
        names = (ancien, nouveau or str(rules_folder()))
        books = []
        for name, folder in zip(names, (before, after), strict=True):
            try:
                books.append(rulebook(folder))
            except typer.Exit:
                err.print(
                    f"C'est le recueil « {name} ».", style="red", markup=False, soft_wrap=True
                )
                raise
    try:
        report = impact_report(compare(books[0], books[1], COMPARED), names, cases, today())
    except EngineError as error:
        fail(str(error))
    if markdown_ is not None:
        write(markdown_, markdown(report_lines(report)))
    if json:
        write_json(to_json(report))
    else:
        show(report_lines(report))
    raise typer.Exit(FAILED if strict and answers_change(report) else DONE)


def write(path: Path, text: str) -> None:
    """Write a report; leave with code 2 when it cannot be."""
    write_file(path, text.encode())


def show(lines: Iterable[Line]) -> None:
    """Print a report on the terminal."""
    for line in lines:
        match line.kind:
            case "titre":
                out.print(Text(f"\n{line.text}"), style="bold", soft_wrap=True)
            case "point":
                out.print(Text(f"  • {line.text}"), soft_wrap=True)
            case "sous_point":
                out.print(Text(f"      - {line.text}"), soft_wrap=True)
            case "scenario":
                for text in line.text.splitlines():
                    out.print(Text(f"        {text}"), style="dim", soft_wrap=True)
            case "texte":
                out.print(Text(f"  {line.text}"), soft_wrap=True)


def _cases(folder: Path | None) -> list[Case]:
    path = folder or cases_folder()
    if not path.exists():
        if folder is not None:
            fail(f"« {path} » n'existe pas.")
        return []
    try:
        return load_cases(path)
    except RulebookError as error:
        for diagnostic in error.diagnostics:
            err.print(str(diagnostic), style="red", markup=False, soft_wrap=True)
        fail("Les cas d'étude ne sont pas lisibles.")
