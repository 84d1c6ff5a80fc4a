"""The mark of the service on what a link says it answered: no one else can write it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from urllib.parse import urlencode

#: Bytes of a mark kept in a link: enough against guessing, short in an address.
_MARK_BYTES = 12
#: Bytes of a key made here, and the fewest that are taken.
KEY_BYTES = 32
_PURPOSE = b"coopdec_rules: answers of a link"


class Seal:
    """Marks links with the key of the host (RFC 2104, HMAC-SHA-256, its first 96 bits).

    Without a key, one is made: links are then vouched for until the service stops.
    Raises ``ValueError`` for a key of fewer than ``KEY_BYTES`` bytes.
    """

    def __init__(self, key: bytes | None = None) -> None:
        if key is not None and len(key) < KEY_BYTES:
            raise ValueError(f"a key has at least {KEY_BYTES} bytes, this one {len(key)}")
        self._key = hmac.digest(key or secrets.token_bytes(KEY_BYTES), _PURPOSE, hashlib.sha256)

    def mark(self, pairs: Iterable[tuple[str, str]]) -> str:
        """The mark of parameters of an address, in any order; letters, digits, ``-`` and ``_``."""
        said = urlencode(sorted(pairs)).encode("ascii")
        whole = hmac.digest(self._key, said, hashlib.sha256)
        return base64.urlsafe_b64encode(whole[:_MARK_BYTES]).decode("ascii")

    def holds(self, pairs: Iterable[tuple[str, str]], mark: str) -> bool:
        """Whether ``mark`` is the one this service put on these parameters."""
        return hmac.compare_digest(self.mark(pairs).encode(), mark.encode("utf-8", "replace"))
