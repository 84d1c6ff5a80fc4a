"""What the changelog says of a version."""

from __future__ import annotations

import datetime as dt
import re

_HEAD = re.compile(r"^## \[(?P<version>[^\]]+)\] - (?P<date>.+)$", re.MULTILINE)


class ChangelogError(Exception):
    """The changelog does not give this version its date; the message is for a person."""


def date_of(changelog: str, version: str) -> dt.date:
    """The date of a version, whose entry must be the first.  Raises ``ChangelogError``."""
    first = _HEAD.search(changelog)
    if first is None:
        raise ChangelogError("aucune version (« ## [0.1.0] - AAAA-MM-JJ » attendu).")
    line = changelog.count("\n", 0, first.start()) + 1
    if first["version"] != version:
        raise ChangelogError(
            f"ligne {line} : la première version est « {first['version']} », celle du code "
            f"« {version} » (src/coopdec_rules/__init__.py)."
        )
    try:
        return dt.date.fromisoformat(first["date"].strip())
    except ValueError:
        raise ChangelogError(
            f"ligne {line} : « {first['date']} » n'est pas la date de la version {version} "
            "(AAAA-MM-JJ attendu)."
        ) from None
