"""``coopdec lot``: a table of scenarios answered, row by row."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.batch.choices import CHOICES, ChoiceError, chosen
from coopdec_rules.batch.columns import HeadingsError, Vocabulary
from coopdec_rules.cli.common import advisor, err, fail, out, rulebook
from coopdec_rules.cli.nation import national_request, show_nation

if TYPE_CHECKING:
    from coopdec_rules.advice.advisor import Advisor
    from coopdec_rules.batch.running import Request

#: Shell code of a program stopped by Ctrl+C.
_STOPPED = 130


def batch_command(
    entree: Annotated[
        Path | None,
        typer.Argument(help="Table : CSV, Excel (.xlsx), Parquet, JSON Lines (.jsonl)."),
    ] = None,
    sortie: Annotated[
        Path | None, typer.Option("-o", "--sortie", help="Où écrire ; ENTREE-avis par défaut.")
    ] = None,
    rejets: Annotated[
        Path | None,
        typer.Option("--rejets", help="Lignes écartées et pourquoi ; SORTIE-rejets par défaut."),
    ] = None,
    colonnes: Annotated[
        str | None,
        typer.Option("--colonnes", help=f"Réponses voulues parmi {', '.join(CHOICES)}."),
    ] = None,
    garder: Annotated[
        str, typer.Option("--garder", help="Colonnes recopiées sans être lues (virgules).")
    ] = "",
    correspondance: Annotated[
        Path | None,
        typer.Option(help="CSV à deux colonnes : nom dans la table, nom du fait."),
    ] = None,
    feuille: Annotated[str | None, typer.Option(help="Feuille du classeur Excel.")] = None,
    libelles: Annotated[
        bool, typer.Option("--libelles", help="Écrit les réponses en mots, non en codes.")
    ] = False,
    sans_raisonnement: Annotated[
        bool,
        typer.Option("--sans-raisonnement", help="Sans examiner toutes les suites possibles."),
    ] = False,
    reprendre: Annotated[
        bool, typer.Option("--reprendre", help="Continue un travail interrompu.")
    ] = False,
    faits: Annotated[
        bool, typer.Option("--faits", help="Montre les noms de colonnes possibles, puis s'arrête.")
    ] = False,
    national: Annotated[
        bool,
        typer.Option(
            "--national", help="Chaque commune et chaque communauté × les actions types du recueil."
        ),
    ] = False,
    date: Annotated[
        str | None,
        typer.Option("--date", help="Avec --national, AAAA-MM-JJ ; par défaut, aujourd'hui."),
    ] = None,
) -> None:
    """Répond à toute une table de scénarios, une ligne chacun."""
    if faits:
        _show_facts()
        return
    if national:
        if entree is not None:
            fail("--national fait sa propre table : ne pas donner d'entrée.")
        _national(sortie, _day(date))
        return
    if date is not None:
        fail("--date va avec --national ; une table a sa colonne « date ».")
    if entree is None:
        fail("Il manque : entree, la table des scénarios (ou --faits).")
    if not entree.is_file():
        fail(f"« {entree} » n'existe pas.")
    # What reads and writes tables takes a while to load: only this command waits for it.
    from coopdec_rules.batch.files import FileProblem
    from coopdec_rules.batch.running import Request

    target = sortie or entree.with_name(f"{entree.stem}-avis{entree.suffix}")
    try:
        request = Request(
            entree,
            target,
            rejets or target.with_name(f"{target.stem}-rejets{target.suffix}"),
            sheet=feuille,
            choices=chosen(colonnes),
            kept=[name.strip() for name in garder.split(",") if name.strip()],
            renamed={} if correspondance is None else _renamed(correspondance),
            words=libelles,
            reasoning=not sans_raisonnement,
            day=paris_today(),
        )
        _run(request, reprendre)
    except (FileProblem, ChoiceError) as error:
        fail(str(error))
    except HeadingsError as error:
        for problem in error.problems:
            err.print(problem, style="red", markup=False, soft_wrap=True)
        fail(
            f"« {entree.name} » : {len(error.problems)} colonne(s) à corriger. Les noms possibles "
            "sont donnés par « coopdec lot --faits » ; --garder recopie une colonne sans la lire."
        )


def _national(target: Path | None, day: dt.date) -> None:
    with advisor() as adviser:
        request = national_request(adviser.rulebook, target, day)
        _answered(adviser, request, False)
        show_nation(adviser.rulebook, request.target)


def _day(text: str | None) -> dt.date:
    if text is None:
        return paris_today()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        fail(f"« {text} » : une date s'écrit AAAA-MM-JJ.")


def _run(request: Request, resume: bool) -> None:
    with advisor() as adviser:
        _answered(adviser, request, resume)


def _answered(adviser: Advisor, request: Request, resume: bool) -> None:
    from coopdec_rules.batch.running import BatchAdvisor

    with _progress() as progress:
        task = progress.add_task("Scénarios", total=None)

        def told(done: int, of: int | None) -> None:
            progress.update(task, completed=done, total=of)

        try:
            summary = BatchAdvisor(adviser).run(request, resume, told)
        except KeyboardInterrupt:
            progress.stop()
            err.print("Interrompu. Ce qui est fait est gardé : --reprendre continue.", markup=False)
            raise typer.Exit(_STOPPED) from None
        lines = list(summary.lines(adviser.rulebook))
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)
    out.print(f"Réponses : {request.target}", markup=False, soft_wrap=True)
    if summary.refused:
        out.print(f"Lignes écartées : {request.rejects}", markup=False, soft_wrap=True)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


def _renamed(path: Path) -> dict[str, str]:
    """The columns of a table, each with the name of its fact."""
    from coopdec_rules.batch.files import FileProblem

    found = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            for line, row in enumerate(csv.reader(file, delimiter=";" if ";" in first else ","), 1):
                if not any(row):
                    continue
                if len(row) != 2 or not all(cell.strip() for cell in row):
                    raise FileProblem(
                        f"« {path.name} », ligne {line} : deux cellules sont attendues, le nom de "
                        "la colonne et celui du fait."
                    )
                found[row[0].strip()] = row[1].strip()
    except OSError as error:
        raise FileProblem(f"« {path} » ne s'ouvre pas : {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise FileProblem(f"« {path.name} » n'est pas du texte UTF-8.") from None
    return found


def _show_facts() -> None:
    book = rulebook()
    vocabulary = Vocabulary(book)
    for fact in book.facts.values():
        values = ", ".join(fact.values)
        line = f"{vocabulary.name(fact)} : {fact.label}" + (f" ({values})" if values else "")
        out.print(line, markup=False, soft_wrap=True)
