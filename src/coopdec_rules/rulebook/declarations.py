"""Builds what the rulebook declares about its own scenarios: impossible combinations, properties.

``rules/espace/*.md`` says once which combinations of facts cannot exist; ``rules/proprietes/*.md``
what every answer must verify.  Both are written in the rules' own condition language.
"""

from __future__ import annotations

from collections.abc import Sequence

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.binding import BindingError
from coopdec_rules.rulebook.context import Context
from coopdec_rules.rulebook.formula import And, Formula, literals
from coopdec_rules.rulebook.index import conclusions_read
from coopdec_rules.rulebook.markdown import Block
from coopdec_rules.rulebook.model import (
    Change,
    Fact,
    Impossible,
    Property,
    Quantified,
    Value,
)
from coopdec_rules.rulebook.rules import IDENT, read_conditions, read_period
from coopdec_rules.rulebook.sources import source_refs
from coopdec_rules.rulebook.yamlmarks import Node, read_yaml

IMPOSSIBLE_KEYS = {"impossible", "source", "en_vigueur", "si", "explication"}
PROPERTY_KEYS = {
    "propriete", "source", "en_vigueur", "si", "alors", "change", "n_empire_jamais", "explication",
}  # fmt: skip


def build_impossible(context: Context, block: Block) -> Impossible | None:
    """Read one ``yaml impossible`` block; mistakes go to the reader."""
    reader = context.reader
    before = len(reader.diagnostics)
    node, entries, ident, what = _start(context, block, "impossible", IMPOSSIBLE_KEYS)
    conditions = read_conditions(context, entries, what)
    formula = And(tuple(c.formula for c in conditions))
    if "si" not in entries:
        reader.report(node, f"{what} : la clé « si » manque.")
    elif conclusions_read(formula, context.binder.atoms) or any(
        isinstance(context.binder.atoms[lit.atom].kind, Quantified) for lit in literals(formula)
    ):
        reader.report(entries["si"], f"{what} : « si » ne lit que des faits, sans quantificateur.")
    scope = _scope(context, entries.get("si", node), what, [formula])
    refs = source_refs(reader, entries, what, node, dict(context.sources))
    period = read_period(reader, entries, what, node)
    explanation = reader.required_text(entries, "explication", what, node)
    if len(reader.diagnostics) > before:
        return None
    return Impossible(
        id=ident,
        sources=refs,
        period=period,
        conditions=tuple(conditions),
        formula=formula,
        explanation=explanation,
        scope=scope,
        file=block.file,
        line=block.line,
    )


def build_property(context: Context, block: Block) -> Property | None:
    """Read one ``yaml propriete`` block; mistakes go to the reader."""
    reader = context.reader
    before = len(reader.diagnostics)
    node, entries, ident, what = _start(context, block, "propriete", PROPERTY_KEYS)
    conditions = read_conditions(context, entries, what)
    then = read_conditions(context, entries, what, "alors")
    formula = And(tuple(c.formula for c in conditions))
    then_formula = And(tuple(c.formula for c in then)) if "alors" in entries else None
    change, conclusion = _monotony(context, entries, what)
    if ("alors" in entries) == ("change" in entries):
        reader.report(node, f"{what} : écrire « alors », ou « change » et « n_empire_jamais ».")
    if ("change" in entries) != ("n_empire_jamais" in entries):
        reader.report(node, f"{what} : « change » et « n_empire_jamais » vont ensemble.")
    scope = _scope(
        context, node, what, [formula, *([then_formula] if then_formula is not None else [])]
    )
    refs = source_refs(reader, entries, what, node, dict(context.sources))
    period = read_period(reader, entries, what, node)
    explanation = reader.required_text(entries, "explication", what, node)
    if len(reader.diagnostics) > before:
        return None
    return Property(
        id=ident,
        sources=refs,
        period=period,
        conditions=tuple(conditions),
        formula=formula,
        explanation=explanation,
        scope=scope,
        file=block.file,
        line=block.line,
        then=tuple(then),
        then_formula=then_formula,
        change=change,
        never_worse=conclusion,
    )


def check_unique(context: Context, found: Sequence[Impossible | Property]) -> None:
    """Report declarations that bear the same name."""
    seen: dict[str, Impossible | Property] = {}
    for declared in found:
        other = seen.setdefault(declared.id, declared)
        if other is not declared:
            context.reader.report(
                (declared.file, declared.line),
                f"« {declared.id} » est déjà déclaré ({other.file}:{other.line}).",
            )


def _start(
    context: Context, block: Block, key: str, keys: set[str]
) -> tuple[Node, dict[str, Node], str, str]:
    reader = context.reader
    node = read_yaml(block.text, block.file, block.line)
    title = "Impossibilité" if key == "impossible" else "Propriété"
    entries = reader.mapping(node, title, keys)
    ident = reader.required_text(entries, key, title, node)
    what = f"{title} « {ident} »"
    if ident and not IDENT.fullmatch(ident):
        reader.report(
            entries[key], f"{what} : un identifiant s'écrit en minuscules, chiffres et tirets."
        )
    return node, entries, ident, what


def _scope(context: Context, node: Node, what: str, formulas: Sequence[Formula]) -> str | None:
    try:
        return context.binder.scope_of(*formulas)
    except BindingError as error:
        context.reader.report(node, f"{what} : {error}.")
        return None


def _monotony(context: Context, entries: dict[str, Node], what: str) -> tuple[Change | None, str]:
    reader = context.reader
    change: Change | None = None
    if "change" in entries:
        parts = reader.mapping(entries["change"], what, {"fait", "de", "vers"})
        name = reader.required_text(parts, "fait", what, entries["change"])
        fact = context.binder.facts.get(name)
        if name and fact is None:
            reader.report(
                parts["fait"],
                f"{what} : le fait « {name} » n'existe pas.",
                suggest(name, context.binder.facts),
            )
        if fact is not None:
            before = _value(context, parts, "de", what, fact)
            after = _value(context, parts, "vers", what, fact)
            if before is not None and after is not None:
                change = Change(fact.id, before, after)
    conclusion = ""
    if "n_empire_jamais" in entries:
        conclusion = (
            reader.required_text(entries, "n_empire_jamais", what, entries["change"])
            if ("change" in entries)
            else ""
        )
        known = context.binder.conclusions.get(conclusion)
        if conclusion and known is None:
            reader.report(
                entries["n_empire_jamais"],
                f"{what} : « {conclusion} » n'est pas une conclusion.",
                suggest(conclusion, context.binder.conclusions),
            )
        elif known is not None and not known.order:
            reader.report(
                entries["n_empire_jamais"],
                f"{what} : « {conclusion} » n'a pas d'ordre (« du_pire_au_meilleur »).",
            )
    return change, conclusion


def _value(
    context: Context, parts: dict[str, Node], key: str, what: str, fact: Fact
) -> Value | None:
    node = parts.get(key)
    if node is None:
        context.reader.report(
            next(iter(parts.values())), f"{what} : « change » attend fait, de et vers."
        )
        return None
    if fact.kind.comparison == "oui_non":
        return context.reader.flag(parts, key, what)
    found = fact.kind.presumable(node.raw, fact.values)
    if found is not None:
        return found
    context.reader.report(
        node,
        f"{what} : « {node.raw} » n'est pas une valeur de « {fact.id} » "
        "(seuls les choix et les questions oui/non changent ainsi).",
        suggest(node.raw, fact.values),
    )
    return None
