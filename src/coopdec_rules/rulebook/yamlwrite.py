"""Writes YAML as the rulebook does: lists set in, long lines kept, double quotes only if needed.

The library that reads the rulebook also writes it, so that both agree on what must be quoted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

#: No line is folded: one sentence, one line.
_WIDTH = 10**6


class _Dumper(yaml.SafeDumper):
    """Sets lists in under their key, and never writes simple quotes."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def choose_scalar_style(self) -> str:
        style: str = super().choose_scalar_style()
        return '"' if style == "'" else style

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write_node(node: yaml.Node) -> str:
    """The text of a composed node, in the styles that its parts bear."""
    text: str = yaml.serialize(node, Dumper=_Dumper, width=_WIDTH, allow_unicode=True)
    return text


def write_line(entries: Mapping[str, Any]) -> str:
    """A mapping on one line: ``{date: 2026-11-02, role: avocate}``; texts must hold no newline."""
    text: str = yaml.dump(
        dict(entries),
        Dumper=_Dumper,
        width=_WIDTH,
        allow_unicode=True,
        default_flow_style=True,
        sort_keys=False,
    )
    return text.strip()
