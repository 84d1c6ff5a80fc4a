"""Reads the words that depend on the situation (blocks ``mots`` of ``rules/modeles``)."""

from __future__ import annotations

from coopdec_rules.documents.context import Entry, Setting, read_test, read_text_of, template_of
from coopdec_rules.documents.library import Test, Word
from coopdec_rules.documents.template import Template
from coopdec_rules.rulebook.markdown import Block
from coopdec_rules.rulebook.yamlmarks import Node, read_yaml


def read_words(setting: Setting, block: Block, known: dict[str, Word]) -> None:
    """Words, in the order in which they are written: one may use those before it."""
    node = read_yaml(block.text, block.file, block.line)
    entries = setting.base.reader.mapping(node, "Mots", {"mots"})
    declared = entries.get("mots", node)
    for name, value in setting.base.reader.mapping(declared, "Mots").items():
        what = f"Mot « {name} »"
        cases = value.value if isinstance(value.value, list) else [value]
        read = [_case(setting, item, what) for item in cases]
        if name in known:
            setting.base.reader.report(value, f"{what} : il existe déjà.")
        known[name] = Word(name, tuple(c for c in read if c is not None), name)
        setting.words.add(name)


def _case(setting: Setting, node: Node, what: str) -> tuple[Test, Template] | None:
    """One case of a word: a text, or a text under a condition."""
    if not isinstance(node.value, dict):
        return Test(), template_of(setting, node, what, None)
    entries = setting.base.reader.mapping(node, what, {"si", "texte"})
    found = Entry(node, entries, what, what)
    test = read_test(setting, found)
    if test.scope is not None:
        setting.base.reader.report(node, f"{what} : un mot ne dépend que du scénario entier.")
    if "texte" not in entries:
        setting.base.reader.report(node, f"{what} : la clé « texte » manque.")
        return None
    return test, read_text_of(setting, found, "texte")
