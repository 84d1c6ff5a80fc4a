"""API keys: read from a file that holds only their hashes, each with its own limits.

Counts are kept in memory by the library ``limits``, for each process apart.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import math
import re
import secrets
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from limits import (
    RateLimitItem,
    RateLimitItemPerDay,
    RateLimitItemPerHour,
    RateLimitItemPerMinute,
    RateLimitItemPerSecond,
)
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from coopdec_rules.errors import suggest
from coopdec_rules.web.hosting.reading import SettingsError

#: What a key begins with: whoever finds one in a file knows what it opens.
PREFIX = "coopdec_"
_HASH = "sha256:"
_LIMIT = re.compile(r"([1-9][0-9]{0,8}) par (seconde|minute|heure|jour)")
_PERIODS: Mapping[str, type[RateLimitItem]] = {
    "seconde": RateLimitItemPerSecond,
    "minute": RateLimitItemPerMinute,
    "heure": RateLimitItemPerHour,
    "jour": RateLimitItemPerDay,
}
_FIELDS = ("nom", "empreinte", "limites", "jusqu_au")


@dataclass(frozen=True, slots=True)
class Key:
    """A key: who it was given to, its hash, its limits, the last day it is good for."""

    name: str
    hash: str
    limits: tuple[RateLimitItem, ...] = ()
    until: dt.date | None = None


class Keys:
    """The keys of one process, and what each has asked for lately."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._keys = tuple(keys)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def find(self, text: str) -> Key | None:
        """The key that a request bears; ``None``: there is no such key.

        All hashes are compared, each in the same time: how long it takes tells nothing.
        """
        given = hash_of(text)
        found = None
        for key in self._keys:
            if hmac.compare_digest(key.hash, given):
                found = key
        return found

    def spend(self, key: Key) -> int:
        """Count a request of a key; 0, or after how many seconds it may be asked again."""
        waits = [
            self._limiter.get_window_stats(limit, key.name).reset_time - time.time()
            for limit in key.limits
            if not self._limiter.hit(limit, key.name)
        ]
        return max(1, math.ceil(max(waits))) if waits else 0


def new_key() -> tuple[str, str]:
    """A new key, and its hash as the file holds it."""
    key = PREFIX + secrets.token_urlsafe(32)
    return key, hash_of(key)


def hash_of(key: str) -> str:
    """The hash of a key.  A key is drawn at random: a quick hash gives nothing to guess from."""
    return _HASH + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def load_keys(file: Path) -> Keys:
    """The keys of a file.  Raises ``SettingsError`` with every mistake: where, found, expected."""
    try:
        tree = tomllib.loads(file.read_text("utf-8-sig"))
    except OSError as error:
        raise SettingsError([f"{file} : ne peut pas être lu ({error.strerror})."]) from None
    except UnicodeDecodeError:
        raise SettingsError([f"{file} : ce n'est pas de l'UTF-8."]) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{file} : ce n'est pas du TOML ({error})."]) from None
    mistakes: list[str] = []
    keys = list(_read(file, tree, mistakes))
    for field in ("name", "hash"):
        seen: set[str] = set()
        for key in keys:
            value = getattr(key, field)
            if value in seen:
                mistakes.append(f"{file}, clé « {key.name} » : cette clé ou ce nom est déjà là.")
            seen.add(value)
    if mistakes:
        raise SettingsError(mistakes)
    return Keys(keys)


def _read(file: Path, tree: Mapping[str, Any], mistakes: list[str]) -> Iterator[Key]:
    for name in tree:
        if name != "cle":
            mistakes.append(f"{file} : « {name} » n'existe pas ; attendu : des sections [[cle]].")
    entries = tree.get("cle")
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        mistakes.append(f"{file} : aucune clé ; attendu : des sections [[cle]].")
        return
    for number, entry in enumerate(entries, 1):
        name = entry.get("nom")
        where = f"{file}, clé {f'« {name} »' if isinstance(name, str) else number}"
        wrong = list(_wrong(entry))
        mistakes += [f"{where} : {one}" for one in wrong]
        if not wrong:
            limits = tuple(_limit(text) for text in entry.get("limites", ()))
            yield Key(entry["nom"], entry["empreinte"], limits, entry.get("jusqu_au"))


def _wrong(entry: Mapping[str, Any]) -> Iterator[str]:
    for field in entry:
        if field not in _FIELDS:
            near = suggest(field, _FIELDS)
            hint = f" Vouliez-vous dire « {near} » ?" if near else ""
            yield f"« {field} » n'existe pas.{hint}"
    if not isinstance(entry.get("nom"), str) or not entry["nom"].strip():
        yield "« nom » manque : à qui la clé est donnée."
    found = entry.get("empreinte")
    if not isinstance(found, str) or not re.fullmatch(rf"{_HASH}[0-9a-f]{{64}}", found):
        # What is there may be the key itself: it is not shown.
        yield f"« empreinte » est attendue comme « {_HASH}… » (« coopdec cle » la donne)."
    limits = entry.get("limites", [])
    if not isinstance(limits, list):
        yield f'« limites » : « {limits} » n\'est pas une liste, comme ["60 par minute"].'
    for text in limits if isinstance(limits, list) else ():
        if not isinstance(text, str) or not _LIMIT.fullmatch(text):
            yield (
                f"« limites » : « {text} » n'est pas une limite ; attendu : « 60 par minute » "
                f"(par {', '.join(_PERIODS)})."
            )
    until = entry.get("jusqu_au")
    if until is not None and (not isinstance(until, dt.date) or isinstance(until, dt.datetime)):
        yield f"« jusqu_au » : « {until} » n'est pas une date AAAA-MM-JJ, sans guillemets."


def _limit(text: str) -> RateLimitItem:
    found = _LIMIT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return _PERIODS[found[2]](int(found[1]))
