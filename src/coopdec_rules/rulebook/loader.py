"""Loads ``rules/`` into one immutable ``Rulebook``, or says everything that is wrong with it."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TypeVar

from coopdec_rules.errors import Diagnostic, RulebookError, suggest
from coopdec_rules.rulebook.aggregates import add_aggregates
from coopdec_rules.rulebook.articles import load_articles
from coopdec_rules.rulebook.binding import Binder
from coopdec_rules.rulebook.context import Context, bind_sentence
from coopdec_rules.rulebook.declarations import build_impossible, build_property, check_unique
from coopdec_rules.rulebook.families import name_families
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.formula import And, literals
from coopdec_rules.rulebook.index import conclusions_read, facts_compared
from coopdec_rules.rulebook.markdown import Block, blocks
from coopdec_rules.rulebook.meaning import Meaning
from coopdec_rules.rulebook.model import (
    Fact,
    Impossible,
    Property,
    Quantified,
    Rule,
)
from coopdec_rules.rulebook.order import CircleError, in_order
from coopdec_rules.rulebook.presumptions import load_presumptions
from coopdec_rules.rulebook.ranks import load_ranks
from coopdec_rules.rulebook.review_files import load_reviews
from coopdec_rules.rulebook.rulebook import Rulebook, make_rulebook
from coopdec_rules.rulebook.rules import build_rule
from coopdec_rules.rulebook.situations import load_situations
from coopdec_rules.rulebook.soundness import check_soundness
from coopdec_rules.rulebook.sources import load_norms, load_sources
from coopdec_rules.rulebook.strata import CircularRulebookError, stratify
from coopdec_rules.rulebook.tables import build_table
from coopdec_rules.rulebook.themes import load_themes
from coopdec_rules.rulebook.typical import load_typical
from coopdec_rules.rulebook.vocabulary import Vocabulary, load_vocabulary
from coopdec_rules.rulebook.wordbook import load_wordbook
from coopdec_rules.rulebook.yamlmarks import Reader

#: Files whose content makes the law; prose outside them (``LISEZMOI.md``) does not change the hash.
#: Nor do the reviews (``relectures/``): an answer is the same whoever has checked its rules; nor
#: the situations and typical actions (``situations/``, ``actions-types/``): what they state is
#: stated in the scenario.
CONTENT = (
    "vocabulaire/*.yaml",
    "textes/*.md",
    "tables/*.csv",
    "listes/*.yaml",
    "espace/*.md",
    "proprietes/*.md",
    "*.yaml",
)
VERSION_FILE = "VERSION"
#: Facts that the code itself reads: the day the law is read at, and the reading of it.
REQUIRED_FACTS = {"date": "date", "lecture": "choix"}

_Declared = TypeVar("_Declared", Impossible, Property)


def load_rulebook(root: Path) -> Rulebook:
    """Read the rulebook in folder ``root``.

    Raises ``RulebookError`` with every mistake found, each at its file and line.
    """
    if not root.is_dir():
        raise RulebookError([Diagnostic(str(root), 0, "Le dossier du recueil n'existe pas.")])
    reader = Reader()
    vocabulary = load_vocabulary(root, reader)
    themes = load_themes(root, reader, vocabulary)
    ranks = load_ranks(root, reader)
    sources = load_sources(root, reader, ranks)
    norms = load_norms(root, reader)
    wordbook = load_wordbook(root, reader)
    for name, kind in REQUIRED_FACTS.items():
        if name not in vocabulary.facts or vocabulary.facts[name].type != kind:
            reader.report(("vocabulaire", 0), f"Le fait « {name} » ({kind}) manque.")
    reader.raise_if_any()
    binder = Binder(vocabulary.groups, vocabulary.facts, vocabulary.conclusions)
    articles = load_articles(root, reader, sources)
    context = Context(reader, binder, sources, norms, ranks, articles)
    _read_texts(root, context)
    add_aggregates(context, vocabulary.conclusions)
    name_families(context)
    facts = _with_relevance(vocabulary, context)
    _check_rules(context, vocabulary)
    check_soundness(context, vocabulary.conclusions, vocabulary.facts)
    order = _relevance_order(facts, context)
    impossible = _declared(root, context, "espace", "impossible", build_impossible)
    #: The engine settles these atoms only; properties may compare more.
    read = len(binder.atoms)
    properties = _declared(root, context, "proprietes", "propriete", build_property)
    reader.raise_if_any()
    try:
        strata = stratify(context.rules, binder.atoms)
    except CircularRulebookError as error:
        first = next((r for r in context.rules if r.id in error.path), context.rules[0])
        raise RulebookError(
            [Diagnostic(first.file, first.line, f"Les règles tournent en rond : {error}.")]
        ) from None
    meaning = Meaning(binder.atoms)
    rules = [dataclasses.replace(rule, fingerprint=meaning.of(rule)) for rule in context.rules]
    reviews = load_reviews(root, rules, reader)
    situations = load_situations(root, reader, facts, sources, vocabulary.conclusions)
    presumptions = load_presumptions(root, reader, facts, sources)
    typical = load_typical(root, reader, facts)
    reader.raise_if_any()
    return make_rulebook(
        version=version_of(root),
        fingerprint=fingerprint(root),
        groups=vocabulary.groups,
        facts=facts,
        conclusions=vocabulary.conclusions,
        sources=sources,
        norms=norms,
        ranks=ranks,
        rules=rules,
        atoms=binder.atoms[:read],
        strata=strata,
        relevance_order=order,
        themes=themes,
        impossible=impossible,
        properties=properties,
        all_atoms=binder.atoms,
        reviews=reviews,
        wordbook=wordbook,
        folder=root,
        situations=situations,
        presumptions=presumptions,
        typical=typical,
    )


def fingerprint(root: Path) -> str:
    """Hash of the rulebook's content; the same on every machine and after any copy."""
    digest = hashlib.sha256()
    files = sorted({path for pattern in CONTENT for path in root.glob(pattern)})
    for path in files:
        name = path.relative_to(root).as_posix()
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def version_of(root: Path) -> str:
    """The version that a rulebook gives itself."""
    path = root / VERSION_FILE
    return read_text(path, VERSION_FILE).strip() if path.is_file() else "sans version"


def _read_texts(root: Path, context: Context) -> None:
    paths = sorted((root / "textes").glob("*.md"))
    if not paths:
        context.reader.report(("textes", 0), "Aucun texte (*.md) n'est trouvé.")
    for path in paths:
        name = path.relative_to(root).as_posix()
        for block in blocks(read_text(path, name), name, context.reader):
            try:
                if block.kind == "regle":
                    build_rule(context, block)
                else:
                    build_table(context, block, root)
            except RulebookError as error:
                context.reader.diagnostics.extend(error.diagnostics)


def _declared(
    root: Path,
    context: Context,
    folder: str,
    kind: str,
    build: Callable[[Context, Block], _Declared | None],
) -> list[_Declared]:
    """What the texts of ``folder`` declare in blocks of one kind."""
    found = []
    for path in sorted((root / folder).glob("*.md")):
        name = path.relative_to(root).as_posix()
        for block in blocks(read_text(path, name), name, context.reader, (kind,)):
            try:
                declared = build(context, block)
            except RulebookError as error:
                context.reader.diagnostics.extend(error.diagnostics)
                continue
            if declared is not None:
                found.append(declared)
    check_unique(context, found)
    return found


def _with_relevance(vocabulary: Vocabulary, context: Context) -> dict[str, Fact]:
    facts = dict(vocabulary.facts)
    for ident, nodes in vocabulary.relevance.items():
        if ident not in facts:
            continue
        formulas = [bind_sentence(context, n, f"Fait « {ident} »") for n in nodes]
        known = tuple(f for f in formulas if f is not None)
        formula = And(known)
        if conclusions_read(formula, context.binder.atoms):
            context.reader.report(
                nodes[0], f"Fait « {ident} » : « pertinent_si » ne lit que des faits."
            )
        if any(
            isinstance(context.binder.atoms[lit.atom].kind, Quantified)
            or context.binder.atoms[lit.atom].scope not in (None, facts[ident].scope)
            for lit in literals(formula)
        ):
            context.reader.report(
                nodes[0], f"Fait « {ident} » : « pertinent_si » lit un autre groupe répété."
            )
        facts[ident] = dataclasses.replace(facts[ident], relevant_if=formula)
    return facts


def _relevance_order(facts: dict[str, Fact], context: Context) -> list[str]:
    """Facts, after those that decide whether they have an object; circles go to the reader."""
    ordered: dict[str, None] = {}
    circles: set[frozenset[Hashable]] = set()

    def needs(name: str) -> list[str]:
        formula = facts[name].relevant_if or And(())
        kinds = [context.binder.atoms[literal.atom].kind for literal in literals(formula)]
        return [n for kind in kinds for n in facts_compared(kind) if n not in ordered]

    for name in facts:
        try:
            ordered.update(dict.fromkeys(in_order([name], needs)))
        except CircleError as error:
            if frozenset(error.path) not in circles:
                circles.add(frozenset(error.path))
                first = facts[str(error.path[0])]
                context.reader.report(
                    (first.file, first.line), f"« pertinent_si » tourne en rond : {error}."
                )
    return list(ordered)


def _check_rules(context: Context, vocabulary: Vocabulary) -> None:
    known = {rule.id for rule in context.rules}
    for ident, node in context.set_aside_nodes:
        if node.raw not in known:
            context.reader.report(
                node,
                f"Règle « {ident} » : écarte « {node.raw} », qui n'existe pas.",
                suggest(node.raw, known),
            )
        elif node.raw == ident:
            context.reader.report(node, f"Règle « {ident} » : une règle ne s'écarte pas elle-même.")
    by_id: dict[str, list[Rule]] = {}
    for rule in context.rules:
        for other in by_id.setdefault(rule.id, []):
            if other.period.overlaps(rule.period):
                context.reader.report(
                    (rule.file, rule.line),
                    f"La règle « {rule.id} » existe déjà ({other.file}:{other.line}) et leurs "
                    f"périodes se chevauchent ({other.period} ; {rule.period}).",
                )
        by_id[rule.id].append(rule)
    for rule in context.rules:
        for target in rule.sets_aside:
            for victim in by_id.get(target, ()):
                if rule.scope is not None and victim.scope != rule.scope:
                    over = "tout le scénario" if victim.scope is None else f"un {victim.scope}"
                    context.reader.report(
                        (rule.file, rule.line),
                        f"La règle « {rule.id} » ne parle que d'un {rule.scope} et ne peut écarter "
                        f"« {target} », qui vaut pour {over}.",
                    )
    concluded = {name for rule in context.rules for name, _ in rule.concludes}
    for name, conclusion in vocabulary.conclusions.items():
        if name not in concluded:
            context.reader.report(
                (conclusion.file, conclusion.line),
                f"Aucune règle ne conclut « {name} ».",
            )
