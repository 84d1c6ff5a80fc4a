"""Reads the files of the rulebook, whatever program saved them."""

from __future__ import annotations

from pathlib import Path

from coopdec_rules.errors import Diagnostic, RulebookError


def read_text(path: Path, name: str) -> str:
    """Text of a UTF-8 file, without the byte order mark that spreadsheets add.

    Raises ``RulebookError`` naming the file when it is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise RulebookError(
            [Diagnostic(name, line, "Le fichier n'est pas écrit en UTF-8 : l'enregistrer ainsi.")]
        ) from None
