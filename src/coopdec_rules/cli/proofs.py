"""``coopdec recueil prouver``: the proofs of the rulebook, told to a person or as JSON."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from coopdec_rules.advice.documents import to_json
from coopdec_rules.cli.common import BAD_INPUT, DONE, FAILED, err, fail, out, rulebook, write_json
from coopdec_rules.reasoning.proofs.faults import TITLES, Fault
from coopdec_rules.reasoning.proofs.run import Proofs, prove
from coopdec_rules.rulebook.rulebook import Rulebook


def prove_command(
    dossier: Annotated[Path | None, typer.Argument(help="Dossier du recueil.")] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="AAAA-MM-JJ ; par défaut, toutes les dates.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Le résultat en JSON.")] = False,
    proprietes_seules: Annotated[
        bool, typer.Option("--proprietes-seules", help="Ne prouve que les propriétés déclarées.")
    ] = False,
    tout: Annotated[
        bool, typer.Option("--tout", help="Montre aussi les conditions sans effet (information).")
    ] = False,
) -> None:
    """Prouve le recueil sur tous les scénarios possibles, à toutes les dates."""
    if dossier is not None and not dossier.is_dir():
        fail(f"Le dossier « {dossier} » n'existe pas.")
    try:
        day = dt.date.fromisoformat(date) if date else None
    except ValueError:
        fail(f"« {date} » n'est pas une date AAAA-MM-JJ.")
    book = rulebook(dossier, BAD_INPUT)
    limits = book.facts["date"]
    for limit, outside in ((limits.minimum, "avant"), (limits.maximum, "après")):
        if day is not None and isinstance(limit, dt.date):
            beyond = day < limit if outside == "avant" else day > limit
            if beyond:
                fail(f"« {date} » est {outside} le {limit.isoformat()}, limite du recueil.")

    def told(done: int, total: int) -> None:
        if err.is_terminal:
            err.print(f"{done} moments sur {total}", end="\r", highlight=False)

    found = prove(book, day, properties_only=proprietes_seules, told=told)
    if json:
        write_json(to_json(_written(book, found)))
    else:
        _show(book, found, tout, proprietes_seules)
    raise typer.Exit(DONE if found.holds else FAILED)


def _show(book: Rulebook, found: Proofs, everything: bool, only: bool) -> None:
    serious = [fault for fault in found.faults if fault.serious]
    remarks = [fault for fault in found.faults if not fault.serious]
    for fault in [*serious, *(remarks if everything else [])]:
        _show_fault(fault)
    moments = "une date" if found.moments == 1 else f"{found.moments} moments"
    properties = len(book.properties)
    claims = "" if only else "chaque conclusion a une valeur et une seule, "
    if not serious:
        out.print(
            f"Prouvé sur tous les scénarios possibles, à {moments} : {claims}"
            f"{properties} propriétés déclarées tiennent.",
            soft_wrap=True,
        )
    else:
        count = len(serious)
        out.print(
            f"{count} défaut{'s' if count > 1 else ''} trouvé{'s' if count > 1 else ''} "
            f"({moments}).",
            style="bold red",
        )
    if remarks and not everything:
        out.print(
            f"{len(remarks)} conditions pourraient être ôtées sans rien changer à leur règle "
            "(--tout les montre).",
            style="dim",
            soft_wrap=True,
        )


def _show_fault(fault: Fault) -> None:
    style = "red" if fault.serious else "yellow"
    out.print(
        f"✗ {TITLES[fault.kind]} : {fault.subject}", style=style, markup=False, soft_wrap=True
    )
    out.print(f"    {fault.message}", markup=False, soft_wrap=True)
    days = " ; ".join(f"du {a.isoformat()} au {b.isoformat()}" for a, b in fault.periods)
    out.print(f"    Dates : {days}", markup=False, soft_wrap=True)
    for clause in fault.clauses:
        rule = clause.rule
        part = f" ({clause.part})" if clause.part else ""
        out.print(
            f"    règle {rule.id}{part}, {rule.file}:{rule.line} — {rule.main_source}",
            markup=False,
            soft_wrap=True,
        )
    if fault.witness is not None:
        out.print("    Scénario témoin :", markup=False)
        for line in _yaml(fault.witness).splitlines():
            out.print(f"      {line}", markup=False, soft_wrap=True)
    out.print()


def _yaml(document: object) -> str:
    return str(yaml.safe_dump(document, allow_unicode=True, sort_keys=False))


def _written(book: Rulebook, found: Proofs) -> dict[str, Any]:
    return {
        "recueil": {"version": book.version, "empreinte": book.fingerprint},
        "moments": found.moments,
        "proprietes": len(book.properties),
        "prouve": found.holds,
        "defauts": [
            {
                "genre": fault.kind,
                "titre": TITLES[fault.kind],
                "grave": fault.serious,
                "objet": fault.subject,
                "message": fault.message,
                "periodes": [{"du": a.isoformat(), "au": b.isoformat()} for a, b in fault.periods],
                "regles": [
                    {
                        "regle": clause.rule.id,
                        "role": clause.part,
                        "fichier": clause.rule.file,
                        "ligne": clause.rule.line,
                        "source": str(clause.rule.main_source),
                    }
                    for clause in fault.clauses
                ],
                "scenario": fault.witness,
            }
            for fault in found.faults
        ],
    }
