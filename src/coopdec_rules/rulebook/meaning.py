"""What a rule says, as one hash: the same whatever its place, its layout or the order of its keys.

A lawyer who reviews a rule signs this hash.  It covers the days of force, conditions, conclusions,
exceptions, effects, ceiling, explanation, sources (as they are cited), rank, norms and doubt, and
for a row of a table its note.  It leaves out the file, the line and the heading; the rules that set
this one aside (a later text never changes an older rule) and the family they name it by; and
``confiance``, which tells how far the source was read: a review is often why it goes up, and must
not be voided by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import orjson

from coopdec_rules.rulebook.binding import show
from coopdec_rules.rulebook.formula import And, Formula, Lit, Or
from coopdec_rules.rulebook.model import (
    Among,
    Atom,
    AtomKind,
    Compare,
    Concluded,
    Effect,
    IsTrue,
    Quantified,
    Rule,
    SourceRef,
)

#: Length of a hash as reviews write it: 64 bits, far more than a rulebook needs.
HASH_LENGTH = 16


class Meaning:
    """Hashes rules whose formulas speak of ``atoms``."""

    def __init__(self, atoms: Sequence[Atom]) -> None:
        self._atoms = atoms
        self._words: dict[int, str] = {}

    def of(self, rule: Rule) -> str:
        """The hash of a rule, in hexadecimal digits."""
        ceiling = rule.ceiling
        said = [
            rule.id,
            str(rule.period.start or ""),
            str(rule.period.end or ""),
            # Conditions, norms and exceptions say the same in any order.
            self.formula(rule.formula),
            sorted(rule.concludes),
            sorted(rule.sets_aside),
            [self._effect(effect) for effect in rule.effects],
            [show(ceiling.limit), ceiling.amount, ceiling.budget] if ceiling else [],
            _one_line(rule.explanation),
            [_cited(ref) for ref in rule.sources],
            rule.rank,
            sorted(rule.norms),
            # The doubt of a row is its note, shown or not according to its confidence.
            _one_line(rule.note if rule.table else rule.doubt),
        ]
        return hashlib.sha256(orjson.dumps(said)).hexdigest()[:HASH_LENGTH]

    def formula(self, formula: Formula) -> str:
        """A formula in one spelling: parts and values sorted, needless brackets left out."""
        if isinstance(formula, Lit):
            words = self._words.get(formula.atom)
            if words is None:
                words = self._words[formula.atom] = self._kind(self._atoms[formula.atom].kind)
            return words if formula.positive else f"!{words}"
        parts = sorted(self.formula(part) for part in _flat(formula))
        sign = "&" if isinstance(formula, And) else "|"
        return parts[0] if len(parts) == 1 else f"({sign}{','.join(parts)})"

    def _kind(self, kind: AtomKind) -> str:
        match kind:
            case IsTrue(fact):
                return fact
            case Among(name, values) | Concluded(name, values):
                return f"{name}={sorted(map(str, values))}"
            case Compare(fact, op, right):
                return f"{fact}{op}{show(right)}"
            case Quantified(quantifier, group, formula):
                return f"{quantifier} {group}:{self.formula(formula)}"

    def _effect(self, effect: Effect) -> list[str]:
        done = "" if effect.done_if is None else self.formula(effect.done_if)
        said = [effect.kind, _one_line(effect.text), effect.who, effect.when, done]
        return [*said, effect.element, effect.reach] if effect.element or effect.reach else said


def _flat(formula: And | Or) -> Iterator[Formula]:
    """Parts of a conjunction (or disjunction), those of its own kind opened."""
    for part in formula.parts:
        while not isinstance(part, Lit) and len(part.parts) == 1:
            part = part.parts[0]
        if isinstance(part, type(formula)) and not isinstance(part, Lit):
            yield from _flat(part)
        else:
            yield part


def _cited(ref: SourceRef) -> list[str]:
    """A source as the rule cites it; its own confidence and note are not part of the rule."""
    source = ref.source
    return [source.id, source.title, source.rank, source.date, _one_line(ref.pinpoint)]


def _one_line(text: str) -> str:
    return " ".join(text.split())
