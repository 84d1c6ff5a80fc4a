"""Rules that are set aside together are named once: ``ecarte: famille dessaisissement``."""

from __future__ import annotations

import dataclasses

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.context import Context
from coopdec_rules.rulebook.model import Rule

PREFIX = "famille "


def name_families(context: Context) -> None:
    """Replace each family in ``ecarte`` by its rules that share a day with the one that names it.

    An unknown family is reported at its line.
    """
    members: dict[str, list[Rule]] = {}
    for rule in context.rules:
        if rule.family:
            members.setdefault(rule.family, []).append(rule)
    kept = []
    for ident, node in context.set_aside_nodes:
        if not node.raw.startswith(PREFIX):
            kept.append((ident, node))
        elif (name := node.raw.removeprefix(PREFIX).strip()) not in members:
            context.reader.report(
                node,
                f"Règle « {ident} » : écarte la famille « {name} », dont aucune règle n'est.",
                suggest(name, members),
            )
    context.set_aside_nodes[:] = kept
    for place, rule in enumerate(context.rules):
        if any(target.startswith(PREFIX) for target in rule.sets_aside):
            targets: list[str] = []
            for target in rule.sets_aside:
                if not target.startswith(PREFIX):
                    targets.append(target)
                    continue
                for other in members.get(target.removeprefix(PREFIX).strip(), []):
                    if other.id != rule.id and other.period.overlaps(rule.period):
                        targets.append(other.id)
            context.rules[place] = dataclasses.replace(
                rule, sets_aside=tuple(dict.fromkeys(targets))
            )
