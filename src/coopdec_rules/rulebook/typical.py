"""Reads ``rules/actions-types/``: typical actions, asked of every commune and community."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.model import Fact, Value
from coopdec_rules.rulebook.rules import IDENT
from coopdec_rules.rulebook.situations import stated_facts
from coopdec_rules.rulebook.yamlmarks import Reader, read_yaml

FILE = "actions-types/actions.yaml"
_KEYS = {"commun", "lecture", "actions"}
_READING_KEYS = {"groupement", "inconnu"}
_COMMON_KEYS = {"dit", "faits"}
_ACTION_KEYS = {"titre", "court", "un_pour_cent", "faits"}


@dataclass(frozen=True, slots=True)
class TypicalAction:
    """An action as many are led: its facts by name, of the first item of repeated groups.

    ``short``: its name in a table.  ``one_percent``: it is paid by the 1 % of a service.
    """

    id: str
    title: str
    short: str
    facts: Mapping[str, Value]
    one_percent: bool = False


@dataclass(frozen=True, slots=True)
class Typical:
    """The typical actions, in their order, and what is supposed of all of them (``said``).

    ``held``, ``unknown``: what the map of a 1 % says where the base cites the community for the
    competence, and where it does not say who has it.
    """

    said: str = ""
    held: str = ""
    unknown: str = ""
    actions: tuple[TypicalAction, ...] = field(default_factory=tuple)


def load_typical(root: Path, reader: Reader, facts: Mapping[str, Fact]) -> Typical:
    """The typical actions of a rulebook, if it has some; mistakes go to ``reader``."""
    path = root / FILE
    if not path.is_file():
        return Typical()
    whole = reader.mapping(read_yaml(read_text(path, FILE), FILE), "Actions types", _KEYS)
    if not whole.keys() >= _KEYS:
        reader.report((FILE, 1), "Il manque « commun », « lecture » ou « actions ».")
        return Typical()
    node = whole["commun"]
    common = reader.mapping(node, "Ce qui est commun aux actions types", _COMMON_KEYS)
    shared = stated_facts(reader, common, "Ce qui est commun aux actions types", facts)
    said = reader.required_text(common, "dit", "Ce qui est commun aux actions types", node)
    told = reader.mapping(whole["lecture"], "La lecture de la carte", _READING_KEYS)
    held, unknown = (
        reader.required_text(told, key, "La lecture de la carte", whole["lecture"])
        for key in ("groupement", "inconnu")
    )
    found = []
    for ident, child in reader.mapping(whole["actions"], "Actions types").items():
        what = f"Action type « {ident} »"
        entries = reader.mapping(child, what, _ACTION_KEYS)
        if not IDENT.fullmatch(ident):
            reader.report(child, f"{what} : le nom s'écrit en minuscules, chiffres et tirets.")
        own = stated_facts(reader, entries, what, facts)
        found.append(
            TypicalAction(
                ident,
                reader.required_text(entries, "titre", what, child),
                reader.required_text(entries, "court", what, child),
                {**shared, **own},
                reader.flag(entries, "un_pour_cent", what),
            )
        )
    return Typical(said, held, unknown, tuple(found))
