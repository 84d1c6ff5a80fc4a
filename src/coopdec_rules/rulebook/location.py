"""Where the rulebook and its worked cases are: in a checkout, or inside the installed package."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_CHECKOUT = _PACKAGE.parent.parent


def _find(variable: str, name: str) -> Path:
    chosen = os.environ.get(variable)
    if chosen:
        return Path(chosen)
    shipped = _PACKAGE / f"_{name}"
    if shipped.is_dir():
        return shipped
    return _CHECKOUT / name


def rules_folder() -> Path:
    """Folder of the rulebook: ``$COOPDEC_RECUEIL``, else the shipped one, else the checkout's."""
    return _find("COOPDEC_RECUEIL", "rules")


def cases_folder() -> Path:
    """Folder of the worked cases: ``$COOPDEC_CAS``, else the shipped one, else the checkout's."""
    return _find("COOPDEC_CAS", "cases")


def archives_folder() -> Path:
    """Folder of the released rulebooks put aside: ``$COOPDEC_RECUEILS``, else the shipped one."""
    return _find("COOPDEC_RECUEILS", "recueils")


def is_shipped(folder: Path) -> bool:
    """Whether a rulebook is the one inside the installed package, which no one should edit."""
    return folder.resolve() == (_PACKAGE / "_rules").resolve()
