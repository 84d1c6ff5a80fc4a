"""INSEE codes and SIREN numbers as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from coopdec_rules.territories.model import Territory

_CODE = re.compile(r"[0-9]{2,9}|2[AB][0-9]{0,3}")


def plain_code(code: str) -> str:
    """A code without its spaces, in upper case.

    >>> plain_code("200 046 977"), plain_code("2a004")
    ('200046977', '2A004')
    """
    return "".join(code[:100].split()).upper()


def digits(code: str) -> bool:
    """Whether a plain code is one, or the beginning of one.

    >>> digits("2A0"), digits("38544"), digits("7 VALLÉES")
    (True, True, False)
    """
    return _CODE.fullmatch(code) is not None


def same_commune(code: str, known: Mapping[str, Territory]) -> Territory | None:
    """The commune whose code lost its leading zero (1053 for 01053)."""
    return known.get("0" + code) if re.fullmatch("[0-9]{4}", code) else None
