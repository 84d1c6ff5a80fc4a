"""What two rulebooks say differently, before any scenario: rules, facts, the space of scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from coopdec_rules.reasoning.impact.shared import Logic
from coopdec_rules.rulebook.model import Fact, Rule
from coopdec_rules.rulebook.rulebook import Rulebook

#: Parts of a rule, in the order in which a reader looks at them.
Aspect = Literal[
    "dates", "conditions", "conclusion", "exceptions", "effets", "plafond",
    "explication", "sources", "rang", "normes", "doute", "confiance",
]  # fmt: skip
#: What may change of a fact or of a conclusion.
VocabularyKind = Literal[
    "ajoute", "retire", "place", "type", "valeurs", "limites", "pertinence", "presume", "requis",
    "cle", "impossible_ajoute", "impossible_retire", "conclusion_ajoutee", "conclusion_retiree",
    "conclusion_changee",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that only one rulebook has (the other is ``None``), or that has changed.

    ``logic`` tells that what it decides may differ, not only what it says of it.
    """

    old: Rule | None
    new: Rule | None
    aspects: tuple[Aspect, ...]
    logic: bool

    @property
    def rule(self) -> Rule:
        found = self.new or self.old
        if found is None:
            raise ValueError("a change is about a rule")
        return found


@dataclass(frozen=True, slots=True)
class VocabularyChange:
    """A fact, a conclusion or an impossible combination that is not the same on both sides."""

    kind: VocabularyKind
    name: str
    label: str
    before: str = ""
    after: str = ""


def rule_changes(old: Rulebook, new: Rulebook) -> list[RuleChange]:
    """Rules added, removed or changed, by identifier then date."""
    mine, theirs = _versions(old), _versions(new)
    before, after = Logic(old), Logic(new)
    found: list[RuleChange] = []
    for name in sorted({*mine, *theirs}):
        for first, second in _paired(mine.get(name, []), theirs.get(name, [])):
            if first is None or second is None:
                found.append(RuleChange(first, second, (), True))
                continue
            aspects = _aspects(before, first, after, second)
            if aspects:
                decides = before.rule(first) != after.rule(second) or first.period != second.period
                found.append(RuleChange(first, second, aspects, decides))
    return found


def _versions(book: Rulebook) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in book.rules:
        found.setdefault(rule.id, []).append(rule)
    return {
        name: sorted(rules, key=lambda r: str(r.period.start or ""))
        for name, rules in found.items()
    }


def _paired(mine: list[Rule], theirs: list[Rule]) -> list[tuple[Rule | None, Rule | None]]:
    """Versions that start on the same day go together, then those left over in order."""
    left, right = list(mine), list(theirs)
    pairs: list[tuple[Rule | None, Rule | None]] = []
    for rule in mine:
        other = next((r for r in right if r.period.start == rule.period.start), None)
        if other is not None:
            left.remove(rule)
            right.remove(other)
            pairs.append((rule, other))
    same = min(len(left), len(right))
    pairs += zip(left[:same], right[:same], strict=True)
    pairs += [(rule, None) for rule in left[same:]]
    pairs += [(None, rule) for rule in right[same:]]
    return sorted(pairs, key=lambda p: str(((p[1] or p[0]).period.start) or ""))  # type: ignore[union-attr]


def _aspects(before: Logic, old: Rule, after: Logic, new: Rule) -> tuple[Aspect, ...]:
    """What differs; the order of a list of conditions, norms or exceptions is not a difference."""

    def said(logic: Logic, rule: Rule) -> dict[Aspect, object]:
        return {
            "dates": rule.period,
            "conditions": sorted(logic.formula(c.formula) for c in rule.conditions),
            "conclusion": sorted(rule.concludes),
            "exceptions": sorted(rule.sets_aside),
            "effets": [
                (e.kind, _line(e.text), e.who, e.when, logic.formula(e.done_if))
                for e in rule.effects
            ],
            "plafond": rule.ceiling,
            "explication": _line(rule.explanation),
            "sources": [(r.source.id, r.source.title, _line(r.pinpoint)) for r in rule.sources],
            "rang": rule.rank,
            "normes": sorted(rule.norms),
            "doute": (_line(rule.doubt), _line(rule.note)),
            "confiance": rule.confidence,
        }

    mine, theirs = said(before, old), said(after, new)
    return tuple(aspect for aspect in mine if mine[aspect] != theirs[aspect])


def _line(text: str) -> str:
    return " ".join(text.split())


def vocabulary_changes(old: Rulebook, new: Rulebook) -> list[VocabularyChange]:
    """What scenarios may state, or answers may be, on one side only."""
    found: list[VocabularyChange] = []
    before, after = Logic(old), Logic(new)
    for name in {**new.facts, **old.facts}:
        mine, theirs = old.facts.get(name), new.facts.get(name)
        if mine is None or theirs is None:
            fact = mine or theirs
            found.append(VocabularyChange("retire" if mine else "ajoute", name, fact.label))  # type: ignore[union-attr]
        else:
            found += _fact_changes(mine, theirs, before, after)
    for ident in {**new.groups, **old.groups}:
        if ident in old.groups and ident in new.groups:
            one, other = old.groups[ident], new.groups[ident]
            if one.unique_key != other.unique_key:
                keys = (one.unique_key or "", other.unique_key or "")
                found.append(VocabularyChange("cle", ident, one.title, *keys))
    for name in {**new.conclusions, **old.conclusions}:
        first, second = old.conclusions.get(name), new.conclusions.get(name)
        if first is None or second is None:
            kind: VocabularyKind = "conclusion_retiree" if first else "conclusion_ajoutee"
            found.append(VocabularyChange(kind, name, (first or second).label))  # type: ignore[union-attr]
        elif (first.type, first.scope, set(first.values)) != (
            second.type, second.scope, set(second.values),
        ):  # fmt: skip
            words = (", ".join(first.values), ", ".join(second.values))
            found.append(VocabularyChange("conclusion_changee", name, second.label, *words))
    mine_, theirs_ = _impossible(old, before), _impossible(new, after)
    found += [
        VocabularyChange("impossible_retire", i, mine_[k][1])
        for k, (i, _) in mine_.items()
        if k not in theirs_
    ]
    found += [
        VocabularyChange("impossible_ajoute", i, theirs_[k][1])
        for k, (i, _) in theirs_.items()
        if k not in mine_
    ]
    return sorted(found, key=lambda c: (c.name, c.kind))


def _fact_changes(mine: Fact, theirs: Fact, before: Logic, after: Logic) -> list[VocabularyChange]:
    pairs: Mapping[VocabularyKind, tuple[object, object]] = {
        "place": (
            (mine.group.path, mine.scope, mine.key),
            (theirs.group.path, theirs.scope, theirs.key),
        ),
        "type": (mine.type, theirs.type),
        "valeurs": (sorted(mine.values), sorted(theirs.values)),
        "limites": ((mine.minimum, mine.maximum), (theirs.minimum, theirs.maximum)),
        "pertinence": (before.formula(mine.relevant_if), after.formula(theirs.relevant_if)),
        "presume": (mine.presumed, theirs.presumed),
        "requis": (mine.required, theirs.required),
    }
    return [
        VocabularyChange(kind, mine.id, theirs.label, _shown(kind, one), _shown(kind, other))
        for kind, (one, other) in pairs.items()
        if one != other
    ]


def _shown(kind: VocabularyKind, value: object) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return "oui" if value else "non"
        case list():
            return ", ".join(map(str, value))
        case (low, high) if kind == "limites":
            return f"{'' if low is None else low} … {'' if high is None else high}"
        case (tuple() as path, _, tuple() as key):
            return ".".join((*path, *key))
    return str(value)


def _impossible(book: Rulebook, logic: Logic) -> dict[tuple[str, str, str], tuple[str, str]]:
    return {
        (str(i.period), i.scope or "", logic.formula(i.formula)): (i.id, i.explanation)
        for i in book.impossible
    }
