"""What the commands share: exit codes, the consoles, the rulebook, errors shown to a person."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console

from coopdec_rules.advice.advisor import Advisor, Memory
from coopdec_rules.advice.contract import check_contract
from coopdec_rules.advice.situations import check_situations
from coopdec_rules.errors import CoopdecError, RulebookError, ScenarioError
from coopdec_rules.garbage import keep_what_is_loaded
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.rulebook.rulebook import Rulebook

DONE, FAILED, BAD_INPUT = 0, 1, 2


class _Output(Console):
    """Leaves a pipe that its reader closed to ``lost_output``."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


out = _Output(highlight=False)
err = _Output(stderr=True, highlight=False)
#: Width of what is not a terminal, in columns: lines are left whole for whoever reads them.
_WIDE = 100_000


def prepare_output() -> None:
    """Make the output fit what it goes to: whole lines in a pipe, and no letter that stops it."""
    for stream, console in ((sys.stdout, out), (sys.stderr, err)):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
        if not console.is_terminal:
            console.width = _WIDE


def finish_output() -> None:
    """Write what is still held.  Raises ``OSError``, of which ``lost_output`` tells."""
    sys.stdout.flush()
    sys.stderr.flush()


def lost_output(error: OSError) -> int:
    """The exit code when the output cannot be written; a pipe closed by its reader is no fault."""
    # What is still held cannot go anywhere: without this, Python tries again and complains.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            if stream is sys.stdout or isinstance(error, BrokenPipeError):
                os.dup2(nowhere, stream.fileno())
    if isinstance(error, BrokenPipeError):
        return DONE
    with suppress(OSError):
        err.print(f"L'écriture a échoué : {_reason(error)}.", style="red", markup=False)
    return BAD_INPUT


def write_json(data: bytes) -> None:
    """JSON on the output, in UTF-8 whatever the terminal's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data + b"\n")


def _reason(error: OSError) -> str:
    known = {
        errno.ENOSPC: "le disque est plein",
        errno.EACCES: "l'accès est refusé",
        errno.ENOENT: "le dossier n'existe pas",
        errno.EISDIR: "c'est un dossier",
    }
    return known.get(error.errno or 0, error.strerror or str(error))


def fail(message: str, code: int = BAD_INPUT) -> NoReturn:
    """Print a message on the error stream and leave."""
    err.print(message, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(code)


def rulebook(
    folder: Path | None = None,
    code: int = BAD_INPUT,
    answering: bool = False,
    situations: bool = False,
) -> Rulebook:
    """The rulebook, or its mistakes shown one to a line and the command left with ``code``.

    ``answering``: what an avis needs of it is checked too; ``situations``: that theirs can exist.
    """
    try:
        book = load_rulebook(folder or rules_folder())
        if answering:
            check_contract(book)
        if situations:
            check_situations(book)
        return book
    except RulebookError as error:
        for diagnostic in error.diagnostics:
            err.print(str(diagnostic), style="red", markup=False, soft_wrap=True)
        count = len(error.diagnostics)
        fail(f"Le recueil n'est pas lisible : {count} erreur{'s' if count > 1 else ''}.", code)


@contextmanager
def advisor(folder: Path | None = None, memory: Memory | None = None) -> Iterator[Advisor]:
    """An advisor on the rulebook, closed on the way out."""
    adviser = Advisor(rulebook(folder, answering=True), memory=memory or Memory())
    keep_what_is_loaded()
    try:
        yield adviser
    finally:
        adviser.close()


@contextmanager
def scenario_errors(name: str) -> Iterator[None]:
    """Show the mistakes of scenario ``name`` and leave with code 2."""
    try:
        yield
    except ScenarioError as error:
        count = len(error.problems)
        if count == 1 and not error.problems[0].pointer:
            fail(f"{name} : {error.problems[0]}")
        err.print(
            f"{name} : {count} erreur{'s' if count > 1 else ''} dans le scénario.",
            style="bold red",
            markup=False,
        )
        for problem in error.problems:
            err.print(f"  {problem}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(BAD_INPUT) from None
    except CoopdecError as error:
        fail(str(error))


def read_input(path: str) -> bytes:
    """Bytes of a file, or of standard input for ``-``."""
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        fail(f"Le fichier « {path} » n'existe pas.")
    except OSError as error:
        fail(f"Le fichier « {path} » ne peut pas être lu : {_reason(error)}.")


def write_file(path: Path, data: bytes) -> None:
    """Write a file that was asked for, or say why it cannot be and leave with code 2."""
    try:
        path.write_bytes(data)
    except OSError as error:
        fail(f"Le fichier « {path} » ne peut pas être écrit : {_reason(error)}.")
