"""What a rule may not do, whatever it says: answer by silence, overrule a higher text, cite ahead.

These are checked when the rulebook is read, on every rule, since no proof over scenarios sees them:
a rule that answers « établi » because nothing else spoke has a value everywhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from coopdec_rules.rulebook.context import Context
from coopdec_rules.rulebook.formula import And, Formula, Lit, Or
from coopdec_rules.rulebook.model import (
    Among,
    Atom,
    Compare,
    Concluded,
    Conclusion,
    Fact,
    IsTrue,
    Quantified,
    Rule,
    facts_of,
)

#: Tones of the values that let an action go ahead: they must rest on facts.
FREE_TONES = ("favorable", "neutre")
#: Facts that say when and how the law is read, not what is done.
FRAME = ("date", "lecture")
#: The rule of a table that answers when no row does.
DEFAULT = "a-defaut"


def check_soundness(
    context: Context, conclusions: Mapping[str, Conclusion], facts: Mapping[str, Fact]
) -> None:
    """Report every rule that answers by silence, overrules a higher text or cites a later one."""
    free = _free_values(conclusions)
    by_id: dict[str, list[Rule]] = {}
    for rule in context.rules:
        by_id.setdefault(rule.id, []).append(rule)
    study = _other_readings(facts)
    for rule in context.rules:
        _check_facts(context, rule, free)
        if not _holds_only_if(rule.formula, context.binder.atoms, study):
            _check_ranks(context, rule, by_id)
        _check_days(context, rule)


def _free_values(conclusions: Mapping[str, Conclusion]) -> dict[str, frozenset[str]]:
    """For each point of an element, the values that let the action go ahead."""
    found: dict[str, frozenset[str]] = {}

    def gather(conclusion: Conclusion, values: frozenset[str]) -> None:
        if not conclusion.worst_of:
            found[conclusion.id] = found.get(conclusion.id, frozenset()) | values
        for name in conclusion.worst_of:
            if name in conclusions:
                gather(conclusions[name], values)

    for element in conclusions.values():
        if element.is_element and element.display is not None:
            said = element.display.said
            gather(element, frozenset(v for v, s in said.items() if s.tone in FREE_TONES))
    return found


def _check_facts(context: Context, rule: Rule, free: Mapping[str, frozenset[str]]) -> None:
    for name, value in rule.concludes:
        if value in free.get(name, ()) and not _positive(rule.formula, context.binder.atoms):
            context.reader.report(
                (rule.file, rule.line),
                f"Règle « {rule.id} » : « {name} : {value} » doit reposer sur des faits. Chaque "
                "façon de remplir ses conditions doit nommer, avec « = » ou « parmi », ce qui "
                "est accepté ; « ≠ », « hors », « non » et la date seule n'établissent rien.",
            )


def _positive(formula: Formula, atoms: Sequence[Atom]) -> bool:
    """Whether every way to verify the formula names something that is the case."""
    match formula:
        case And(parts):
            return any(_positive(part, atoms) for part in parts)
        case Or(parts):
            return bool(parts) and all(_positive(part, atoms) for part in parts)
        case Lit(index, positive):
            kind = atoms[index].kind
            match kind:
                case Compare():
                    read = {kind.fact, *facts_of(kind.right)}
                    return not read <= set(FRAME)
                case Among() | IsTrue():
                    return positive and kind.fact not in FRAME
                case Concluded():
                    return positive
                case Quantified():
                    return positive and _positive(kind.formula, atoms)
    raise TypeError(f"not a formula: {formula!r}")


def _other_readings(facts: Mapping[str, Fact]) -> frozenset[str]:
    """The readings that are not the law's own."""
    reading = facts["lecture"]
    return frozenset(v for v in reading.values if v != reading.presumed)


def _holds_only_if(formula: Formula, atoms: Sequence[Atom], readings: frozenset[str]) -> bool:
    """Whether the formula needs the scenario to be read otherwise than the law reads it."""
    match formula:
        case And(parts):
            return any(_holds_only_if(part, atoms, readings) for part in parts)
        case Or(parts):
            return bool(parts) and all(_holds_only_if(part, atoms, readings) for part in parts)
        case Lit(index, True):
            kind = atoms[index].kind
            return (
                isinstance(kind, Among)
                and kind.fact == "lecture"
                and {str(value) for value in kind.values} <= readings
            )
    return False


def _check_ranks(context: Context, rule: Rule, by_id: Mapping[str, Sequence[Rule]]) -> None:
    ranks = context.ranks
    for target in rule.sets_aside:
        for other in by_id.get(target, ()):
            if ranks[other.rank].place < ranks[rule.rank].place and rule.period.overlaps(
                other.period
            ):
                context.reader.report(
                    (rule.file, rule.line),
                    f"Règle « {rule.id} » ({rule.rank}) : elle écarte « {target} », de rang "
                    f"supérieur ({other.rank}). Une règle n'écarte que son rang ou plus bas.",
                )


def _check_days(context: Context, rule: Rule) -> None:
    if rule.table is not None and rule.id == f"{rule.table}:{DEFAULT}":
        return  # It says that no text was found, at any date.
    for ref in rule.sources:
        source = ref.source
        day = source.applies_from or _day(source.date)
        if day is None or not context.ranks[source.rank].from_its_day:
            continue
        if (rule.period.start or dt.date.min) < day:
            first = rule.period.start.isoformat() if rule.period.start else "l'origine"
            context.reader.report(
                (rule.file, rule.line),
                f"Règle « {rule.id} » : elle vaut depuis {first} et cite « {source.id} », du "
                f"{day.isoformat()}. Citer le texte alors en vigueur, ou faire commencer la "
                "règle plus tard.",
            )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
