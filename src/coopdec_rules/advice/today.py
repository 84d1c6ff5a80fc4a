"""The day it is where the law applies, whatever the clock of the machine says."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

_PARIS = ZoneInfo("Europe/Paris")


def today() -> dt.date:
    """Today's date in Paris: an act of 1 January is not judged by the law of 31 December."""
    return dt.datetime.now(_PARIS).date()
