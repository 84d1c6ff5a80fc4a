"""``coopdec recueil journal``: version by version, the rules that changed and the answers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.today import today
from coopdec_rules.cli.common import fail, out, write_json
from coopdec_rules.cli.impact import show, write
from coopdec_rules.cli.revisions import (
    Repository,
    RevisionError,
    checked_out,
    repository,
    versions,
)
from coopdec_rules.errors import CoopdecError
from coopdec_rules.reasoning.impact.impact import compare
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.workshop.impact_report import COMPARED, impact_report
from coopdec_rules.workshop.impact_text import Line, markdown
from coopdec_rules.workshop.journal import first_lines, version_lines

#: What ``--markdown`` may have written when the release was made; read where git is not.
WRITTEN = "JOURNAL.md"
#: Name of what has changed since the last version.
CURRENT = "en cours"
#: One family is enough to show how an answer changes.
_FAMILIES = 1


def journal_command(
    depuis: Annotated[
        str | None, typer.Option("--depuis", help="Première version à montrer (étiquette, numéro).")
    ] = None,
    markdown_: Annotated[
        Path | None, typer.Option("--markdown", help="Écrit le journal dans ce fichier.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Le journal en JSON.")] = False,
) -> None:
    """Version par version, les règles qui ont changé et les réponses avec elles."""
    try:
        found = repository()
        listed = versions(found)
    except RevisionError as error:
        _written(str(error), plain=not json and markdown_ is None)
        return
    if not listed:
        _written(
            f"Le dépôt {found.root} ne garde aucune version de « {found.folder} » (ni étiquette, "
            "ni VERSION enregistré).",
            plain=not json and markdown_ is None,
        )
        return
    first = 0
    if depuis is not None:
        names = [version.name for version in listed]
        if depuis not in names:
            fail(f"La version « {depuis} » n'existe pas ({', '.join(names)}).")
        first = names.index(depuis)
    entries = list(_entries(found, first))
    if json:
        told = [{"version": t, "rapport": r, "illisible": u} for t, _, r, u in entries]
        write_json(to_json(list(reversed(told))))
    lines = [Line("titre", "Journal du recueil", 1)]
    for _, own, _, _ in reversed(entries):
        lines += own
    if markdown_ is not None:
        write(markdown_, markdown(lines))
    if not json:
        show(lines)


Entry = tuple[str, list[Line], dict[str, Any] | None, list[str]]


def _entries(found: Repository, first: int) -> Iterator[Entry]:
    """Versions from the oldest to what is at work, each with its lines and its report."""
    listed = versions(found)
    states: list[tuple[str, str | None]] = [
        (f"{v.name} ({v.date})", v.commit) for v in listed[max(0, first - 1) :]
    ]
    states.append((CURRENT, None))
    before: Rulebook | None = None
    for number, (title, commit) in enumerate(states):
        try:
            book = _load(found, commit)
        except CoopdecError as error:
            reasons = [str(d) for d in getattr(error, "diagnostics", ())] or [str(error)]
            lines = [
                Line("titre", title),
                Line("texte", "Ce recueil ne se lit pas avec le logiciel d'aujourd'hui :"),
                *(Line("point", reason) for reason in reasons[:5]),
            ]
            yield title, lines, None, reasons
            before = None
            continue
        told = number > 0 or first == 0
        if before is None:
            lines = list(first_lines(title, len(book.rules), len(book.facts)))
            if told:
                yield title, lines, None, []
        elif commit is not None or book.fingerprint != before.fingerprint:
            report = _report(before, book)
            yield title, list(version_lines(title, report)), report, []
        before = book


def _load(found: Repository, commit: str | None) -> Rulebook:
    if commit is None:
        return load_rulebook(rules_folder())
    with checked_out(found, commit, commit[:9]) as folder:
        return load_rulebook(folder)


@cache
def _report(old: Rulebook, new: Rulebook) -> dict[str, Any]:
    names = (old.version, new.version)
    return impact_report(compare(old, new, COMPARED, _FAMILIES), names, (), today())


def _written(reason: str, plain: bool) -> None:
    """The journal as it was written down, where git has no history."""
    path = rules_folder() / WRITTEN
    if plain and path.is_file():
        out.print(f"{reason} Voici le journal écrit avec ce recueil ({WRITTEN}).\n", markup=False)
        out.print(path.read_text(encoding="utf-8"), markup=False, soft_wrap=True)
        return
    fail(f"L'historique du recueil n'est pas disponible. {reason}")
