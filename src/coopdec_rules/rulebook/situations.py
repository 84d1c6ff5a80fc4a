"""Reads ``rules/situations/``: what people come with, in their own words.

A situation states the facts that its words say, and no answer.  It names, in order, the facts to
ask about first, and the documents it leads to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.model import Conclusion, Fact, Period, Source, SourceRef, Value
from coopdec_rules.rulebook.paths import put
from coopdec_rules.rulebook.rules import IDENT, read_period
from coopdec_rules.rulebook.sources import source_refs
from coopdec_rules.rulebook.yamlmarks import Node, Reader, read_yaml

FOLDER = "situations"
SITUATION_KEYS = {
    "titre", "aide", "rang", "faits", "vaut_aussi", "questions", "documents", "source",
    "en_vigueur", "exemple", "note",
}  # fmt: skip
#: What an answer says besides, written once for several situations.
COPIES_FILE = "correspondances.yaml"
_COPY_KEYS = {"de", "vers", "valeurs"}
_QUESTION_KEYS = {"question", "si"}
#: Name of a document: those who make documents know which ones exist.
_DOCUMENT = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Copy:
    """An answer that also says another fact: whoever is paid is the partner.

    ``values``: what each value of the answer says of ``target``; one that is not there says
    nothing.
    """

    target: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Question:
    """How a situation asks a fact, or ""; the conclusion and its value that make it worth it."""

    words: str
    only: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """What someone wants to do, as people say it.

    ``facts``: what its words say, by fact; of a repeated group, of its first item.  ``questions``:
    the facts to ask first, in order; ``words``: how it asks some of them; ``only``: conclusions and
    the value that makes some of them worth asking.  ``copies``: by fact asked, what its answer says
    besides.
    ``documents``: names of the documents it leads to.  ``example``: a worked case, or nothing.
    """

    id: str
    title: str
    help: str
    rank: int
    facts: Mapping[str, Value]
    questions: tuple[str, ...]
    documents: tuple[str, ...]
    sources: tuple[SourceRef, ...]
    period: Period
    words: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    copies: Mapping[str, Copy] = field(default_factory=dict)
    example: str = ""
    note: str = ""
    file: str = ""
    line: int = 0

    def scenario(self, facts: Mapping[str, Fact]) -> dict[str, Any]:
        """Its facts as a scenario document; ``facts``: those of the vocabulary."""
        document: dict[str, Any] = {}
        items: dict[tuple[str, ...], dict[str, Any]] = {}
        for name, value in self.facts.items():
            fact = facts[name]
            if fact.scope is None:
                put(document, fact.path, fact.kind.plain(value))
            else:
                put(items.setdefault(fact.group.path, {}), fact.key, fact.kind.plain(value))
        for path, item in items.items():
            put(document, path, [item])
        return document


def load_situations(
    root: Path,
    reader: Reader,
    facts: Mapping[str, Fact],
    sources: Mapping[str, Source],
    conclusions: Mapping[str, Conclusion],
) -> dict[str, Situation]:
    """Situations by identifier, in the order people see them; mistakes go to ``reader``."""
    nodes = {}
    for path in sorted((root / FOLDER).glob("*.yaml")):
        name = path.relative_to(root).as_posix()
        nodes[path.name] = read_yaml(read_text(path, name), name)
    declared = nodes.pop(COPIES_FILE, None)
    copies = {} if declared is None else _load_copies(reader, declared, facts)
    found: dict[str, Situation] = {}
    for node in nodes.values():
        for ident, child in reader.mapping(node, "Situations").items():
            if ident in found:
                first = found[ident]
                reader.report(
                    child, f"La situation « {ident} » existe déjà ({first.file}:{first.line})."
                )
                continue
            found[ident] = _situation(reader, ident, child, facts, sources, conclusions, copies)
    return dict(sorted(found.items(), key=lambda pair: pair[1].rank))


def _situation(
    reader: Reader,
    ident: str,
    node: Node,
    facts: Mapping[str, Fact],
    sources: Mapping[str, Source],
    conclusions: Mapping[str, Conclusion],
    copies: Mapping[str, tuple[str, Copy]],
) -> Situation:
    what = f"Situation « {ident} »"
    entries = reader.mapping(node, what, SITUATION_KEYS)
    if not IDENT.fullmatch(ident):
        reader.report(node, f"{what} : le nom s'écrit en minuscules, chiffres et tirets.")
    stated = stated_facts(reader, entries, what, facts)
    questions = _questions(reader, entries, what, facts, conclusions, stated, node)
    return Situation(
        id=ident,
        title=reader.required_text(entries, "titre", what, node),
        help=reader.text(entries, "aide", what),
        rank=_rank(reader, entries, what, node),
        facts=stated,
        questions=tuple(questions),
        words={name: asked.words for name, asked in questions.items() if asked.words},
        only={name: asked.only for name, asked in questions.items() if asked.only},
        documents=_documents(reader, entries, what, node),
        sources=source_refs(reader, entries, what, node, dict(sources)),
        period=read_period(reader, entries, what, node),
        copies=_copies(reader, entries, what, copies, stated),
        example=reader.text(entries, "exemple", what),
        note=reader.text(entries, "note", what),
        file=node.file,
        line=node.line,
    )


def _rank(reader: Reader, entries: dict[str, Node], what: str, place: Node) -> int:
    node = entries.get("rang")
    if node is None:
        reader.report(place, f"{what} : la clé « rang » manque (sa place sur la page d'accueil).")
        return 0
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return node.value
    reader.report(node, f"{what} : « rang » attend un nombre entier, {node.kind()} est écrit.")
    return 0


def stated_facts(
    reader: Reader, entries: dict[str, Node], what: str, facts: Mapping[str, Fact]
) -> dict[str, Value]:
    """The facts under ``faits``, with their values; mistakes go to ``reader``."""
    found: dict[str, Value] = {}
    given = reader.mapping(entries["faits"], f"{what}, faits") if "faits" in entries else {}
    for name, node in given.items():
        fact = _known(reader, node, what, name, facts)
        if fact is None:
            continue
        written = node.raw if isinstance(node.value, str | bool) else node.value
        value = fact.kind.read(written, fact)
        if value is None:
            reader.report(
                node,
                f"{what} : « {node.raw} » n'est pas une valeur de « {name} » "
                f"({fact.kind.expected(fact)}).",
                suggest(node.raw, fact.values) if fact.values else None,
            )
        elif value == fact.presumed:
            reader.report(
                node,
                f"{what} : « {name} » est déjà présumé « {node.raw} » : n'écrire que ce qui est "
                "ajouté.",
            )
        else:
            found[name] = value
    return found


def _known(
    reader: Reader, node: Node, what: str, name: str, facts: Mapping[str, Fact]
) -> Fact | None:
    fact = facts.get(name)
    if fact is None:
        reader.report(node, f"{what} : le fait « {name} » n'existe pas.", suggest(name, facts))
    return fact


def _questions(
    reader: Reader,
    entries: dict[str, Node],
    what: str,
    facts: Mapping[str, Fact],
    conclusions: Mapping[str, Conclusion],
    stated: Mapping[str, Value],
    place: Node,
) -> dict[str, _Question]:
    """Facts to ask, each with how and when the situation asks it."""
    if "questions" not in entries:
        reader.report(place, f"{what} : la clé « questions » manque.")
        return {}
    given = entries["questions"]
    found: dict[str, _Question] = {}
    for node in given.value if isinstance(given.value, list) else [given]:
        asked = node.value if isinstance(node.value, dict) else {node.raw: Node("", node.file, 0)}
        if len(asked) != 1:
            reader.report(node, f"{what} : une question est un fait, ou « fait: question ».")
            continue
        [(name, words)] = asked.items()
        if _known(reader, node, what, name, facts) is None:
            continue
        if name in stated:
            reader.report(node, f"{what} : « {name} » est dit par la situation et redemandé.")
        elif name in found:
            reader.report(node, f"{what} : « {name} » est demandé deux fois.")
        found[name] = _question(reader, f"{what}, {name}", words, conclusions)
    return found


def _question(
    reader: Reader, what: str, node: Node, conclusions: Mapping[str, Conclusion]
) -> _Question:
    if not isinstance(node.value, dict):
        return _Question(node.raw.strip())
    parts = reader.mapping(node, what, _QUESTION_KEYS)
    words = reader.text(parts, "question", what)
    only = reader.mapping(parts["si"], f"{what}, si") if "si" in parts else {}
    for name, value in only.items():
        known = conclusions.get(name)
        if known is None or known.scope is not None:
            reader.report(
                value,
                f"{what}, si : « {name} » n'est pas une conclusion de l'action entière.",
                suggest(name, conclusions),
            )
        elif value.raw not in known.values:
            reader.report(
                value,
                f"{what}, si : « {value.raw} » n'est pas une valeur de « {name} ».",
                suggest(value.raw, known.values),
            )
    if len(only) > 1:
        reader.report(node, f"{what}, si : une seule conclusion, avec sa valeur.")
    return _Question(words, next(((n, v.raw) for n, v in only.items()), None))


def _documents(reader: Reader, entries: dict[str, Node], what: str, place: Node) -> tuple[str, ...]:
    if "documents" not in entries:
        reader.report(place, f"{what} : la clé « documents » manque.")
    found: dict[str, None] = {}
    for node in reader.texts(entries, "documents", what):
        if not _DOCUMENT.fullmatch(node.raw):
            reader.report(
                node,
                f"{what} : « {node.raw} » n'est pas un nom de document (minuscules et tirets).",
            )
        elif node.raw in found:
            reader.report(node, f"{what} : le document « {node.raw} » est nommé deux fois.")
        found[node.raw] = None
    return tuple(found)


def _copies(
    reader: Reader,
    entries: dict[str, Node],
    what: str,
    known: Mapping[str, tuple[str, Copy]],
    stated: Mapping[str, Value],
) -> dict[str, Copy]:
    """What answers also say, by the fact asked; ``known``: the tables of ``COPIES_FILE``."""
    found: dict[str, Copy] = {}
    for node in reader.texts(entries, "vaut_aussi", what):
        if node.raw not in known:
            reader.report(
                node,
                f"{what} : « {node.raw} » n'est pas dans {FOLDER}/{COPIES_FILE}.",
                suggest(node.raw, known),
            )
            continue
        source, copy = known[node.raw]
        if copy.target in stated:
            reader.report(node, f"{what} : « {copy.target} » est déjà dit par la situation.")
        found[source] = copy
    return found


def _load_copies(
    reader: Reader, node: Node, facts: Mapping[str, Fact]
) -> dict[str, tuple[str, Copy]]:
    found: dict[str, tuple[str, Copy]] = {}
    for ident, child in reader.mapping(node, "Correspondances").items():
        what = f"Correspondance « {ident} »"
        parts = reader.mapping(child, what, _COPY_KEYS)
        names = [reader.required_text(parts, key, what, child) for key in ("de", "vers")]
        if not all(names):
            continue
        source, target = (
            _known(reader, parts[key], what, name, facts)
            for key, name in zip(("de", "vers"), names, strict=True)
        )
        if source is None or target is None:
            continue
        values: dict[str, str] = {}
        listed = reader.mapping(parts["valeurs"], what) if "valeurs" in parts else {}
        for value, entry in listed.items():
            for fact, text in ((source, value), (target, entry.raw)):
                if text not in fact.values:
                    reader.report(
                        entry,
                        f"{what} : « {text} » n'est pas une valeur de « {fact.id} ».",
                        suggest(text, fact.values),
                    )
            values[value] = entry.raw
        if not values:
            reader.report(child, f"{what} : « valeurs » dit ce que chaque réponse dit de l'autre.")
        found[ident] = (source.id, Copy(target.id, values))
    return found
