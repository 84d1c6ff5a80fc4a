"""What a rule adds to the avis besides its conclusions: effects and ceilings."""

from __future__ import annotations

from collections.abc import Iterable

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.binding import BindingError
from coopdec_rules.rulebook.context import Context, bind_sentence, check_placeholders
from coopdec_rules.rulebook.grammar import ConditionSyntaxError
from coopdec_rules.rulebook.model import (
    EFFECT_KINDS,
    REACHES,
    WARNING,
    WHEN,
    WHO_ACTS,
    Ceiling,
    Effect,
)
from coopdec_rules.rulebook.yamlmarks import Node

EFFECT_KEYS = ("texte", "portee", "qui", "quand", "faite_si", "element")


def read_effects(context: Context, entries: dict[str, Node], what: str) -> list[Effect]:
    """Effects of a rule; mistakes are reported."""
    effects = []
    for kind in EFFECT_KINDS:
        node = entries.get(kind)
        if node is None:
            continue
        for item in node.value if isinstance(node.value, list) else [node]:
            effect = _effect(context, item, kind, what)
            if effect is not None:
                effects.append(effect)
    return effects


def _effect(context: Context, node: Node, kind: str, what: str) -> Effect | None:
    reader = context.reader
    if not isinstance(node.value, dict):
        if not node.raw:
            reader.report(node, f"{what} : « {kind} » est vide.")
            return None
        check_placeholders(context, node, what, node.raw)
        return Effect(kind, node.raw.strip())
    parts = reader.mapping(node, f"{what}, {kind}", set(EFFECT_KEYS))
    text = reader.required_text(parts, "texte", f"{what}, {kind}", node)
    check_placeholders(context, parts.get("texte", node), what, text)
    who, when = reader.text(parts, "qui", what), reader.text(parts, "quand", what)
    reach = reader.text(parts, "portee", what)
    codes = (("qui", who, WHO_ACTS), ("quand", when, WHEN), ("portee", reach, REACHES))
    for key, value, allowed in codes:
        if value and value not in allowed:
            reader.report(
                parts[key],
                f"{what} : « {key} » vaut l'un de {', '.join(allowed)}, pas « {value} ».",
                suggest(value, allowed),
            )
    if reach and kind != WARNING:
        reader.report(parts["portee"], f"{what}, {kind} : « portee » ne se dit que d'un {WARNING}.")
    done = bind_sentence(context, parts["faite_si"], what) if "faite_si" in parts else None
    return Effect(kind, text, who, when, done, _element(context, parts, f"{what}, {kind}"), reach)


def _element(context: Context, parts: dict[str, Node], what: str) -> str:
    """The element of validity that an effect names; a mistake is reported."""
    name = context.reader.text(parts, "element", what)
    elements = [c.id for c in context.binder.conclusions.values() if c.is_element]
    if name and name not in elements:
        context.reader.report(
            parts["element"],
            f"{what} : « {name} » n'est pas un élément (« element: oui » dans conclusions.yaml).",
            suggest(name, elements),
        )
    return name


def check_effects(
    context: Context,
    entries: dict[str, Node],
    what: str,
    effects: Iterable[Effect],
    scope: str | None,
) -> None:
    """Report each ``faite_si`` and each ``element`` that speaks of another group than its rule."""
    for effect in effects:
        named = context.binder.conclusions.get(effect.element)
        if named is not None and None not in (named.scope, scope) and named.scope != scope:
            context.reader.report(
                entries[effect.kind],
                f"{what} : l'élément « {named.id} » se dit de chaque {named.scope}, et la règle de "
                f"chaque {scope}.",
            )
        if effect.done_if is None:
            continue
        try:
            read = context.binder.scope_of(effect.done_if)
        except BindingError as error:
            context.reader.report(entries[effect.kind], f"{what}, faite_si : {error}.")
            continue
        if read is not None and read != scope:
            context.reader.report(
                entries[effect.kind],
                f"{what} : « faite_si » lit un {read}, dont la règle ne parle pas.",
            )


def read_ceiling(context: Context, entries: dict[str, Node], what: str) -> Ceiling | None:
    """Ceiling of a rule, if it has one; mistakes are reported."""
    node = entries.get("plafond")
    if node is None:
        return None
    parts = context.reader.mapping(node, what, {"limite", "montant", "budget"})
    limit = context.reader.required_text(parts, "limite", what, node)
    amount = context.reader.required_text(parts, "montant", what, node)
    budget = context.reader.required_text(parts, "budget", what, node)
    sound = bool(limit and amount and budget)
    for name, kind in ((amount, "montant"), (budget, "choix")):
        fact = context.binder.facts.get(name)
        if name and (fact is None or fact.type != kind):
            fitting = [f.id for f in context.binder.facts.values() if f.type == kind]
            context.reader.report(
                node,
                f"{what} : « {name} » n'est pas un fait de type {kind}.",
                suggest(name, fitting) if fact is None else None,
            )
            sound = False
    if not limit:
        return None
    try:
        found = context.binder.expression(limit)
    except BindingError as error:
        context.reader.report(
            parts["limite"], f"{what} : limite illisible : {error}.", error.suggestion
        )
        return None
    except ConditionSyntaxError as error:
        context.reader.report(parts["limite"], f"{what} : limite illisible : {error}.")
        return None
    return Ceiling(found, amount, budget) if sound else None
