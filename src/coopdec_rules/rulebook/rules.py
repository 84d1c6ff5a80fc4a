"""Builds rules from the ``yaml regle`` blocks of the texts."""

from __future__ import annotations

import re

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.articles import versions_of
from coopdec_rules.rulebook.context import (
    Context,
    bind_sentence,
    check_placeholders,
    scope_of,
)
from coopdec_rules.rulebook.effects import check_effects, read_ceiling, read_effects
from coopdec_rules.rulebook.formula import And, Formula, Or, negate
from coopdec_rules.rulebook.markdown import Block
from coopdec_rules.rulebook.model import (
    CONFIDENCES,
    EFFECT_KINDS,
    Condition,
    Period,
    Rule,
    SourceRef,
)
from coopdec_rules.rulebook.periods import read_bounds
from coopdec_rules.rulebook.sources import check_confidence, check_rank, citations
from coopdec_rules.rulebook.yamlmarks import Node, Reader, read_yaml

RULE_KEYS = {
    "regle", "norme", "source", "rang", "en_vigueur", "si", "conclut", "ecarte", "explication",
    "confiance", "doute", "plafond", "famille", *EFFECT_KINDS,
}  # fmt: skip
IDENT = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def build_rule(context: Context, block: Block) -> None:
    """Read one block and add its rule to the context; mistakes go to the reader."""
    reader = context.reader
    node = read_yaml(block.text, block.file, block.line)
    entries = reader.mapping(node, "Règle", RULE_KEYS)
    ident = reader.required_text(entries, "regle", "Règle", node)
    if not ident:
        return
    what = f"Règle « {ident} »"
    if not IDENT.fullmatch(ident):
        reader.report(
            entries["regle"], f"{what} : un identifiant s'écrit en minuscules, chiffres et tirets."
        )
    cited = citations(reader, entries, what, node, context.sources, context.articles)
    period = read_period(reader, entries, what, node)
    versions = versions_of(reader, cited, period, what, node)
    refs = tuple(ref for _, found in versions for ref in found)
    for ref in refs:
        check_placeholders(context, entries["source"], what, ref.pinpoint)
    before = len(reader.diagnostics)
    conditions = read_conditions(context, entries, what)
    formula: Formula = And(tuple(c.formula for c in conditions))
    concludes = _conclusions(context, entries, what)
    effects = read_effects(context, entries, what)
    ceiling = read_ceiling(context, entries, what)
    if len(reader.diagnostics) > before:
        # What could not be read must not be judged on what is left of it.
        formula, scope = And(()), None
    else:
        if not (concludes or effects or ceiling or "ecarte" in entries):
            reader.report(
                node, f"{what} : ne conclut rien, n'écarte rien et n'ajoute rien à l'avis."
            )
        scope = scope_of(context, node, what, formula, concludes, ceiling)
        check_effects(context, entries, what, effects, scope)
    for name in reader.texts(entries, "ecarte", what):
        context.set_aside_nodes.append((ident, name))
    explanation = reader.required_text(entries, "explication", what, node)
    check_placeholders(context, entries.get("explication", node), what, explanation)
    carried = norms(context, entries, what, node)
    level = rank(context, entries, what, node, refs)
    trust = confidence(reader, entries, what, refs)
    for days, sources in versions:
        start = days.start.isoformat() if days.start else "origine"
        context.rules.append(
            Rule(
                id=ident,
                key=f"{ident}@{start}",
                norms=carried,
                sources=sources,
                rank=level,
                period=days,
                conditions=tuple(conditions),
                formula=formula,
                concludes=tuple(concludes),
                sets_aside=tuple(n.raw for n in reader.texts(entries, "ecarte", what)),
                effects=tuple(effects),
                explanation=explanation,
                confidence=trust,
                doubt=reader.text(entries, "doute", what),
                scope=scope,
                file=block.file,
                line=block.line,
                ceiling=ceiling,
                theme=block.heading,
                family=reader.text(entries, "famille", what),
            )
        )


def norms(context: Context, entries: dict[str, Node], what: str, place: Node) -> tuple[str, ...]:
    """The norms a rule encodes, each known to ``normes.yaml``."""
    nodes = context.reader.texts(entries, "norme", what)
    if "norme" not in entries:
        context.reader.report(place, f"{what} : la clé « norme » manque.")
    for node in nodes:
        if node.raw not in context.norms:
            context.reader.report(
                node,
                f"{what} : la norme « {node.raw} » n'est pas dans normes.yaml.",
                suggest(node.raw, context.norms),
            )
    return tuple(n.raw for n in nodes)


def rank(
    context: Context,
    entries: dict[str, Node],
    what: str,
    place: Node,
    refs: tuple[SourceRef, ...],
) -> str:
    """The rank of the rule, which must be that of one of its sources."""
    reader = context.reader
    value = reader.required_text(entries, "rang", what, place)
    known = check_rank(reader, entries, what, value, context.ranks)
    if known and refs and value not in {ref.source.rank for ref in refs}:
        reader.report(
            entries["rang"],
            f"{what} : aucune de ses sources n'est de rang « {value} » "
            f"(ici : {', '.join(sorted({ref.source.rank for ref in refs}))}).",
        )
    return value


def confidence(
    reader: Reader, entries: dict[str, Node], what: str, refs: tuple[SourceRef, ...]
) -> str:
    """How far the rule was read at its source; by default the weakest of its sources."""
    value = reader.text(entries, "confiance", what)
    if not value:
        order = [CONFIDENCES.index(r.source.confidence) for r in refs if r.source.confidence]
        return CONFIDENCES[max(order)] if order else CONFIDENCES[-1]
    check_confidence(reader, entries, what, value)
    return value


def read_period(reader: Reader, entries: dict[str, Node], what: str, place: Node) -> Period:
    """Days of force of a block (``en_vigueur``)."""
    if "en_vigueur" not in entries:
        reader.report(place, f"{what} : la clé « en_vigueur » manque (du, au).")
        return Period(None, None)
    node = entries["en_vigueur"]
    if node.raw == "toujours":
        return Period(None, None)
    bounds = reader.mapping(node, what, {"du", "au"})
    if isinstance(node.value, dict) and not bounds:
        reader.report(node, f"{what} : « en_vigueur » est vide ; écrire du, au, ou « toujours ».")
    return read_bounds(reader, bounds, what, node)


CONNECTORS = ("tous", "l'un de", "aucun de")


def read_conditions(
    context: Context, entries: dict[str, Node], what: str, key: str = "si"
) -> list[Condition]:
    """Conditions under ``key``: a sentence or a list of them, all of which must hold."""
    node = entries.get(key)
    if node is None or node.raw == "toujours":
        return []
    items = node.value if isinstance(node.value, list) else [node]
    if not items:
        context.reader.report(node, f"{what} : la liste « {key} » est vide ; écrire « toujours ».")
    conditions = []
    for item in items:
        formula = _nested(context, item, what)
        if formula is not None:
            conditions.append(Condition(context.binder.text_of(formula), formula))
    return conditions


def _nested(context: Context, node: Node, what: str) -> Formula | None:
    if isinstance(node.value, dict):
        parts: list[Formula] = []
        for key, child in node.value.items():
            if key not in CONNECTORS:
                context.reader.report(
                    child,
                    f"{what} : « {key} » n'est pas un connecteur ({', '.join(CONNECTORS)}).",
                    suggest(key, CONNECTORS),
                )
                return None
            inner = child.value if isinstance(child.value, list) else [child]
            if not inner:
                context.reader.report(child, f"{what} : rien n'est écrit sous « {key} ».")
                return None
            formulas = [_nested(context, item, what) for item in inner]
            known = tuple(f for f in formulas if f is not None)
            if len(known) < len(formulas):
                return None
            if key == "tous":
                parts.append(And(known))
            else:
                parts.append(Or(known) if key == "l'un de" else negate(Or(known)))
        return parts[0] if len(parts) == 1 else And(tuple(parts))
    if isinstance(node.value, list) or node.value is None:
        context.reader.report(node, f"{what} : une condition est attendue, pas {node.kind()}.")
        return None
    return bind_sentence(context, node, what)


def _conclusions(context: Context, entries: dict[str, Node], what: str) -> list[tuple[str, str]]:
    node = entries.get("conclut")
    if node is None:
        return []
    found = []
    known = context.binder.conclusions
    for name, child in context.reader.mapping(node, what).items():
        conclusion = known.get(name)
        if conclusion is None:
            context.reader.report(
                child,
                f"{what} : « {name} » n'est pas une conclusion du vocabulaire.",
                suggest(name, known),
            )
            continue
        value = child.raw
        if conclusion.type == "drapeau":
            value = "oui" if child.value is True or value == "oui" else value
        if value not in conclusion.values:
            context.reader.report(
                child,
                f"{what} : « {value} » n'est pas une valeur de « {name} » "
                f"(valeurs : {', '.join(conclusion.values)}).",
                suggest(value, conclusion.values),
            )
            continue
        found.append((name, value))
    return found
