"""Reads ``rules/contacts/tribunaux.yaml``: the administrative court of each département."""

from __future__ import annotations

from pathlib import Path

from coopdec_rules.documents.context import Entry, Setting, read_sources
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.yamlmarks import read_yaml

FILE = "contacts/tribunaux.yaml"
_KEYS = {"source", "a_confirmer", "tribunaux"}


def load_courts(setting: Setting, root: Path) -> dict[str, str]:
    """Courts by code of département, as a sentence names them; mistakes go to the reader."""
    path = root / FILE
    if not path.is_file():
        return {}
    reader = setting.base.reader
    node = read_yaml(read_text(path, FILE), FILE)
    what = "Tribunaux"
    entries = reader.mapping(node, what, _KEYS)
    read_sources(setting, Entry(node, entries, "tribunaux", what))
    found: dict[str, str] = {}
    listed = reader.mapping(entries["tribunaux"], what) if "tribunaux" in entries else {}
    for name, codes in listed.items():
        if not name.startswith(("de ", "d'", "des ", "du ")):
            reader.report(codes, f"{what} : « {name} » se lit après « tribunal administratif ».")
        for code in codes.value if isinstance(codes.value, list) else [codes]:
            if code.raw in found:
                reader.report(code, f"{what} : « {code.raw} » relève déjà d'un tribunal.")
            found[code.raw] = name
    return found
