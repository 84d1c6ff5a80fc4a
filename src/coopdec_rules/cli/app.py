"""The ``coopdec`` commands."""

from __future__ import annotations

import datetime as dt
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text
from typer._click import exceptions  # typer vendors click and does not re-export its errors

from coopdec_rules import __version__
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import parse_yaml, scenario_of, to_json
from coopdec_rules.advice.scenario import pointer_of
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.cli.assistants import mcp_command
from coopdec_rules.cli.batch import batch_command
from coopdec_rules.cli.common import (
    BAD_INPUT,
    DONE,
    FAILED,
    advisor,
    err,
    fail,
    finish_output,
    lost_output,
    out,
    prepare_output,
    read_input,
    rulebook,
    scenario_errors,
    write_file,
    write_json,
)
from coopdec_rules.cli.documents import documents_command, documents_of
from coopdec_rules.cli.editing import follow, format_command, schema_command
from coopdec_rules.cli.impact import compare_command
from coopdec_rules.cli.interview import document_text, interview
from coopdec_rules.cli.journal import journal_command
from coopdec_rules.cli.keys import key_command
from coopdec_rules.cli.panorama import panorama_app
from coopdec_rules.cli.placing import placed
from coopdec_rules.cli.proofs import prove_command
from coopdec_rules.cli.replay import past_advisor, recu_app, signed
from coopdec_rules.cli.reviews import review_command, reviews_command
from coopdec_rules.cli.serve import serve_command
from coopdec_rules.cli.show import show_avis
from coopdec_rules.cli.situations import (
    situation_interview,
    situation_named,
    situations_command,
)
from coopdec_rules.cli.territories import territories_app
from coopdec_rules.errors import RulebookError, suggest
from coopdec_rules.replay.receipt import receipt, written
from coopdec_rules.rulebook.location import cases_folder, rules_folder
from coopdec_rules.workshop.cases import load_cases, run_cases
from coopdec_rules.workshop.coverage import coverage

app = typer.Typer(
    help="Avis juridiques sur la coopération décentralisée des communes et de leurs groupements.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
recueil = typer.Typer(help="Le recueil de règles.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(recueil, name="recueil")
app.add_typer(panorama_app, name="panorama")
app.add_typer(recu_app, name="recu")
app.add_typer(territories_app, name="territoires")
app.command("servir")(serve_command)
app.command("cle")(key_command)
app.command("lot")(batch_command)
app.command("documents")(documents_command)
app.command("situations")(situations_command)
app.command("mcp")(mcp_command)
recueil.command("relire")(review_command)
recueil.command("relectures")(reviews_command)
recueil.command("comparer")(compare_command)
recueil.command("journal")(journal_command)
recueil.command("formater")(format_command)
recueil.command("schema")(schema_command)
recueil.command("prouver")(prove_command)


def _version(asked: bool) -> None:
    if asked:
        out.print(f"coopdec {__version__}")
        raise typer.Exit(DONE)


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="La version.")
    ] = False,
) -> None:
    pass


@app.command("avis")
def avis_command(
    fichier: Annotated[
        str | None, typer.Argument(help="Scénario ou cas, YAML ou JSON ; « - » : entrée.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="L'avis en JSON.")] = False,
    complet: Annotated[
        bool, typer.Option("--complet", help="Montre aussi les règles non remplies (JSON).")
    ] = False,
    interroger: Annotated[
        bool,
        typer.Option(
            "--interroger",
            help="Pose les questions utiles, la meilleure d'abord, puis rend l'avis.",
        ),
    ] = False,
    enregistrer: Annotated[
        Path | None,
        typer.Option(help="Avec --interroger : écrit le scénario ainsi rempli dans ce fichier."),
    ] = None,
    sans_raisonnement: Annotated[
        bool,
        typer.Option("--sans-raisonnement", help="Sans examiner toutes les suites possibles."),
    ] = False,
    lieu: Annotated[
        str | None,
        typer.Option(help="Remplit l'acteur : nom ou code d'une commune, d'un groupement."),
    ] = None,
    situation: Annotated[
        str | None,
        typer.Option(help="Part d'une situation de la page d'accueil (coopdec situations)."),
    ] = None,
    recueil: Annotated[
        str | None,
        typer.Option(help="Avec un recueil d'avant : version publiée, dossier ou révision git."),
    ] = None,
    recu: Annotated[
        Path | None,
        typer.Option(help="Écrit aussi le reçu de l'avis dans ce fichier (coopdec recu verifier)."),
    ] = None,
) -> None:
    """Rend un avis sur un scénario."""
    if fichier is None and not interroger and lieu is None:
        fail("Il manque : fichier (ou --interroger pour répondre aux questions).")
    if situation is not None and (fichier is not None or not interroger):
        fail("--situation va avec --interroger, et sans fichier : elle écrit le scénario.")
    if enregistrer is not None and not interroger:
        fail("--enregistrer va avec --interroger.")
    if interroger and fichier == "-":
        fail("--interroger lit les réponses sur l'entrée : donner le scénario dans un fichier.")
    document: object = {}
    if fichier:
        with scenario_errors(_named(fichier)):
            document = scenario_of(parse_yaml(read_input(fichier)))
    with _adviser(recueil) as adviser, scenario_errors(_named(fichier)):
        chosen = None
        if situation is not None:
            chosen = situation_named(adviser.rulebook, situation)
            document = chosen.scenario(adviser.rulebook.facts)
        if lieu is not None and isinstance(document, dict):
            document = placed(document, lieu, paris_today())
        if interroger:
            if not isinstance(document, dict):
                fail(f"{fichier} : un scénario est un bloc de clés (date, acteur, action…).")
            today = paris_today()
            if chosen is None:
                document = interview(out, adviser, document, today)
            else:
                document = situation_interview(out, adviser, chosen, document, today)
            if enregistrer is not None:
                write_file(enregistrer, document_text(document).encode())
                out.print(f"Scénario écrit dans {enregistrer}.", markup=False)
        advice = adviser.advise(document, complete=complet, reasoning=not sans_raisonnement)
        if recu is not None:
            made = receipt(adviser, document, advice, not sans_raisonnement)
            write_file(recu, written(signed(made)))
        if json:
            write_json(to_json(advice.avis))
        else:
            show_avis(out, advice.avis, adviser.rulebook)


def _adviser(rulebook_name: str | None) -> AbstractContextManager[Advisor]:
    """An advisor on the rulebook of today, or on an older one."""
    return advisor() if rulebook_name is None else past_advisor(rulebook_name)


def _named(file: str | None) -> str:
    """How a scenario is called when it has mistakes."""
    return {None: "entretien", "-": "entrée"}.get(file, str(file))


@app.command("cas")
def cases_command(
    chemin: Annotated[
        Path | None, typer.Argument(help="Fichier ou dossier de cas ; par défaut, ceux du projet.")
    ] = None,
    couverture: Annotated[
        bool, typer.Option("--couverture", help="Montre ce que les cas exercent du recueil.")
    ] = False,
) -> None:
    """Rejoue les cas d'étude et compare leurs avis à ce qui est attendu."""
    path = chemin or cases_folder()
    if not path.exists():
        fail(f"« {path} » n'existe pas.")
    try:
        cases = load_cases(path)
    except RulebookError as error:
        for diagnostic in error.diagnostics:
            err.print(str(diagnostic), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(BAD_INPUT) from None
    with advisor() as adviser:
        outcomes = run_cases(adviser, cases)
        for outcome in outcomes:
            if not outcome.passed:
                out.print(f"✗ {outcome.case.id} ({outcome.case.file})", style="red", markup=False)
                for failure in outcome.failures:
                    out.print(f"    {failure}", markup=False, soft_wrap=True)
        if couverture:
            found = coverage(adviser.rulebook, outcomes)
            never = sorted(n for n, use in found.rules.items() if not use.decisive)
            absent = sorted(n for n, covered in found.norms.items() if not covered)
            if never:
                out.print(f"règles jamais décisives : {', '.join(never)}", markup=False)
            if absent:
                out.print(f"normes sans cas : {', '.join(absent)}", markup=False)
            for name, (done, total) in (
                ("lignes de tables", found.rows_count),
                ("normes", found.norms_count),
                ("règles", found.rules_count),
            ):
                out.print(f"{name} : {done}/{total}")
    failed = sum(1 for outcome in outcomes if not outcome.passed)
    out.print(f"{len(outcomes) - failed} passed, {failed} failed")
    raise typer.Exit(FAILED if failed else DONE)


@recueil.command("verifier")
def check_command(
    dossier: Annotated[Path | None, typer.Argument(help="Dossier du recueil.")] = None,
    suivre: Annotated[
        bool, typer.Option("--suivre", help="Vérifie de nouveau à chaque enregistrement.")
    ] = False,
    sans_avis: Annotated[
        bool,
        typer.Option(
            "--sans-avis",
            help="Sans vérifier ce que l'avis demande : un recueil fait pour être lu.",
        ),
    ] = False,
) -> None:
    """Vérifie le recueil : chaque erreur avec son fichier et sa ligne."""
    folder = dossier or rules_folder()
    if not folder.is_dir():
        fail(f"Le dossier « {folder} » n'existe pas.")
    if suivre:
        follow(folder, not sans_avis)
        raise typer.Exit(DONE)
    book = rulebook(folder, FAILED, not sans_avis, situations=not sans_avis)
    rows = sum(1 for rule in book.rules if rule.table)
    out.print(
        f"Recueil lisible : {len(book.rules) - rows} règles et {rows} lignes de tables, "
        f"{len(book.facts)} faits, {len(book.conclusions)} conclusions, "
        f"{len(book.situations)} situations, "
        f"{len(book.boundaries) + 1} états du droit.",
        soft_wrap=True,
    )
    documents = documents_of(book, FAILED)
    if documents is not None:
        out.print(
            f"Documents : {len(documents.library.models)} modèles, "
            f"{len(documents.steps.steps)} étapes, {len(documents.bodies.contacts)} contacts ; "
            f"empreinte {documents.fingerprint[:12]}.",
            soft_wrap=True,
        )
    out.print(f"Version {book.version}, empreinte {book.fingerprint[:12]}.")


@recueil.command("droit")
def law_command(
    date: Annotated[
        str | None, typer.Option("--date", help="AAAA-MM-JJ ; par défaut, aujourd'hui.")
    ] = None,
    tables: Annotated[bool, typer.Option("--tables", help="Montre aussi les tables.")] = False,
) -> None:
    """Les règles en vigueur un jour donné, par texte et par thème."""
    try:
        day = dt.date.fromisoformat(date) if date else paris_today()
    except ValueError:
        fail(f"« {date} » n'est pas une date AAAA-MM-JJ.")
    state = rulebook().at(day)
    out.print(f"Droit au {day.isoformat()} : {len(state.rules)} règles.", style="bold")
    place = ("", "")
    for rule in state.rules:
        if rule.table and not tables:
            continue
        here = (rule.file, rule.theme)
        if here != place:
            out.print(f"\n{rule.file} — {rule.theme}", style="bold", markup=False)
            place = here
        out.print(f"  {rule.id} ({rule.rank}, {rule.period})", markup=False, soft_wrap=True)
        out.print(f"      {rule.explanation}", style="dim", markup=False, soft_wrap=True)


@app.command("faits")
def facts_command(
    json: Annotated[bool, typer.Option("--json", help="La liste en JSON.")] = False,
) -> None:
    """Les faits qu'un scénario peut donner."""
    book = rulebook()
    facts = sorted(book.facts.values(), key=lambda f: (f.group.order, f.line))
    if json:
        listed = [
            {
                "fait": fact.id,
                "pointeur": pointer_of(fact, 0 if fact.scope else None),
                "type": fact.type,
                "libelle": fact.label,
                "question": fact.question,
                "valeurs": dict(fact.values),
                "presume": fact.presumed,
                "obligatoire": fact.required,
            }
            for fact in facts
        ]
        write_json(to_json(listed))
        return
    group = None
    for fact in facts:
        if fact.group is not group:
            group = fact.group
            out.print(f"\n{group.title}", style="bold", markup=False)
        table = Table.grid(padding=(0, 2))
        table.add_column(min_width=44, no_wrap=True)
        table.add_column()
        values = ", ".join(fact.values) if fact.values else fact.type
        presumed = f" ; présumé : {fact.said(fact.presumed)}" if fact.presumed is not None else ""
        required = " ; obligatoire" if fact.required else ""
        pointer = pointer_of(fact, 0 if fact.scope else None)
        table.add_row(Text(f"  {pointer}"), Text(f"{fact.question} ({values}{presumed}{required})"))
        out.print(table)


def main() -> None:
    """Entry point of ``coopdec``: usage mistakes are told in French, with exit code 2.

    So is an output that cannot be written; a pipe that its reader closed ends the command quietly.
    """
    prepare_output()
    try:
        code = _run()
        finish_output()
    except OSError as error:
        code = lost_output(error)
    sys.exit(code)


def _run() -> int:
    try:
        code = app(standalone_mode=False)
    except exceptions.UsageError as error:
        err.print(_usage(error), style="red", markup=False)
        if error.ctx is not None:
            err.print(f"Aide : {error.ctx.command_path} --help", markup=False)
        return BAD_INPUT
    except typer.Abort:
        return 130
    return code if isinstance(code, int) else DONE


def _usage(error: exceptions.UsageError) -> str:
    match error:
        case exceptions.NoSuchOption(option_name=name):
            known = [opt for p in error.ctx.command.params for opt in p.opts] if error.ctx else []
            return f"L'option « {name} » n'existe pas.{_hint(suggest(name, known))}"
        case exceptions.MissingParameter(param=param):
            return f"Il manque : {_name(param)}."
        case exceptions.BadParameter(param=param):
            return f"La valeur donnée pour « {_name(param)} » n'est pas possible."
        case _:
            known = list(getattr(error.ctx.command, "commands", {})) if error.ctx else []
            words = [word for word in sys.argv[1:] if word not in known and word[0] != "-"]
            near = suggest(words[0], known) if words else None
            commands = f" Commandes : {', '.join(known)}." if known else ""
            return f"La commande est mal écrite.{_hint(near)}{commands}"


def _hint(near: str | None) -> str:
    return f" Vouliez-vous dire « {near} » ?" if near else ""


def _name(param: Any) -> str:
    return str(param.name) if param is not None else "un argument"
