"""The prose of ``rules/textes``, cut into passages beside which its rules stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.loader import fingerprint
from coopdec_rules.rulebook.markdown import BLOCK_KINDS
from coopdec_rules.rulebook.model import Rule
from coopdec_rules.rulebook.rulebook import Rulebook

FOLDER = "textes/"


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of prose and the rules written right under it.

    ``tokens`` is the prose as markdown-it reads it, ``html`` the same rendered without any HTML of
    the text itself; ``table`` names a decision table declared there.
    """

    tokens: tuple[Token, ...]
    html: str
    rules: tuple[Rule, ...]
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


def load_texts(book: Rulebook, root: Path) -> Mapping[str, Text]:
    """Every text that holds rules, by identifier (its file's name), in the order of the files.

    When ``root`` no longer holds the rulebook that was loaded, its prose is left out rather than
    set beside rules that it may not be about.
    """
    same = root.is_dir() and fingerprint(root) == book.fingerprint
    by_file: dict[str, dict[int, Rule]] = {}
    for rule in book.rules:
        if rule.file.startswith(FOLDER):
            by_file.setdefault(rule.file, {})[rule.line] = rule
    names = set(by_file)
    if same:
        names |= {f"{FOLDER}{path.name}" for path in (root / "textes").glob("*.md")}
    texts = {}
    for name in sorted(names):
        rules = by_file.get(name, {})
        ident = name.removeprefix(FOLDER).removesuffix(".md")
        if same:
            texts[ident] = _read(ident, read_text(root / name, name), rules)
        else:
            texts[ident] = _without_prose(ident, list(rules.values()))
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


def _read(ident: str, text: str, rules: Mapping[int, Rule]) -> Text:
    reader = markdown()
    passages: list[Passage] = []
    prose: list[Token] = []
    found: list[Rule] = []
    table: str | None = None
    title = ident

    def close() -> None:
        nonlocal prose, found, table
        if prose or found or table:
            html = str(reader.renderer.render(prose, reader.options, {}))
            passages.append(Passage(tuple(prose), html, tuple(found), table))
        prose, found, table = [], [], None

    tokens = reader.parse(text)
    if len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title = tokens[1].content
        tokens = tokens[3:]
    for token in tokens:
        if token.type == "fence" and token.map and _is_block(token.info):
            rule = rules.get(token.map[0] + 2)
            if rule is None:
                continue
            if rule.table:
                table = rule.table
            found.append(rule)
            continue
        # Prose after a rule, at the outer level, begins another passage.
        if (found or table) and token.level == 0:
            close()
        prose.append(token)
    close()
    return Text(ident, title, tuple(passages))


def _is_block(info: str) -> bool:
    words = info.split()
    return len(words) > 1 and words[0] == "yaml" and words[1] in BLOCK_KINDS


def _without_prose(ident: str, rules: Sequence[Rule]) -> Text:
    passages: dict[str, list[Rule]] = {}
    for rule in rules:
        passages.setdefault(rule.theme, []).append(rule)
    listed = tuple(Passage((), "", tuple(found)) for found in passages.values())
    return Text(ident, ident, listed, prose=False)
