"""The house style of the YAML blocks: order of keys, indentation, quotes, one line or several.

Only blocks are rewritten, never the prose around them, and only when what they say stays the same:
the new text is read again and compared.  A block with a comment (which YAML readers drop), a
shared value or a syntax error is left as it is, and named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from coopdec_rules.errors import RulebookError
from coopdec_rules.rulebook.effects import EFFECT_KEYS
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.markdown import BLOCK_KINDS, Block, blocks
from coopdec_rules.rulebook.model import EFFECT_KINDS
from coopdec_rules.rulebook.yamlmarks import Node, Reader, read_yaml
from coopdec_rules.rulebook.yamlwrite import write_node

#: Where blocks are written, and of what kinds.
FOLDERS: Final[Mapping[str, Sequence[str]]] = {
    "textes": BLOCK_KINDS,
    "espace": ("impossible",),
    "proprietes": ("propriete",),
}
#: What a block is, what it rests on, when, what it asks, what it says, what it adds.
KEY_ORDER: Final[tuple[str, ...]] = (
    "regle", "table", "impossible", "propriete", "fichier", "norme", "source", "rang", "confiance",
    "en_vigueur", "si", "alors", "change", "n_empire_jamais", "colonnes", "facultatives", "ecarte",
    "conclut", "a_defaut", "plafond", "explication", "explication_a_defaut", "condition",
    "formalite", "modalite", "avertissement", "conseil", "piste", "doute", "famille",
)  # fmt: skip
_PART_ORDER: Final[Mapping[str, tuple[str, ...]]] = {
    "en_vigueur": ("du", "au"),
    "plafond": ("limite", "montant", "budget"),
    "change": ("fait", "de", "vers"),
    **dict.fromkeys(EFFECT_KINDS, EFFECT_KEYS),
}
#: Texts within a line are quoted even when they need not be: a comma may be added to them.
_QUOTED = ("texte", "limite")
#: A mapping or a list stays on its line up to this column.
_LINE = 100
_STR = "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text in the house style: lines of the blocks rewritten, and of those left, with why."""

    file: str
    text: str
    changed: tuple[int, ...]
    left: tuple[tuple[int, str], ...]


def format_rulebook(root: Path) -> list[Formatted]:
    """Every text of ``root`` that has blocks, in the house style; nothing is written.

    Raises ``RulebookError`` when a text is not UTF-8.
    """
    found = []
    for folder, kinds in FOLDERS.items():
        for path in sorted((root / folder).glob("*.md")):
            name = path.relative_to(root).as_posix()
            found.append(format_text(read_text(path, name), name, kinds))
    return found


def format_text(text: str, file: str, kinds: Sequence[str] = BLOCK_KINDS) -> Formatted:
    """One Markdown text with its blocks in the house style."""
    lines = text.split("\n")
    changed: list[int] = []
    left: list[tuple[int, str]] = []
    # From the last to the first, so that line numbers stay true.
    for block in reversed(blocks(text, file, Reader(), kinds)):
        start = block.line - 1
        end = start + block.text.count("\n")
        ends = "\r" if start < len(lines) and lines[start].endswith("\r") else ""
        if [line.removesuffix("\r") for line in lines[start:end]] != block.text.split("\n")[:-1]:
            left.append((block.line, "le bloc est en retrait, ou dans une citation"))
            continue
        new, reason = format_block(block)
        if reason:
            left.append((block.line, reason))
        elif new != block.text:
            changed.append(block.line)
            lines[start:end] = [line + ends for line in new.split("\n")[:-1]]
    return Formatted(file, "\n".join(lines), tuple(reversed(changed)), tuple(reversed(left)))


def format_block(block: Block) -> tuple[str, str]:
    """The block in the house style, and why it was left as it is ("" when it was not)."""
    try:
        before = read_yaml(block.text, block.file, block.line)
        reason = _untouchable(block.text)
        root = yaml.compose(block.text, Loader=yaml.SafeLoader)
    except (RulebookError, yaml.YAMLError):
        return block.text, "YAML illisible ; « coopdec recueil verifier » dit pourquoi"
    if reason or not isinstance(root, yaml.MappingNode):
        return block.text, reason or "un bloc de clés est attendu"
    _order(root, KEY_ORDER)
    for key, value in root.value:
        _style(value, str(key.value), len(str(key.value)) + 2, block.kind)
    root.flow_style = False
    new = write_node(root)
    if not _same(before, read_yaml(new, block.file, block.line)):
        return block.text, "le remettre en forme changerait ce qu'il dit"
    return new, ""


def _untouchable(text: str) -> str:
    """Why a block cannot be rewritten without losing something of it."""
    bare = list(text)
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken):
            return "il porte une ancre, un renvoi ou une étiquette YAML"
        if isinstance(token, yaml.DirectiveToken | yaml.DocumentStartToken):
            return "il porte une marque de document YAML"
        if isinstance(token, yaml.ScalarToken):
            first = token.start_mark.index
            if token.style in ("|", ">"):
                # A comment may follow the sign itself.
                first = text.find("\n", first)
            bare[first : token.end_mark.index] = " " * (token.end_mark.index - first)
    return "il porte un commentaire" if "#" in bare else ""


def _order(node: yaml.MappingNode, order: Sequence[str]) -> None:
    places = {name: place for place, name in enumerate(order)}
    node.value.sort(key=lambda pair: places.get(str(pair[0].value), len(places)))


def _style(node: yaml.Node, key: str, column: int, kind: str) -> None:
    """Give the value of a top key its style; ``column``: where it would start on the key's line."""
    if isinstance(node, yaml.ScalarNode):
        _scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        # A list of norms is a line of names; others are read item by item.
        node.flow_style = key == "norme"
        for item in node.value:
            _item(item, key, 2)
    elif isinstance(node, yaml.MappingNode):
        if key in _PART_ORDER:
            _part(node, key)
        elif key in ("si", "alors"):
            _item(node, key, 2)
        else:
            _leaves(node, quoted=key == "colonnes")
            node.flow_style = kind != "table" and column + _width(node) <= _LINE


def _item(node: yaml.Node, key: str, column: int) -> None:
    """An item of a list: a scalar, an effect, or a connector with its own conditions."""
    if isinstance(node, yaml.MappingNode) and key in _PART_ORDER:
        _part(node, key)
    elif isinstance(node, yaml.MappingNode):
        node.flow_style = False
        for connector, value in node.value:
            _conditions(value, column + 2 + len(str(connector.value)) + 2, column + 4)
    elif isinstance(node, yaml.SequenceNode):
        _leaves(node)
        node.flow_style = True
    else:
        _leaves(node)


def _conditions(node: yaml.Node, beside: int, below: int) -> None:
    """Conditions under a connector: on its line when they are words only and fit, else below."""
    if not isinstance(node, yaml.SequenceNode):
        _item(node, "si", below)
        return
    words = all(isinstance(item, yaml.ScalarNode) for item in node.value)
    for item in node.value:
        _item(item, "si", below)
    node.flow_style = bool(node.flow_style) and words and beside + _width(node) <= _LINE


def _part(node: yaml.MappingNode, key: str) -> None:
    """A small mapping with fixed keys, always on one line."""
    _order(node, _PART_ORDER[key])
    for name, value in node.value:
        _leaves(value, quoted=str(name.value) in _QUOTED)
    node.flow_style = True


def _leaves(node: yaml.Node, quoted: bool = False) -> None:
    if isinstance(node, yaml.ScalarNode):
        _scalar(node, quoted)
    elif isinstance(node, yaml.SequenceNode):
        node.flow_style = True
        for item in node.value:
            _leaves(item, quoted)
    elif isinstance(node, yaml.MappingNode):
        node.flow_style = True
        for _, value in node.value:
            _leaves(value, quoted)


def _scalar(node: yaml.ScalarNode, quoted: bool = False) -> None:
    """Plain unless YAML needs quotes; a text of several lines keeps its lines."""
    if "\n" in node.value.strip("\n"):
        node.style = "|" if node.style in ("|", ">") else '"'
    else:
        node.style = '"' if quoted and node.tag == _STR else None


def _width(node: yaml.CollectionNode) -> int:
    """Columns that the node takes on one line."""
    flow = node.flow_style
    node.flow_style = True
    width = len(write_node(node).rstrip("\n"))
    node.flow_style = flow
    return width


def _same(one: Node, other: Node) -> bool:
    """Both say the same, whatever the order of their keys and the lines they stand on."""
    if isinstance(one.value, dict) and isinstance(other.value, dict):
        return one.value.keys() == other.value.keys() and all(
            _same(child, other.value[key]) for key, child in one.value.items()
        )
    if isinstance(one.value, list) and isinstance(other.value, list):
        return len(one.value) == len(other.value) and all(
            _same(a, b) for a, b in zip(one.value, other.value, strict=True)
        )
    return type(one.value) is type(other.value) and one.raw == other.raw
