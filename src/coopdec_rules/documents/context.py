"""What reading the models needs of the rulebook, and the checks that all their blocks share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from coopdec_rules.documents.library import Cited, Test
from coopdec_rules.documents.lists import AVIS_LISTS, AVIS_WORDS
from coopdec_rules.documents.template import Template, TemplateError, parse
from coopdec_rules.errors import RulebookError, suggest
from coopdec_rules.rulebook.articles import SIGN
from coopdec_rules.rulebook.binding import BindingError
from coopdec_rules.rulebook.context import Context
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.formula import And
from coopdec_rules.rulebook.markdown import Block, blocks
from coopdec_rules.rulebook.model import Period
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.rules import IDENT, read_conditions, read_period
from coopdec_rules.rulebook.sources import citations
from coopdec_rules.rulebook.yamlmarks import Node, read_yaml

_T = TypeVar("_T")


@dataclass(slots=True)
class Setting:
    """The rulebook that models speak of, and what was read of them so far."""

    book: Rulebook
    base: Context
    #: Words of the models, known before their texts are read.
    words: set[str] = field(default_factory=set)

    @property
    def rule_ids(self) -> set[str]:
        return {rule.id for rule in self.book.rules}


@dataclass(frozen=True, slots=True)
class Entry:
    """One block being read: its keys, its name and how messages call it."""

    node: Node
    entries: dict[str, Node]
    id: str
    what: str


def read_blocks(
    setting: Setting,
    root: Path,
    folder: str,
    kinds: tuple[str, ...],
    build: Callable[[Block], None],
) -> None:
    """Give every block of a folder to ``build``; what it raises goes with the other mistakes."""
    reader = setting.base.reader
    for path in sorted((root / folder).glob("*.md")):
        name = path.relative_to(root).as_posix()
        if path.name == "LISEZMOI.md":
            continue
        for block in blocks(read_text(path, name), name, reader, kinds):
            try:
                build(block)
            except RulebookError as error:
                reader.diagnostics.extend(error.diagnostics)


def start(setting: Setting, block: Block, keys: set[str]) -> Entry:
    """Read a block whose kind is also the key of its name."""
    node = read_yaml(block.text, block.file, block.line)
    return entry(setting, node, block.kind, block.kind.capitalize(), keys)


def entry(setting: Setting, node: Node, key: str, title: str, keys: set[str]) -> Entry:
    """Read the keys of a block or of one entry of a list, and its name."""
    reader = setting.base.reader
    entries = reader.mapping(node, title, keys)
    ident = reader.required_text(entries, key, title, node)
    what = f"{title} « {ident} »"
    if ident and not IDENT.fullmatch(ident):
        reader.report(
            entries[key], f"{what} : un identifiant s'écrit en minuscules, chiffres et tirets."
        )
    return Entry(node, entries, ident, what)


def read_test(setting: Setting, found: Entry, key: str = "si") -> Test:
    """A condition of the same language as the rules'; ``toujours`` when the key is not there."""
    conditions = read_conditions(setting.base, found.entries, found.what, key)
    formula = And(tuple(c.formula for c in conditions))
    try:
        scope = setting.base.binder.scope_of(formula)
    except BindingError as error:
        setting.base.reader.report(found.entries[key], f"{found.what} : {error}.")
        scope = None
    return Test(tuple(conditions), formula, scope)


def read_force(setting: Setting, found: Entry) -> Period:
    """Days on which a clause, a document or a step has its place; always, when not said."""
    if "en_vigueur" not in found.entries:
        return Period(None, None)
    return read_period(setting.base.reader, found.entries, found.what, found.node)


def read_text_of(
    setting: Setting, found: Entry, key: str, each: str | None = None, known: Iterable[str] = ()
) -> Template:
    """A text with its names checked; empty when the key is not there."""
    node = found.entries.get(key)
    if node is None:
        return Template(())
    return template_of(setting, node, found.what, each, known)


def template_of(
    setting: Setting, node: Node, what: str, each: str | None, known: Iterable[str] = ()
) -> Template:
    """A text with its names checked; mistakes go to the reader."""
    reader = setting.base.reader
    if isinstance(node.value, dict | list) or node.value is None:
        reader.report(node, f"{what} : un texte est attendu, {node.kind()} est écrit.")
        return Template(())
    try:
        template = parse(node.raw)
    except TemplateError as error:
        reader.report(node, f"{what} : {error}.")
        return Template(())
    names = names_known(setting, each) | set(known)
    for ref in template.refs():
        if ref.name not in names:
            reader.report(
                node,
                f"{what} : « {{{ref.name}}} » n'est ni un fait, ni une conclusion, ni un mot des "
                "modèles, ni un article d'articles.yaml.",
                suggest(ref.name, names),
            )
    return template


def names_known(setting: Setting, each: str | None) -> set[str]:
    """Names that a text may hold; those of an avis's list only where it is gone through."""
    book = setting.book
    names = {*book.facts, *book.conclusions, *setting.words, *AVIS_WORDS}
    names |= {f"{SIGN}{name}" for name in setting.base.articles}
    if each is not None and each in AVIS_LISTS:
        names |= {f"{each}.{field}" for field in AVIS_LISTS[each]}
    return names


def read_sources(setting: Setting, found: Entry) -> Cited:
    """What a block rests on: texts with their pinpoint, and articles cited by name."""
    base = setting.base
    cited = citations(
        base.reader, found.entries, found.what, found.node, base.sources, base.articles
    )
    refs = tuple(c.ref for c in cited if c.ref is not None)
    return Cited(refs, tuple(c.article for c in cited if c.article is not None))


def read_rules(setting: Setting, found: Entry, key: str = "regles") -> tuple[str, ...]:
    """Identifiers of rules, each of them in the rulebook."""
    nodes = setting.base.reader.texts(found.entries, key, found.what)
    known = setting.rule_ids
    for node in nodes:
        if node.raw not in known:
            setting.base.reader.report(
                node,
                f"{found.what} : la règle « {node.raw} » n'existe pas.",
                suggest(node.raw, known),
            )
    return tuple(node.raw for node in nodes)


def choice(
    setting: Setting, found: Entry, key: str, known: Mapping[str, _T], default: str | None = None
) -> _T:
    """One of the values that a key may have; another is reported, and the first one taken."""
    reader = setting.base.reader
    if key not in found.entries and default is not None:
        return known[default]
    value = reader.required_text(found.entries, key, found.what, found.node)
    if value and value not in known:
        reader.report(
            found.entries[key],
            f"{found.what} : « {key} » vaut « {value} » (valeurs : {', '.join(known)}).",
            suggest(value, known),
        )
    return known.get(value, next(iter(known.values())))


def order(setting: Setting, found: Entry) -> int:
    """The place among the others."""
    text = setting.base.reader.required_text(found.entries, "ordre", found.what, found.node)
    if text and not text.isdecimal():
        setting.base.reader.report(
            found.entries["ordre"], f"{found.what} : « ordre » attend un nombre entier."
        )
        return 0
    return int(text or 0)
