"""Reads ``rules/vocabulaire/themes.yaml``: the steps in which people are asked about facts."""

from __future__ import annotations

from pathlib import Path

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.model import Group, Theme
from coopdec_rules.rulebook.vocabulary import Vocabulary
from coopdec_rules.rulebook.yamlmarks import Reader

_KEYS = {"titre", "court", "aide"}


def load_themes(root: Path, reader: Reader, vocabulary: Vocabulary) -> dict[str, Theme]:
    """Themes in the order of their file; mistakes go to ``reader``.

    A group that names no theme is one by itself, after those of the file: no fact is ever left
    unasked.
    """
    themes: dict[str, Theme] = {}
    declared = vocabulary.themes
    if declared is not None:
        for ident, node in reader.mapping(declared, "Thèmes").items():
            what = f"Thème « {ident} »"
            entries = reader.mapping(node, what, _KEYS)
            themes[ident] = Theme(
                id=ident,
                title=reader.required_text(entries, "titre", what, node),
                short=reader.required_text(entries, "court", what, node),
                help=reader.text(entries, "aide", what),
            )
            if all(group.theme != ident for group in vocabulary.groups.values()):
                reader.report(node, f"{what} : aucun groupe de faits ne le nomme.")
    known = list(themes)
    for group in sorted(vocabulary.groups.values(), key=lambda g: g.order):
        if group.theme in themes:
            continue
        named = vocabulary.theme_of.get(group.id)
        if named is not None:
            reader.report(
                named,
                f"Groupe « {group.id} » : le thème « {group.theme} » n'existe pas.",
                suggest(group.theme, known),
            )
        themes[group.theme] = _alone(group)
    _check_conclusions(reader, vocabulary)
    return themes


def _alone(group: Group) -> Theme:
    return Theme(group.theme, group.title, group.title, group.help)


def _check_conclusions(reader: Reader, vocabulary: Vocabulary) -> None:
    """``selon_la_loi`` names conclusions read where the fact is."""
    for ident, node in vocabulary.by_law:
        conclusion = vocabulary.conclusions.get(node.raw)
        if conclusion is None:
            reader.report(
                node,
                f"Fait « {ident} » : la conclusion « {node.raw} » n'existe pas.",
                suggest(node.raw, vocabulary.conclusions),
            )
        elif conclusion.scope not in (None, vocabulary.facts[ident].scope):
            reader.report(
                node,
                f"Fait « {ident} » : « {node.raw} » se conclut pour chaque {conclusion.scope}, "
                "où ce fait n'est pas.",
            )
