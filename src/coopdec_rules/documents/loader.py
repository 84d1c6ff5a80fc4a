"""Loads the models of documents (``rules/modeles``), or says everything that is wrong with them."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar, get_args

from coopdec_rules.documents.context import (
    Entry,
    Setting,
    choice,
    entry,
    order,
    read_blocks,
    read_force,
    read_rules,
    read_sources,
    read_test,
    read_text_of,
    start,
    template_of,
)
from coopdec_rules.documents.courts import load_courts
from coopdec_rules.documents.library import (
    Clause,
    Form,
    Gate,
    InDoubt,
    Library,
    Model,
    Opening,
    Part,
    Test,
    Word,
)
from coopdec_rules.documents.lists import AVIS_LISTS
from coopdec_rules.documents.template import Template
from coopdec_rules.documents.typography import set_text
from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.articles import load_articles
from coopdec_rules.rulebook.binding import Binder
from coopdec_rules.rulebook.context import Context
from coopdec_rules.rulebook.markdown import Block
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.yamlmarks import Node, Reader, read_yaml

FOLDER = "modeles"
_KINDS = ("document", "partie", "mots", "porte")
_DOCUMENT_KEYS = {
    "document", "titre", "fichier", "genre", "ordre", "usage", "si", "en_vigueur", "plan",
    "joint_le_projet", "projet_si", "haut_de_page", "remplace", "source",
}  # fmt: skip
_PART_KEYS = {
    "partie", "titre", "forme", "colonnes", "clauses", "si", "a_signer", "couvre",
}  # fmt: skip
_CLAUSE_KEYS = {
    "clause", "titre", "texte", "cellules", "si", "pour_chaque", "sauf", "si_liste",
    "dans_le_doute", "a_garder_si", "en_vigueur", "source", "regles", "remplit",
    "a_confirmer",
}  # fmt: skip
_GATE_KEYS = {
    "porte", "titre", "acte", "ouverte", "refus", "garde", "regles_de_doute", "ferme_si",
    "ferme_raison",
}  # fmt: skip
_FORMS: Mapping[str, Form] = {form: form for form in get_args(Form)}
_DOUBTS: Mapping[str, InDoubt] = {value: value for value in get_args(InDoubt)}
_LISTS = {name: name for name in AVIS_LISTS}
_OPENINGS: Mapping[str, Opening] = {value: value for value in get_args(Opening)}
#: The answer, and those under which nothing may be adopted or signed, whatever models say.
ANSWER = "habilitation"
NEVER_ADOPTED = ("interdite", "indeterminee")
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
    read_blocks(setting, root, FOLDER, _KINDS, building.only("mots", building.words_of))
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

    # -- parts ---------------------------------------------------------------------------------

    def part(self, block: Block) -> None:
        found = start(self.setting, block, _PART_KEYS)
        reader, entries, what = self.reader, found.entries, found.what
        form = choice(self.setting, found, "forme", _FORMS)
        columns = tuple(node.raw for node in reader.texts(entries, "colonnes", what))
        if (form == "tableau") != bool(columns):
            reader.report(found.node, f"{what} : « colonnes » va avec « forme: tableau ».")
        node = entries.get("clauses")
        listed = node.value if node is not None and isinstance(node.value, list) else []
        if not listed:
            reader.report(found.node, f"{what} : une liste « clauses » est attendue.")
        clauses = [self._clause(item, found, columns) for item in listed]
        test = read_test(self.setting, found)
        if test.scope is not None:
            reader.report(entries["si"], f"{what} : « si » ne parle que du scénario entier.")
        covers = reader.texts(entries, "couvre", what)
        elements = {element.id for element in self.setting.book.elements}
        for cover in covers:
            if cover.raw not in elements:
                reader.report(
                    cover,
                    f"{what} : « {cover.raw} » n'est pas un élément.",
                    suggest(cover.raw, elements),
                )
        part = Part(
            id=found.id,
            title=read_text_of(self.setting, found, "titre"),
            form=form,
            columns=columns,
            clauses=tuple(clauses),
            test=test,
            to_sign=reader.flag(entries, "a_signer", what),
            covers=frozenset(cover.raw for cover in covers),
            file=block.file,
            line=block.line,
        )
        self._unique(found, [(c.id, c.line) for c in clauses])
        self._add(self.parts, part.id, part, found)

    def _clause(self, node: Node, part: Entry, columns: Sequence[str]) -> Clause:
        setting, reader = self.setting, self.reader
        found = entry(setting, node, "clause", f"{part.what}, clause", _CLAUSE_KEYS)
        entries, what = found.entries, found.what
        each = reader.text(entries, "pour_chaque", what) or None
        repeated = [g.id for g in setting.book.groups.values() if g.repeated]
        if each is not None and each not in (*repeated, *AVIS_LISTS):
            known = [*repeated, *AVIS_LISTS]
            reader.report(
                entries["pour_chaque"],
                f"{what} : « {each} » n'est ni un groupe répété, ni une liste de l'avis "
                f"({', '.join(known)}).",
                suggest(each, known),
            )
            each = None
        test = read_test(setting, found)
        if test.scope is not None and test.scope != each:
            reader.report(
                entries["si"],
                f"{what} : parle d'un {test.scope} ; écrire « pour_chaque: {test.scope} », ou "
                f"« au moins un {test.scope} : … ».",
            )
        cells = entries.get("cellules")
        if columns:
            items = cells.value if cells is not None and isinstance(cells.value, list) else []
            if len(items) != len(columns):
                reader.report(
                    cells or node,
                    f"{what} : une ligne a {len(columns)} cellules, {len(items)} sont écrites.",
                )
        else:
            items = []
            if cells is not None:
                reader.report(cells, f"{what} : « cellules » va avec « forme: tableau ».")
            if "texte" not in entries:
                reader.report(node, f"{what} : la clé « texte » manque.")
        cited = read_sources(setting, found)
        return Clause(
            id=found.id,
            title=read_text_of(setting, found, "titre", each),
            text=read_text_of(setting, found, "texte", each),
            cells=tuple(template_of(setting, cell, what, each) for cell in items),
            test=test,
            each=each,
            but=frozenset(n.raw for n in reader.texts(entries, "sauf", what)),
            when_list=choice(setting, found, "si_liste", {"": "", **_LISTS}, ""),
            in_doubt=choice(setting, found, "dans_le_doute", _DOUBTS, "garder"),
            keep_if=set_text(reader.text(entries, "a_garder_si", what)),
            period=read_force(setting, found),
            cited=cited,
            rules=read_rules(setting, found),
            meets=read_rules(setting, found, "remplit"),
            to_confirm=reader.text(entries, "a_confirmer", what),
            file=node.file,
            line=node.line,
        )

    # -- words and gates -----------------------------------------------------------------------

    def words_of(self, block: Block) -> None:
        """Words, in the order in which they are written: one may use those before it."""
        node = read_yaml(block.text, block.file, block.line)
        entries = self.reader.mapping(node, "Mots", {"mots"})
        declared = entries.get("mots", node)
        for name, value in self.reader.mapping(declared, "Mots").items():
            what = f"Mot « {name} »"
            cases = value.value if isinstance(value.value, list) else [value]
            read = [self._case(item, what) for item in cases]
            if name in self.words:
                self.reader.report(value, f"{what} : il existe déjà.")
            self.words[name] = Word(name, tuple(c for c in read if c is not None), name)
            self.setting.words.add(name)

    def _case(self, node: Node, what: str) -> tuple[Test, Template] | None:
        """One case of a word: a text, or a text under a condition."""
        if not isinstance(node.value, dict):
            return Test(), template_of(self.setting, node, what, None)
        entries = self.reader.mapping(node, what, {"si", "texte"})
        found = Entry(node, entries, what, what)
        test = read_test(self.setting, found)
        if test.scope is not None:
            self.reader.report(node, f"{what} : un mot ne dépend que du scénario entier.")
        if "texte" not in entries:
            self.reader.report(node, f"{what} : la clé « texte » manque.")
            return None
        return test, read_text_of(self.setting, found, "texte")

    def gate(self, block: Block) -> None:
        found = start(self.setting, block, _GATE_KEYS)
        reader, entries, what = self.reader, found.entries, found.what
        answers = self.setting.book.conclusions[ANSWER].values
        act = reader.flag(entries, "acte", what)
        openings: dict[str, Opening] = {}
        for name, child in self._by_answer(found, "ouverte", answers).items():
            if child.raw not in _OPENINGS:
                reader.report(
                    child,
                    f"{what} : « {child.raw} » n'ouvre rien (valeurs : {', '.join(_OPENINGS)}).",
                    suggest(child.raw, _OPENINGS),
                )
                continue
            if act and name in NEVER_ADOPTED:
                reader.report(
                    child,
                    f"{what} : un acte à adopter ne se fait jamais sous « {name} ».",
                )
            openings[name] = _OPENINGS[child.raw]
        refusals = {
            name: child.raw.strip()
            for name, child in self._by_answer(found, "refus", answers).items()
        }
        for name in answers:
            if openings.get(name) != "toujours" and name not in refusals:
                reader.report(found.node, f"{what} : « refus » ne dit rien de « {name} ».")
        keeps: dict[str, Test] = {}
        for name, child in self._keeps(found).items():
            inner = Entry(child, {"si": child}, found.id, what)
            keeps[name] = read_test(self.setting, inner)
            if keeps[name].scope != name:
                reader.report(child, f"{what} : « garde » de {name} parle de {name}.…")
        self.doubts.update(read_rules(self.setting, found, "regles_de_doute"))
        if ("ferme_si" in entries) != ("ferme_raison" in entries):
            reader.report(found.node, f"{what} : « ferme_si » et « ferme_raison » vont ensemble.")
        blocked = read_test(self.setting, found, "ferme_si") if "ferme_si" in entries else None
        if blocked is not None and blocked.scope is not None:
            reader.report(
                entries["ferme_si"],
                f"{what} : parle d'un {blocked.scope} : écrire « au moins un … : … ».",
            )
        gate = Gate(
            kind=found.id,
            title=reader.required_text(entries, "titre", what, found.node),
            act=act,
            openings=openings,
            refusals=refusals,
            keeps=keeps,
            blocked=blocked,
            why_blocked=reader.text(entries, "ferme_raison", what),
            file=block.file,
            line=block.line,
        )
        self._add(self.gates, gate.kind, gate, found)

    def _by_answer(self, found: Entry, key: str, answers: Mapping[str, str]) -> dict[str, Node]:
        node = found.entries.get(key)
        return {} if node is None else self.reader.mapping(node, found.what, set(answers))

    def _keeps(self, found: Entry) -> dict[str, Node]:
        node = found.entries.get("garde")
        repeated = {g.id for g in self.setting.book.groups.values() if g.repeated}
        return {} if node is None else self.reader.mapping(node, found.what, repeated)

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

    def _unique(self, found: Entry, named: Sequence[tuple[str, int]]) -> None:
        seen: set[str] = set()
        for name, line in named:
            if name in seen:
                self.reader.report(
                    (found.node.file, line), f"{found.what} : deux clauses « {name} »."
                )
            seen.add(name)
