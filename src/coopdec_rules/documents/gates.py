"""Reads the gates: under which answer each kind of document is made (blocks ``porte``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from coopdec_rules.advice.answers import POWER
from coopdec_rules.documents.context import Entry, Setting, read_rules, read_test, start
from coopdec_rules.documents.library import Gate, Opening, Test
from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.markdown import Block
from coopdec_rules.rulebook.yamlmarks import Node

_GATE_KEYS = {
    "porte", "titre", "acte", "ouverte", "refus", "garde", "regles_de_doute", "ferme_si",
    "ferme_raison",
}  # fmt: skip
_OPENINGS: Mapping[str, Opening] = {value: value for value in get_args(Opening)}
#: The answers under which nothing may be adopted or signed, whatever models say.
NEVER_ADOPTED = ("interdite", "indeterminee")


def read_gate(setting: Setting, block: Block) -> tuple[Entry, Gate, frozenset[str]]:
    """A gate, and the rules that tell a doubt; mistakes go to the reader."""
    found = start(setting, block, _GATE_KEYS)
    reader, entries, what = setting.base.reader, found.entries, found.what
    answers = setting.book.conclusions[POWER].values
    act = reader.flag(entries, "acte", what)
    openings: dict[str, Opening] = {}
    for name, child in _by_answer(setting, found, "ouverte", answers).items():
        if child.raw not in _OPENINGS:
            reader.report(
                child,
                f"{what} : « {child.raw} » n'ouvre rien (valeurs : {', '.join(_OPENINGS)}).",
                suggest(child.raw, _OPENINGS),
            )
            continue
        if act and name in NEVER_ADOPTED:
            reader.report(
                child,
                f"{what} : un acte à adopter ne se fait jamais sous « {name} ».",
            )
        openings[name] = _OPENINGS[child.raw]
    refusals = {
        name: child.raw.strip()
        for name, child in _by_answer(setting, found, "refus", answers).items()
    }
    for name in answers:
        if openings.get(name) != "toujours" and name not in refusals:
            reader.report(found.node, f"{what} : « refus » ne dit rien de « {name} ».")
    keeps: dict[str, Test] = {}
    for name, child in _keeps(setting, found).items():
        inner = Entry(child, {"si": child}, found.id, what)
        keeps[name] = read_test(setting, inner)
        if keeps[name].scope != name:
            reader.report(child, f"{what} : « garde » de {name} parle de {name}.…")
    doubts = frozenset(read_rules(setting, found, "regles_de_doute"))
    if ("ferme_si" in entries) != ("ferme_raison" in entries):
        reader.report(found.node, f"{what} : « ferme_si » et « ferme_raison » vont ensemble.")
    blocked = read_test(setting, found, "ferme_si") if "ferme_si" in entries else None
    if blocked is not None and blocked.scope is not None:
        reader.report(
            entries["ferme_si"],
            f"{what} : parle d'un {blocked.scope} : écrire « au moins un … : … ».",
        )
    gate = Gate(
        kind=found.id,
        title=reader.required_text(entries, "titre", what, found.node),
        act=act,
        openings=openings,
        refusals=refusals,
        keeps=keeps,
        blocked=blocked,
        why_blocked=reader.text(entries, "ferme_raison", what),
        file=block.file,
        line=block.line,
    )
    return found, gate, doubts


def _by_answer(
    setting: Setting, found: Entry, key: str, answers: Mapping[str, str]
) -> dict[str, Node]:
    node = found.entries.get(key)
    return {} if node is None else setting.base.reader.mapping(node, found.what, set(answers))


def _keeps(setting: Setting, found: Entry) -> dict[str, Node]:
    node = found.entries.get("garde")
    repeated = {g.id for g in setting.book.groups.values() if g.repeated}
    return {} if node is None else setting.base.reader.mapping(node, found.what, repeated)
