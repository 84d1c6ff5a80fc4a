"""Values that several facts or conclusions share, written once in a file of ``rules/listes/``."""

from __future__ import annotations

from pathlib import Path

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.yamlmarks import Node, Reader, read_yaml

FOLDER = "listes"


class ValueLists:
    """Reads ``valeurs``: a mapping from code to label, or the name of a file that holds one."""

    def __init__(self, root: Path, reader: Reader) -> None:
        self._root = root
        self._reader = reader
        self._read: dict[str, dict[str, Node]] = {}

    def values(self, node: Node, what: str) -> dict[str, Node]:
        """Labels by code; a file that is missing is reported at the line that names it."""
        if not isinstance(node.value, str):
            return self._reader.mapping(node, what)
        name = node.raw
        if name not in self._read:
            self._read[name] = self._file(name, node, what)
        return self._read[name]

    def _file(self, name: str, node: Node, what: str) -> dict[str, Node]:
        known = sorted(p.relative_to(self._root).as_posix() for p in self._files())
        if name not in known:
            self._reader.report(
                node,
                f"{what} : « valeurs » nomme le fichier « {name} », qui n'existe pas "
                f"(fichiers de {FOLDER}/ : {', '.join(known) or 'aucun'}).",
                suggest(name, known),
            )
            return {}
        found = read_yaml(read_text(self._root / name, name), name)
        return self._reader.mapping(found, f"Liste « {name} »")

    def _files(self) -> list[Path]:
        return list((self._root / FOLDER).glob("*.yaml"))
