"""Reads the parts of documents, clause by clause (blocks ``partie`` of ``rules/modeles``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from coopdec_rules.documents.context import (
    Entry,
    Setting,
    choice,
    entry,
    read_force,
    read_rules,
    read_sources,
    read_test,
    read_text_of,
    start,
    template_of,
)
from coopdec_rules.documents.library import Clause, Form, InDoubt, Part
from coopdec_rules.documents.lists import AVIS_LISTS
from coopdec_rules.documents.typography import set_text
from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.markdown import Block
from coopdec_rules.rulebook.yamlmarks import Node

_PART_KEYS = {
    "partie", "titre", "forme", "colonnes", "clauses", "si", "a_signer", "couvre",
}  # fmt: skip
_CLAUSE_KEYS = {
    "clause", "titre", "texte", "cellules", "si", "pour_chaque", "sauf", "si_liste",
    "dans_le_doute", "a_garder_si", "en_vigueur", "source", "regles", "remplit",
    "a_confirmer",
}  # fmt: skip
_FORMS: Mapping[str, Form] = {form: form for form in get_args(Form)}
_DOUBTS: Mapping[str, InDoubt] = {value: value for value in get_args(InDoubt)}
_LISTS = {name: name for name in AVIS_LISTS}


def read_part(setting: Setting, block: Block) -> tuple[Entry, Part]:
    """A part and its clauses; mistakes go to the reader."""
    found = start(setting, block, _PART_KEYS)
    reader, entries, what = setting.base.reader, found.entries, found.what
    form = choice(setting, found, "forme", _FORMS)
    columns = tuple(node.raw for node in reader.texts(entries, "colonnes", what))
    if (form == "tableau") != bool(columns):
        reader.report(found.node, f"{what} : « colonnes » va avec « forme: tableau ».")
    node = entries.get("clauses")
    listed = node.value if node is not None and isinstance(node.value, list) else []
    if not listed:
        reader.report(found.node, f"{what} : une liste « clauses » est attendue.")
    clauses = [_clause(setting, item, found, columns) for item in listed]
    test = read_test(setting, found)
    if test.scope is not None:
        reader.report(entries["si"], f"{what} : « si » ne parle que du scénario entier.")
    covers = reader.texts(entries, "couvre", what)
    elements = {element.id for element in setting.book.elements}
    for cover in covers:
        if cover.raw not in elements:
            reader.report(
                cover,
                f"{what} : « {cover.raw} » n'est pas un élément.",
                suggest(cover.raw, elements),
            )
    part = Part(
        id=found.id,
        title=read_text_of(setting, found, "titre"),
        form=form,
        columns=columns,
        clauses=tuple(clauses),
        test=test,
        to_sign=reader.flag(entries, "a_signer", what),
        covers=frozenset(cover.raw for cover in covers),
        file=block.file,
        line=block.line,
    )
    _unique(setting, found, [(c.id, c.line) for c in clauses])
    return found, part


def _clause(setting: Setting, node: Node, part: Entry, columns: Sequence[str]) -> Clause:
    reader = setting.base.reader
    found = entry(setting, node, "clause", f"{part.what}, clause", _CLAUSE_KEYS)
    entries, what = found.entries, found.what
    each = reader.text(entries, "pour_chaque", what) or None
    repeated = [g.id for g in setting.book.groups.values() if g.repeated]
    if each is not None and each not in (*repeated, *AVIS_LISTS):
        known = [*repeated, *AVIS_LISTS]
        reader.report(
            entries["pour_chaque"],
            f"{what} : « {each} » n'est ni un groupe répété, ni une liste de l'avis "
            f"({', '.join(known)}).",
            suggest(each, known),
        )
        each = None
    test = read_test(setting, found)
    if test.scope is not None and test.scope != each:
        reader.report(
            entries["si"],
            f"{what} : parle d'un {test.scope} ; écrire « pour_chaque: {test.scope} », ou "
            f"« au moins un {test.scope} : … ».",
        )
    cells = entries.get("cellules")
    if columns:
        items = cells.value if cells is not None and isinstance(cells.value, list) else []
        if len(items) != len(columns):
            reader.report(
                cells or node,
                f"{what} : une ligne a {len(columns)} cellules, {len(items)} sont écrites.",
            )
    else:
        items = []
        if cells is not None:
            reader.report(cells, f"{what} : « cellules » va avec « forme: tableau ».")
        if "texte" not in entries:
            reader.report(node, f"{what} : la clé « texte » manque.")
    cited = read_sources(setting, found)
    return Clause(
        id=found.id,
        title=read_text_of(setting, found, "titre", each),
        text=read_text_of(setting, found, "texte", each),
        cells=tuple(template_of(setting, cell, what, each) for cell in items),
        test=test,
        each=each,
        but=frozenset(n.raw for n in reader.texts(entries, "sauf", what)),
        when_list=choice(setting, found, "si_liste", {"": "", **_LISTS}, ""),
        in_doubt=choice(setting, found, "dans_le_doute", _DOUBTS, "garder"),
        keep_if=set_text(reader.text(entries, "a_garder_si", what)),
        period=read_force(setting, found),
        cited=cited,
        rules=read_rules(setting, found),
        meets=read_rules(setting, found, "remplit"),
        to_confirm=reader.text(entries, "a_confirmer", what),
        file=node.file,
        line=node.line,
    )


def _unique(setting: Setting, found: Entry, named: Sequence[tuple[str, int]]) -> None:
    seen: set[str] = set()
    for name, line in named:
        if name in seen:
            setting.base.reader.report(
                (found.node.file, line), f"{found.what} : deux clauses « {name} »."
            )
        seen.add(name)
