"""Loads the models of documents (``rules/modeles``), or says everything that is wrong with them."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from coopdec_rules.documents.context import (
    Entry,
    Setting,
    order,
    read_blocks,
    read_force,
    read_sources,
    read_test,
    read_text_of,
    start,
)
from coopdec_rules.documents.courts import load_courts
from coopdec_rules.documents.gates import read_gate
from coopdec_rules.documents.library import Gate, Library, Model, Part, Word
from coopdec_rules.documents.parts import read_part
from coopdec_rules.documents.word_cases import read_words
from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.articles import load_articles
from coopdec_rules.rulebook.binding import Binder
from coopdec_rules.rulebook.context import Context
from coopdec_rules.rulebook.markdown import Block
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.yamlmarks import Node, Reader

FOLDER = "modeles"
_KINDS = ("document", "partie", "mots", "porte")
_DOCUMENT_KEYS = {
    "document", "titre", "fichier", "genre", "ordre", "usage", "si", "en_vigueur", "plan",
    "joint_le_projet", "projet_si", "haut_de_page", "remplace", "source",
}  # fmt: skip
#: Parts that every library has: what is printed before and after a document.
COVER, ANNEX = "page-de-garde", "annexe-des-appuis"
#: Words that every library has: what is written on each page of what is no act to sign.
DRAFT_MARK, PAST_MARK, PROJECT_MARK = "marque_brouillon", "marque_passe", "marque_projet"
#: Words written for what is not known.
KEEP_IF = "blanc_garder_si"

_T = TypeVar("_T")


def load_library(root: Path, book: Rulebook) -> Library:
    """The models in ``root/modeles``, read against the rulebook in ``root``.

    Raises ``RulebookError`` with every mistake found, each at its file and line.
    """
    reader = Reader()
    setting = setting_of(root, book, reader)
    building = _Building(setting)
    # Words first: the texts of everything else may hold them.
    read_blocks(setting, root, FOLDER, _KINDS, building.only("mots", building.words_read))
    read_blocks(setting, root, FOLDER, _KINDS, building.only("partie", building.part))
    read_blocks(setting, root, FOLDER, _KINDS, building.only("porte", building.gate))
    read_blocks(setting, root, FOLDER, _KINDS, building.only("document", building.document))
    courts = load_courts(setting, root)
    models = building.finished()
    _check_situations(book, reader, models)
    reader.diagnostics[:] = dict.fromkeys(reader.diagnostics)  # fences were read once by kind
    reader.raise_if_any()
    return Library(
        models=models,
        gates=building.gates,
        words=building.words,
        parts=building.parts,
        articles=dict(setting.base.articles),
        doubt_rules=frozenset(building.doubts),
        atoms=tuple(setting.base.binder.atoms),
        courts=courts,
        fingerprint=fingerprint(root),
    )


def _check_situations(book: Rulebook, reader: Reader, models: Mapping[str, Model]) -> None:
    """Report the documents that situations lead to and that have no model."""
    for situation in book.situations.values():
        for name in situation.documents:
            if name not in models:
                reader.report(
                    (situation.file, situation.line),
                    f"Situation « {situation.id} » : le document « {name} » n'a pas de modèle.",
                    suggest(name, models),
                )


def setting_of(root: Path, book: Rulebook, reader: Reader) -> Setting:
    """What reading models, steps or contacts against a rulebook starts from."""
    binder = Binder(book.groups, book.facts, book.conclusions)
    articles = load_articles(root, reader, book.sources)
    base = Context(reader, binder, book.sources, book.norms, book.ranks, articles)
    return Setting(book, base)


def fingerprint(root: Path) -> str:
    """Hash of everything that documents are made from, besides the rulebook itself."""
    digest = hashlib.sha256()
    for folder in (FOLDER, "calendrier", "contacts"):
        for path in sorted((root / folder).glob("*.*")):
            content = path.read_bytes().replace(b"\r\n", b"\n")
            name = path.relative_to(root).as_posix()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


class _Building:
    """What was read so far."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.reader = setting.base.reader
        self.models: dict[str, Model] = {}
        self.plans: list[tuple[Entry, str, Sequence[Node]]] = []
        self.gates: dict[str, Gate] = {}
        self.words: dict[str, Word] = {}
        self.parts: dict[str, Part] = {}
        self.doubts: set[str] = set()

    def only(self, kind: str, build: Callable[[Block], None]) -> Callable[[Block], None]:
        """``build`` for the blocks of one kind, nothing for the others."""

        def built(block: Block) -> None:
            if block.kind == kind:
                build(block)

        return built

    # -- documents -----------------------------------------------------------------------------

    def document(self, block: Block) -> None:
        found = start(self.setting, block, _DOCUMENT_KEYS)
        reader, entries, what = self.reader, found.entries, found.what
        cited = read_sources(self.setting, found)
        test = read_test(self.setting, found)
        draft = read_test(self.setting, found, "projet_si") if "projet_si" in entries else test
        for key, read in (("si", test), ("projet_si", draft)):
            if read.scope is not None and key in entries:
                reader.report(
                    entries[key],
                    f"{what} : parle d'un {read.scope} ; écrire « au moins un {read.scope} : … ».",
                )
        if "plan" not in entries:
            reader.report(found.node, f"{what} : la clé « plan » manque.")
        self.plans.append((found, found.id, reader.texts(entries, "plan", what)))
        model = Model(
            id=found.id,
            title=reader.required_text(entries, "titre", what, found.node),
            kind=reader.required_text(entries, "genre", what, found.node),
            order=order(self.setting, found),
            use=reader.required_text(entries, "usage", what, found.node),
            short=reader.text(entries, "fichier", what, found.id),
            running=read_text_of(self.setting, found, "haut_de_page"),
            test=test,
            draft_test=draft,
            period=read_force(self.setting, found),
            plan=(),
            attaches=reader.text(entries, "joint_le_projet", what),
            replaces=tuple(node.raw for node in reader.texts(entries, "remplace", what)),
            cited=cited,
            file=block.file,
            line=block.line,
        )
        self._add(self.models, model.id, model, found)

    # -- what documents are made of ------------------------------------------------------------

    def part(self, block: Block) -> None:
        found, part = read_part(self.setting, block)
        self._add(self.parts, part.id, part, found)

    def words_read(self, block: Block) -> None:
        read_words(self.setting, block, self.words)

    def gate(self, block: Block) -> None:
        found, gate, doubts = read_gate(self.setting, block)
        self.doubts.update(doubts)
        self._add(self.gates, gate.kind, gate, found)

    # -- together ------------------------------------------------------------------------------

    def finished(self) -> dict[str, Model]:
        """The models with their parts; names that lead nowhere are reported."""
        for found, ident, plan in self.plans:
            parts = []
            for node in plan:
                if node.raw in self.parts:
                    parts.append(self.parts[node.raw])
                else:
                    self.reader.report(
                        node,
                        f"{found.what} : la partie « {node.raw} » n'existe pas.",
                        suggest(node.raw, self.parts),
                    )
            model = self.models[ident]
            self.models[ident] = dataclasses.replace(model, plan=tuple(parts))
            for other in model.replaces:
                if other not in self.models:
                    self.reader.report(
                        found.entries["remplace"],
                        f"{found.what} : le document « {other} » n'existe pas.",
                        suggest(other, self.models),
                    )
            for key, kind in (("genre", model.kind), ("joint_le_projet", model.attaches)):
                if kind and kind not in self.gates:
                    self.reader.report(
                        found.entries[key],
                        f"{found.what} : aucune porte ne dit quand faire un « {kind} ».",
                        suggest(kind, self.gates),
                    )
        for name in (COVER, ANNEX):
            if name not in self.parts:
                self.reader.report((FOLDER, 0), f"La partie « {name} » manque.")
        for name in (DRAFT_MARK, PAST_MARK, PROJECT_MARK, KEEP_IF):
            if name not in self.words:
                self.reader.report((FOLDER, 0), f"Le mot « {name} » manque.")
        return self.models

    def _add(self, known: dict[str, _T], ident: str, made: _T, found: Entry) -> None:
        if ident in known:
            self.reader.report(found.node, f"{found.what} : ce nom est déjà pris.")
        known[ident] = made
