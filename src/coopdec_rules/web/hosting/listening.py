"""The socket that requests come to, taken before anything is announced or loaded."""

from __future__ import annotations

import errno
import socket

from coopdec_rules.web.hosting.reading import SettingsError
from coopdec_rules.web.hosting.settings import Settings

_BACKLOG = 2048
_ELSEWHERE = "Choisissez-en un autre : --port, COOPDEC_PORT, ou « port » dans la configuration."


def listen(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say.

    Raises ``SettingsError`` when the port is taken or reserved, or the address is not this
    machine's.
    """
    address, port = settings.address, settings.port
    try:
        family = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((address, port), family=family, backlog=_BACKLOG)
    except socket.gaierror:
        raise SettingsError([f"L'adresse « {address} » n'est pas connue."]) from None
    except OSError as error:
        raise SettingsError([_refusal(error, address, port)]) from None


def _refusal(error: OSError, address: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Le port {port} de {address} est déjà pris par un autre programme. {_ELSEWHERE}"
        case errno.EACCES:
            return f"Le port {port} est réservé à l'administrateur. {_ELSEWHERE}"
        case errno.EADDRNOTAVAIL:
            return f"L'adresse « {address} » n'est pas celle de cette machine."
        case _:
            return f"Le port {port} de {address} ne peut pas être ouvert ({error.strerror})."


def shown(settings: Settings, listener: socket.socket) -> str:
    """The address to open in a browser."""
    host, port = listener.getsockname()[:2]
    if ":" in host:
        host = f"[{host}]"
    return f"http://{host}:{port}{settings.prefix}"
