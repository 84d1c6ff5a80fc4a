"""Runs the service as its settings say, in this process or in several."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType

import uvicorn
from fastapi import FastAPI

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.errors import RulebookError
from coopdec_rules.web.app import create_app
from coopdec_rules.web.connections import Config
from coopdec_rules.web.hosting import logs
from coopdec_rules.web.hosting.reading import SettingsError
from coopdec_rules.web.hosting.settings import Settings
from coopdec_rules.web.hosting.workers import FOLDER_VARIABLE, Supervisor, leave_with_supervisor
from coopdec_rules.web.service import load_advisor

_log = logging.getLogger(__name__)
#: Seconds that a worker may take to be ready to replace another.
_PATIENCE = 180


def serve_alone(settings: Settings, advisor: Advisor, listener: socket.socket) -> None:
    """Answer requests in this process, until it is asked to stop."""
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _hung_up)
    app = create_app(advisor, settings=settings)
    # Beside the first requests: until then, /pret says that it is not ready.
    threading.Thread(target=app.state.readiness.prepare, daemon=True, name="readiness").start()
    uvicorn.Server(_config(settings, app)).run(sockets=[listener])


def serve_together(
    settings: Settings, listener: socket.socket, started: Callable[[], None]
) -> bool:
    """Answer in ``settings.workers`` processes; ``started`` is called when one answers.

    Returns whether it could: ``False`` when no worker was ever ready.  Raises ``SettingsError``
    where no temporary folder can be written, which the counts of several processes need.
    """
    with _shared_folder() as folder:
        # Read by the library of metrics when the workers import it.
        os.environ[FOLDER_VARIABLE] = folder
        config = _config(settings, partial(_worker, settings), workers=settings.workers)
        supervisor = Supervisor(config, [listener], started)
        supervisor.run()
    return not supervisor.failed


def _shared_folder() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="coopdec-")
    except OSError as error:
        mistake = (
            "Plusieurs processus (workers) partagent leurs mesures dans un dossier temporaire, et "
            f"aucun n'est inscriptible ({error.strerror}) : donner /tmp en mémoire, ou un autre "
            "dossier par la variable TMPDIR."
        )
        raise SettingsError([mistake]) from error


def _worker(settings: Settings) -> FastAPI:
    """The application of a worker, in its own process."""
    logs.configure(settings.journal)
    leave_with_supervisor()
    try:
        advisor = load_advisor(settings.limits)
    except RulebookError as error:
        _log.error("Le recueil n'est pas lisible :\n%s", error)
        sys.exit(2)
    app = create_app(advisor, settings=settings)
    # Before its first request: it may be there to take the place of one that answers.
    app.state.readiness.prepare()
    return app


def _config(settings: Settings, app: FastAPI | Callable[[], FastAPI], workers: int = 1) -> Config:
    return Config(
        app,
        settings.limits,
        factory=workers > 1,
        workers=workers,
        log_config=None,
        access_log=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies,
        timeout_worker_healthcheck=_PATIENCE,
    )


def _hung_up(number: int, frame: FrameType | None) -> None:
    _log.warning(
        "Signal HUP sans effet : un processus seul ne peut pas être remplacé sans arrêt "
        "(réglage « workers », 2 ou plus)"
    )
