"""The settings told to an operator: as a configuration file, and as a table of the documentation.

Both are made from the declarations, which nothing repeats.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from coopdec_rules.web.hosting.settings import Declared, declared

_WIDTH = 96


def as_toml() -> str:
    """Every setting as a configuration file in which nothing is set: each line is a comment."""
    lines = [
        "# Réglages de « coopdec servir ». Ôtez le « # » devant un réglage pour le changer.",
        "# Une variable d'environnement (nommée après chaque réglage) l'emporte sur ce fichier,",
        "# une option de la commande sur la variable.",
    ]
    section = ""
    for setting in declared():
        if setting.section != section:
            section = setting.section
            lines += ["", f"[{section}]"]
        lines += ["", *_comment(setting), f"#{setting.name} = {_toml(setting.default)}"]
    return "\n".join(lines) + "\n"


def as_table() -> str:
    """Every setting as rows of a Markdown table."""
    rows = ["| Réglage | Variable | Défaut | Ce qu'il règle |", "|---|---|---|---|"]
    rows += [
        f"| `{setting.dotted}` | `{setting.variable}` | {_default(setting)} | {setting.meaning} |"
        for setting in declared()
    ]
    return "\n".join(rows) + "\n"


def _comment(setting: Declared) -> Iterator[str]:
    unit = f" En {setting.unit}." if setting.unit else ""
    told = f"{setting.meaning}{unit} {setting.variable}"
    for line in textwrap.wrap(told, _WIDTH, break_long_words=False, break_on_hyphens=False):
        yield f"# {line}"


def _default(setting: Declared) -> str:
    if setting.default in (None, "", []):
        return "—"
    unit = f" {setting.unit}" if setting.unit else ""
    return f"`{setting.default}`{unit}"


def _toml(value: object) -> str:
    """A default as TOML writes it; none is shown as an empty text."""
    match value:
        case None:
            return '""'
        case str():
            return f'"{value}"'
        case list():
            return "[]"
        case _:
            return str(value)
