"""What the commands share: exit codes, the consoles, the rulebook, errors shown to a person."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.contract import check_contract
from coopdec_rules.errors import CoopdecError, RulebookError, ScenarioError
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.rulebook.rulebook import Rulebook

DONE, FAILED, BAD_INPUT = 0, 1, 2

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def fail(message: str, code: int = BAD_INPUT) -> NoReturn:
    """Print a message on the error stream and leave."""
    err.print(message, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(code)


def rulebook(
    folder: Path | None = None, code: int = BAD_INPUT, answering: bool = False
) -> Rulebook:
    """The rulebook, or its mistakes shown one to a line and the command left with ``code``.

    ``answering``: what an avis needs of it is checked too.
    """
    try:
        book = load_rulebook(folder or rules_folder())
        if answering:
            check_contract(book)
        return book
    except RulebookError as error:
        for diagnostic in error.diagnostics:
            err.print(str(diagnostic), style="red", markup=False, soft_wrap=True)
        count = len(error.diagnostics)
        fail(f"Le recueil n'est pas lisible : {count} erreur{'s' if count > 1 else ''}.", code)


@contextmanager
def advisor(folder: Path | None = None) -> Iterator[Advisor]:
    """An advisor on the rulebook, closed on the way out."""
    adviser = Advisor(rulebook(folder, answering=True))
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
        fail(f"Le fichier « {path} » ne peut pas être lu ({error.strerror}).")
