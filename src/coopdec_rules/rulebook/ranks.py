"""Reads ``rangs.yaml``: the ranks of sources, and what an answer that rests on each is worth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.yamlmarks import Reader, read_yaml

RANKS_FILE = "rangs.yaml"
_KEYS = {"libelle", "faible", "methode", "des_sa_date"}


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank of sources.

    ``place`` orders them, 0 the strongest; ``weak`` names the rank in the warning of an answer that
    rests on nothing better ("": such an answer needs none); ``method``: the rulebook's own way of
    forming an answer, which adds nothing to what it rests on.
    """

    id: str
    label: str
    place: int
    weak: str = ""
    method: bool = False
    #: Whether a text of this rank binds only from its own day, unlike a ruling.
    from_its_day: bool = False


def load_ranks(root: Path, reader: Reader) -> dict[str, Rank]:
    """Ranks by identifier, the strongest first; mistakes go to ``reader``."""
    path = root / RANKS_FILE
    if not path.is_file():
        reader.report((RANKS_FILE, 0), "Le fichier manque.")
        return {}
    node = read_yaml(read_text(path, RANKS_FILE), RANKS_FILE)
    found = {}
    for place, (ident, child) in enumerate(reader.mapping(node, "Rangs").items()):
        what = f"Rang « {ident} »"
        entries = reader.mapping(child, what, _KEYS)
        found[ident] = Rank(
            id=ident,
            label=reader.required_text(entries, "libelle", what, child),
            place=place,
            weak=reader.text(entries, "faible", what),
            method=reader.flag(entries, "methode", what),
            from_its_day=reader.flag(entries, "des_sa_date", what),
        )
    if not any(not rank.method for rank in found.values()) and isinstance(node.value, dict):
        reader.report(node, "Rangs : aucun rang de droit n'est énuméré.")
    return found
