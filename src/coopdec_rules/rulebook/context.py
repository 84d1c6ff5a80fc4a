"""What building a rule or a table needs of the rest of the rulebook, and the checks they share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.articles import Article
from coopdec_rules.rulebook.binding import Binder, BindingError
from coopdec_rules.rulebook.display import ACTOR_WORDS
from coopdec_rules.rulebook.formula import Formula
from coopdec_rules.rulebook.grammar import ConditionSyntaxError
from coopdec_rules.rulebook.model import Ceiling, Rule, Source, facts_of
from coopdec_rules.rulebook.ranks import Rank
from coopdec_rules.rulebook.yamlmarks import Node, Reader

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(slots=True)
class Context:
    """What rule building needs of the rest of the rulebook."""

    reader: Reader
    binder: Binder
    sources: Mapping[str, Source]
    norms: Mapping[str, str]
    ranks: Mapping[str, Rank]
    #: Articles cited by a name that resolves at the date.
    articles: Mapping[str, Article] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    #: Where each ``ecarte`` name was written, checked once all rules are known.
    set_aside_nodes: list[tuple[str, Node]] = field(default_factory=list)


def bind_sentence(context: Context, node: Node, what: str) -> Formula | None:
    """Bind one condition sentence; a mistake is reported at its line."""
    try:
        return context.binder.condition(node.raw)
    except ConditionSyntaxError as error:
        context.reader.report(node, f"{what} : condition « {node.raw} » illisible : {error}.")
    except BindingError as error:
        context.reader.report(
            node, f"{what} : condition « {node.raw} » : {error}.", error.suggestion
        )
    return None


def scope_of(
    context: Context,
    place: Node | tuple[str, int],
    what: str,
    formula: Formula,
    concludes: Sequence[tuple[str, str]],
    ceiling: Ceiling | None = None,
) -> str | None:
    """The repeated group a rule is read on (``None``: the scenario); mistakes are reported."""
    try:
        read = context.binder.scope_of(formula)
    except BindingError as error:
        context.reader.report(place, f"{what} : {error}.")
        return None
    groups = {read} if read else set()
    if ceiling is not None:
        names = (ceiling.amount, ceiling.budget, *facts_of(ceiling.limit))
        groups |= {s for n in names if (s := context.binder.facts[n].scope) is not None}
    written = {context.binder.conclusions[name].scope for name, _ in concludes}
    groups |= {scope for scope in written if scope is not None}
    if len(groups) > 1:
        listed = ", ".join(sorted(groups))
        context.reader.report(
            place, f"{what} : parle de deux groupes répétés à la fois ({listed})."
        )
        return None
    if groups and None in written:
        (group,) = groups
        message = (
            f"conclut sur tout le scénario en ne lisant qu'un {group} : écrire "
            f"« au moins un {group} : … » ou « tous les {group}s : … »."
            if read
            else f"conclut sur le scénario et sur un {group} à la fois ; la scinder."
        )
        context.reader.report(place, f"{what} : {message}")
    return groups.pop() if groups else None


def check_placeholders(
    context: Context, node: Node, what: str, text: str, others: Iterable[str] = ()
) -> None:
    """Report each ``{name}`` that is no fact, no conclusion, not who acts, none of ``others``."""
    known = {*context.binder.facts, *context.binder.conclusions, *ACTOR_WORDS, *others}
    for name in _PLACEHOLDER.findall(text):
        if name not in known:
            context.reader.report(
                node,
                f"{what} : « {{{name}}} » ne renvoie à aucun fait ni conclusion.",
                suggest(name, known),
            )
