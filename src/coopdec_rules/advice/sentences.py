"""A rule read aloud: its conditions as short French clauses, and its texts on a given day.

The words of each comparison are those of ``wording``; this module only keeps apart what a reader
may want to follow (the fact or conclusion spoken of) and how clauses are joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from coopdec_rules.advice import answers
from coopdec_rules.advice.wording import Wording
from coopdec_rules.rulebook.formula import And, Formula, Lit, literals
from coopdec_rules.rulebook.model import (
    Among,
    Compare,
    Concluded,
    Condition,
    IsTrue,
    Quantified,
    Rule,
)
from coopdec_rules.rulebook.rulebook import LawState, Rulebook

_ALL, _ONE = "toutes ces conditions", "l'une au moins de ces conditions"


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison: what it speaks of, its name, and what is said of it."""

    subject: str
    label: str
    rest: str

    def __str__(self) -> str:
        return f"{self.label}{self.rest}"


@dataclass(frozen=True, slots=True)
class Several:
    """Clauses joined by ``word`` ("et", "ou") under an introduction."""

    lead: str
    word: str
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        inner = f" {self.word} ".join(
            f"({part})" if isinstance(part, Several) else str(part) for part in self.parts
        )
        return f"{self.lead} : {inner}"


Part = Clause | Several


class Sentences:
    """Reads the rules of one rulebook aloud."""

    def __init__(self, book: Rulebook, wording: Wording) -> None:
        self.book = book
        self.wording = wording
        self._settled: dict[str, Mapping[str, str]] = {}

    def conditions(self, rule: Rule) -> tuple[Part, ...]:
        """What must hold, in the order in which the rule writes it; conjunctions are flattened."""
        return self.clauses(rule.conditions)

    def clauses(self, conditions: Iterable[Condition]) -> tuple[Part, ...]:
        """Conditions in the order in which they are written; conjunctions are flattened."""
        return tuple(part for c in conditions for part in self._flat(c.formula))

    def summary(self, rule: Rule) -> str:
        """The conditions of a rule in one line."""
        parts = [str(part) for part in self.conditions(rule)]
        return "si " + ", et si ".join(parts) if parts else "dans tous les cas"

    def part(self, formula: Formula) -> Part:
        """A formula as one clause, or several under an introduction."""
        if isinstance(formula, Lit):
            return self._literal(formula)
        conjunction = isinstance(formula, And)
        parts = tuple(self.part(part) for part in formula.parts)
        if len(parts) == 1:
            return parts[0]
        return Several(_ALL if conjunction else _ONE, "et" if conjunction else "ou", parts)

    def _flat(self, formula: Formula) -> Iterator[Part]:
        if isinstance(formula, And):
            for part in formula.parts:
                yield from self._flat(part)
        else:
            yield self.part(formula)

    def _literal(self, literal: Lit) -> Part:
        kind = self.book.all_atoms[literal.atom].kind
        if isinstance(kind, Quantified):
            return self._quantified(kind, literal.positive)
        name = kind.conclusion if isinstance(kind, Concluded) else kind.fact
        label = self.label(name)
        text = self.wording.condition(literal)
        if not text.startswith(label):  # a wording that does not begin with its subject
            return Clause(name, text, "")
        return Clause(name, label, text.removeprefix(label))

    def _quantified(self, kind: Quantified, positive: bool) -> Several:
        noun = self.book.groups[kind.group].noun
        if kind.quantifier == "un":
            lead = f"pour {noun.at_least_one if positive else noun.none}"
        else:
            lead = f"{'pour' if positive else 'pas pour'} {noun.every}"
        inner = self.part(kind.formula)
        if isinstance(inner, Several) and inner.lead in (_ALL, _ONE):
            return Several(lead, inner.word, inner.parts)
        return Several(lead, "et", (inner,))

    def label(self, name: str) -> str:
        """Name of a fact or conclusion; the identifier itself when there is none."""
        known = self.book.facts.get(name) or self.book.conclusions.get(name)
        return known.label if known is not None else name

    def value(self, conclusion: str, code: str) -> str:
        """Name of a conclusion's value."""
        known = self.book.conclusions[conclusion]
        return code if known.type == "drapeau" else known.values.get(code, code)

    def on_day(self, template: str, state: LawState) -> str:
        """A text of a rule for reading on a day, outside any scenario.

        What the law of the day alone settles (the number of an article) is written; what depends on
        the scenario becomes its name in brackets.
        """
        if "{" not in template:
            return template
        key = state.key[1]
        if key not in self._settled:
            self._settled[key] = settled(state)
        for name, text in self._settled[key].items():
            template = template.replace(f"{{{name}}}", text)
        return self.wording.plain(template)


def settled(state: LawState) -> Mapping[str, str]:
    """Labels of the conclusions that one rule without conditions settles for the whole day.

    The law is read as such: rules that speak for the 2006 study's own reading are left out.
    """
    rules = [rule for rule in state.rules if not _for_the_study(state.rulebook, rule)]
    aside = {name for rule in rules for name in rule.sets_aside}
    found: dict[str, list[str]] = {}
    for rule in rules:
        for conclusion, value in rule.concludes:
            always = not rule.conditions and rule.scope is None and rule.id not in aside
            found.setdefault(conclusion, []).append(value if always else "")
    known = state.rulebook.conclusions
    return {
        name: known[name].values.get(values[0], values[0])
        for name, values in found.items()
        if len(values) == 1 and values[0]
    }


def _for_the_study(book: Rulebook, rule: Rule) -> bool:
    parts = rule.formula.parts if isinstance(rule.formula, And) else (rule.formula,)
    kinds = [book.atoms[p.atom].kind for p in parts if isinstance(p, Lit) and p.positive]
    study = frozenset({answers.STUDY})
    return any(
        isinstance(kind, Among) and kind.fact == answers.READING and kind.values == study
        for kind in kinds
    )


def subjects(book: Rulebook, formula: Formula) -> list[str]:
    """Facts and conclusions that a formula reads, in reading order, each once."""
    found: dict[str, None] = {}
    for literal in literals(formula):
        match book.all_atoms[literal.atom].kind:
            case Concluded(name, _) | IsTrue(name) | Among(name, _) | Compare(name, _, _):
                found[name] = None
            case Quantified(_, _, inner):
                found.update(dict.fromkeys(subjects(book, inner)))
    return list(found)
