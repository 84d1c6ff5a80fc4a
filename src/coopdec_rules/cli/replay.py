"""``--recueil`` and ``coopdec recu``: an older rulebook, a receipt and its replay."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from coopdec_rules.advice.advisor import Advisor, Memory
from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.today import today
from coopdec_rules.cli.common import (
    DONE,
    FAILED,
    advisor,
    fail,
    read_input,
    scenario_errors,
    write_json,
)
from coopdec_rules.cli.impact import show
from coopdec_rules.cli.revisions import RevisionError, folder_of
from coopdec_rules.errors import RulebookError
from coopdec_rules.replay.models import Recu
from coopdec_rules.replay.receipt import read_receipt
from coopdec_rules.replay.said import same_today, unreadable, verification_lines
from coopdec_rules.replay.signing import Signer
from coopdec_rules.replay.verifying import verify
from coopdec_rules.rulebook.archives import Archives, load_past, todays_words
from coopdec_rules.rulebook.location import archives_folder, rules_folder
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.hosting.reading import SettingsError, configuration_file, read_settings
from coopdec_rules.web.hosting.signing_key import key_of

recu_app = typer.Typer(
    help="Les reçus d'avis : vérifier, rejouer, comparer.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
#: What is kept ready of a rulebook asked about one scenario.
_ONE = Memory(states=2, moments=2, programs=4)


def past_rulebook(name: str) -> Rulebook:
    """The rulebook of a released version, of a folder or of a git revision.

    Leaves with code 2 when there is none, or when today's software does not read it.
    """
    try:
        archives = Archives(archives_folder())
        entry = archives.find(name)
        words = todays_words(rules_folder())
        if entry is not None:
            return archives.load(entry, words)
        with folder_of(name) as folder:
            return load_past(folder, words)
    except RevisionError:
        known = ", ".join(archives.all) or "aucune encore"
        fail(
            f"« {name} » n'est ni une version publiée ({known}), ni un dossier, ni une révision "
            "git : aucun recueil."
        )
    except RulebookError as error:
        fail(unreadable(name, error))


@contextmanager
def past_advisor(name: str) -> Iterator[Advisor]:
    """An advisor on an older rulebook, closed on the way out."""
    try:
        adviser = Advisor(past_rulebook(name), memory=_ONE)
    except RulebookError as error:
        fail(unreadable(name, error))
    try:
        yield adviser
    finally:
        adviser.close()


def host_signer() -> Signer | None:
    """What signs receipts here: the key that the settings of the service give, if they do."""
    file = configuration_file(None, os.environ)
    try:
        key = key_of(read_settings({}, os.environ, file), file)
    except SettingsError as error:
        fail(" ".join(error.mistakes))
    return None if key is None else Signer(key)


def signed(receipt: Recu) -> Recu:
    """The receipt, with the mark of the host when it has a key."""
    signer = host_signer()
    return receipt if signer is None else signer.signed(receipt, today())


@recu_app.command("verifier")
def verify_command(
    recu: Annotated[str, typer.Argument(help="Le reçu (JSON) ; « - » : entrée.")],
    json: Annotated[bool, typer.Option("--json", help="La vérification en JSON.")] = False,
    recueil: Annotated[
        str | None,
        typer.Option(help="Où est le recueil du reçu : version, dossier ou révision git."),
    ] = None,
) -> None:
    """Vérifie un reçu, le rejoue et dit ce qui a changé, par quelle règle.

    Code 1 si le reçu est modifié, ou si la réponse n'est plus la même aujourd'hui.
    """
    with scenario_errors(recu):
        asked = read_receipt(read_input(recu))
    wanted = asked["recueil"]
    with advisor(memory=_ONE) as served:
        past, why = _own(asked, served, recueil)
        try:
            if past is not None and past.rulebook.fingerprint != wanted["empreinte"]:
                fail(
                    f"Le recueil « {recueil} » n'est pas celui du reçu : empreinte "
                    f"{past.rulebook.fingerprint[:12]}, celle du reçu est "
                    f"{wanted['empreinte'][:12]}."
                )
            found = verify(asked, served, past, why, host_signer())
        finally:
            if past is not None and past is not served:
                past.close()
    if json:
        write_json(to_json(found))
    else:
        show(verification_lines(found))
    raise typer.Exit(DONE if same_today(found) else FAILED)


def _own(asked: Recu, served: Advisor, given: str | None) -> tuple[Advisor | None, str | None]:
    """The rulebook of a receipt, or why it cannot be had."""
    wanted = asked["recueil"]
    if given is None and wanted["empreinte"] == served.rulebook.fingerprint:
        return served, None
    if given is not None:
        return Advisor(past_rulebook(given), memory=_ONE), None
    try:
        archives = Archives(archives_folder())
        entry = archives.find(wanted["empreinte"])
        if entry is None:
            return None, (
                f"le recueil {wanted['version']} d'empreinte {wanted['empreinte'][:12]} n'est pas "
                "parmi les recueils gardés ; « --recueil » le donne."
            )
        return Advisor(archives.load(entry, served.rulebook.wordbook), memory=_ONE), None
    except RulebookError as error:
        return None, unreadable(wanted["version"], error)
