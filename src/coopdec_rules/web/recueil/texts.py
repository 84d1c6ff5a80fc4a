"""The prose of the rulebook, cut into passages beside which stands what is written under each.

The texts of the law hold rules; those of ``rules/espace`` and ``rules/proprietes`` hold
declarations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.format import FOLDERS
from coopdec_rules.rulebook.loader import fingerprint
from coopdec_rules.rulebook.model import Impossible, Property, Rule
from coopdec_rules.rulebook.rulebook import Rulebook

#: Folders of the texts.
LAW, SPACE, PROPERTIES = "textes", "espace", "proprietes"
_KINDS = frozenset(kind for kinds in FOLDERS.values() for kind in kinds)

#: What is not a rule but says something of every scenario, or of every answer.
Declared = Impossible | Property
Written = Rule | Declared


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of prose and what is written right under it: rules, or declarations.

    ``tokens`` is the prose as markdown-it reads it, ``html`` the same rendered without any HTML of
    the text itself; ``table`` names a decision table declared there.
    """

    tokens: tuple[Token, ...]
    html: str
    rules: tuple[Rule, ...]
    declared: tuple[Declared, ...] = ()
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """One file of the rulebook; ``prose`` is false when it could not be read again."""

    id: str
    title: str
    passages: tuple[Passage, ...]
    prose: bool = True

    @property
    def rules(self) -> list[Rule]:
        """Rules written in the text, in reading order."""
        return [rule for passage in self.passages for rule in passage.rules]

    @property
    def declared(self) -> list[Declared]:
        """Declarations written in the text, in reading order."""
        return [declared for passage in self.passages for declared in passage.declared]


def load_texts(book: Rulebook, root: Path, folder: str = LAW) -> Mapping[str, Text]:
    """Every text of a folder, by identifier (its file's name), in the order of the files.

    When ``root`` no longer holds the rulebook that was loaded, its prose is left out rather than
    set beside rules that it may not be about.
    """
    same = root.is_dir() and fingerprint(root) == book.fingerprint
    by_file: dict[str, dict[int, Written]] = {}
    every: tuple[Written, ...] = (*book.rules, *book.impossible, *book.properties)
    for written in every:
        if written.file.startswith(f"{folder}/"):
            by_file.setdefault(written.file, {})[written.line] = written
    names = set(by_file)
    if same:
        names |= {f"{folder}/{path.name}" for path in (root / folder).glob("*.md")}
    texts = {}
    for name in sorted(names):
        found = by_file.get(name, {})
        ident = name.removeprefix(f"{folder}/").removesuffix(".md")
        if same:
            texts[ident] = _read(ident, read_text(root / name, name), found)
        else:
            texts[ident] = _without_prose(ident, list(found.values()))
    return texts


def heading_of(texts: Mapping[str, Text], table: str) -> str:
    """The heading above the block that declares a decision table; its identifier without prose."""
    for text in texts.values():
        heading = ""
        for passage in text.passages:
            for place, token in enumerate(passage.tokens):
                if token.type == "heading_open":
                    heading = passage.tokens[place + 1].content
            if passage.table == table and heading:
                return heading
    return table.replace("_", " ")


def markdown() -> MarkdownIt:
    """The Markdown of the texts: no HTML, no picture, and links to web pages only."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def _read(ident: str, text: str, written: Mapping[int, Written]) -> Text:
    reader = markdown()
    passages: list[Passage] = []
    prose: list[Token] = []
    found: list[Written] = []
    table: str | None = None
    title = ident

    def close() -> None:
        nonlocal prose, found, table
        if prose or found or table:
            html = str(reader.renderer.render(prose, reader.options, {}))
            passages.append(_passage(tuple(prose), html, found, table))
        prose, found, table = [], [], None

    tokens = reader.parse(text)
    if len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title = tokens[1].content
        tokens = tokens[3:]
    for token in tokens:
        if token.type == "fence" and token.map and _is_block(token.info):
            entry = written.get(token.map[0] + 2)
            if entry is None:
                continue
            if isinstance(entry, Rule) and entry.table:
                table = entry.table
            found.append(entry)
            continue
        # Prose after a rule, at the outer level, begins another passage.
        if (found or table) and token.level == 0:
            close()
        prose.append(token)
    close()
    return Text(ident, title, tuple(passages))


def _is_block(info: str) -> bool:
    words = info.split()
    return len(words) > 1 and words[0] == "yaml" and words[1] in _KINDS


def _passage(
    tokens: tuple[Token, ...], html: str, found: Sequence[Written], table: str | None
) -> Passage:
    return Passage(
        tokens,
        html,
        tuple(entry for entry in found if isinstance(entry, Rule)),
        tuple(entry for entry in found if not isinstance(entry, Rule)),
        table,
    )


def _without_prose(ident: str, found: Sequence[Written]) -> Text:
    passages: dict[str, list[Written]] = {}
    for entry in found:
        theme = entry.theme if isinstance(entry, Rule) else ""
        passages.setdefault(theme, []).append(entry)
    listed = tuple(_passage((), "", entries, None) for entries in passages.values())
    return Text(ident, ident, listed, prose=False)
