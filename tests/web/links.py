"""The key of the application under test, and links that bear its mark."""

from __future__ import annotations

from coopdec_rules.web.avis.seal import KEY_BYTES, Seal

KEY = b"une cle pour les essais".ljust(KEY_BYTES, b".")
SEAL = Seal(KEY)
