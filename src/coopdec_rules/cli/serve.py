"""``coopdec servir``: the form and the API."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from coopdec_rules.cli.common import BAD_INPUT, DONE, advisor, err, out
from coopdec_rules.web.hosting import logs
from coopdec_rules.web.hosting.listening import listen, shown
from coopdec_rules.web.hosting.reading import (
    FILE_VARIABLE,
    SettingsError,
    configuration_file,
    read_settings,
)
from coopdec_rules.web.hosting.settings import Settings, declared
from coopdec_rules.web.hosting.signing_key import with_signing_key
from coopdec_rules.web.hosting.told import as_toml

_log = logging.getLogger(__name__)
_MEANINGS = {setting.dotted: setting.meaning for setting in declared()}


def serve_command(
    adresse: Annotated[str | None, typer.Option(help=_MEANINGS["adresse"])] = None,
    port: Annotated[str | None, typer.Option(help=_MEANINGS["port"])] = None,
    workers: Annotated[str | None, typer.Option(help=_MEANINGS["workers"])] = None,
    prefixe: Annotated[str | None, typer.Option(help=_MEANINGS["prefixe"])] = None,
    configuration: Annotated[
        Path | None,
        typer.Option(help="Le fichier de configuration ; par défaut, coopdec.toml s'il est ici."),
    ] = None,
    aide_configuration: Annotated[
        bool,
        typer.Option(
            "--aide-configuration",
            help="Montre tous les réglages avec leurs valeurs par défaut, comme un fichier de "
            "configuration, sans rien lancer.",
        ),
    ] = False,
) -> None:
    """Sert le formulaire et l'API.

    Un réglage se donne par une option, sinon par une variable d'environnement, sinon dans le
    fichier de configuration (docs/exploiter.md).
    """
    if aide_configuration:
        out.print(as_toml(), markup=False, soft_wrap=True, end="")
        raise typer.Exit(DONE)
    # Only here: the web framework takes a second to import, which other commands need not spend.
    from coopdec_rules.web.hosting.serve import serve_alone, serve_together

    options = {"adresse": adresse, "port": port, "workers": workers, "prefixe": prefixe}
    file = configuration_file(configuration, os.environ)
    try:
        settings = read_settings(options, os.environ, file)
        if settings.admitted.file is not None:
            # Told here, before workers are started.
            from coopdec_rules.web.hosting.keys import load_keys

            load_keys(settings.admitted.file)
        logs.configure(settings.journal)
        listener = listen(settings)
        settings = with_signing_key(settings, file)
    except SettingsError as error:
        _refused(error)
    missing = list(settings.duties.missing())
    if missing:
        _log.warning(
            "Pour un site public, ces réglages manquent (la page les dit « non renseignés ») : %s",
            ", ".join(missing),
        )
    _pass_on(settings)
    if settings.workers > 1:
        announce = f"{_said(shown(settings, listener))}, {settings.workers} processus"
        try:
            served = serve_together(settings, listener, lambda: out.print(announce, soft_wrap=True))
        except SettingsError as error:
            _refused(error)
        raise typer.Exit(DONE if served else BAD_INPUT)
    with advisor(memory=settings.limits.memory) as adviser:
        out.print(_said(shown(settings, listener)), soft_wrap=True)
        serve_alone(settings, adviser, listener)


def _said(address: str) -> str:
    return f"Formulaire et API sur {address} (Ctrl-C pour arrêter)"


def _pass_on(settings: Settings) -> None:
    """Have the files named by the settings read by this process and by its workers."""
    os.environ.pop(FILE_VARIABLE, None)
    for setting in declared():
        chosen = {
            "recueil": settings.rulebook,
            "recueils": settings.archives,
            "cas": settings.cases,
            "banatic": settings.banatic,
        }
        path = chosen.get(setting.dotted)
        if path is not None:
            os.environ[setting.variable] = str(path)


def _refused(error: SettingsError) -> NoReturn:
    for mistake in error.mistakes:
        err.print(mistake, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(BAD_INPUT)
