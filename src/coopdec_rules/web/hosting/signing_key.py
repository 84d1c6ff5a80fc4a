"""The key that signs links: given, or made at first start and kept in a file."""

from __future__ import annotations

import logging
import os
import secrets
import stat
from pathlib import Path

from coopdec_rules.web.avis.seal import KEY_BYTES
from coopdec_rules.web.hosting.reading import SettingsError
from coopdec_rules.web.hosting.settings import Settings

_log = logging.getLogger(__name__)
_FILE = "coopdec.cle"


def with_signing_key(settings: Settings, file: Path | None) -> Settings:
    """The settings with their key; ``file`` is the configuration file, beside which it is kept.

    A key that cannot be kept lasts as long as the process, which is logged.  Raises
    ``SettingsError`` when the file named by the settings cannot be read, written, or holds no key.
    """
    if settings.secret is not None:
        return settings.with_key(settings.secret.encode())
    if settings.key_file is not None:
        return settings.with_key(_kept(settings.key_file))
    place = file.resolve().parent / _FILE if file is not None else _state_folder() / "cle"
    try:
        return settings.with_key(_kept(place, make_folder=file is None))
    except SettingsError as error:
        if place.exists():
            raise
        _log.warning(
            "%s La clé qui signe les liens ne vaudra que jusqu'à l'arrêt du service ; "
            "pour la garder, donnez « cle » ou « fichier_cle ».",
            error,
        )
        return settings.with_key(secrets.token_hex(32).encode())


def key_of(settings: Settings, file: Path | None) -> bytes | None:
    """The key that ``with_signing_key`` would find, ``None`` when there is none yet: none is made.

    Raises ``SettingsError`` when it cannot be read or is none.
    """
    if settings.secret is not None:
        return settings.secret.encode()
    place = settings.key_file
    if place is None:
        place = file.resolve().parent / _FILE if file is not None else _state_folder() / "cle"
    return _kept(place) if place.exists() else None


def _state_folder() -> Path:
    """Where a user's programs keep what they made, as the XDG base directories say."""
    chosen = os.environ.get("XDG_STATE_HOME")
    try:
        root = Path(chosen) if chosen else Path.home() / ".local" / "state"
    except RuntimeError:  # a user without a home
        root = Path("/nonexistent")
    return root / "coopdec"


def _kept(place: Path, *, make_folder: bool = False) -> bytes:
    """The key in a file, made there when there is none."""
    try:
        if not place.exists():
            if make_folder:
                place.parent.mkdir(parents=True, exist_ok=True)
            _make(place)
        key = place.read_text("ascii").strip()
        loose = stat.S_IMODE(place.stat().st_mode) & 0o077
    except OSError as error:
        raise SettingsError(
            [f"{place} : la clé ne peut pas être lue ni gardée là ({error.strerror})."]
        ) from None
    except UnicodeDecodeError:
        key, loose = "", 0
    if len(key) < KEY_BYTES:
        raise SettingsError(
            [
                f"{place} : ce fichier ne contient pas une clé (une ligne d'au moins "
                f"{KEY_BYTES} lettres ou chiffres). Effacez-le pour qu'une clé neuve soit faite."
            ]
        )
    if loose:
        _log.warning("%s peut être lu par d'autres utilisateurs : chmod 600 %s", place, place)
    return key.encode()


def _make(place: Path) -> None:
    """Write a new key, readable by its owner alone; one made meanwhile by another is kept."""
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as stream:
        stream.write(secrets.token_hex(32) + "\n")
    _log.info("Clé des liens faite et gardée dans %s", place)
