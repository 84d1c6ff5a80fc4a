"""Texts of the rulebook made ready to be set: their prose as nodes, French spaces, long words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from coopdec_rules.documents.typography import french_text

Data = dict[str, Any]

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w|«)")
_LONG = re.compile(r"\S{31,}")


def blocks(tokens: Sequence[Token]) -> list[Data]:
    """The prose as nodes."""
    return [_node(node) for node in SyntaxTreeNode(list(tokens)).children]


def _node(node: SyntaxTreeNode) -> Data:
    """A node of the prose: its kind, and its children or its text."""
    kind = node.type
    data: Data = {"genre": kind, "texte": "", "enfants": []}
    if kind == "inline":
        return {"genre": "suite", "texte": "", "enfants": [_node(c) for c in node.children]}
    if kind == "heading":
        data["niveau"] = int(node.tag[1:])
    if kind == "link":
        href = str(node.attrs.get("href", ""))
        data["adresse"] = href if href.startswith(("https://", "http://")) else ""
    if kind in ("text", "code_inline", "fence", "code_block"):
        data["texte"] = node.content
    elif kind in ("softbreak", "hardbreak"):
        data = {"genre": "text", "texte": " ", "enfants": []}
    else:
        data["enfants"] = [_node(child) for child in node.children]
    return data


def printed(value: Any) -> Any:
    """The texts with French spaces and apostrophes, and places to break what is very long."""
    if isinstance(value, str):
        text = french_text(_APOSTROPHE.sub("\u2019", value))
        return _LONG.sub(lambda m: _breakable(m.group()), text)
    if isinstance(value, list):
        return [printed(item) for item in value]
    if isinstance(value, dict):
        return {
            name: item if name in ("adresse", "empreinte", "genre") else printed(item)
            for name, item in value.items()
        }
    return value


def _breakable(word: str) -> str:
    return "\u200b".join(word[i : i + 12] for i in range(0, len(word), 12))
