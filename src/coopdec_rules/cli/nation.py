"""``coopdec lot --national``: every commune and community, asked the typical actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from coopdec_rules.advice import answers
from coopdec_rules.cli.common import fail, out
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.territories import load_directory

if TYPE_CHECKING:
    from coopdec_rules.batch.running import Request

#: Where the answers go unless ``-o`` says otherwise.
TARGET = Path("nation-avis.parquet")
_KINDS = {"commune": "communes", "communaute": "communautés"}
_UNKNOWN = "non établi"


def national_request(book: Rulebook, target: Path | None, day: dt.date) -> Request:
    """Write the table of the nation beside the answers, and what to ask of it."""
    from coopdec_rules.batch.nation import nation_request, write_nation

    target = target or TARGET
    if target.suffix.lower() != ".parquet":
        fail(f"« {target} » : avec --national, la sortie est un fichier .parquet.")
    if not book.typical.actions:
        fail("Ce recueil n'a pas d'actions types (rules/actions-types).")
    source = target.with_name(f"{target.stem}-lignes.parquet")
    rows = write_nation(source, book, load_directory().territories, day)
    told = f"{rows:,}".replace(",", " ")
    out.print(f"{told} lignes écrites dans {source}.", markup=False, soft_wrap=True)
    return nation_request(source, target, day)


def show_nation(book: Rulebook, target: Path) -> None:
    """Print, by action, what is answered and who holds the competence."""
    from coopdec_rules.batch.nation import summary, tallied

    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("Action type", "Qui", "Réponses", "La compétence est à"):
        table.add_column(name, overflow="fold")
    power = book.conclusions[answers.POWER].values
    holder = book.conclusions[answers.PART_HOLDER].values
    for line in summary(book, list(tallied(target))):
        table.add_row(
            line.action.short if line.kind == "commune" else "",
            _KINDS[line.kind],
            _said(line.powers, power),
            _said(line.holders, holder),
        )
    out.print(table)
    out.print(f"Supposé de toutes : {book.typical.said}", markup=False, soft_wrap=True)
    out.print(load_directory().base.notice, markup=False, soft_wrap=True)


def _said(counts: Mapping[str, int], words: Mapping[str, str]) -> str:
    told = (
        f"{words.get(value, _UNKNOWN)} : {count:,}".replace(",", " ")
        for value, count in counts.items()
    )
    return " ; ".join(told)
