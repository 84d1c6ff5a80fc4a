"""Help for whoever edits the rulebook: checks on save, house style, schema for editors."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from watchfiles import Change, watch

from coopdec_rules.advice.contract import check_contract
from coopdec_rules.advice.situations import check_situations
from coopdec_rules.cli.common import DONE, FAILED, err, fail, out, rulebook, write_json
from coopdec_rules.documents.room import load_documents
from coopdec_rules.errors import RulebookError, suggest
from coopdec_rules.rulebook.block_schema import KINDS, block_schema
from coopdec_rules.rulebook.format import Formatted, format_rulebook
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import is_shipped, rules_folder

#: Milliseconds between two looks at the folder, so that the first check comes at once.
_PAUSE = 250

Changes = Iterable[set[tuple[Change, str]]]


def follow(
    folder: Path,
    answering: bool = True,
    changes: Callable[[Path], Changes] | None = None,
) -> None:
    """Check the rulebook, then again after every save, until Ctrl-C.

    ``answering``: what an avis needs of it is checked too.
    ``changes`` gives sets of changed files, empty ones while nothing happens; by default those of
    the file system.  Its first item comes once it is looking, so that no save is missed.
    """
    out.print(f"Suivi de {folder} ; Ctrl-C pour finir.", markup=False, soft_wrap=True)
    seen = False
    try:
        for changed in (changes or _saved)(folder):
            names = sorted({_name(folder, path) for _, path in changed if _counts(path)})
            if names:
                out.print(f"\nEnregistré : {', '.join(names)}", markup=False, soft_wrap=True)
            if names or not seen:
                _check(folder, answering)
            seen = True
    except KeyboardInterrupt:
        pass
    out.print("Fin du suivi.")


def _saved(folder: Path) -> Changes:
    yield from watch(folder, rust_timeout=_PAUSE, yield_on_timeout=True)


def _counts(path: str) -> bool:
    """Files of the rulebook, not the drafts that editors write beside them."""
    return Path(path).suffix in (".md", ".yaml", ".csv") and not Path(path).name.startswith(".")


def _name(folder: Path, path: str) -> str:
    return os.path.relpath(path, folder.resolve()).replace(os.sep, "/")


def _check(folder: Path, answering: bool) -> None:
    try:
        book = load_rulebook(folder)
        if answering:
            check_contract(book)
            check_situations(book)
        load_documents(book)
    except RulebookError as error:
        for diagnostic in error.diagnostics:
            out.print(str(diagnostic), style="red", markup=False, soft_wrap=True)
        count = len(error.diagnostics)
        out.print(f"{count} défaut{'s' if count > 1 else ''}.")
    else:
        out.print(f"{len(book.rules)} règles, aucun défaut.", style="green")


def format_command(
    dossier: Annotated[Path | None, typer.Argument(help="Dossier du recueil.")] = None,
    verifier: Annotated[
        bool, typer.Option("--verifier", help="N'écrit rien ; code 1 s'il y a à changer.")
    ] = False,
) -> None:
    """Met les blocs YAML dans la forme de la maison, sans toucher à la prose."""
    folder = dossier or rules_folder()
    if not folder.is_dir():
        fail(f"Le dossier « {folder} » n'existe pas.")
    if is_shipped(folder) and not verifier:
        fail("Ce recueil est celui du paquet installé ; donner le dossier d'une copie de travail.")
    try:
        texts = format_rulebook(folder)
    except RulebookError as error:
        fail(str(error))
    changed = sum(len(text.changed) for text in texts)
    for text in texts:
        if text.changed and not verifier:
            _write(folder, text)
        for line in text.changed:
            done = "à remettre en forme" if verifier else "remis en forme"
            out.print(f"{text.file}:{line} : {done}", markup=False, soft_wrap=True)
        for line, reason in text.left:
            out.print(f"{text.file}:{line} : laissé, {reason}", markup=False, soft_wrap=True)
    if not changed:
        out.print("Tous les blocs sont en forme.")
    elif verifier:
        err.print(f"{changed} bloc{'s' if changed > 1 else ''} à remettre en forme.", style="red")
        raise typer.Exit(FAILED)
    raise typer.Exit(DONE)


def _write(folder: Path, text: Formatted) -> None:
    """Replace a text as a whole; a byte order mark stays."""
    path = folder / text.file
    mark = b"\xef\xbb\xbf" if path.read_bytes().startswith(b"\xef\xbb\xbf") else b""
    draft = path.with_name(f".{path.name}.nouveau")
    try:
        draft.write_bytes(mark + text.text.encode())
        os.replace(draft, path)
    except OSError as error:
        fail(f"« {path} » ne peut pas être écrit ({error.strerror}).")


def schema_command(
    genre: Annotated[
        str | None, typer.Argument(help=f"{', '.join(KINDS)} ; sans lui, tout bloc d'un texte.")
    ] = None,
    dossier: Annotated[Path | None, typer.Option("--dossier", help="Dossier du recueil.")] = None,
) -> None:
    """Le schéma JSON des blocs, pour l'éditeur de texte."""
    if genre is not None and genre not in KINDS:
        near = suggest(genre, KINDS)
        hint = f" Vouliez-vous dire « {near} » ?" if near else ""
        fail(f"Le genre « {genre} » n'existe pas ({', '.join(KINDS)}).{hint}")
    schema: dict[str, Any] = block_schema(rulebook(dossier), genre)
    write_json(orjson.dumps(schema, option=orjson.OPT_INDENT_2))
