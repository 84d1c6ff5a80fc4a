"""YAML with line numbers, so that every mistake can be shown where it was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import yaml

from coopdec_rules.errors import Diagnostic, RulebookError, suggest

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: No rule or vocabulary nests deeper; what does is hostile or contains itself.
MAX_DEPTH = 40

Scalar = str | int | Decimal | bool | dt.date | None


@dataclass(frozen=True, slots=True)
class Node:
    """A YAML value with the file and line where it stands; ``raw`` is a scalar as written."""

    value: Scalar | list[Node] | dict[str, Node]
    file: str
    line: int
    raw: str = ""

    def kind(self) -> str:
        """What the value is, in the words of the error messages."""
        match self.value:
            case dict():
                return "un bloc de clés"
            case list():
                return "une liste"
            case None:
                return "rien"
            case _:
                return f"« {self.raw} »"


class Reader:
    """Collects diagnostics while values are read from nodes; nothing is guessed or skipped."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def report(self, node: Node | tuple[str, int], message: str, hint: str | None = None) -> None:
        file, line = (node.file, node.line) if isinstance(node, Node) else node
        self.diagnostics.append(Diagnostic(file, line, message, hint))

    def raise_if_any(self) -> None:
        if self.diagnostics:
            raise RulebookError(self.diagnostics)

    def mapping(self, node: Node, what: str, known: set[str] | None = None) -> dict[str, Node]:
        """The entries of a mapping; keys outside ``known`` are reported with a suggestion."""
        if not isinstance(node.value, dict):
            self.report(node, f"{what} : un bloc de clés est attendu, {node.kind()} est écrit.")
            return {}
        if known is not None:
            for key, child in node.value.items():
                if key not in known:
                    self.report(
                        child,
                        f"{what} : la clé « {key} » n'existe pas "
                        f"(clés possibles : {', '.join(sorted(known))}).",
                        suggest(key, known),
                    )
        return node.value

    def text(self, entries: dict[str, Node], key: str, what: str, default: str = "") -> str:
        node = entries.get(key)
        if node is None:
            return default
        if isinstance(node.value, dict | list) or node.value is None:
            self.report(node, f"{what} : « {key} » attend un texte, {node.kind()} est écrit.")
            return default
        return node.raw.strip()

    def required_text(
        self, entries: dict[str, Node], key: str, what: str, place: Node | tuple[str, int]
    ) -> str:
        if key not in entries:
            self.report(place, f"{what} : la clé « {key} » manque.")
            return ""
        before = len(self.diagnostics)
        value = self.text(entries, key, what)
        if not value and len(self.diagnostics) == before:
            self.report(entries[key], f"{what} : « {key} » est vide.")
        return value

    def date(self, entries: dict[str, Node], key: str, what: str) -> dt.date | None:
        node = entries.get(key)
        if node is None:
            return None
        if isinstance(node.value, dt.date):
            return node.value
        self.report(
            node, f"{what} : « {key} » attend une date AAAA-MM-JJ, {node.kind()} est écrit."
        )
        return None

    def flag(self, entries: dict[str, Node], key: str, what: str, default: bool = False) -> bool:
        node = entries.get(key)
        if node is None:
            return default
        if isinstance(node.value, bool):
            return node.value
        if node.raw in ("oui", "non"):
            return node.raw == "oui"
        self.report(node, f"{what} : « {key} » attend oui ou non, {node.kind()} est écrit.")
        return default

    def texts(self, entries: dict[str, Node], key: str, what: str) -> list[Node]:
        """A text or a list of texts, as scalar nodes."""
        node = entries.get(key)
        if node is None:
            return []
        nodes = node.value if isinstance(node.value, list) else [node]
        if not nodes:
            self.report(node, f"{what} : la liste « {key} » est vide.")
        good = []
        for item in nodes:
            if isinstance(item.value, dict | list) or item.value is None:
                self.report(item, f"{what} : « {key} » attend du texte, {item.kind()} est écrit.")
            else:
                good.append(item)
        return good

    def named(
        self, entries: dict[str, Node], key: str, what: str, known: Iterable[str], kind: str
    ) -> frozenset[str]:
        """The names under ``key``; one that is not ``known``, each a ``kind``, is reported."""
        nodes, known = self.texts(entries, key, what), tuple(known)
        for node in nodes:
            if node.raw not in known:
                self.report(
                    node,
                    f"{what} : « {key} » nomme « {node.raw} », qui n'est pas une de ses {kind}.",
                    suggest(node.raw, known),
                )
        return frozenset(node.raw for node in nodes)


def read_yaml(text: str, file: str, first_line: int = 1) -> Node:
    """Parse one YAML document.

    ``first_line`` is the line of ``text``'s first line within ``file``.  Raises ``RulebookError``
    on a syntax error or a repeated key.
    """
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        detail = error.problem or "écriture illisible"
        raise RulebookError(
            [Diagnostic(file, line, f"YAML illisible ({detail}) : vérifier retraits et « : ».")]
        ) from None
    except RecursionError:
        raise _too_deep(file, first_line) from None
    except yaml.YAMLError:
        raise RulebookError(
            [Diagnostic(file, first_line, "YAML illisible : un caractère n'est pas permis.")]
        ) from None
    if root is None:
        return Node(None, file, first_line)
    return _convert(root, file, first_line)


def _too_deep(file: str, line: int) -> RulebookError:
    return RulebookError([Diagnostic(file, line, "YAML trop imbriqué, ou contenu dans lui-même.")])


def _convert(node: yaml.Node, file: str, first_line: int, depth: int = 0) -> Node:
    if depth > MAX_DEPTH:
        raise _too_deep(file, first_line + node.start_mark.line)
    line = first_line + node.start_mark.line
    if isinstance(node, yaml.MappingNode):
        entries: dict[str, Node] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in entries:
                place = first_line + key_node.start_mark.line
                raise RulebookError([Diagnostic(file, place, f"La clé « {key} » est répétée.")])
            child = _convert(value_node, file, first_line, depth + 1)
            # A block value starts on the next line; the mistake is looked for at its key.
            key_line = first_line + key_node.start_mark.line
            entries[key] = Node(child.value, file, key_line, child.raw)
        return Node(entries, file, line)
    if isinstance(node, yaml.SequenceNode):
        children = [_convert(n, file, first_line, depth + 1) for n in node.value]
        return Node(children, file, line)
    if not isinstance(node, yaml.ScalarNode):
        raise TypeError(f"unexpected YAML node {type(node).__name__}")
    return Node(_scalar(node), file, line, str(node.value))


def _scalar(node: yaml.ScalarNode) -> Scalar:
    raw = str(node.value)
    match node.tag.rsplit(":", 1)[-1]:
        case "null":
            return None
        case "bool":
            return raw.lower() in ("true", "yes", "on")
        case "int":
            try:
                return int(raw.replace("_", ""), 10)
            except ValueError:
                return raw
        case "float":
            try:
                return Decimal(raw.replace("_", ""))
            except InvalidOperation:
                return raw
        case "timestamp":
            try:
                return dt.date.fromisoformat(raw)
            except ValueError:
                return raw
        case _:
            return raw


def walk(node: Node) -> Iterator[Node]:
    """The node and everything under it."""
    yield node
    if isinstance(node.value, dict):
        for child in node.value.values():
            yield from walk(child)
    elif isinstance(node.value, list):
        for child in node.value:
            yield from walk(child)
