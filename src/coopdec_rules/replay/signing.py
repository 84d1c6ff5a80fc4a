"""The host's mark on a receipt (RFC 2104, HMAC-SHA-256).

It vouches for one thing: whoever holds the key of this host put that digest and that day together.
Only the host can check it, and it could make another: it is no electronic signature in the sense of
the eIDAS regulation, and proves nothing to someone who does not trust the host.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

from coopdec_rules.replay.models import Recu, SignatureState

_PURPOSE = b"coopdec_rules: receipts"
_NAME = b"coopdec_rules: name of the key of receipts"
_NAME_DIGITS = 16


class Signer:
    """Marks receipts with the key of a host."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, _PURPOSE, hashlib.sha256)
        #: What tells the key from another, without telling it.
        self.name = hmac.digest(key, _NAME, hashlib.sha256).hex()[:_NAME_DIGITS]

    def signed(self, receipt: Recu, day: dt.date) -> Recu:
        """The receipt with the mark of the host, delivered on ``day``."""
        return {
            **receipt,
            "signature": {
                "methode": "HMAC-SHA-256",
                "cle": self.name,
                "delivre_le": day.isoformat(),
                "marque": self._mark(receipt["empreinte"], day.isoformat()),
            },
        }

    def _mark(self, digest: str, day: str) -> str:
        return hmac.digest(self._key, f"{digest}\n{day}".encode(), hashlib.sha256).hex()

    def holds(self, receipt: Recu) -> bool:
        """Whether the mark of a signed receipt is the one that this key puts there."""
        signature = receipt["signature"]
        if signature is None:
            return False
        mark = self._mark(receipt["empreinte"], signature["delivre_le"])
        return hmac.compare_digest(mark.encode(), signature["marque"].encode())


def signature_state(receipt: Recu, signer: Signer | None) -> SignatureState:
    """What can be said of the signature of a receipt, here."""
    signature = receipt["signature"]
    if signature is None:
        return "absente"
    if signer is None:
        return "sans_cle"
    if signature["cle"] != signer.name:
        return "autre_cle"
    return "valable" if signer.holds(receipt) else "fausse"
